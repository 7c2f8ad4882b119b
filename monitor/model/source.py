"""The port: what every platform's file offers to the collector, and what the collector hands to it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from pydantic import Field

from monitor.model.campaign import Campaign, Name
from monitor.model.mention import Mention, Post, Reported
from monitor.model.table import Table
from monitor.model.window import Window

Kind = Literal["posts", "articles"]

Cursor = Mapping[str, Any]
"""Where a walk stands: small, JSON, opaque to everyone but the source that wrote it. Pending gaps live in it too."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One thing a source reads in order with a cursor of its own: some spellings, a channel, a feed.

    `since`: from when on it is read, where that is not as far back as all others; see `walks`. `way`: by which kind of
    question, where a source has several; what a walk brings shows that others of its way could speak, and no more.
    """

    name: str
    spellings: tuple[str, ...] = ()
    since: datetime | None = None
    way: str = ""


_NAME = "name~"


def is_of_name(walk: str) -> bool:
    """Tell by its name whether a walk is of a name that people vote on: these come and go, and blind nobody."""
    return _NAME in walk


def walks(campaign: Campaign, together: int = 1, *, compared: bool = False) -> list[Walk]:
    """Return a walk for each group of so many spellings; those of a poll's names apart, so that no other walk changes.

    `compared`: of the names that did not win, too; a platform where every spelling costs does without. A name that wins
    is read anew from the closing on: what was only compared then counts for the whole.
    """
    own = [Walk("+".join(group), group) for group in grouped(campaign.own_spellings, together)]
    names = (*campaign.named, *(campaign.compared if compared else ()))
    return [*own, *(walk for name in names for walk in _of_name(name, together))]


def grouped(spellings: Sequence[str], together: int) -> list[tuple[str, ...]]:
    """Return spellings in groups of so many."""
    return [tuple(spellings[at : at + together]) for at in range(0, len(spellings), together)]


def _of_name(name: Name, together: int) -> list[Walk]:
    start = f"{_NAME}{name.since:%Y-%m-%dT%H:%M}/"
    return [Walk(start + "+".join(group), group, name.since) for group in grouped(name.spellings, together)]


@dataclass(frozen=True, slots=True)
class Ask:
    """What one run of one walk is asked: go on from `cursor` (None: first run, back to `since`), it is `now`."""

    walk: Walk
    cursor: Cursor | None
    since: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some mentions, and what may be said once they are stored.

    The collector stores `mentions` and `cursor` in one atomic write; a `cursor` of None leaves the old one. `covered`
    is a stretch of creation times of which nothing is unknown any more. `truncated` says that the platform cut the walk
    off before it met what was known: the run's outcome says so and the hole stays a gap. `reported` are counts of the
    platform's own; `skipped` is what is known to be there and was left for later because a budget allowed no more.
    `remark` is for the operator: what is worth knowing of a source although nothing failed.
    """

    mentions: Sequence[Mention] = ()
    cursor: Cursor | None = None
    covered: Window | None = None
    truncated: bool = False
    unchanged: bool = False  # the server said "not modified"
    refused: int = 0  # mentions left out because they could not be read
    reported: Sequence[Reported] = ()
    skipped: int = 0
    remark: str = ""


class SourceSettings(Table):
    """What every source can be told; a platform's own settings derive from it."""

    platform: str
    name: str = Field(default="", max_length=60, pattern=r"^[\w.\-]*$")
    enabled: bool = True
    accept_terms: bool = False  # only asked for where the platform's terms limit what we do (TERMS)
    every_minutes: float = Field(default=5.0, ge=0.5, le=1440.0)
    refresh_budget: int = Field(default=600, ge=0, le=100_000)  # known posts asked again in one run at most

    KIND: ClassVar[Kind] = "posts"
    """What it brings: a platform of posts that was blind leaves posts unknown, not articles."""

    TERMS: ClassVar[str | None] = None
    """What the platform's terms forbid or limit, in our words; such a source needs `accept_terms = true`."""

    COMPARES: ClassVar[bool] = True
    """Whether it also finds posts under names that are only compared; where every spelling costs, it does not ask."""

    FORGET_AFTER: ClassVar[timedelta | None] = None
    """After how long the terms want what was told of a single post to be gone; sums of our own stay. None: never."""

    @property
    def off(self) -> str | None:
        """Why this source is not asked, in words; None when it is."""
        if not self.enabled:
            return "switched off (enabled = false)"
        return "off until accept_terms = true" if self.TERMS and not self.accept_terms else None


class Source(Protocol):
    """One configured place we ask. Every method raises SourceError only.

    `name` is unique within a campaign.
    """

    platform: str
    name: str

    @property
    def again_at_once(self) -> int | None:
        """How many posts `again` takes in one call; 0: it can not; None: not now, and those that are due wait."""
        ...

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return everything to read for a campaign; the names are stable from run to run."""
        ...

    def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what is new since the cursor, then an overlap of what is known; a page may be stored on its own."""
        ...

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for known posts by their `Post.again`; what the platform leaves out is gone or hidden."""
        ...

    async def probe(self) -> str:
        """Ask once and say in one sentence what answered; for `monitor check --live`."""
        ...

    async def canary(self) -> bool | None:
        """Ask for what is always there: False means that silence is blindness; None: there is no such query."""
        ...


STREAM = "stream"
"""The walk of a source that is only listened to; its `pages` yields nothing, whoever listens writes its standing.

Such a source hears all of its platform: what it covered is known, whatever others of that platform missed.
"""


@runtime_checkable
class Stream(Protocol):
    """A source that can also be listened to without end. Sources of one `channel` share one connection.

    `place` is a cursor an earlier page gave (the oldest of all that listen; None: from now on), `spellings` are those
    of all campaigns that listen. What a page covers is covered for each of them; one that proves nothing covers
    nothing, and the walks repair it. Raises SourceError when the connection breaks.

    A place says in `at`, in epoch seconds, how far it reaches: of several, the lowest is the oldest.
    """

    @property
    def channel(self) -> str | None:
        """What is listened to, such as a host; None when listening is not switched on."""
        ...

    def begin(self, now: datetime) -> Cursor | None:
        """Return the place from which on a campaign listens that never did; None: from now on."""
        ...

    def listen(self, place: Cursor | None, spellings: Sequence[str]) -> AsyncIterator[Page]:
        """Yield what is said from `place` on, in small pages, also empty ones: silence is told too."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store remembers of one walk: its cursor and the creation times it has covered."""

    cursor: Cursor | None = None
    covered: tuple[Window, ...] = field(default=())
