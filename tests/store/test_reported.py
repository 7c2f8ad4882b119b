"""What platforms report themselves: the last word stands, apart from what was counted."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import StoreError
from monitor.model.mention import Reported
from monitor.model.metric import WHOLE, Metric, family_subject, index_subject
from monitor.model.source import Standing
from monitor.model.window import Resolution
from monitor.store import ingest, reported, runs, series
from tests.people import ALEPPO, NOON
from tests.store.batches import DAY, HOUR, NOW, batch, dump, samples, sighting, total, window

SLUG = ALEPPO.slug
SPAN = window(NOW - DAY, NOW)
FAMILY, INDEX = family_subject("savealeppo"), index_subject("gdelt", "latin")


def told(value=12.0, *, hours=-1, subject=WHOLE, metric=Metric.REPORTED_POSTS, seconds=HOUR):
    return Reported(metric, subject, NOON + timedelta(hours=hours), seconds, value)


async def found(store, subjects=(WHOLE,), *, platforms=("mastodon",), span=SPAN):
    return await reported.within(store, SLUG, subjects, platforms, span)


async def test_what_was_told_is_read_as_it_was_told(store):
    hours = [told(float(n), hours=-n) for n in range(1, 24)]
    await ingest.write(store, batch(reported=hours))
    assert await found(store) == {"mastodon": hours[::-1]}


async def test_a_later_word_replaces_and_never_adds(store):
    for value in (12.0, 12.0, 9.0, 15.0):
        await ingest.write(store, batch(reported=[told(value)]))
    assert await found(store) == {"mastodon": [told(15.0)]}


async def test_nothing_told_is_not_zero(store):
    await ingest.write(store, batch(reported=[told(0.0)]))
    assert await found(store) == {"mastodon": [told(0.0)]}
    assert await found(store, [FAMILY]) == await found(store, platforms=["x"]) == {}


async def test_it_is_never_mixed_with_what_was_counted(store):
    await ingest.write(store, batch(sighting(1), reported=[told(500.0)]))
    assert await total(store, Metric.POSTS) == 1
    assert await total(store, Metric.REPORTED_POSTS, resolution=Resolution.HOUR) == 500


async def test_days_are_days_of_the_campaign(store):
    midnight = datetime(2016, 4, 28, 21, tzinfo=UTC)
    await ingest.write(store, batch(reported=[told(7.0, seconds=DAY)]))
    assert await found(store) == {"mastodon": [Reported(Metric.REPORTED_POSTS, WHOLE, midnight, DAY, 7.0)]}


async def test_questions_of_an_index_keep_apart_and_are_found_by_name(store):
    reports = [told(3.0, subject=INDEX, metric=metric) for metric in (Metric.REPORTED_ARTICLES, Metric.ALL_ARTICLES)]
    await ingest.write(store, batch(kind="articles", platform="gdelt", reported=reports))
    assert await series.subjects(store, SLUG, "index") == [INDEX]
    assert await found(store, [INDEX, WHOLE], platforms=["gdelt"]) == {"gdelt": reports}


async def test_it_is_stored_with_the_cursor_or_not_at_all(store):
    standing = Standing({"until": "noon"})
    with pytest.raises(StoreError, match="a report is from the future"):
        await ingest.write(store, batch(reported=[told(hours=2)], walk="counts", standing=standing))
    assert await dump(store) == {}
    await ingest.write(store, batch(reported=[told()], walk="counts", standing=standing))
    assert await runs.standing(store, SLUG, "social.example", "counts") == standing


@pytest.mark.parametrize("wrong", [
    told(metric=Metric.POSTS), told(seconds=900), told(-1.0), told(float("nan")), told(float("inf")), told(2.0**53),
    told(subject=""),
])  # fmt: skip
async def test_what_nobody_can_report_is_refused(store, wrong):
    with pytest.raises(StoreError):
        await ingest.write(store, batch(reported=[wrong]))
    assert await dump(store) == {}


async def test_the_series_says_its_class_and_that_the_last_word_stands(store):
    await ingest.write(store, batch(reported=[told()]))
    key = store.keys.series(SLUG, WHOLE, "mastodon", Metric.REPORTED_POSTS, Resolution.HOUR)
    facts = await store.redis.execute_command("TS.INFO", key)
    assert facts["duplicatePolicy" if "duplicatePolicy" in facts else b"duplicatePolicy"] in {"last", b"last"}
    assert await samples(store, Metric.REPORTED_POSTS, resolution=Resolution.HOUR) == [(NOW - HOUR, 12)]


async def test_what_is_older_than_hours_are_kept_is_left_out(store):
    await ingest.write(store, batch(reported=[told(hours=-24 * 401), told(seconds=DAY, hours=-24 * 401)]))
    span = window(NOW - 500 * DAY, NOW)
    assert [report.seconds for report in (await found(store, span=span))["mastodon"]] == [DAY]
