"""How a naming poll stands: cycles, standings, events and flags, as they are stored, shown and mailed."""

from datetime import date, datetime
from enum import StrEnum

from monitor.errors import Reason
from monitor.model.poll import State
from monitor.model.table import Record


class Stage(StrEnum):
    """Where a week's poll stands."""

    AWAITED = "awaited"  # not found yet
    OPEN = "open"
    CLOSING = "closing"  # the last hour
    CLOSED = "closed"  # over, its last tally not yet seen twice
    CONFIRMED = "confirmed"  # two looks after the end agree, or the operator said so
    OVERTURNED = "overturned"  # another name was taken than the one with most votes
    MISSED = "missed"  # its Friday came and no poll was found


class Kind(StrEnum):
    """What happened in a race, or looks odd about it."""

    FOUND = "found"
    LEAD_CHANGE = "lead-change"
    CLOSING = "closing"
    CLOSED = "closed"
    CONFIRMED = "confirmed"
    OVERTURNED = "overturned"
    RENAMED = "renamed"
    ADDED = "added"
    REMOVED = "removed"
    RESET = "reset"
    NEW_DEADLINE = "new-deadline"
    # flags: what to look at, never a verdict
    VOTES_AFTER_CLOSING = "votes-after-closing"
    TOTAL_FELL = "total-fell"
    LATE_OPTION = "late-option"
    SUM_DIFFERS = "sum-differs"
    SURGE = "surge"
    MACHINE_REGULAR = "machine-regular"
    OTHER_WINNER = "other-winner"


FLAGS = frozenset(
    {
        Kind.VOTES_AFTER_CLOSING,
        Kind.TOTAL_FELL,
        Kind.LATE_OPTION,
        Kind.SUM_DIFFERS,
        Kind.SURGE,
        Kind.MACHINE_REGULAR,
        Kind.OTHER_WINNER,
    }
)
"""The kinds that are flags; each shows the two looks that it was seen in."""


class Look(Record):
    """One stored look: when, and the SHA-256 of what was shown; the snapshot itself is kept under it."""

    at: datetime
    digest: str


class Event(Record):
    """Something that happened, between two looks; `option` and `other` are labels, `number` is in votes or points."""

    kind: Kind
    at: datetime
    option: str | None = None
    other: str | None = None
    number: float | None = None
    before: Look | None = None
    after: Look | None = None


class Line(Record):
    """One option in the standings; `forecast` is its final share (low, middle, high), 0 to 1."""

    key: str
    label: str
    votes: int | None = None
    low: int | None = None
    high: int | None = None
    share: float | None = None
    pace: float | None = None  # votes an hour, lately
    forecast: tuple[float, float, float] | None = None
    chance: float | None = None  # of ending first


class Standing(Record):
    """How the race stood at `at`, leader first. `margin` is in votes, `margin_points` in percent of the total.

    `is_close` says that the bounds of the first two overlap: nobody can say who leads.
    """

    at: datetime
    lines: tuple[Line, ...]
    total: int | None = None
    voters: int | None = None
    margin: int | None = None
    margin_points: float | None = None
    is_close: bool = False
    lead_changes: tuple[Event, ...] = ()
    state: State = State.UNTOLD
    closes_at: datetime | None = None


class Cycle(Record):
    """One week's poll: the day it names, where it was found, and how it went."""

    poll: str
    day: date
    stage: Stage
    place: str | None = None
    question: str | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    last_look: Look | None = None
    looked_at: datetime | None = None  # when it was last tried to look
    looked_in_vain: str | None = None  # why that showed nothing, in words
    vain_reason: Reason | None = None
    remark: str | None = None  # what else the last look showed, in words
    names: dict[str, str] = {}  # of each option's key, as it was written last
    winner: str | None = None  # key of the name that was taken
    standing: Standing | None = None
    events: tuple[Event, ...] = ()
