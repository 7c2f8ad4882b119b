"""What rules find, what is remembered of it, and the messages that are made of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.alerts.rules import HOUSE, SEVERITIES, Severity
from monitor.errors import Reason
from monitor.model.finding import Spike
from monitor.model.race import Cycle, Event
from monitor.model.table import Record
from monitor.trends.poll_alerts import Topic


class Kind(StrEnum):
    """What was found."""

    SPIKE = "spike"
    DROP = "drop"
    ABOVE = "above"
    BELOW = "below"
    POLL = "poll"
    FIRST_OUTLET = "first-outlet"
    BLIND = "blind"
    SILENT = "silent"
    BUDGET = "budget"
    TEST = "test"


FALLING = frozenset({Kind.DROP, Kind.BELOW})
"""What a source that is blind would look like by itself."""

HAPPENED = frozenset({Kind.POLL, Kind.FIRST_OUTLET, Kind.TEST})
"""What happens at one moment and is never over: told once."""

_TOPICS = dict.fromkeys((Kind.SPIKE, Kind.DROP, Kind.ABOVE, Kind.BELOW), "numbers") | {
    Kind.FIRST_OUTLET: "press",
    Kind.BLIND: "sources",
    Kind.SILENT: "sources",
}


Sought = tuple[str, str | None, str | None]
"""Campaign, condition of a rule, and source: while the settings have all three, it is looked for."""


class Finding(Record):
    """One thing that a rule found. `key` is what it is known by: the same cause has the same key every time.

    `condition` is a fingerprint of what its rule looked for. `value` is measured by `against`; `name` is a metric, a
    poll, an outlet, a source or an allowance, `of` a hashtag or an account. `platforms` are those it depends on.
    `part_of` are the keys of what tells the same at large.
    """

    key: str
    campaign: str
    rule: str
    condition: str | None = None
    kind: Kind
    severity: Severity
    at: datetime
    name: str
    of: str | None = None
    value: float | None = None
    against: float | None = None
    hours: int | None = None
    until: datetime | None = None
    platforms: tuple[str, ...] = ()
    source: str | None = None
    part_of: tuple[str, ...] = ()
    spike: Spike | None = None
    topic: str | None = None  # of a poll
    event: Event | None = None
    cycle: Cycle | None = None  # how the poll stood, without what happened before
    link: str | None = None
    reason: Reason | None = None  # why a source gives no answer

    @property
    def sought(self) -> Sought:
        """By what it is looked for."""
        return self.campaign, self.condition, self.source

    @property
    def group(self) -> str:
        """What is told together."""
        return _TOPICS.get(self.kind, self.kind.value)

    @property
    def weight(self) -> int:
        return self.rank(self.severity)

    @staticmethod
    def rank(severity: Severity) -> int:
        return SEVERITIES.index(severity)

    @property
    def lasts(self) -> bool:
        """Whether it goes on until it is over."""
        return self.kind not in HAPPENED or self.topic == Topic.CLOSE_RACE

    @property
    def tells_end(self) -> bool:
        """Whether it is worth a word that it is over, and that it still goes on."""
        return self.kind not in HAPPENED


class Muted(StrEnum):
    """Why something is not told."""

    SILENCED = "silenced"
    PART = "part"  # of something that is told
    BLIND = "blind"  # what it depends on is not seen


class Active(Record):
    """One thing that goes on or has happened, and what was told of it."""

    finding: Finding
    since: datetime
    seen: datetime
    told: datetime | None = None
    told_as: Severity | None = None
    muted: Muted | None = None
    gone: datetime | None = None  # since when it is not found any more

    @property
    def latest(self) -> datetime:
        """The last of its moments."""
        return max(moment for moment in (self.since, self.seen, self.told, self.gone) if moment)

    def as_of(self, now: datetime) -> "Active":
        """Return it with no moment behind `now`."""
        moments = {name: getattr(self, name) for name in ("since", "seen", "told", "gone")}
        return self.model_copy(update={name: at and min(at, now) for name, at in moments.items()})


class State(Record):
    """What is remembered of one scope: a campaign, or the house."""

    active: dict[str, Active] = {}
    sent: dict[str, datetime] = {}  # by group: when the last message went out

    def without(self, some: Collection[Active]) -> "State":
        """Return it with some of what is remembered forgotten."""
        gone = {one.finding.key for one in some}
        return self.model_copy(update={"active": {key: one for key, one in self.active.items() if key not in gone}})


class Silence(Record):
    """Until when findings of a campaign, a rule or a source are not told; what is None fits all."""

    id: str
    campaign: str | None = None
    rule: str | None = None
    source: str | None = None
    begun: datetime
    until: datetime
    because: str = ""
    by: str = ""  # who wanted it

    def covers(self, finding: Finding, now: datetime) -> bool:
        wanted = (
            (self.campaign, (finding.campaign,)),
            (self.rule, (finding.rule, finding.kind.value)),
            (self.source, (finding.source, *finding.platforms)),
        )
        return self.begun <= now < self.until and all(value is None or value in known for value, known in wanted)


class Message(Record):
    """What is told of one scope at once: what is new, what still goes on, and what is over.

    What `ended` because nobody looks for it any more stands in the history only.
    """

    id: str
    scope: str
    group: str
    at: datetime
    new: tuple[Finding, ...] = ()
    again: tuple[Finding, ...] = ()
    over: tuple[Finding, ...] = ()
    ended: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.new, *self.again, *self.over, *self.ended)

    @property
    def severity(self) -> Severity:
        return SEVERITIES[max(finding.weight for finding in self.findings)]

    @property
    def campaigns(self) -> tuple[str, ...]:
        """Whom it is about; nobody in particular when it tells of an account that many share."""
        return tuple(dict.fromkeys(one.campaign for one in self.findings if one.campaign != HOUSE))

    def about(self, campaigns: Collection[str]) -> "Message":
        """Return what it tells of these campaigns and of what belongs to none; all of it when none are named."""
        if not campaigns:
            return self
        ours = {HOUSE, *campaigns}
        parts = {"new": self.new, "again": self.again, "over": self.over}
        return self.model_copy(
            update={name: tuple(one for one in part if one.campaign in ours) for name, part in parts.items()}
        )


STEP = timedelta(minutes=10)
"""By so much clocks are corrected all the time; what was made later than that in the future has a wrong time."""


class Parcel(Record):
    """Messages on their way to one channel, not before a moment; several when they were held for it."""

    id: str
    channel: str
    messages: tuple[Message, ...]
    made: datetime
    not_before: datetime | None = None

    @property
    def is_held(self) -> bool:
        return self.not_before is not None

    def is_due(self, now: datetime) -> bool:
        """Tell whether it may go: it is held no more, or was held by a clock that has been set back since."""
        return self.not_before is None or self.not_before <= now or self.made - now > STEP


FORGET = timedelta(days=30)
"""How long it is remembered that something was told."""
