import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.collect.schedule import EPOCH, Job, Schedule, next_beat
from monitor.errors import StoreError
from tests.people import NOON

QUICK, NEVER = timedelta(milliseconds=20), timedelta(days=9000)
PATIENCE = 10.0  # seconds until a test gives up, on a machine that has other things to do
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
INTERVALS = st.integers(30, 86400).map(lambda seconds: timedelta(seconds=seconds))


@asynccontextmanager
async def running(jobs: dict[str, Job], *, at_once: int = 8, grace: float = 0.0) -> AsyncIterator[Schedule]:
    schedule = Schedule(at_once=at_once, misfire=timedelta(seconds=60))
    schedule.start()
    schedule.become(jobs)
    try:
        yield schedule
    finally:
        await schedule.stop(grace=grace)


def at_once(do: Callable[[], Awaitable[object]], what: object = None) -> Job:
    return Job(NEVER, do, what=what, first=datetime.now(UTC))


class Turnstile:
    """A job that says when it began and goes on when it may."""

    def __init__(self) -> None:
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.inside = self.most_inside = self.times = 0
        self.cancelled = False

    async def __call__(self) -> None:
        self.times += 1
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        self.begun.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        finally:
            self.inside -= 1


@given(MOMENTS, INTERVALS)
def test_the_next_beat_comes_within_one_interval(after: datetime, every: timedelta):
    assert timedelta(0) < next_beat("aleppo/social", every, after) - after <= every


@given(MOMENTS, INTERVALS)
def test_beats_are_evenly_spaced(after: datetime, every: timedelta):
    first = next_beat("aleppo/social", every, after)
    assert next_beat("aleppo/social", every, first) == first + every


def test_beats_are_the_same_on_every_machine():
    assert next_beat("aleppo/social", timedelta(minutes=5), EPOCH) == datetime(2000, 1, 1, 0, 1, 34, 658530, UTC)


def test_jobs_spread_over_their_interval():
    every = timedelta(minutes=5)
    tenths = {int((next_beat(f"c{n}/s", every, NOON) - NOON) / every * 10) for n in range(100)}
    assert tenths == set(range(10))


async def test_a_job_that_is_overdue_runs_at_once():
    job = Turnstile()
    async with running({"a": at_once(job)}), asyncio.timeout(PATIENCE):
        await job.begun.wait()


async def test_a_job_never_overlaps_itself():
    slow, quick = Turnstile(), asyncio.Event()
    beats = 0

    async def beat() -> None:
        nonlocal beats
        beats += 1
        if beats == 5:
            quick.set()

    async with running({"slow": Job(QUICK, slow), "quick": Job(QUICK, beat)}), asyncio.timeout(PATIENCE):
        await quick.wait()
        assert slow.most_inside == 1


async def test_a_job_that_fails_stops_no_other_and_runs_again():
    failures, twice = 0, asyncio.Event()

    async def fails() -> None:
        nonlocal failures
        failures += 1
        if failures == 2:
            twice.set()
        raise StoreError("gone") if failures == 1 else ZeroDivisionError

    job = Turnstile()
    async with running({"fails": Job(QUICK, fails), "other": at_once(job)}), asyncio.timeout(PATIENCE):
        await twice.wait()
        await job.begun.wait()


async def test_no_more_jobs_run_side_by_side_than_there_is_room():
    first, second = Turnstile(), Turnstile()
    async with running({"first": at_once(first)}, at_once=1) as schedule, asyncio.timeout(PATIENCE):
        await first.begun.wait()
        schedule.become({"first": at_once(first), "second": at_once(second)})
        await asyncio.sleep(0.02)
        assert (schedule.running, second.times) == (2, 0)
        first.may_end.set()
        await second.begun.wait()


async def test_a_line_takes_half_of_the_room_at_most():
    slow, other = [Turnstile() for _ in range(3)], Turnstile()
    jobs = {str(number): replace(at_once(job), line="slow") for number, job in enumerate(slow)}
    async with running(jobs, at_once=4) as schedule, asyncio.timeout(PATIENCE):
        await asyncio.sleep(0.02)
        schedule.become({**jobs, "other": at_once(other)})
        await other.begun.wait()
        assert sum(job.times for job in slow) == 2


async def test_heavy_work_of_a_line_is_done_one_after_the_other():
    heavy = [Turnstile() for _ in range(3)]
    jobs = {str(number): replace(at_once(job), line="sums", heavy=True) for number, job in enumerate(heavy)}
    async with running(jobs, at_once=8), asyncio.timeout(PATIENCE):
        await asyncio.sleep(0.02)
        assert sum(job.times for job in heavy) == 1


async def test_a_run_that_ignores_its_end_does_not_hold_up_the_stop():
    ended = asyncio.Event()

    async def stubborn() -> None:
        while not ended.is_set():
            with suppress(asyncio.CancelledError):
                await ended.wait()

    begun = asyncio.get_running_loop().time()
    async with running({"a": at_once(stubborn)}) as schedule, asyncio.timeout(PATIENCE):
        await asyncio.sleep(0.02)
    assert schedule.running == 1
    assert asyncio.get_running_loop().time() - begun < PATIENCE
    ended.set()


async def test_an_unchanged_job_runs_on_when_others_change():
    stays, comes = Turnstile(), Turnstile()
    async with (
        running({"stays": at_once(stays, "same"), "goes": at_once(Turnstile())}) as schedule,
        asyncio.timeout(PATIENCE),
    ):
        await stays.begun.wait()
        schedule.become({"stays": at_once(stays, "same"), "comes": at_once(comes)})
        await comes.begun.wait()
        assert schedule.keys == {"stays", "comes"}
        assert (stays.inside, stays.times) == (1, 1)


async def test_a_changed_job_runs_as_soon_as_its_old_self_has_ended():
    old, new = Turnstile(), Turnstile()
    async with running({"a": at_once(old, "old")}) as schedule, asyncio.timeout(PATIENCE):
        await old.begun.wait()
        schedule.become({"a": at_once(new, "new")})
        await asyncio.sleep(0.02)
        assert new.times == 0
        old.may_end.set()
        await new.begun.wait()


async def test_a_run_in_hand_may_end_when_all_stops():
    job = Turnstile()
    async with running({"a": at_once(job)}, grace=2.0), asyncio.timeout(PATIENCE):
        await job.begun.wait()
        job.may_end.set()
    assert not job.cancelled


async def test_a_run_that_does_not_end_is_cancelled_after_the_grace():
    job = Turnstile()
    async with running({"a": at_once(job)}, grace=0.01) as schedule, asyncio.timeout(PATIENCE):
        await job.begun.wait()
    assert job.cancelled
    assert schedule.running == 0
