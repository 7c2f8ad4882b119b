"""What one run does with a source: all its walks, page by page into the store, then known posts again."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from monitor import log
from monitor.collect import page
from monitor.collect.canary import Canary
from monitor.collect.ear import Heard
from monitor.collect.listen import is_only_heard, listened
from monitor.collect.observe import OBSERVED_FOR, observe
from monitor.collect.outcome import NEVER, Course
from monitor.collect.pile import Pile
from monitor.collect.refresh import Budget, refresh
from monitor.errors import Reason, SourceError, StoreError
from monitor.model.run import Outcome, Run
from monitor.model.source import Ask, Page, Standing, Walk
from monitor.store import runs

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


class Errand:
    """One run under way: what it has kept so far, and how it goes."""

    def __init__(self, given: page.Assignment, limits: Limits, canary: Canary, told: Heard | None = None) -> None:
        self._given, self._limits, self._canary, self._told = given, limits, canary, told
        self._started = given.clock.now()
        self._until = self._started + timedelta(seconds=limits.seconds / 2)
        self._kept = page.Kept()
        self._course = Course()
        self._pile: Pile | None = None
        self._heard = set[str]()  # the ways that brought anything at all
        self._skipped = 0

    async def run(self) -> None:
        """Do everything, then store what a failure left waiting; whatever a source can raise ends as an outcome."""
        for step in (self._everything, self._settle, self._remember):
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
            skipped=self._skipped,
            calls=calls,
            quota_left=quota_left,
            message=self._course.message,
            reason=self._course.reason,
            retry_at=self._course.retry_at,
        )

    async def _everything(self) -> None:
        await self._attempt(self._listen())
        for walk, standing in await self._walks():
            await self._attempt(self._walk(walk, standing))
            await self._attempt(self._settle())
            if self._course.retry_at:
                break
        until = NEVER if self._course.retry_at else self._until  # what waits is counted all the same
        await self._attempt(self._refresh(Budget(self._limits.again, until)))

    async def _listen(self) -> None:
        """Take what was heard since the last run; a source that is only heard, and by nobody, is listened to now."""
        only_heard = is_only_heard(self._given)
        told = self._told or (await listened(self._given) if only_heard else Heard())
        self._kept += told.kept
        if remark := told.remark:
            self._course.note(Outcome.OK, remark)
        if told.cut:
            self._course.note(Outcome.TRUNCATED, "the stream no longer had all since we listened last: that is a gap")
        if told.deaf and only_heard:
            self._course.note(Outcome.BLIND, "it is connected, but nothing at all is said: its silence says nothing")
        if told.trouble is not None and only_heard:
            raise told.trouble
        if told.trouble is not None:  # the walks bring what was not heard
            self._course.note(Outcome.OK, f"not listened to: {told.trouble}")

    async def _walks(self) -> list[tuple[Walk, Standing]]:
        """Return the walks, those first that were longest not read to their end: none starves behind a busy one."""
        given = self._given
        slug, name, walks = given.campaign.slug, given.source.name, given.source.walks(given.campaign)
        known = await runs.standings(given.store, slug, name)
        pairs = [(walk, known.get(walk.name, Standing())) for walk in walks]
        return sorted(pairs, key=lambda pair: max((window.end for window in pair[1].covered), default=NEVER))

    async def _attempt(self, step: Awaitable[None]) -> None:
        """The one net for errors of a source: they end the step, not the run."""
        try:
            await step
        except SourceError as error:
            self._course.failed(error, self._given.clock.now())

    async def _walk(self, walk: Walk, standing: Standing) -> None:
        now = self._given.clock.now()
        since = max(self._given.campaign.since or NEVER, walk.since or NEVER, now - self._limits.look_back)
        self._pile, pile, late = None, Pile(self._given, walk), False
        async for read in self._given.source.pages(Ask(walk, standing.cursor, since, now)):
            self._pile = pile
            self._read(read, pile)
            if walk.way in self._heard and pile.is_full(self._given.clock.now()):
                await self._store()
            if late:
                self._course.note(Outcome.TRUNCATED, "out of time: the rest follows with the next run")
                return
            late = self._given.clock.now() >= self._until

    def _read(self, read: Page, pile: Pile) -> None:
        now = self._given.clock.now()
        pile.add(read, observe(self._given.campaign, read.mentions, now=now), now)
        if read.mentions or any(told.value for told in read.reported):
            self._heard.add(pile.walk.way)
        self._skipped += read.skipped
        self._course.unchanged.append(read.unchanged)
        if read.truncated:
            self._course.note(Outcome.TRUNCATED, "the platform cut the answer off before it met what is known")
        if read.remark:
            self._course.note(Outcome.OK, read.remark)

    async def _settle(self) -> None:
        """Store the pages that wait, if any; those of a walk that brought nothing only if that can be believed."""
        way = self._pile.walk.way if self._pile else ""
        if self._pile is None or way in self._heard or await self._canary.believes(way):
            await self._store()
            return
        self._pile = None
        if self._canary.is_mute:
            self._course.note(
                Outcome.BLIND, "it brings nothing, not even what is always there: its silence says nothing"
            )

    async def _store(self) -> None:
        if self._pile is not None:
            self._kept += await self._pile.store(self._given.clock.now())

    async def _remember(self) -> None:
        for way in sorted(self._heard):
            await self._canary.heard(way)

    async def _refresh(self, budget: Budget) -> None:
        done = await refresh(self._given, budget)
        self._kept += done.kept
        self._skipped += done.waiting
        if done.trouble is not None:
            raise done.trouble

    def _broken_off(self, error: Exception, *, timed_out: bool) -> None:
        if timed_out:
            self._course.note(Outcome.UNAVAILABLE, f"did not end within {self._limits.seconds:g} seconds", Reason.SLOW)
            return
        campaign, source = self._given.campaign.slug, self._given.source.name
        _logger.error("source failed unexpectedly", campaign=campaign, source=source, exc_info=error)
        self._course.note(Outcome.SOFT_ERROR, f"unexpected {type(error).__name__}: the log tells where")
