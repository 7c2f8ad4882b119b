"""What trends find in series: spikes and what drove them, where a number is heading, level shifts, lags, forecasts."""

from datetime import datetime
from enum import StrEnum

from monitor.model.table import Record


class Way(StrEnum):
    """Whether a stretch lies above what was expected or below it."""

    UP = "up"
    DOWN = "down"


class Cause(StrEnum):
    """What can drive a spike."""

    SPELLING = "spelling"
    PLATFORM = "platform"
    LANGUAGE = "language"
    POST = "post"  # a few posts that many saw
    TAG = "tag"  # a hashtag that grew beside the campaign's
    OUTLET = "outlet"
    HEADLINE = "headline"
    POLL = "poll"


class Driver(Record):
    """A part of the whole that carried a spike, or an event of the same hours.

    `value` is what the part brought within the spike, `expected` what was usual for it, `share` (0 to 1) its part of
    what came above the usual; all three None for events (headlines, poll events), which have `at` instead. `link` only
    where privacy allows it.
    """

    cause: Cause
    name: str
    value: float | None = None
    expected: float | None = None
    share: float | None = None
    at: datetime | None = None
    link: str | None = None


class Crowd(Record):
    """Whether a few posts or many people made a spike: signals, not verdicts. None where nobody can say.

    `authors` wrote `posts` (HyperLogLog: about one in a hundred off); `top_share` (0 to 1) is what the `top` largest
    posts had of the spike's number.
    """

    posts: float | None = None
    authors: float | None = None
    top: int = 0
    top_share: float | None = None


class Concentration(Record):
    """How much few authors wrote, and how many posts have the same words: signals, not verdicts.

    Counted by whole local days, those from `start` to `end` of which anything is known; who writes on two days is two
    authors. `posts` are those of known `authors`; `top_share` (0 to 1) is what the `top` of them wrote that wrote most:
    one in a hundred on each day, at least one. `texts` are posts with enough words; `alike_share` of them had words
    that at least three posts of that day had, `largest` of them the same. None where too few were seen.
    """

    start: datetime
    end: datetime
    posts: int
    authors: int
    top: int
    top_share: float | None = None
    texts: int
    alike_share: float | None = None
    largest: int | None = None


class Spike(Record):
    """A stretch far above the usual level, or far below it: what was seen, what was expected, the score of its peak.

    `low` and `high` hold the expected total in 90 of 100 cases. `open`: it goes on at the end of what is known.
    `escalated` is when it grew so far beyond its first alert that a second is due. `drivers`, largest first; none when
    nothing stands out, which `sole` tells too: whether the first of them alone explains most of it.
    """

    name: str
    start: datetime
    peak: datetime
    end: datetime
    total: float
    expected: float
    low: float | None = None
    high: float | None = None
    peak_value: float
    score: float
    way: Way = Way.UP
    open: bool = False
    escalated: datetime | None = None
    drivers: tuple[Driver, ...] = ()
    sole: bool = False
    crowd: Crowd | None = None


class Direction(StrEnum):
    """Where a number is heading; BLIND when too little was seen to say."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    BLIND = "blind"


class Heading(Record):
    """Where a number is heading over its last `hours`: the ratio to what was expected, with a 90 % interval.

    0.25 is a quarter more. None when not comparable.
    """

    name: str
    hours: int
    direction: Direction
    change: float | None = None
    low: float | None = None
    high: float | None = None


class Shift(Record):
    """A change of level that lasted: from `at` on, `after` a day instead of `before`; 90 % interval of their ratio."""

    name: str
    at: datetime
    before: float
    after: float
    low: float
    high: float


class Doubt(StrEnum):
    """Why no lag is told."""

    HOURS = "hours"  # too few were watched
    POSTS = "posts"  # too few
    ARTICLES = "articles"  # too few
    CHANCE = "chance"  # days in another order go together as well
    EDGE = "edge"  # the two go together best where we look no further
    WIDE = "wide"  # it may be any of many hours


class Move(Record):
    """By how much a share of the whole moved (0.05 is five percentage points), with a 90 % interval.

    Told of what was seen both now and before.
    """

    points: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether neither chance nor straying explains it."""
        return self.low > 0 or self.high < 0


class Lag(Record):
    """How many hours articles of a group of outlets came after the hashtag's growth; negative: before it.

    `group` is a subject such as `region/arab` or `language/en`. 90 % interval. `hours` is None where the evidence is
    too weak to say, and `reason` tells why.
    """

    group: str
    hours: float | None = None
    low: float | None = None
    high: float | None = None
    strength: float | None = None  # the correlation at that lag, 0 to 1
    reason: Doubt | None = None


class Story(Record):
    """Copies of one article, clustered: the first to print it, how many articles, by which outlets."""

    title: str
    url: str
    first: datetime
    first_outlet: str
    articles: int
    outlets: tuple[str, ...]


class Forecast(Record):
    """What a day's number will come to at local midnight `at`: counted so far, and a 90 % interval of the end.

    `partial`: a gap lies in the hours so far, so all four are lower bounds.
    """

    name: str
    at: datetime
    so_far: float
    partial: bool = False
    low: float
    middle: float
    high: float
