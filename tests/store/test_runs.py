from datetime import timedelta
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model.metric import Metric
from monitor.model.run import Outcome, Run
from monitor.model.source import Standing
from monitor.model.window import Resolution
from monitor.store import ingest, runs
from monitor.store.redis import execute
from tests.people import ALEPPO, NOON
from tests.store.batches import HOUR, NOW, batch, samples, sighting, window

SLUG = ALEPPO.slug


def run(minutes: int = 0, outcome: Outcome = Outcome.OK, source: str = "social.example") -> Run:
    return Run(
        campaign=SLUG,
        source=source,
        platform="mastodon",
        started_at=NOON + timedelta(minutes=minutes),
        seconds=1.5,
        outcome=outcome,
        message="" if outcome.is_up else "no answer",
    )


async def state(store, name: str = "social.example"):
    return {one.name: one for one in await runs.states(store, SLUG)}[name]


async def test_runs_are_remembered_newest_first(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    for minutes in (0, 5):
        await runs.add(store, run(minutes))
    assert (await state(store)).runs == (run(5), run(0))


async def test_a_run_that_is_told_twice_is_remembered_once(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    for _ in range(2):
        await runs.add(store, run())
    assert (await state(store)).runs == (run(),)


async def test_only_so_many_runs_are_remembered(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    for minutes in range(runs.RUNS_KEPT + 5):
        await runs.add(store, run(minutes))
    assert len((await state(store)).runs) == runs.RUNS_KEPT


async def test_last_up_is_when_it_answered_last_not_when_it_was_asked_last(store):
    await runs.declare(store, SLUG, {"social.example": "mastodon"}, NOON)
    await runs.add(store, run(0))
    await runs.add(store, run(5, Outcome.UNAVAILABLE))
    assert (await state(store)).last_up == NOON


async def test_up_is_a_series_of_each_source(store):
    for minutes, outcome in enumerate((Outcome.OK, Outcome.UNAVAILABLE)):
        await runs.add(store, run(minutes * 10, outcome))
    found = await samples(store, Metric.UP, "source/social.example", Resolution.FIVE_MINUTES)
    assert found == [(NOW, 1), (NOW + 600, 0)]


async def described(store, source: str) -> dict[bytes, Any]:
    up = store.keys.series(SLUG, f"source/{source}", "mastodon", Metric.UP, Resolution.FIVE_MINUTES)
    told: dict[bytes, Any] = await execute(store.redis, "TS.INFO", up)
    return told


async def test_the_series_up_is_kept_and_found_like_every_other(store):
    for minutes in (0, 5):
        await runs.add(store, run(minutes))
    told = await described(store, "social.example")
    assert (told[b"duplicatePolicy"], told[b"retentionTime"], told[b"chunkSize"]) == (b"max", 35 * 86_400_000, 256)
    assert {name.decode(): value.decode() for name, value in told[b"labels"].items()} == {
        "campaign": SLUG,
        "hashtag": "source/social.example",
        "source": "social.example",
        "platform": "mastodon",
        "metric": "up",
        "class": "health",
        "resolution": "5m",
    }


async def test_a_series_up_of_an_earlier_version_is_put_right(store):
    up = store.keys.series(SLUG, "source/social.example", "mastodon", Metric.UP, Resolution.FIVE_MINUTES)
    await execute(store.redis, "TS.ADD", up, (NOW - 600) * 1000, 1, "LABELS", "campaign", SLUG)
    await runs.add(store, run())
    told = await described(store, "social.example")
    assert (told[b"duplicatePolicy"], told[b"totalSamples"], told[b"labels"][b"resolution"]) == (b"max", 2, b"5m")


async def test_two_runs_in_five_minutes_are_up_when_one_was(store):
    for minutes, outcome in enumerate((Outcome.UNAVAILABLE, Outcome.OK, Outcome.UNAVAILABLE)):
        await runs.add(store, run(minutes, outcome))
    assert await samples(store, Metric.UP, "source/social.example", Resolution.FIVE_MINUTES) == [(NOW, 1)]


async def test_a_source_may_have_a_name_that_no_label_can_hold(store):
    await runs.add(store, run(source="news (all, 'new')"))
    assert (await described(store, "news (all, 'new')"))[b"labels"][b"source"] == b"news--all---new--"


async def test_a_key_that_is_no_series_is_said_in_words(store):
    up = store.keys.series(SLUG, "source/social.example", "mastodon", Metric.UP, Resolution.FIVE_MINUTES)
    await store.redis.set(up, "no series")
    with pytest.raises(StoreError):
        await runs.add(store, run())


async def test_a_source_that_never_ran_is_known_with_nothing(store):
    await runs.declare(store, SLUG, {"news": "feeds"}, NOON)
    known = await state(store, "news")
    assert (known.platform, known.runs, known.walks, known.last_up) == ("feeds", (), {}, None)


async def test_a_source_that_was_taken_out_is_shown_no_more_until_it_comes_back(store):
    names = []
    for sources in ({"a": "feeds", "b": "feeds"}, {"b": "feeds"}, {"a": "feeds", "b": "feeds"}):
        await runs.declare(store, SLUG, sources, NOON)
        names.append([one.name for one in await runs.states(store, SLUG)])
    assert names == [["a", "b"], ["b"], ["a", "b"]]


async def test_a_state_holds_all_walks_of_its_source(store):
    standing = Standing({"etag": "x"}, (window(NOW - HOUR, NOW),))
    for walk in ("one", "two"):
        await ingest.write(store, batch(sighting(1), walk=walk, standing=standing))
    assert (await state(store)).walks == {"one": standing, "two": standing}


async def test_campaigns_do_not_see_the_sources_of_others(store):
    await runs.declare(store, "homs", {"news": "feeds"}, NOON)
    assert await runs.states(store, SLUG) == []


async def test_a_source_is_configured_since_it_was_first_also_when_it_comes_back(store):
    assert await runs.since(store, SLUG) is None
    for hours, sources in enumerate(({"news": "feeds"}, {}, {"news": "feeds", "social.example": "mastodon"})):
        await runs.declare(store, SLUG, sources, NOON + timedelta(hours=hours))
    assert await runs.since(store, SLUG) == NOON


async def test_of_a_store_that_did_not_note_it_nobody_knows_since_when(store):
    await store.redis.hset(store.keys.declared(SLUG), "news", '{"platform": "feeds", "until": null, "gone": {}}')
    await runs.declare(store, SLUG, {"news": "feeds", "social.example": "mastodon"}, NOON)
    assert await runs.since(store, SLUG) is None
