"""One connection for all campaigns that listen to the same: opened where the last one stands, and opened again."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta
from typing import cast

from monitor import log
from monitor.clock import Clock
from monitor.collect.ear import SILENT, Ear, Heard
from monitor.collect.page import Kept
from monitor.errors import AccessRefused, MonitorError, RateLimited, SourceUnavailable
from monitor.fetch.throttle import backoff, jitter
from monitor.model.mention import Mention, Post
from monitor.model.source import Cursor, Page, Stream
from monitor.model.spelling import fold
from monitor.model.window import Window, merged

TICK = 1.0  # real seconds between two looks at what is due
REACHED = 1.0  # seconds before a moment at which a stream has come to it
STEADY = timedelta(seconds=60)  # a connection that lived so long has shown that it can
SHORTEST_PAUSE, REFUSED_PAUSE, LONGEST_PAUSE = 0.2, 300.0, 3600.0  # seconds until a connection is opened again
_UNEXPECTED = "listening failed unexpectedly: the log tells where"

_logger = log.get("listen")


class Channel:
    """Some campaigns and the one connection they listen on."""

    def __init__(self, name: str, ears: Sequence[Ear], clock: Clock, *, tick: float = TICK) -> None:
        self.name, self.ears, self._tick = name, tuple(ears), tick
        self._clock, self._stream = clock, cast("Stream", self.ears[0].given.source)
        self._wanted = _by_tag(self.ears)
        self._place: Cursor | None = None
        self._covered: tuple[Window, ...] = ()
        self._opened = self._spoke = clock.now()  # when it was opened, and when anything was said last
        self._trouble: MonitorError | None = None
        self._attempt = 0
        self._breaks = dict.fromkeys((ear.key for ear in self.ears), 0)
        self._storing = asyncio.Lock()

    async def listen(self) -> None:
        """Listen until cancelled, whatever happens on the way."""
        while True:
            try:
                await self._hear_and_store()
            except* MonitorError as errors:
                self._broke(errors)
            except* Exception as errors:  # the edge of a connection: whatever is said must not end the daemon
                _logger.exception("listening failed unexpectedly", channel=self.name)
                self._broke(errors)
            _end_if_told()
            await self._clock.sleep(self._pause())

    async def catch_up(self, until: datetime, *, silence: float) -> None:
        """Listen once, until the stream has come to a moment, or for `silence` real seconds has nothing to say."""
        try:
            async with self._pages() as pages:
                while not self._reaches(until) and (page := await _next(pages, silence)):
                    await self._take(page)
        finally:
            await self.settle()

    async def settle(self) -> None:
        """Store everything that waits, but for what a broken write may have lost."""
        await self._store(self.ears)

    def heard(self, ear: Ear) -> Heard:
        """Return what an ear heard since it was asked last."""
        kept, ear.kept = ear.kept, Kept()
        is_cut, ear.is_cut = ear.is_cut, False
        breaks, self._breaks[ear.key] = self._breaks[ear.key], 0
        now = self._clock.now()
        at = _at(self._place) if self._place else now.timestamp()
        return Heard(
            kept=kept,
            trouble=self._trouble,
            breaks=breaks,
            deaf=self._trouble is None and now - self._spoke >= SILENT,
            cut=is_cut,
            behind=timedelta(seconds=max(now.timestamp() - at, 0.0)),
        )

    async def _hear_and_store(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._store_when_due())
            async with self._pages() as pages:
                async for page in pages:
                    await self._take(page)
            raise SourceUnavailable(f"{self.name} ended the stream; it is opened again")

    @asynccontextmanager
    async def _pages(self) -> AsyncIterator[AsyncIterator[Page]]:
        campaigns = [ear.given.campaign for ear in self.ears]
        wanted = [
            *(one.spellings for one in campaigns),
            *(one.asked for one in campaigns),
        ]  # what is compared comes last
        spellings = dict.fromkeys(spelling for several in wanted for spelling in several)
        pages = self._stream.listen(await self._lowest(), tuple(spellings))
        self._opened = self._clock.now()
        async with aclosing(cast("AsyncGenerator[Page, None]", pages)):
            yield pages

    async def _lowest(self) -> Cursor | None:
        """Store what can be, and return the oldest place of all: what a write may have lost is heard once more."""
        await self.settle()
        self._place, self._covered = None, ()  # first, or a look at what is due would move who forgets to this place
        for ear in self.ears:
            if not ear.is_sound:
                ear.forget()
        now = self._clock.now()
        places = [await ear.place() or self._stream.begin(now) for ear in self.ears]
        return min((place for place in places if place), key=_at, default=None)

    async def _take(self, page: Page) -> None:
        """Lay what is said before those who want it, and store what has become much."""
        if self._trouble is not None:
            _logger.info("listening again", channel=self.name)
        self._spoke, self._trouble = self._clock.now(), None
        self._place = page.cursor or self._place
        if page.covered is not None:
            self._cover(page.covered, is_cut=page.truncated)
        for ear, mentions in self._routed(page.mentions).items():
            ear.hear(mentions)
        if page.refused:  # nobody knows whose it was
            for ear in self.ears:
                ear.hear((), page.refused)
        due = [ear for ear in self.ears if ear.is_full] if page.mentions else []
        await self._store(due)

    def _cover(self, window: Window, *, is_cut: bool) -> None:
        self._covered = merged((*self._covered, window))
        for ear in self.ears if is_cut else ():
            ear.is_cut = ear.is_cut or (ear.stood is not None and ear.stood < window.start.timestamp())

    def _routed(self, mentions: Iterable[Mention]) -> Mapping[Ear, list[Mention]]:
        found = defaultdict[Ear, list[Mention]](list)
        for mention in mentions:
            tags = mention.tags if isinstance(mention, Post) else ()
            for ear in {ear for tag in tags for ear in self._wanted.get(fold(tag), ())}:
                found[ear].append(mention)
        return found

    async def _store_when_due(self) -> None:
        while True:
            await asyncio.sleep(self._tick)
            now = self._clock.now()
            await self._store([ear for ear in self.ears if ear.is_due(now)])

    async def _store(self, ears: Iterable[Ear]) -> None:
        for ear in ears:
            async with self._storing:
                if ear.is_sound:
                    await ear.store(self._place, self._covered)

    def _reaches(self, moment: datetime) -> bool:
        return self._place is not None and _at(self._place) >= moment.timestamp() - REACHED

    def _broke(self, errors: BaseExceptionGroup[Exception]) -> None:
        error = errors.exceptions[0]
        self._trouble = error if isinstance(error, MonitorError) else SourceUnavailable(_UNEXPECTED)
        lived = self._clock.now() - self._opened
        self._attempt = 1 if lived >= STEADY else self._attempt + 1
        self._breaks = {key: breaks + 1 for key, breaks in self._breaks.items()}
        say = _logger.warning if self._attempt == 1 else _logger.debug  # once, however long nobody answers
        say("connection broken", channel=self.name, problem=str(self._trouble))

    def _pause(self) -> float:
        """Return the seconds until the connection is opened again."""
        if isinstance(self._trouble, RateLimited) and self._trouble.retry_after is not None:
            return min(self._trouble.retry_after, LONGEST_PAUSE) + jitter()
        if isinstance(self._trouble, AccessRefused):
            return REFUSED_PAUSE + jitter()
        return SHORTEST_PAUSE + backoff(self._attempt)


def _end_if_told() -> None:
    """End a task that was cancelled while its connection broke: its group of tasks tells of the break alone."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _next(pages: AsyncIterator[Page], silence: float) -> Page | None:
    """Return what is said next; None when nothing more is."""
    try:
        async with asyncio.timeout(silence):
            return await anext(pages, None)
    except TimeoutError:
        return None


def _at(place: Cursor) -> float:
    return float(place["at"])


def _by_tag(ears: Iterable[Ear]) -> Mapping[str, Sequence[Ear]]:
    """Return who wants a tag, by its folded form: the way from a post to 200 campaigns is one look per tag."""
    wanted = defaultdict[str, list[Ear]](list)
    for ear in ears:
        for tag in set(map(fold, ear.given.campaign.asked)):
            wanted[tag].append(ear)
    return wanted
