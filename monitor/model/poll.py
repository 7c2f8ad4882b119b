"""Naming polls in our words: what a campaign declares once, and what one look at a poll shows."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from monitor.model.option import option_key
from monitor.model.window import Window
from monitor.model.words import Phrase


@dataclass(frozen=True, slots=True)
class Weekly:
    """A moment that comes every week, in the poll's zone: Monday is 0; 24:00 is midnight at the day's end."""

    weekday: int
    hour: int
    minute: int = 0

    def before(self, day: date, zone: str) -> datetime:
        """Return the last such moment that does not begin after `day` has."""
        back = (day.weekday() - self.weekday) % 7
        days = timedelta(days=1 if self.hour == 24 else 0)  # noqa: PLR2004 - the hour after the last
        return datetime.combine(day - timedelta(days=back) + days, time(self.hour % 24, self.minute), ZoneInfo(zone))


@dataclass(frozen=True)
class Poll:
    """A campaign's naming poll, declared once; every week becomes a cycle by itself.

    `questions` tell the poll among others at the same place (none: any poll there). The cycle of a Friday opens and
    closes at the last such moments before it. Its names are looked for as hashtags, each in one spelling and so many
    more `spellings`, until so many `days` after the day.
    """

    name: str
    zone: str
    opens: Weekly
    closes: Weekly
    names: int = 4  # the weekday that gets the name: Friday
    questions: tuple[Phrase, ...] = ()
    spellings: int = 2
    days: int = 7

    def asks(self, question: str) -> bool:
        """Tell whether a question is that of this poll; where a place tells no question, its address says enough."""
        return not (self.questions and question) or any(phrase.is_in(question) for phrase in self.questions)

    def named_day(self, moment: datetime) -> date:
        """Return the day that a poll of this moment names: the next such weekday, today included."""
        day = moment.astimezone(ZoneInfo(self.zone)).date()
        return day + timedelta(days=(self.names - day.weekday()) % 7)

    def begins(self, day: date) -> datetime:
        """Return when a day begins where people vote."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))

    def window(self, day: date) -> Window:
        """Return from when to when the poll that names `day` is usually open."""
        closes = self.closes.before(day, self.zone)
        opens = self.opens.before(closes.date(), self.zone)
        if opens >= closes:
            opens -= timedelta(days=7)
        return Window(opens.astimezone(UTC), closes.astimezone(UTC))


class State(StrEnum):
    """What a poll itself says about its being open."""

    OPEN = "open"
    CLOSED = "closed"
    HIDDEN = "hidden"  # it is there, and withholds its numbers
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer as it is written now; `key` says which one it is in any writing."""

    label: str
    key: str

    @classmethod
    def of(cls, label: str) -> "Option":
        return cls(label, option_key(label))


@dataclass(frozen=True, slots=True)
class Votes:
    """What one option has: exactly, or between two bounds, or unknown (all None).

    `share` is told or computed, 0 to 1 of the tally's `total`; where one may choose several, shares may sum to more.
    """

    votes: int | None = None
    low: int | None = None
    high: int | None = None
    share: float | None = None

    @classmethod
    def exactly(cls, votes: int | None, total: int | None = None) -> "Votes":
        return cls(votes, votes, votes, votes / total if votes is not None and total else None)


@dataclass(frozen=True)
class Tally:
    """What one look at a poll showed.

    `place` is the identity of this very poll (platform and number, or address). `total` counts votes, `voters` people;
    they differ where several answers are allowed. `raw` is the answer as it came, the proof of every number here, and
    `digest` its SHA-256, which stays when the raw answer is kept elsewhere.
    """

    place: str
    at: datetime
    question: str
    options: tuple[Option, ...]
    votes: tuple[Votes, ...]
    total: int | None = None
    voters: int | None = None
    views: int | None = None
    state: State = State.UNTOLD
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    is_multiple: bool = False
    raw: bytes = field(default=b"", repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        if not self.digest:
            object.__setattr__(self, "digest", hashlib.sha256(self.raw).hexdigest())

    @cached_property
    def by_key(self) -> dict[str, Votes]:
        """The votes of each option, by its key."""
        return {option.key: votes for option, votes in zip(self.options, self.votes, strict=True)}

    @property
    def tells(self) -> bool:
        """Whether any votes are told, exactly or between bounds."""
        return any(votes.low is not None for votes in self.votes)
