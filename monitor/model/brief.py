"""The brief: the findings of one campaign in one window, shown as mail, page, API, terminal and alert alike."""

from datetime import datetime
from enum import StrEnum

from monitor.errors import Reason
from monitor.model.definition import Break
from monitor.model.figure import Headline, Level, Line, Point
from monitor.model.finding import Concentration, Forecast, Heading, Lag, Move, Shift, Spike, Story
from monitor.model.metric import MetricClass
from monitor.model.poll_week import PollWeek
from monitor.model.run import Outcome
from monitor.model.table import Record

__all__ = [
    "Brief", "Compared", "Concentration", "Forecast", "Heading", "Headline", "Lag", "Level", "Line", "Point",
    "Reported", "Seen", "Share", "Shift", "SourceHealth", "Spike", "State", "Stir", "Story", "Stretch", "Total",
]  # fmt: skip


class State(StrEnum):
    """Where a campaign is heading; BLIND when too little was seen to say."""

    SPIKE = "spike"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    QUIET = "quiet"
    BLIND = "blind"


class Stretch(Record):
    """A window, start included, end not."""

    start: datetime
    end: datetime


class Total(Record):
    """One printed number with its class, its parts and what it is compared with.

    `low` is set only for a bracket (potential reach), whose upper end is `now`. `measured_share` (0 to 1) tells of
    which part of the posts the number was measured; `rounding` is the summed width of the last digits that platforms
    showed of it (the true sum lies within ± half of it), None when nothing was rounded. Changes are ratios (0.25 = a
    quarter more); None when not comparable.
    """

    name: str
    definition: str
    class_of: MetricClass
    now: Level
    low: float | None = None
    before: Level
    week_before: Level
    change: float | None = None
    week_change: float | None = None
    measured_share: float | None = None
    rounding: float | None = None
    parts: dict[str, float | None] = {}


class Compared(Record):
    """The totals of the last `days` whole days, each held against as many days before."""

    days: int
    window: Stretch
    totals: tuple[Total, ...]


class Share(Record):
    """One part's share of the whole: a spelling, a platform, an outlet, a language; and the same window before.

    `move` is by how much its share moved since then; None where too little was seen in both.
    """

    name: str
    value: float
    share: float
    before: float | None = None
    move: Move | None = None


class SourceHealth(Record):
    """How one source did: its last outcome, when it last answered, and when it was blind inside the window.

    `skipped` is how many posts its last run left for later because a budget allowed no more. `lost` is about how much
    its gaps hid: their length times what came in around them; None where nobody can say. It is part of no sum.
    `since` is when it was first watched, where that is after the window began: what was before is no gap.
    `imported` is set for files that were read in: the stretches they cover, as far as these touch the window. Nobody
    was asked then, so there is no outcome.
    """

    name: str
    platform: str
    outcome: Outcome | None = None
    last_up: datetime | None = None
    message: str = ""
    reason: Reason | None = None
    skipped: int = 0
    gaps: tuple[Stretch, ...] = ()
    lost: float | None = None
    since: datetime | None = None
    imported: tuple[Stretch, ...] = ()


class Reported(Record):
    """What a platform, or an index of the press, counts itself in the window: it stands beside our numbers, in no sum.

    `of` is the hashtag or the question it counted, None for the whole campaign; one post or article may be counted for
    several. `now` is partial when it told of a part of the window only. `read` is what we read of the same, `share`
    (0 to 1) the attention share: of all articles that the index held at that time.
    """

    platform: str
    name: str
    of: str | None = None
    definition: str
    class_of: MetricClass
    now: Level
    read: float | None = None
    share: float | None = None


class Seen(Record):
    """A spelling that posts of the campaign carry and that it does not list, akin to the hashtag `family`.

    `posts` counts them in the local months that the window touches (HyperLogLog: about one in a hundred off).
    """

    spelling: str
    family: str
    posts: int


class Stir(Record):
    """What stirs in a campaign: as a brief tells it, without what is compared or shared out; enough to alert."""

    title: str
    titles: dict[str, str] = {}
    zone: str
    made_at: datetime
    window: Stretch
    headline_metric: str  # whose line is drawn first
    lines: tuple[Line, ...] = ()
    spikes: tuple[Spike, ...] = ()
    polls: tuple[PollWeek, ...] = ()


class Brief(Record):
    """Everything that is said of one campaign in one window; the schema is published in docs/brief.schema.json."""

    schema_version: int = 1
    campaign: str
    title: str
    titles: dict[str, str] = {}
    zone: str
    made_at: datetime
    window: Stretch
    state: State
    headline_metric: str  # the total that the verdict speaks of
    totals: tuple[Total, ...]
    compared: tuple[Compared, ...] = ()  # longer stretches, in the briefs of days
    spikes: tuple[Spike, ...] = ()
    spellings: tuple[Share, ...] = ()
    platforms: tuple[Share, ...] = ()
    outlets: tuple[Share, ...] = ()
    languages: tuple[Share, ...] = ()  # of articles
    tongues: tuple[Share, ...] = ()  # languages of posts
    regions: tuple[Share, ...] = ()
    countries: tuple[Share, ...] = ()
    headlines: tuple[Headline, ...] = ()
    lines: tuple[Line, ...] = ()
    sources: tuple[SourceHealth, ...] = ()
    reported: tuple[Reported, ...] = ()
    seen: tuple[Seen, ...] = ()
    polls: tuple[PollWeek, ...] = ()
    headings: tuple[Heading, ...] = ()
    shifts: tuple[Shift, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    stories: tuple[Story, ...] = ()
    lags: tuple[Lag, ...] = ()
    concentration: Concentration | None = None
    breaks: tuple[Break, ...] = ()

    def total(self, name: str) -> Total | None:
        """Return the total called `name`, such as `posts` or `impressions`."""
        return next((total for total in self.totals if total.name == name), None)
