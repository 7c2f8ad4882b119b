"""The plan of a demo: from when, how long, how big and what goes wrong; a value, nothing runs here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

ZONE = "Asia/Damascus"
SETTLED = timedelta(days=3.5)
"""A post's counters stop growing at this age: before the fourth day's rung of the refresh ladder."""

PATIENCE = timedelta(days=5, hours=6)
"""How long the demo goes on collecting after the last day, so that every counter is asked once it has settled: by the
ladder's rung of the fourth day or by a sweep, which comes once a day and takes some rounds."""


class Trouble(StrEnum):
    """A way in which the platforms of the world misbehave."""

    RATE = "429"
    ERROR = "500"
    SLOW = "slow"
    DUPLICATE = "duplicate"
    LATE = "late"
    FALLING = "falling"
    THROTTLE = "throttle"
    SESSION = "session"
    CAP = "cap"
    QUOTA = "quota"
    TEXT = "text"
    BREAK = "break"
    LOGIN = "login"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Plan:
    """One demo. Times are those of the world: 18 April 2016 is a Monday, and the surge falls on a Wednesday evening."""

    days: int = 14
    seed: int = 2016
    size: float = 1.0
    troubles: frozenset[Trouble] = frozenset()
    start: datetime = datetime(2016, 4, 17, 21, tzinfo=UTC)  # midnight in Damascus
    step: timedelta = timedelta(hours=1)

    @property
    def end(self) -> datetime:
        """The world's last moment: nobody posts afterwards, counters still settle."""
        return self.start + timedelta(days=self.days)

    @property
    def healed(self) -> datetime:
        return self.end + PATIENCE

    @property
    def surge(self) -> datetime:
        """When the one big surge begins: a full hour, seven tenths into the world."""
        return self.start + timedelta(hours=round(self.days * 24 * 0.7))

    def rounds(self) -> Iterator[datetime]:
        """Yield the moments at which everything is collected once, up to the end of the world."""
        moment = self.start + self.step
        while moment <= self.end:
            yield moment
            moment += self.step

    def settling(self) -> Iterator[datetime]:
        """Yield the moments after the end of the world, six times rarer, some in the last hour of a day (UTC)."""
        moment = self.end + timedelta(hours=2)
        while moment < self.healed:
            yield moment
            moment += self.step * 6
        yield moment


def troubles(names: str) -> frozenset[Trouble]:
    """Read `429,slow` or `all`; a name nobody knows raises ValueError that lists the known ones."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if "all" in wanted:
        return frozenset(Trouble)
    known = [trouble.value for trouble in Trouble]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: write some of {', '.join(known)}, or all")
    return frozenset(map(Trouble, wanted))
