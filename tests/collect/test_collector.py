import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from monitor.clock import Simulated
from monitor.collect.collector import Limits, collect
from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, StoreError, UnexpectedPayload
from monitor.fetch.pocket import Pocket
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.source import Ask, Page
from monitor.model.window import Resolution, Window
from monitor.store import runs, series
from monitor.store.store import Store
from tests.collect.played import Played
from tests.people import ALEPPO, NOON, post

HOUR = timedelta(hours=1)
BEFORE = Window(NOON - HOUR, NOON)


def page(*numbers: int, cursor: str | None = None, **fields: Any) -> Page:
    return Page([post(number, likes=1) for number in numbers], {"at": cursor} if cursor else None, **fields)


async def ran(store: Store, source: Any, **limits: Any) -> Run:
    return await collect(store, source, ALEPPO, Simulated(NOON), limits=Limits(**limits))


async def stored(store: Store, metric: Metric = Metric.POSTS) -> float:
    frame = await series.frame(
        store, ALEPPO.slug, subjects=[WHOLE], platforms=["mastodon"], metrics=[metric],
        window=Window(NOON - HOUR, NOON + HOUR), resolution=Resolution.HOUR, zone=ALEPPO.zone, now=NOON,
    )  # fmt: skip
    return float(frame.values.to_numpy().sum())


async def test_a_run_stores_every_page_of_every_walk(store: Store):
    run = await ran(store, Played({"a": [page(1, 2), page(3)], "b": [page(3, 4)]}))
    assert (run.outcome, run.read, run.kept, run.new) == (Outcome.OK, 5, 5, 4)
    assert await stored(store) == 4


async def test_a_second_run_counts_nothing_twice(store: Store):
    source = Played({"a": [page(1, 2)]})
    await ran(store, source)
    again = await ran(store, source)
    assert (again.kept, again.new) == (2, 0)
    assert await stored(store, Metric.LIKES) == 2


async def test_a_run_is_remembered_with_what_it_did(store: Store):
    run = await ran(store, Played({"a": [page(1)]}))
    (state,) = await runs.states(store, "aleppo")
    assert state.runs == (run,)
    assert state.last_up == NOON


async def test_the_first_run_looks_back_no_further_than_the_limit(store: Store):
    source = Played({"a": []})
    await ran(store, source, look_back=timedelta(days=3))
    (ask,) = source.asked
    assert (ask.cursor, ask.since, ask.now) == (None, NOON - timedelta(days=3), NOON)


async def test_the_next_run_goes_on_where_the_last_one_stopped(store: Store):
    source = Played({"a": [page(1, cursor="7"), page(2)]})
    await ran(store, source)
    await ran(store, source)
    assert source.asked[1].cursor == {"at": "7"}


async def test_what_was_covered_adds_up(store: Store):
    await ran(store, Played({"a": [page(covered=BEFORE.shifted(-HOUR)), page(covered=BEFORE)]}))
    standing = await runs.standing(store, "aleppo", "social", "a")
    assert standing.covered == (Window(NOON - 2 * HOUR, NOON),)


async def test_nobody_covers_the_future(store: Store):
    await ran(store, Played({"a": [page(covered=Window(NOON - HOUR, NOON + HOUR))]}))
    assert (await runs.standing(store, "aleppo", "social", "a")).covered == (BEFORE,)


async def test_what_was_read_before_a_failure_is_kept(store: Store):
    run = await ran(store, Played({"a": [page(1, 2, cursor="2"), SourceUnavailable("down"), page(3)]}))
    assert (run.outcome, run.message, run.kept) == (Outcome.UNAVAILABLE, "down", 2)
    assert await stored(store) == 2
    assert (await runs.standing(store, "aleppo", "social", "a")).cursor == {"at": "2"}


async def test_a_walk_that_fails_stops_no_other(store: Store):
    run = await ran(store, Played({"a": [UnexpectedPayload("HTML")], "b": [page(1)], "c": [AccessRefused("key")]}))
    assert (run.outcome, run.message, run.kept) == (Outcome.REFUSED, "HTML; key", 1)


async def test_a_server_that_wants_to_be_left_alone_is_left_alone(store: Store):
    source = Played({"a": [RateLimited("slow down", 90.0)], "b": [page(1)]}, again_at_once=40)
    run = await ran(store, source)
    assert (run.outcome, run.retry_at) == (Outcome.RATE_LIMITED, NOON + timedelta(seconds=90))
    assert len(source.asked) == 1


async def test_a_source_that_hangs_is_cut_off_and_keeps_what_it_gave(store: Store):
    async def hang() -> Page:
        await asyncio.Event().wait()
        raise AssertionError

    run = await ran(store, Played({"a": [page(1), hang]}), seconds=0.05)
    assert (run.outcome, run.kept) == (Outcome.UNAVAILABLE, 1)
    assert run.message == "did not end within 0.05 seconds"


async def test_a_bug_in_a_source_is_a_soft_error_with_its_traceback_in_the_log(store: Store):
    with structlog.testing.capture_logs() as logs:
        run = await ran(store, Played({"a": [page(1), KeyError("a text of somebody")], "b": [page(2)]}))
    assert (run.outcome, run.kept) == (Outcome.SOFT_ERROR, 1)
    assert run.message == "unexpected KeyError: the log tells where"
    assert len([entry for entry in logs if isinstance(entry.get("exc_info"), KeyError)]) == 1


class Nonsense(Played):
    """A source that gives anything but pages."""

    async def pages(self, _ask: Ask) -> AsyncIterator[Page]:
        for thing in ("a page?", 7):
            yield thing  # type: ignore[misc]


@pytest.mark.parametrize(
    "source",
    [
        Nonsense({"a": []}),
        Played({"a": [Page([None])]}),  # type: ignore[list-item]
        Played({"a": [Page(None)]}),  # type: ignore[arg-type]
        Played({"a": [Page([replace(post(1), id=None)])]}),  # type: ignore[arg-type]
        Played({"a": [Page([replace(post(1), created_at=datetime(2016, 4, 29))])]}),  # noqa: DTZ001
    ],
)
async def test_nonsense_is_a_soft_error_that_stores_nothing(store: Store, source: Played):
    run = await ran(store, source)
    assert run.outcome is Outcome.SOFT_ERROR
    assert await stored(store) == 0


async def test_a_cut_off_answer_is_said(store: Store):
    run = await ran(store, Played({"a": [page(1, truncated=True)]}))
    assert (run.outcome, run.outcome.is_up) == (Outcome.TRUNCATED, True)


async def test_an_unchanged_answer_is_said(store: Store):
    assert (await ran(store, Played({"a": [page(unchanged=True)]}))).outcome is Outcome.UNCHANGED


async def test_silence_is_said(store: Store):
    assert (await ran(store, Played({"a": [page()]}))).outcome is Outcome.EMPTY


async def test_what_could_not_be_read_is_counted_with_what_could_not_be_believed(store: Store):
    future = Page([post(1, hours=2)], refused=3)
    assert (await ran(store, Played({"a": [future]}))).refused == 4


async def test_what_a_budget_left_for_later_is_counted(store: Store):
    run = await ran(store, Played({"a": [page(1, skipped=3)], "b": [page(skipped=4)]}))
    assert (run.outcome, run.skipped) == (Outcome.OK, 7)


async def test_a_page_larger_than_a_write_is_stored_whole_before_its_cursor(store: Store):
    run = await ran(store, Played({"a": [page(*range(1201), cursor="end")]}))
    assert run.new == await stored(store) == 1201
    assert (await runs.standing(store, "aleppo", "social", "a")).cursor == {"at": "end"}


async def test_a_long_walk_ends_in_order_when_time_is_up_and_goes_on_next_time(store: Store):
    clock = Simulated(NOON)

    async def slow() -> Page:
        await clock.sleep(60)
        return page(1, cursor="1")

    source = Played({"a": [slow, page(2, cursor="2"), page(3)], "b": [page(4)]})
    run = await collect(store, source, ALEPPO, clock, limits=Limits(seconds=100))
    assert (run.outcome, run.kept) == (Outcome.TRUNCATED, 3)
    assert (await runs.standing(store, "aleppo", "social", "a")).cursor == {"at": "2"}


async def test_a_walk_that_ends_late_is_not_cut_off(store: Store):
    clock = Simulated(NOON)

    async def slow() -> Page:
        await clock.sleep(60)
        return page(1)

    run = await collect(store, Played({"a": [slow]}), ALEPPO, clock, limits=Limits(seconds=100))
    assert run.outcome is Outcome.OK


async def test_the_walk_that_is_furthest_behind_comes_first(store: Store):
    await ran(store, Played({"a": [page(covered=BEFORE)], "b": [page(covered=BEFORE.shifted(-HOUR))]}))
    source = Played({"a": [], "b": [], "new": []})
    await ran(store, source)
    assert [ask.walk.name for ask in source.asked] == ["new", "b", "a"]


class Meter:
    """Counts like the client of a source that has made ten calls before."""

    calls, quota_left = 10, None
    account = Pocket(Simulated(NOON))


async def test_calls_and_quota_are_those_of_this_run(store: Store):
    meter: Any = Meter()

    async def call() -> Page:
        meter.calls, meter.quota_left = 12, 288
        return page(1)

    run = await collect(store, Played({"a": [call]}), ALEPPO, Simulated(NOON), meter=meter)
    assert (run.calls, run.quota_left) == (2, 288)


async def test_a_store_that_is_gone_is_not_the_fault_of_the_source(store: Store):
    async with Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0)) as nowhere:
        with pytest.raises(StoreError):
            await ran(replace(store, redis=nowhere), Played({"a": [page(1)]}))


async def test_what_another_run_covered_meanwhile_stays_covered(store: Store):
    waiting, middle = asyncio.Event(), asyncio.Event()

    async def wait() -> Page:
        waiting.set()
        await middle.wait()
        return page(2, covered=BEFORE)

    first = asyncio.create_task(ran(store, Played({"a": [page(1), wait]})))
    await waiting.wait()
    await ran(store, Played({"a": [page(3, covered=BEFORE.shifted(-HOUR))]}))
    middle.set()
    await first
    assert (await runs.standing(store, "aleppo", "social", "a")).covered == (Window(NOON - 2 * HOUR, NOON),)
