"""What has changed, told to everybody who keeps a page open: one look at the store for all of them.

A viewer that does not listen is told the newest thing only, so none can hold the others up.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus

from monitor import log
from monitor.errors import StoreError
from monitor.store import changes
from monitor.web.desk import Desk
from monitor.web.problem import Problem

WEEK, NONE = timedelta(days=7), timedelta(0)
MOST = 2000  # viewers: each is an open connection

_logger = log.get("web")


class Told(StrEnum):
    """What a viewer is told."""

    CHANGED = "changed"
    STALE = "stale"  # the store does not answer: what is shown is old
    PING = "ping"
    END = "end"


@dataclass(frozen=True)
class Pace:
    """How often the store is looked at, how often viewers hear that we are here, and how long one is left alone.

    In a newsroom of fifty campaigns something changes all the time; whoever asks for a page again has it made again.
    """

    look: float = 5.0  # all in seconds
    ping: float = 20.0  # proxies end what is silent for half a minute
    rest: float = 60.0  # briefs are not made more often
    short_rest: float = 15.0  # of alerts and digests: who waits for them waits less


@dataclass(eq=False)
class _Viewer:
    """One page that is kept open. `topic` is a campaign, `alerts` or `digests`; None: every campaign."""

    topic: str | None
    is_behind: bool = False
    rests_until: float = 0.0
    news: asyncio.Queue[Told] = field(default_factory=lambda: asyncio.Queue(1))

    def tell(self, what: Told) -> None:
        if self.news.full():
            if what is Told.PING:
                return
            self.news.get_nowait()
        self.news.put_nowait(what)

    def catch_up(self, now: float, pace: Pace) -> None:
        """Be told that something changed, unless that was told a moment ago."""
        if not self.is_behind or now < self.rests_until:
            return
        self.is_behind = False
        self.rests_until = now + (pace.short_rest if self.topic in changes.SHARED else pace.rest)
        self.tell(Told.CHANGED)

    def heeds(self, changed: Sequence[str]) -> bool:
        wide = self.topic is None and any(one not in changes.SHARED for one in changed)
        return wide or self.topic in changed


class Pulse:
    """Looks at the store while anybody has a page open."""

    def __init__(self, desk: Desk, pace: Pace = Pace()) -> None:
        self._desk, self._pace = desk, pace
        self._viewers: set[_Viewer] = set()
        self._beating: asyncio.Task[None] | None = None
        self._known: Mapping[str, str] | None = None
        self._is_stale = False

    async def watch(self, topic: str | None, leaving: asyncio.Event) -> AsyncIterator[Told]:
        """Yield what changes until the server is leaving."""
        if len(self._viewers) >= MOST:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are kept open", retry_after="60")
        viewer = _Viewer(topic)
        self._viewers.add(viewer)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._beat(leaving))
        try:
            yield Told.STALE if self._is_stale else Told.PING
            while (told := await viewer.news.get()) is not Told.END:
                yield told
        finally:
            self._viewers.discard(viewer)

    async def _beat(self, leaving: asyncio.Event) -> None:
        waited = 0.0
        try:
            while self._viewers and not leaving.is_set():
                await self._look()
                waited += self._pace.look
                if waited >= self._pace.ping:
                    waited = 0.0
                    self._tell_all(Told.PING)
                with suppress(TimeoutError):
                    await asyncio.wait_for(leaving.wait(), self._pace.look)
        finally:
            self._known = None
            self._tell_all(Told.END)

    async def _look(self) -> None:
        """Tell whom it concerns what changed since the last look."""
        try:
            found = await changes.marks(self._desk.store, self._open())
        except StoreError as error:
            if not self._is_stale:
                _logger.warning("open pages are told that they are old", problem=str(error))
                self._is_stale = True
                self._tell_all(Told.STALE)
            return
        if self._is_stale:
            self._is_stale = False
            self._tell_all(Told.CHANGED)
        elif self._known is not None:
            changed = [name for name, mark in found.items() if mark != self._known.get(name)]
            for viewer in self._viewers:
                viewer.is_behind = viewer.is_behind or viewer.heeds(changed)
                viewer.catch_up(asyncio.get_running_loop().time(), self._pace)
        self._known = found

    def _open(self) -> Mapping[str, changes.Weeks]:
        """Return all campaigns with the weeks of their polls that may still change: this one and the last."""
        now = self._desk.clock.now()
        return {
            one.slug: [(poll.name, poll.named_day(now - ago)) for poll in one.polls for ago in (WEEK, NONE)]
            for one in self._desk.house.campaigns()
        }

    def _tell_all(self, what: Told) -> None:
        for viewer in self._viewers:
            viewer.tell(what)
