import json
from datetime import UTC, datetime

import msgpack
import pytest

from monitor.errors import StoreError
from monitor.model.brief import Headline
from monitor.model.metric import WHOLE, Metric
from monitor.model.sighting import Written
from monitor.model.source import Standing
from monitor.model.window import Resolution
from monitor.store import headlines, ingest, ladder, runs, series
from tests.people import ADA, ALEPPO, BEA, NOON
from tests.store.batches import DAY, HOUR, NOW, TAG, batch, dump, samples, sighting, total, window

SLUG, ZONE = ALEPPO.slug, ALEPPO.zone


async def test_a_write_says_what_was_new_and_how_many_counters_rose(store):
    assert await ingest.write(store, batch(sighting(1, likes=3), sighting(2))) == Written(new=2, raised=0)
    assert await ingest.write(store, batch(sighting(1, likes=5, replies=1), sighting(2))) == Written(new=0, raised=2)


async def test_a_counter_that_is_not_told_is_not_zero(store):
    await ingest.write(store, batch(sighting(1, likes=0), sighting(2, impressions=0)))
    assert await total(store, Metric.MEASURED_POSTS) == 1


async def test_a_post_found_late_counts_when_it_was_created(store):
    await ingest.write(store, batch(sighting(1, created=NOW - 3 * DAY, likes=7)))
    assert await samples(store, Metric.LIKES, resolution=Resolution.HOUR) == [(NOW - 3 * DAY, 7)]


async def test_what_rises_later_counts_when_it_was_seen_to_rise(store):
    await ingest.write(store, batch(sighting(1, likes=7)))
    await ingest.write(store, batch(sighting(1, likes=9), observed=NOW + 2 * HOUR))
    assert await samples(store, Metric.LIKES, resolution=Resolution.HOUR) == [(NOW, 7), (NOW + 2 * HOUR, 2)]


async def test_a_tag_added_by_an_edit_gets_the_whole_post_once(store):
    await ingest.write(store, batch(sighting(1, likes=7, subjects=(WHOLE,))))
    for _ in range(2):
        await ingest.write(store, batch(sighting(1, likes=9, subjects=(WHOLE, TAG)), observed=NOW + HOUR))
    assert await total(store, Metric.LIKES, TAG) == await total(store, Metric.LIKES) == 9
    assert await total(store, Metric.POSTS, TAG) == 1


async def test_a_tag_taken_away_by_an_edit_keeps_its_credit(store):
    await ingest.write(store, batch(sighting(1, likes=7, subjects=(WHOLE, TAG))))
    await ingest.write(store, batch(sighting(1, likes=9, subjects=(WHOLE,))))
    assert await total(store, Metric.LIKES, TAG) == 9


async def test_platforms_and_campaigns_do_not_share_posts(store):
    for fields in ({}, {"platform": "telegram"}, {"campaign": "homs"}):
        assert (await ingest.write(store, batch(sighting(1), **fields))).new == 1


async def test_the_local_day_of_a_clock_change_has_25_hours(store):
    autumn = int(datetime(2016, 10, 26, 21, tzinfo=UTC).timestamp())  # midnight; a day later 24:00 became 23:00 again
    hours = [sighting(n, created=autumn + n * HOUR) for n in range(-1, 26)]
    await ingest.write(store, batch(*hours, observed=autumn + 26 * HOUR))
    assert await samples(store, Metric.POSTS) == [(autumn - DAY, 1), (autumn, 25), (autumn + 25 * HOUR, 1)]


async def test_what_is_older_than_a_resolution_keeps_is_left_out_of_it_alone(store):
    long_ago = sighting(1, created=NOW - 40 * DAY), sighting(2, created=NOW - 500 * DAY)
    await ingest.write(store, batch(*long_ago, sighting(3), keep=None))
    kept = [await total(store, Metric.POSTS, resolution=resolution) for resolution in Resolution]
    assert kept == [1, 2, 3]


async def test_an_older_clock_than_another_writer_had_breaks_no_write(store):
    await ingest.write(store, batch(sighting(1, created=NOW + 36 * DAY), observed=NOW + 36 * DAY))
    await ingest.write(store, batch(sighting(2)))
    kept = [await total(store, Metric.POSTS, resolution=resolution) for resolution in Resolution]
    assert kept == [1, 2, 2]


async def test_a_post_from_the_future_is_refused_whole_and_nothing_is_written(store):
    with pytest.raises(StoreError, match="future"):
        await ingest.write(store, batch(sighting(1), sighting(2, created=NOW + 1000), observed=NOW, now=NOW))
    assert await dump(store) == {}


async def test_ten_minutes_ahead_is_another_clock_not_the_future(store):
    assert (await ingest.write(store, batch(sighting(1, created=NOW + 600), observed=NOW))).new == 1


async def test_live_state_outlives_its_last_write_by_keep_and_imported_state_stays(store):
    await ingest.write(store, batch(sighting(1), keep=1000))
    await ingest.write(store, batch(sighting(2), keep=None, platform="x"))
    await ingest.write(store, batch(sighting(2, likes=1), keep=1000, platform="x"))
    kept = {
        name.split(b":")[3]: await store.redis.ttl(name)
        async for name in store.redis.scan_iter(f"{store.keys.of(SLUG)}st:*")
    }
    assert 990 < kept[b"mastodon"] <= 1000
    assert kept[b"x"] == -1


async def test_an_import_keeps_for_ever_what_was_live_before(store):
    await ingest.write(store, batch(sighting(1), keep=1000))
    await ingest.write(store, batch(sighting(1, likes=1), keep=None))
    assert [await store.redis.ttl(name) async for name in store.redis.scan_iter(f"{store.keys.of(SLUG)}st:*")] == [-1]


async def test_an_article_that_is_still_offered_is_remembered_though_nothing_changed(store):
    article = sighting(1, author=None)
    await ingest.write(store, batch(article, kind="articles", keep=1000))
    await ingest.write(store, batch(article, kind="articles", keep=5000))
    (left,) = [await store.redis.ttl(name) async for name in store.redis.scan_iter(f"{store.keys.of(SLUG)}st:*")]
    assert left > 4000


async def test_series_are_made_with_policy_retention_and_labels(store):
    await ingest.write(store, batch(sighting(1, likes=1)))
    key = store.keys.series(SLUG, TAG, "mastodon", Metric.LIKES, Resolution.FIVE_MINUTES)
    told = await store.redis.execute_command("TS.INFO", key)
    assert (told[b"duplicatePolicy"], told[b"chunkSize"]) == (b"sum", 256)
    assert told[b"retentionTime"] == 35 * DAY * 1000
    assert told[b"labels"] == {
        b"campaign": b"aleppo", b"hashtag": TAG.encode(), b"platform": b"mastodon",
        b"metric": b"likes", b"class": b"engagement", b"resolution": b"5m",
    }  # fmt: skip


async def test_potential_reach_is_a_bracket_over_the_authors_of_a_day(store):
    first = [sighting(1, author=ADA, followers=100), sighting(2, author=BEA, followers=30)]
    await ingest.write(store, batch(*first, sighting(3, author=ADA, followers=90)))
    await ingest.write(store, batch(sighting(1, author=ADA, followers=120), observed=NOW + HOUR))
    assert (await total(store, Metric.POTENTIAL_LOW), await total(store, Metric.POTENTIAL_HIGH)) == (120, 150)


async def test_the_rounding_of_views_rises_with_them_and_is_no_counter_that_rose(store):
    await ingest.write(
        store, batch(sighting(1, impressions=900, rounding=0), sighting(2, impressions=1200, rounding=100))
    )
    later = batch(sighting(1, impressions=1300, rounding=100), observed=NOW + HOUR)
    assert (await ingest.write(store, later)).raised == 1
    assert await samples(store, Metric.ROUNDING, resolution=Resolution.HOUR) == [(NOW, 100), (NOW + HOUR, 100)]


async def test_exact_views_make_no_series_of_roundings(store):
    await ingest.write(store, batch(sighting(1, impressions=900, rounding=0), sighting(2, likes=1)))
    key = store.keys.series(SLUG, WHOLE, "mastodon", Metric.ROUNDING, Resolution.DAY)
    assert not await store.redis.exists(key)


async def test_a_state_of_another_version_refuses_the_batch_and_changes_nothing(store):
    await ingest.write(store, batch(sighting(1, likes=1)))
    (state,) = await store.redis.keys(f"{store.keys.of(SLUG)}st:*")
    (field,) = await store.redis.hkeys(state)
    five_peaks_and_group = b"".join(msgpack.packb(value) for value in (-1, 1, -1, -1, -1, 1))
    await store.redis.hset(state, field, five_peaks_and_group)
    before = await dump(store)
    with pytest.raises(StoreError, match="another version"):
        await ingest.write(store, batch(sighting(1, likes=2)))
    assert await dump(store) == before


async def audiences(store) -> list[bytes]:
    return sorted(await store.redis.keys(f"{store.keys.of(SLUG)}fo:*"))


async def test_the_followers_of_two_days_can_not_be_linked_by_their_author(store):
    await ingest.write(store, batch(*[sighting(n, created=NOW - n * DAY, followers=9) for n in range(3)]))
    fields = [await store.redis.hkeys(name) for name in await audiences(store)]
    assert len({field for kept in fields for field in kept}) == 3
    assert store.hashed(f"mastodon:{ADA}") not in {field for kept in fields for field in kept}


@pytest.mark.parametrize(("keep", "lasts"), [(1000, 1000), (None, 400 * DAY)])
async def test_the_audience_of_a_day_is_forgotten_even_of_an_import(store, keep, lasts):
    await ingest.write(store, batch(sighting(1, followers=9), keep=keep))
    (name,) = await audiences(store)
    assert lasts - 10 < await store.redis.ttl(name) <= lasts


async def test_a_live_write_shortens_no_audience_that_an_import_brought(store):
    await ingest.write(store, batch(sighting(1, followers=9), keep=None))
    await ingest.write(store, batch(sighting(1, followers=10), keep=1000))
    (name,) = await audiences(store)
    assert await store.redis.ttl(name) > 399 * DAY


async def test_a_file_read_again_after_its_audience_was_forgotten_reaches_nobody_twice(store):
    page = batch(sighting(1, followers=9), sighting(2, author=BEA, followers=5), keep=None)
    await ingest.write(store, page)
    await store.redis.delete(*await audiences(store))
    await ingest.write(store, page)
    assert await total(store, Metric.POTENTIAL_HIGH) == 14
    assert await audiences(store) == []


async def test_articles_are_counted_as_articles_by_outlet_and_language(store):
    article = sighting(1, author=None, subjects=(WHOLE, "outlet/enab baladi", "language/ar"))
    for days in (0, 2):  # the outlet edited it, and its date with it
        moved = sighting(1, author=None, subjects=article.subjects, created=NOW + days * DAY)
        await ingest.write(store, batch(moved, kind="articles", platform="feeds", observed=NOW + 2 * DAY))
    stored = [await total_of(store, subject) for subject in article.subjects]
    assert stored == [1, 1, 1]
    assert await samples(store, Metric.POSTS, platform="feeds") == []


async def total_of(store, subject: str) -> float:
    return sum(value for _, value in await samples(store, Metric.ARTICLES, subject, platform="feeds"))


async def test_a_headline_is_kept_once_with_its_article(store):
    line = Headline(title="حلب", outlet="news.example", at=NOON)
    article = sighting(1, author=None, headline=line.model_dump_json())
    for _ in range(2):
        await ingest.write(store, batch(article, kind="articles"))
    assert await headlines.within(store, SLUG, window(NOW, NOW + 1), 10) == [line]
    assert await headlines.within(store, SLUG, window(NOW + 1, NOW + HOUR), 10) == []


async def test_headlines_come_newest_first_and_not_too_many(store):
    lines = [Headline(title=str(n), outlet="o", at=NOON).model_dump_json() for n in range(5)]
    articles = [sighting(n, created=NOW + n, author=None, headline=line) for n, line in enumerate(lines)]
    await ingest.write(store, batch(*articles, kind="articles"))
    found = await headlines.within(store, SLUG, window(NOW, NOW + 4), 3)
    assert [line.title for line in found] == ["3", "2", "1"]


async def test_cursor_and_coverage_move_with_the_posts(store):
    standing = Standing({"min_id": "9", "gaps": [["1", "2"]]}, (window(NOW - HOUR, NOW), window(NOW + 5, NOW + 6)))
    await ingest.write(store, batch(sighting(1), walk="savealeppo", standing=standing))
    assert await runs.standing(store, SLUG, "social.example", "savealeppo") == standing
    assert await runs.standing(store, SLUG, "social.example", "another") == Standing()


async def test_an_empty_page_moves_the_cursor_too(store):
    await ingest.write(store, batch(walk="savealeppo", standing=Standing({"min_id": "9"})))
    assert (await runs.standing(store, SLUG, "social.example", "savealeppo")).cursor == {"min_id": "9"}


async def test_a_new_post_is_due_at_each_rung_of_its_age_and_then_forgotten(store):
    await ingest.write(store, batch(sighting(1, again="1")))
    rungs = []
    for hours in range(1, 24 * 8):
        moment = NOW + hours * HOUR
        if await due(store, moment):
            rungs.append(hours)
            await ingest.write(store, batch(asked=["1"], observed=moment))
    assert rungs == [1, 3, 6, 12, 24, 48, 96, 168]
    assert await plain_ids(store) == 0


async def due(store, now: int, limit: int = 10) -> list[str]:
    return await ladder.due(store, SLUG, "social.example", now=now, limit=limit)


async def plain_ids(store) -> int:
    return await store.redis.zcard(store.keys.due(SLUG, "social.example"))


async def test_fast_growers_are_asked_first(store):
    await ingest.write(store, batch(*[sighting(n, again=str(n), likes=n) for n in range(5)]))
    assert await due(store, NOW + 2 * HOUR, limit=2) == ["4", "3"]
    await ingest.write(store, batch(sighting(1, again="1", likes=50), observed=NOW + 2 * HOUR))
    assert await due(store, NOW + 3 * HOUR, limit=2) == ["1", "4"]


async def test_a_post_too_old_for_the_ladder_never_enters_it(store):
    await ingest.write(store, batch(sighting(1, again="1", created=NOW - 7 * DAY)))
    assert await plain_ids(store) == 0


async def test_a_plain_id_is_forgotten_though_it_was_never_asked_again(store):
    await ingest.write(store, batch(sighting(1, again="1")))
    assert await due(store, NOW + 9 * DAY) == []
    assert await plain_ids(store) == 0


async def test_the_ladder_of_a_source_nobody_asks_any_more_forgets_by_itself(store):
    await ingest.write(store, batch(sighting(1, again="1")))
    assert 0 < await store.redis.ttl(store.keys.due(SLUG, "social.example")) <= 8 * DAY


async def test_nothing_that_names_a_person_or_a_post_is_kept(store):
    await ingest.write(store, batch(sighting(1, author=ADA, likes=1, followers=5)))
    kept = b"".join(await dump_all(store))
    assert b"social.example/1" not in kept
    assert ADA.encode() not in kept


async def dump_all(store) -> list[bytes]:
    return [part for name, value in (await dump(store)).items() for part in (name, value or b"")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"likes": -1}, {"likes": 2**53}, {"likes": 2**70}, {"likes": 1.5}, {"likes": "7"}, {"likes": float("nan")},
        {"likes": 1e308}, {"followers": -1}, {"followers": float("inf")}, {"created": -5}, {"created": 2**40},
        {"rounding": 0.5}, {"rounding": -1}, {"created": None}, {"subjects": ()}, {"subjects": ("",)},
        {"subjects": ("a\nb",)}, {"again": 5}, {"headline": 5},
    ],
    ids=str,
)  # fmt: skip
async def test_one_wrong_value_refuses_the_batch_and_changes_nothing(store, wrong):
    await ingest.write(store, batch(sighting(1, likes=1)))
    before = await dump(store)
    with pytest.raises(StoreError):
        await ingest.write(store, batch(sighting(2, likes=2), sighting(3, **wrong)))
    assert await dump(store) == before


async def test_ids_of_any_length_and_script_are_taken(store):
    odd = ["x" * 5000, "حلب\u202e", "\ud800", "", "a\nb\0c"]
    ones = [sighting(n, author=text) for n, text in enumerate(odd)]
    assert (await ingest.write(store, batch(*ones))).new == len(odd)


async def test_a_key_that_is_something_else_refuses_the_batch_and_changes_nothing(store):
    names = store.keys
    series_key = names.series(SLUG, WHOLE, "mastodon", Metric.POSTS, Resolution.HOUR)
    authors_key = names.authors(SLUG, WHOLE, "mastodon", "2016-04-29")
    for key in (series_key, authors_key, names.headlines(SLUG), names.walks(SLUG, "social.example")):
        await store.redis.set(key, "something else")
        before = await dump(store)
        with pytest.raises(StoreError, match="something else"):
            await ingest.write(store, batch(sighting(1, likes=1)))
        assert await dump(store) == before
        await store.redis.delete(key)


async def test_a_message_that_is_not_ours_changes_nothing(store):
    await ingest.write(store, batch(sighting(1)))
    before = await dump(store)
    for message in (b"", b"\xc1", b"\x80", json.dumps({"now": 1})):
        with pytest.raises(Exception, match=r"script|MONITOR"):
            await store.redis.evalsha(ingest.SHA, 1, store.keys.of(SLUG), message)
    assert await dump(store) == before


async def test_too_many_at_once_are_refused_in_words(store):
    with pytest.raises(StoreError, match="split them"):
        await ingest.write(store, batch(*[sighting(1)] * 5001))


async def test_five_thousand_at_once_are_taken(store):
    one_hash = [sighting(n, likes=n) for n in range(5000)]
    assert (await ingest.write(store, batch(*one_hash))).new == 5000
    assert await total(store, Metric.LIKES) == sum(range(5000))


async def test_a_server_that_forgot_the_script_learns_it_again(store):
    await ingest.write(store, batch(sighting(1)))
    await store.redis.script_flush()
    assert (await ingest.write(store, batch(sighting(2)))).new == 1


async def test_authors_of_a_tag_credited_later_are_counted_for_it(store):
    await ingest.write(store, batch(sighting(1, subjects=(WHOLE,))))
    await ingest.write(store, batch(sighting(1, subjects=(WHOLE, TAG))))
    assert await series.authors(store, SLUG, TAG, ["mastodon"], window(NOW - DAY, NOW + DAY), ZONE) == 1
