"""What several ask for and one makes: kept for a minute, then made anew while the old one still answers."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from monitor import log
from monitor.clock import Clock

FRESH, STALE = timedelta(minutes=1), timedelta(minutes=6)
HANDS = 1  # what is made at once: more would leave those who ask for what is kept no turn

_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")
_logger = log.get("web")


@dataclass
class Kept(Generic[_Key, _Made]):
    """Values by key, at most `most` of them. A wall of screens costs what one screen costs."""

    clock: Clock
    most: int
    _kept: dict[_Key, tuple[datetime, _Made]] = field(default_factory=dict)
    _making: dict[_Key, asyncio.Task[_Made]] = field(default_factory=dict)
    _hands: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HANDS))

    async def get(self, key: _Key, make: Callable[[], Awaitable[_Made]], *, at_most: timedelta = STALE) -> _Made:
        """Return what is kept under `key`, as it was at most so long ago; else what `make` returns."""
        if key in self._kept:
            made_at, value = self._kept[key]
            age = self.clock.now() - made_at
            if age >= FRESH:
                self._make(key, make)
            if age < at_most:
                return value
        return await asyncio.shield(self._make(key, make))

    def _make(self, key: _Key, make: Callable[[], Awaitable[_Made]]) -> asyncio.Task[_Made]:
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._made(key, make))
            self._making[key].add_done_callback(lambda made: self._ended(key, made))
        return self._making[key]

    async def _made(self, key: _Key, make: Callable[[], Awaitable[_Made]]) -> _Made:
        async with self._hands:
            now = self.clock.now()
            value = await make()
        self._kept.pop(key, None)
        self._kept[key] = now, value
        while len(self._kept) > self.most:
            self._kept.pop(next(iter(self._kept)))
        return value

    def _ended(self, key: _Key, made: asyncio.Task[_Made]) -> None:
        self._making.pop(key, None)
        if not made.cancelled() and (error := made.exception()):
            _logger.warning("what a page asked for could not be made", problem=repr(error))
