"""When everything runs: each job in a rhythm of its own, none overlapping itself, none stopping another."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import count

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from pydantic import Field

from monitor import log
from monitor.errors import MonitorError
from monitor.model.table import Table

AFTER_CANCEL = 1.0  # seconds for a cancelled run to roll back
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

_logger = log.get("schedule")


class Settings(Table):
    """How the daemon collects."""

    at_once: int = Field(default=8, ge=1, le=64)  # runs side by side
    run_seconds: float = Field(default=240.0, ge=5.0, le=3600.0)  # a run that takes longer is cut off
    look_back_days: int = Field(default=7, ge=1, le=7)  # how far back the first run of a source goes
    misfire_seconds: int = Field(default=120, ge=1, le=3600)  # a job that is later than this waits for its next time
    lease_seconds: float = Field(default=20.0, ge=1.0, le=24.0)  # a stand-by takes over this long after a crash


@dataclass(frozen=True)
class Job:
    """Something to do every so often. Two jobs are the same when `what` is: such a one runs on undisturbed.

    `first`: when to run out of turn because the last time is too long ago; None keeps to the rhythm. Jobs of one `line`
    take at most half of the room, so that a server that hangs leaves the other half to all others; work for the
    processor (`heavy`) is done one after the other.
    """

    every: timedelta
    do: Callable[[], Awaitable[object]] = field(compare=False)
    what: Hashable = None
    first: datetime | None = field(default=None, compare=False)
    line: str | None = None
    heavy: bool = False


def next_beat(key: str, every: timedelta, after: datetime) -> datetime:
    """Return the next time of a job after `after`: the same on every machine, and spread over all jobs."""
    share = int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) / 2**64
    start = EPOCH + every * share
    return start + every * ((after - start) // every + 1)


class Schedule:
    """The jobs of a daemon, by key, run on the machine's own clock."""

    def __init__(self, *, at_once: int, misfire: timedelta) -> None:
        self._jobs: dict[str, Job] = {}
        self._places: dict[str, str] = {}  # by key: the job's name inside APScheduler, a new one when it changes
        self._numbers = count()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._lines: dict[str, asyncio.Semaphore] = {}
        self._half = max(1, at_once // 2)
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(at_once)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": int(misfire.total_seconds())},
        )
        self._scheduler.add_listener(_say_left_out, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    def start(self) -> None:
        """Begin; must be called inside the event loop."""
        self._scheduler.start()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._jobs)

    @property
    def running(self) -> int:
        """How many jobs are under way."""
        return len(self._running)

    def become(self, jobs: Mapping[str, Job]) -> None:
        """Run these jobs from now on; one that is the same as before keeps its place, even in the middle of a run."""
        changed = {key for key, job in self._jobs.items() if jobs.get(key) != job}
        for key in changed:
            self._scheduler.remove_job(self._places.pop(key))
        for key in jobs.keys() - self._places.keys():
            job, self._places[key] = jobs[key], f"{key}#{next(self._numbers)}"
            self._scheduler.add_job(self._run, _Rhythm(key, job), args=(key, job), id=self._places[key])
        self._jobs = dict(jobs)

    async def clear(self, *, grace: float) -> None:
        """Run nothing more; what is under way has `grace` seconds to end, then it is cancelled and rolled back."""
        self.become({})
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=AFTER_CANCEL)

    async def stop(self, *, grace: float) -> None:
        """End for good."""
        await self.clear(grace=grace)
        self._scheduler.shutdown(wait=False)

    async def _run(self, key: str, job: Job) -> None:
        """Do a job in a task of our own, so that stopping is in our hands and its failure is its own affair."""
        task = asyncio.create_task(self._guarded(key, job), name=key)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.wait([task])

    async def _guarded(self, key: str, job: Job) -> None:
        try:
            # a changed job waits until its old self has ended; who waits in a line takes no room
            async with self._turns[key], self._line(key, job), self._room:
                await job.do()
        except MonitorError as error:
            _logger.warning("job failed", job=key, problem=str(error))
        except Exception:
            _logger.exception("job failed unexpectedly", job=key)

    def _line(self, key: str, job: Job) -> asyncio.Semaphore:
        return self._lines.setdefault(job.line or key, asyncio.Semaphore(1 if job.heavy else self._half))


class _Rhythm(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """The beats of a job, whatever happened before: out of turn once, if need be, then always on its own offset."""

    def __init__(self, key: str, job: Job) -> None:
        self._key, self._job = key, job

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        if previous is None and self._job.first is not None:
            return self._job.first
        beat = next_beat(self._key, self._job.every, max(previous or now, now))
        too_soon = previous == self._job.first and beat - now < self._job.every / 2
        return beat + self._job.every if too_soon else beat


def _say_left_out(event: JobEvent) -> None:
    why = "the run before is not over" if event.code == EVENT_JOB_MAX_INSTANCES else "the machine was too late"
    _logger.warning("run left out", job=event.job_id.partition("#")[0], why=why)
