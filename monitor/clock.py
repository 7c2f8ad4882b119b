"""The only place that asks what time it is; everyone else is handed a clock or a moment."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time (aware, UTC) and waits."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class System:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Simulated:
    """A clock that stands still until it is moved or slept on; for the demo, replays and tests."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Go forward to `moment`; a clock never goes back."""
        self._now = max(self._now, moment)

    async def sleep(self, seconds: float) -> None:
        self.move_to(self._now + timedelta(seconds=seconds))
        await asyncio.sleep(0)
