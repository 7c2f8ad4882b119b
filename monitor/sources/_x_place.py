"""Where a walk of X stands: all is read until a moment, but for one hole that is read downwards."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.model.mention import Post
from monitor.model.source import Ask, Cursor
from monitor.model.window import Window
from monitor.sources._x_post import id_at, moment_of

OVERLAP = timedelta(minutes=30)
"""How far a walk goes into what is known, for posts that search had late; on the same day they cost nothing."""
EVENING = timedelta(hours=1)
"""How long before midnight (UTC) the day is read once more, at least: all but what was missed is free until then."""
_BIT = 0.001  # seconds; what the moments in ids are told in


@dataclass(slots=True)
class Place:
    """Moments in epoch seconds. The hole goes from `start` to `end`; of it, everything from the id `below` on is read.

    `swept` is the day that was last read once more; `again` says that the hole is such a reading. `heard` is what was
    known when search last brought anything: since then it is silent.
    """

    known: float
    start: float | None = None
    end: float = 0.0
    below: str | None = None
    swept: str = ""
    again: bool = False
    heard: float = -1.0

    def __post_init__(self) -> None:
        if self.heard < 0:  # a cursor from before there was such a thing, or the first
            self.heard = self.known

    @classmethod
    def of(cls, ask: Ask, first: timedelta) -> "Place":
        """Return the place of a cursor; the first run goes back so far. What a day left to sweep ends with the next."""
        if ask.cursor is None:
            known, yesterday = max(ask.since, ask.now - first), ask.now - timedelta(days=1)
            return cls(known=known.timestamp(), swept=_day(yesterday))
        place = cls(**{name: told for name, told in ask.cursor.items() if name in cls.__slots__})
        is_over = place.again and place.swept < _day(ask.now - timedelta(days=1))
        return replace(place, start=None, again=False) if is_over else place

    @property
    def cursor(self) -> Cursor:
        return asdict(self)

    @property
    def is_open(self) -> bool:
        return self.start is not None

    @property
    def hole(self) -> Window:
        """Return what is still to be read."""
        return Window(_time(self.start or self.end), _time(self.end))

    @property
    def silence(self) -> Window | None:
        """Return the time that is read to its end and brought nothing."""
        return None if self.is_open or self.heard >= self.known else Window(_time(self.heard), _time(self.known))

    def doubt(self) -> None:
        """Take the silence for unread."""
        self.known = self.heard

    def bounds(self, reach: float) -> dict[str, str]:
        """Return the ids between which the hole is asked for, neither included, none older than search goes back."""
        below = {"until_id": self.below} if self.below else {}
        return {"since_id": id_at(max((self.start or 0.0) - OVERLAP.total_seconds(), reach)), **below}

    def open(self, until: datetime) -> None:
        """Begin to read what is new."""
        if not self.is_open and until.timestamp() > self.known:
            self.start, self.end, self.below, self.again = self.known, until.timestamp(), None, False
            self.known = self.end

    def sweep(self, ask: Ask, every: timedelta) -> None:
        """Begin to read the day once more in its last runs, if there is one `every` so often; else on the next."""
        now = ask.now.astimezone(UTC)
        is_evening = _day(now + max(EVENING, 1.1 * every)) != _day(now)
        day = now if is_evening else now - timedelta(days=1)
        if (is_evening or self.swept < _day(day)) and not self.is_open:
            midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
            self.start, self.end = max(midnight, ask.since).timestamp(), self.known
            self.below, self.again, self.swept = id_at(self.known), True, _day(day)

    def clip(self, reach: float) -> bool:
        """Give up what search does not go back to any more; tell whether anything was."""
        if self.start is None or self.start >= reach:
            return False
        self.start = reach if reach < self.end else None
        return True

    def read(self, posts: Sequence[Post], *, goes_on: bool) -> Window | None:
        """Note that a page was read, and whether another follows it; return what it leaves covered."""
        start, end = self.start or 0.0, self.end
        if posts:
            self.heard = self.known
        if goes_on:
            start = self.end = self._lowered(posts)
        else:
            self.start = None
        return Window(_time(start), _time(end)) if start < end else None

    def _lowered(self, posts: Sequence[Post]) -> float:
        """Go down to the lowest id of a page; return down to which moment the hole is read then."""
        lowest = min((post.again for post in posts if post.again), key=int, default=None)
        if lowest is None or (self.below is not None and int(lowest) >= int(self.below)):
            return self.end
        self.below, made = lowest, moment_of(lowest)
        return min(self.end, max(self.start or 0.0, made.timestamp() + _BIT)) if made else self.end


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
