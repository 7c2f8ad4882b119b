"""What is handed to the store: mentions reduced to what may be kept, and what the same write must carry along."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.mention import Counts, Mention, Reported
from monitor.model.run import Run
from monitor.model.source import Kind, Standing


@dataclass(frozen=True, slots=True)
class Sighting:
    """One mention seen at one moment. `created` is in epoch seconds; `subjects` are whom it counts for.

    `again` enters the refresh ladder at first sight; `headline` (articles only, JSON) is kept beside the counts.
    `seen` are spellings akin to the campaign's that it does not list, `tags` the other hashtags beside its own, as they
    are written. `link` is set only where it may be shown. `wording`: what posts of the same words
    share; a hash of it is kept.
    """

    id: str
    created: int
    subjects: tuple[str, ...]
    counts: Counts = Counts()  # noqa: RUF009 - frozen
    author: str | None = None
    followers: int | None = None
    again: str | None = None
    headline: str | None = None
    seen: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    link: str | None = None
    wording: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """One atomic write: everything in it is stored, or nothing is.

    `observed` (epoch seconds) is when the counters were read, `now` the clock that decides what lies in the future.
    `walk` and `standing` move the cursor and the coverage in the same write. `asked` are marks of the ladder that were
    asked again: they climb a rung whether or not the platform still knows them. `keep` is how long the state of the
    posts outlives its last write, in seconds; None (imports) keeps it until it is purged.
    """

    campaign: str
    zone: str
    platform: str
    source: str
    kind: Kind
    observed: int
    now: int
    sightings: Sequence[Sighting] = ()
    reported: Sequence[Reported] = ()
    walk: str | None = None
    standing: Standing | None = None
    asked: Sequence[str] = ()
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What one page held of a campaign that keeps evidence, as it was read at a moment."""

    campaign: str
    source: str
    platform: str
    at: datetime
    mentions: Sequence[Mention]


@dataclass(frozen=True, slots=True)
class Written:
    """What a write changed: mentions never seen before, and how many counters rose."""

    new: int
    raised: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the store knows of one source: its last runs (newest first), its walks, when it answered last.

    `since` is when it was configured first, None where nobody noted it.
    """

    name: str
    platform: str
    runs: tuple[Run, ...]
    walks: dict[str, Standing]
    last_up: datetime | None = None
    since: datetime | None = None
