"""One run of one source: all its walks, page by page into the store, then known posts again; one outcome."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from monitor import log
from monitor.clock import Clock
from monitor.collect import page
from monitor.collect.observe import OBSERVED_FOR, observe
from monitor.collect.outcome import NEVER, Course
from monitor.collect.pile import Pile
from monitor.collect.refresh import Budget, refresh
from monitor.errors import SourceError, StoreError
from monitor.model.campaign import Campaign
from monitor.model.run import Outcome, Run
from monitor.model.source import Ask, Page, Source, Standing, Walk
from monitor.store import runs
from monitor.store.store import Store

_logger = log.get("collect")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one run may go: back on the first run, how long it may take, and how many known posts it asks again.

    After half of `seconds` one more page is read and no new batch is begun, so that a long walk goes on next time;
    at `seconds` the run is cut off.
    """

    look_back: timedelta = OBSERVED_FOR - timedelta(days=1)
    seconds: float = 240.0
    again: int = 600


_USUAL = Limits()


class Meter(Protocol):
    """What counts the calls of one source: its `fetch` client."""

    @property
    def calls(self) -> int: ...

    @property
    def quota_left(self) -> int | None: ...


async def collect(
    store: Store,
    source: Source,
    campaign: Campaign,
    clock: Clock,
    *,
    limits: Limits = _USUAL,
    meter: Meter | None = None,
) -> Run:
    """Ask one source for everything new, store it and how it went; only a failing store makes it raise."""
    calls = meter.calls if meter else 0
    errand = _Errand(page.Assignment(store, source, campaign, clock), limits)
    await errand.run()
    run = errand.result(calls=meter.calls - calls if meter else 0, quota_left=meter.quota_left if meter else None)
    await runs.add(store, run)
    facts = run.model_dump(mode="json", exclude_defaults=True, exclude={"started_at"})
    (_logger.info if run.outcome.is_up else _logger.warning)("collected", **facts)
    return run


class _Errand:
    """One run under way: what it has kept so far, and how it goes."""

    def __init__(self, given: page.Assignment, limits: Limits) -> None:
        self._given, self._limits = given, limits
        self._started = given.clock.now()
        self._until = self._started + timedelta(seconds=limits.seconds / 2)
        self._kept = page.Kept()
        self._course = Course()
        self._pile: Pile | None = None

    async def run(self) -> None:
        """Do everything, then store what a failure left waiting; whatever a source can raise ends as an outcome."""
        for step in (self._everything, self._store):
            await self._to_its_end(step())

    async def _to_its_end(self, step: Awaitable[None]) -> None:
        deadline = asyncio.timeout(self._limits.seconds)
        try:
            async with deadline:
                await step
        except StoreError as error:  # what it could not take; when it is gone, the record of this run fails as well
            self._course.note(Outcome.SOFT_ERROR, str(error))
        except Exception as error:  # noqa: BLE001 - the edge of a run: a bug in one source must stop no other
            self._broken_off(error, timed_out=deadline.expired())

    def result(self, *, calls: int, quota_left: int | None) -> Run:
        """Return the run as it is stored and shown."""
        self._course.read = self._kept.read
        return Run(
            campaign=self._given.campaign.slug,
            source=self._given.source.name,
            platform=self._given.source.platform,
            started_at=self._started,
            seconds=round(max((self._given.clock.now() - self._started).total_seconds(), 0.0), 3),
            outcome=self._course.outcome,
            read=self._kept.read,
            kept=self._kept.kept,
            new=self._kept.new,
            refused=self._kept.refused,
            calls=calls,
            quota_left=quota_left,
            message=self._course.message,
            retry_at=self._course.retry_at,
        )

    async def _everything(self) -> None:
        for walk, standing in await self._walks():
            await self._attempt(self._walk(walk, standing))
            await self._store()
            if self._course.retry_at:
                return
        await self._attempt(self._refresh(Budget(self._limits.again, self._until)))

    async def _walks(self) -> list[tuple[Walk, Standing]]:
        """Return the walks, those first that were longest not read to their end: none starves behind a busy one."""
        given = self._given
        slug, name, walks = given.campaign.slug, given.source.name, given.source.walks(given.campaign)
        pairs = [(walk, await runs.standing(given.store, slug, name, walk.name)) for walk in walks]
        return sorted(pairs, key=lambda pair: max((window.end for window in pair[1].covered), default=NEVER))

    async def _attempt(self, step: Awaitable[None]) -> None:
        """The one net for errors of a source: they end the step, not the run."""
        try:
            await step
        except SourceError as error:
            self._course.failed(error, self._given.clock.now())

    async def _walk(self, walk: Walk, standing: Standing) -> None:
        now = self._given.clock.now()
        since = max(self._given.campaign.since or NEVER, now - self._limits.look_back)
        self._pile, late = Pile(self._given, walk), False
        async for read in self._given.source.pages(Ask(walk, standing.cursor, since, now)):
            self._read(read, self._pile)
            if self._pile.is_full(self._given.clock.now()):
                await self._store()
            if late:
                self._course.note(Outcome.TRUNCATED, "out of time: the rest follows with the next run")
                return
            late = self._given.clock.now() >= self._until

    def _read(self, read: Page, pile: Pile) -> None:
        now = self._given.clock.now()
        pile.add(read, observe(self._given.campaign, read.mentions, now=now), now)
        self._course.unchanged.append(read.unchanged)
        if read.truncated:
            self._course.note(Outcome.TRUNCATED, "the platform cut the answer off before it met what is known")

    async def _store(self) -> None:
        """Store the pages that wait, if any."""
        if self._pile is not None:
            self._kept += await self._pile.store(self._given.clock.now())

    async def _refresh(self, budget: Budget) -> None:
        self._kept += await refresh(self._given, budget)

    def _broken_off(self, error: Exception, *, timed_out: bool) -> None:
        if timed_out:
            self._course.note(Outcome.UNAVAILABLE, f"did not end within {self._limits.seconds:g} seconds")
            return
        campaign, source = self._given.campaign.slug, self._given.source.name
        _logger.error("source failed unexpectedly", campaign=campaign, source=source, exc_info=error)
        self._course.note(Outcome.SOFT_ERROR, f"unexpected {type(error).__name__}: the log tells where")
