import asyncio
import json
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.collect.observe import Observed, observe
from monitor.collect.page import KEEP
from monitor.errors import StoreError
from monitor.imports import load as module
from monitor.imports.found import Rejected
from monitor.imports.job import Job
from monitor.imports.load import load
from monitor.imports.mapping import Mapping
from monitor.imports.recognise import Asked
from monitor.imports.report import Report
from monitor.model.campaign import Family
from monitor.model.mention import Mention, Post
from monitor.model.metric import WHOLE, Metric
from monitor.model.sighting import Batch
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window
from monitor.sources import _x_post
from monitor.store import causes, ingest, runs, series
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.imports.test_packed import archive
from tests.imports.twarc import LATER, file, page, tweet
from tests.people import ALEPPO

NOW = LATER + timedelta(days=30)
WEEK = Window(LATER - timedelta(days=3), LATER + timedelta(days=4))


def job(path: Path, **options: Any) -> Job:
    def seen(mentions: Iterable[Mention]) -> Observed:
        return observe(ALEPPO, mentions, now=NOW, observed_for=None)

    return Job(path=path, campaign=ALEPPO, observe=seen, now=NOW, **options)


async def loaded(store: Store, folder: Path, *lines: Any) -> Report:
    return await load(job(file(folder, lines)), store)


async def total(store: Store, metric: Metric, window: Window = WEEK) -> float:
    frame = await _frame(store, metric, window)
    return float(frame.values.to_numpy().sum())


async def known(store: Store, window: Window) -> list[bool]:
    return [bool(one) for one in (await _frame(store, Metric.POSTS, window)).known["x"]]


async def _frame(store: Store, metric: Metric, window: Window) -> Any:
    read = partial(series.frame, subjects=[WHOLE], platforms=["x"], metrics=[metric], zone="UTC", now=NOW)
    return await read(store, "aleppo", window=window, resolution=Resolution.HOUR)


async def test_posts_of_the_campaign_are_stored_with_their_impressions(store: Store, tmp_path: Path) -> None:
    report = await loaded(store, tmp_path, page(tweet(1), tweet(2), tweet(3, tags=["Other"])))
    assert (report.read, report.kept, report.new, report.measured) == (3, 2, 2, 2)
    assert [await total(store, metric) for metric in (Metric.POSTS, Metric.IMPRESSIONS, Metric.LIKES)] == [2, 1000, 6]


async def test_what_is_imported_explains_a_spike_like_what_was_collected(store: Store, tmp_path: Path) -> None:
    await loaded(store, tmp_path, page(*(tweet(n, tags=["SaveAleppo", "Syria"], lang="ar") for n in range(3))))
    assert (await causes.tags(store, "aleppo", WEEK))["#Syria"].sum() == 3
    assert len(await causes.largest(store, "aleppo", WEEK)) == 6
    assert await causes.people(store, "aleppo", WEEK) == 1
    assert await series.subjects(store, "aleppo", "language") == ["language/ar"]


async def test_the_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    lines = [page(tweet(number)) for number in range(30)]
    await loaded(store, tmp_path, *lines)
    again = await loaded(store, tmp_path, *lines)
    assert (again.new, again.raised) == (0, 0)
    assert await total(store, Metric.IMPRESSIONS) == 15_000


async def test_the_same_post_on_several_pages_counts_once_at_its_highest(store: Store, tmp_path: Path) -> None:
    hours = [LATER + timedelta(hours=hour) for hour in (5, 9, 7)]
    counts = [100, 900, 400]
    pages = [page(tweet(1, metrics={"impression": told}), read=read) for told, read in zip(counts, hours, strict=True)]
    await loaded(store, tmp_path, *pages)
    assert await total(store, Metric.IMPRESSIONS) == 900
    assert await total(store, Metric.IMPRESSIONS, Window(hours[1], hours[1] + timedelta(hours=1))) == 800


TOLD = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 900), st.integers(1, 200)), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=TOLD, parts=st.integers(1, 3))
async def test_in_whatever_order_pages_and_files_come_each_post_counts_at_its_highest(
    store: Store, tmp_path: Path, told: list[tuple[int, int, int]], parts: int
) -> None:
    fresh = replace(store, keys=Keys(f"t{secrets.token_hex(6)}"))
    pages = [
        page(tweet(number, metrics={"impression": views}), read=LATER + timedelta(hours=hours))
        for number, views, hours in told
    ]
    for part in (*range(min(parts, len(pages))), 0):
        await loaded(fresh, tmp_path, *pages[part::parts])
    peaks = {number: max(views for other, views, _ in told if other == number) for number, _, _ in told}
    assert await total(fresh, Metric.POSTS) == len(peaks)
    assert await total(fresh, Metric.IMPRESSIONS, Window(WEEK.start, NOW)) == sum(peaks.values())


async def test_retweets_multiply_nothing(store: Store, tmp_path: Path) -> None:
    original = tweet(1, metrics={"impression": 5000, "retweet": 2, "like": 9})
    shared = {"referenced_tweets": [{"type": "retweeted", "id": original["id"]}], "tags": []}
    repeats = [tweet(n, **shared, metrics={"impression": 0, "retweet": 2}) for n in (2, 3)]
    report = await loaded(store, tmp_path, page(*repeats, tweets=[original]))
    assert (report.read, report.kept, report.measured) == (2, 3, 1)
    assert [await total(store, metric) for metric in (Metric.POSTS, Metric.IMPRESSIONS, Metric.REPOSTS)] == [3, 5000, 2]


async def test_the_versions_of_a_post_count_once(store: Store, tmp_path: Path) -> None:
    history = [tweet(1)["id"], tweet(2)["id"]]
    first = tweet(1, edit_history_tweet_ids=history[:1], metrics={"impression": 50})
    edited = tweet(2, edit_history_tweet_ids=history, metrics={"impression": 70})
    await loaded(store, tmp_path, page(edited), page(first))
    assert await total(store, Metric.IMPRESSIONS) == 70


async def test_the_time_of_the_file_is_known_and_no_more(store: Store, tmp_path: Path) -> None:
    await loaded(store, tmp_path, page(tweet(1), tweet(6 * 60)))
    day = Window(LATER - timedelta(hours=3), LATER + timedelta(hours=9))
    assert await known(store, day) == [False] * 3 + [True] * 6 + [False] * 3


async def test_context_of_another_year_does_not_stretch_what_is_known(store: Store, tmp_path: Path) -> None:
    old = tweet(9, created_at="2019-01-01T00:00:00Z")
    report = await loaded(store, tmp_path, page(tweet(1), tweet(60), tweets=[old]))
    assert report.first == LATER + timedelta(minutes=1)


async def test_a_post_from_the_future_is_left_out_and_counted(store: Store, tmp_path: Path) -> None:
    report = await loaded(store, tmp_path, page(tweet(1), tweet(2, created_at="2099-01-01T00:00:00Z")))
    assert (report.kept, report.refused, report.last) == (1, 1, LATER + timedelta(minutes=1))


async def test_counters_read_in_the_future_count_now(store: Store, tmp_path: Path) -> None:
    report = await loaded(store, tmp_path, page(tweet(1), read=datetime.fromisoformat("2099-01-01T00:00:00Z")))
    assert report.new == 1


async def test_a_file_without_a_time_of_reading_is_as_old_as_its_last_post(store: Store, tmp_path: Path) -> None:
    lines = [page(tweet(1, metrics={"impression": told}), read=None) for told in (100, 300)]
    await loaded(store, tmp_path, *lines, page(tweet(600), read=None))
    last_hour = Window(LATER + timedelta(hours=10), LATER + timedelta(hours=11))
    assert await total(store, Metric.IMPRESSIONS, last_hour) == 500 + 200


async def test_what_could_not_be_taken_is_handed_back_with_its_reason(tmp_path: Path) -> None:
    rejected: list[Rejected] = []
    path = file(tmp_path, [page(tweet(1)), b"{broken", {"id": "x"}, page(tweet(2))])
    report = await load(job(path, reject=rejected.append), None)
    assert ([one.line for one in rejected], report.kept) == ([2, 3], 2)
    assert sum(report.rejected.values()) == 2


async def test_without_a_store_everything_is_counted_and_nothing_written(store: Store, tmp_path: Path) -> None:
    report = await load(job(file(tmp_path, [page(tweet(1))])), None)
    assert (report.kept, report.new) == (1, 0)
    assert await total(store, Metric.POSTS) == 0


async def test_a_long_file_is_written_in_batches_and_its_progress_heard(store: Store, tmp_path: Path) -> None:
    heard: list[int] = []
    path = file(tmp_path, (tweet(number) for number in range(1300)), name="long.jsonl.gz")
    report = await load(job(path, at=heard.append), store)
    assert (report.new, heard[-1]) == (1300, path.stat().st_size)
    assert heard == sorted(heard)


# Broken off, and gone on


class Stopped(Exception):
    """What ends an import in the middle."""


def stop_after(pieces: int) -> Callable[[Rejected], None]:
    """Return a `reject` that ends the import when it hears of the so many-th rejected line."""
    left = iter(range(pieces))

    def reject(_: Rejected) -> None:
        if next(left, None) is None:
            raise Stopped

    return reject


def long_file(folder: Path, posts: int = 5000) -> Path:
    """Return a file of flattened posts, with a line in its middle that is none."""
    lines: list[Any] = [tweet(number) for number in range(posts)]
    return file(folder, [*lines[: posts // 2], b"{broken", *lines[posts // 2 :]])


async def broken_off(store: Store, path: Path) -> None:
    with pytest.raises(Stopped):
        await load(job(path, reject=stop_after(0)), store)


async def test_a_broken_import_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    path, heard = long_file(tmp_path), list[int]()
    await broken_off(store, path)
    report = await load(job(path, goes_on=heard.append), store)
    assert heard == [report.resumed] == [2000]
    assert (report.read, report.new) == (3000, 3000)
    assert await total(store, Metric.POSTS, Window(WEEK.start, NOW)) == 5000
    assert await known(store, Window(LATER, LATER + timedelta(hours=2))) == [True, True]


async def test_a_broken_import_covers_nothing_yet(store: Store, tmp_path: Path) -> None:
    await broken_off(store, long_file(tmp_path))
    assert not any(await known(store, Window(LATER, LATER + timedelta(hours=2))))


async def test_whoever_wishes_begins_anew(store: Store, tmp_path: Path) -> None:
    path = long_file(tmp_path)
    await broken_off(store, path)
    report = await load(job(path, restart=True), store)
    assert (report.resumed, report.read, report.new) == (0, 5000, 3000)


async def test_other_hashtags_begin_anew(store: Store, tmp_path: Path) -> None:
    path = long_file(tmp_path)
    await broken_off(store, path)
    more = replace(ALEPPO, families=(*ALEPPO.families, Family("Homs", ("homs",))))
    assert (await load(replace(job(path), campaign=more), store)).resumed == 0


async def test_another_mapping_begins_anew(store: Store, tmp_path: Path) -> None:
    row = "7,2023-03-04 12:00:00,#SaveAleppo\n"
    (tmp_path / "a.csv").write_text("Id,Date,Text\n" + row * 2500 + "broken\n")
    own = {"name": "own", "platform": "x", "columns": {"id": "Id", "created_at": "Date", "text": "Text"}}
    first, second = (Asked(mapping=Mapping.model_validate(own | more)) for more in ({}, {"zone": "Asia/Damascus"}))
    with pytest.raises(Stopped):
        await load(job(tmp_path / "a.csv", asked=first, reject=stop_after(0)), store)
    assert (await load(job(tmp_path / "a.csv", asked=second), store)).resumed == 0
    assert (await load(job(tmp_path / "a.csv", asked=first), store)).resumed == 2000


async def test_a_finished_file_is_read_again_from_its_begin(store: Store, tmp_path: Path) -> None:
    path = long_file(tmp_path, posts=10)
    await load(job(path), store)
    again = await load(job(path), store)
    assert (again.resumed, again.read, again.new) == (0, 10, 0)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(breaks=st.lists(st.integers(1, 2500), max_size=3))
async def test_however_often_it_breaks_every_post_counts_once(store: Store, tmp_path: Path, breaks: list[int]) -> None:
    fresh = replace(store, keys=Keys(f"t{secrets.token_hex(6)}"))
    path = file(tmp_path, [row for number in range(2500) for row in (tweet(number), b"{")])
    for pieces in breaks:
        with suppress(Stopped):
            await load(job(path, reject=stop_after(pieces)), fresh)
    await load(job(path), fresh)
    assert await total(fresh, Metric.POSTS) == 2500
    assert await total(fresh, Metric.IMPRESSIONS) == 2500 * 500


async def test_the_parts_of_an_archive_go_on_too(store: Store, tmp_path: Path) -> None:
    halves = [
        b"\n".join(json.dumps(tweet(number)).encode() for number in range(first, first + 2500)) for first in (0, 2500)
    ]
    path = archive(tmp_path / "a.zip", **{"a.jsonl": halves[0], "b.jsonl": halves[1] + b"\n{\n"})
    await broken_off(store, path)
    report = await load(job(path), store)
    assert (report.read < 2500, await total(store, Metric.POSTS, Window(WEEK.start, NOW))) == (True, 5000)


async def test_of_a_damaged_file_everything_before_is_kept(store: Store, tmp_path: Path) -> None:
    path = file(tmp_path, [tweet(number) for number in range(3000)], name="a.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-500])
    report = await load(job(path), store)
    assert "cut off in the middle" in report.damaged
    assert 1000 < report.new == report.read < 3000


# Beside what is collected live


async def collected(store: Store, now: datetime, covered: Window) -> None:
    """Store one post as a live source does, of a walk that covered this stretch."""
    seen = observe(ALEPPO, [post_of_x(1)], now=now)
    batch = Batch("aleppo", "UTC", "x", "x", "posts", int(now.timestamp()), int(now.timestamp()), seen.posts)
    await ingest.write(store, replace(batch, walk="all", standing=Standing({}, (covered,)), keep=9 * 86400))
    await runs.declare(store, "aleppo", {"x": "x"}, now)


def post_of_x(number: int) -> Post:
    (post,) = _x_post.told(page(tweet(number))).posts
    return post


async def test_a_post_that_was_collected_and_is_imported_counts_once(store: Store, tmp_path: Path) -> None:
    soon = LATER + timedelta(hours=1)
    await collected(store, soon, Window(LATER, soon))
    path = file(tmp_path, [page(tweet(1, metrics={"impression": 700}), tweet(2))])
    report = await load(replace(job(path), now=soon), store)
    assert (report.new, report.counted) == (1, 0)
    assert await total(store, Metric.IMPRESSIONS, Window(WEEK.start, NOW)) == 700 + 500


async def test_days_that_were_collected_live_and_are_forgotten_count_no_second_time(
    store: Store, tmp_path: Path
) -> None:
    await collected(store, LATER + timedelta(hours=1), Window(LATER, LATER + timedelta(hours=1)))
    report = await loaded(store, tmp_path, page(tweet(1), tweet(2), tweet(90)))
    assert (report.kept, report.counted, report.new) == (1, 2, 1)


async def test_who_knows_that_the_posts_are_others_brings_in_days_that_were_watched(
    store: Store, tmp_path: Path
) -> None:
    await collected(store, LATER + timedelta(hours=1), Window(LATER, LATER + timedelta(hours=1)))
    report = await load(job(file(tmp_path, [page(tweet(2))]), also_watched=True), store)
    assert (report.counted, report.new) == (0, 1)


def test_what_is_forgotten_is_what_the_collector_forgets() -> None:
    assert module.REMEMBERED == KEEP


async def test_no_plain_id_of_an_imported_post_is_kept(store: Store, tmp_path: Path) -> None:
    path = file(tmp_path, [page(tweet(1))])
    await load(replace(job(path), now=LATER + timedelta(hours=1)), store)
    assert await store.redis.keys(f"{store.keys.prefix}*due*") == []


async def test_an_archive_of_one_account_knows_of_no_silence(store: Store, tmp_path: Path) -> None:
    own = [{"tweet": {"id_str": tweet(n)["id"], "full_text": "#SaveAleppo", "created_at": ""}} for n in (1, 90)]
    await loaded(store, tmp_path, *own)
    assert await total(store, Metric.POSTS) == 2
    assert not any(await known(store, Window(LATER, LATER + timedelta(hours=2))))


async def test_spellings_that_nobody_lists_are_named(tmp_path: Path) -> None:
    report = await load(
        job(file(tmp_path, [page(tweet(1, tags=["أنقذوا_حلبـ"]), tweet(2, tags=["انقذوا_حلب"]))])), None
    )
    assert report.unlisted == {"أنقذوا_حلبـ": 1}


async def test_spellings_that_were_found_are_counted(tmp_path: Path) -> None:
    path = file(tmp_path, [page(tweet(1), tweet(2, tags=["SaveAleppo", "أنقذوا_حلب"]), tweet(3, tags=["saveAleppo"]))])
    assert (await load(job(path), None)).spellings == {"savealeppo": 3, "أنقذوا_حلب": 1}


async def test_one_pile_is_written_at_a_time_and_all_of_them_in_order() -> None:
    log: list[str] = []

    async def writing(pile: int) -> None:
        log.append(f"begin {pile}")
        await asyncio.sleep(0.001)
        log.append(f"end {pile}")

    await module._side_by_side(iter(range(1, 4)), lambda pile: asyncio.ensure_future(writing(pile)))  # type: ignore[arg-type]
    assert log == [f"{what} {pile}" for pile in range(1, 4) for what in ("begin", "end")]


async def test_a_write_that_fails_ends_the_import(store: Store, tmp_path: Path) -> None:
    await store.redis.set(f"{store.keys.of('aleppo')}platforms", "what is no hash")
    with pytest.raises(StoreError):
        await loaded(store, tmp_path, *[tweet(number) for number in range(10)])
