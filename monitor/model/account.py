"""What a source keeps and spends beyond one run; one account for all campaigns that use the same key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.model.window import Window


class Period(StrEnum):
    """How often an allowance is renewed."""

    DAY = "day"
    WEEK = "week"  # begins on Monday
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of something may be used in a period: a platform's quota, or a cap the operator has set.

    `name` is unique within an account ("searches", "dollars a month"); `unit` is what is counted (calls, posts,
    dollars). The period begins at midnight in `zone`.
    """

    name: str
    most: float
    unit: str = "calls"
    period: Period = Period.DAY
    zone: str = "UTC"

    def window(self, now: datetime) -> Window:
        """Return the period that `now` lies in."""
        zone = ZoneInfo(self.zone)
        day = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        first, length = _FIRST[self.period](day), _LONGEST[self.period]
        after = _FIRST[self.period](first + length)
        return Window(first.astimezone(UTC), after.astimezone(UTC))


class Account(Protocol):
    """The ledger and the notes of one key at a platform."""

    async def take(self, amounts: Mapping[Allowance, float]) -> None:
        """Reserve all of it or nothing; raises RateLimited, with the seconds until there is more."""
        ...

    async def give_back(self, amounts: Mapping[Allowance, float]) -> None:
        """Return what was reserved and not used."""
        ...

    async def left(self, allowance: Allowance) -> float:
        """Return how much may still be used in this period."""
        ...

    async def recall(self, name: str) -> str | None:
        """Return what was kept under a name, None when nothing was or its time is over."""
        ...

    async def keep(self, name: str, text: str, *, seconds: float) -> None:
        """Keep a text (a session, a token, a note) for so long."""
        ...

    async def admit(self, name: str, member: str, *, most: int, seconds: float) -> float:
        """Note a member, of whom there may be so many in so many seconds; return 0, or the wait until one is over.

        Who is a member already is always admitted, and his time begins anew.
        """
        ...


_FIRST = {
    Period.DAY: lambda day: day,
    Period.WEEK: lambda day: day - timedelta(days=day.weekday()),
    Period.MONTH: lambda day: day.replace(day=1),
}
_LONGEST = {Period.DAY: timedelta(days=1), Period.WEEK: timedelta(days=7), Period.MONTH: timedelta(days=31)}
