"""Where the walks on a server of the Mastodon family stand, and what is known with that. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.model.source import Ask, Cursor
from monitor.model.window import Window
from monitor.sources._mastodon_ids import SNOWFLAKES, Ids, order

LATE = timedelta(minutes=2)
"""How long after the time in its id a post may become visible: each pass begins so much earlier, and covers less."""
SWEEP_EVERY, DEEP_EVERY = timedelta(hours=1), timedelta(days=1)
DEEP = timedelta(days=7)
"""What the daily sweep goes over, for edits and posts fetched late; the hourly ones go over less."""


@dataclass(slots=True)
class Place:
    """Where a walk stands: the highest id read, until when time is covered, and the sweeps (all in epoch seconds)."""

    high: str
    covered: float
    swept: float
    deep: float
    sweep: str | None = None  # the id that the sweep under way has reached
    ids: str = SNOWFLAKES.name  # how they are made; empty: they tell no time
    checked: float = 0.0  # when the ids were last looked at, because nothing was found by them

    @classmethod
    def of(cls, ask: Ask, cursor: Cursor | None, ids: Ids | None) -> "Place":
        now, name = ask.now.timestamp(), ids.name if ids else ""
        high = ids.at(ask.since) if ids else ""
        fresh = cls(high=high, covered=ask.since.timestamp(), swept=now, deep=now, ids=name)
        kept = {key: value for key, value in (cursor or {}).items() if key in cls.__slots__}
        return replace(fresh, **kept) if kept.get("ids", SNOWFLAKES.name) == name else fresh

    @property
    def cursor(self) -> Cursor:
        return {name: getattr(self, name) for name in self.__slots__}

    def rise(self, mark: str) -> None:
        self.high = max(self.high, mark, key=order)

    def start(self, since: datetime, ids: Ids) -> str:
        """Return the id the forward pass begins behind: what was read, less what may have come late, never too old."""
        read = ids.time(self.high)
        if read is None:
            return self.high
        if read.timestamp() > self.covered:  # below, whatever comes late was covered by an earlier pass
            read = max(read - LATE, _time(self.covered))
        return self.high if read == ids.time(self.high) and read > since else ids.at(max(read, since))

    def cover(self, until: datetime) -> None:
        """Note that everything is known until shortly before a moment."""
        self.covered = max(self.covered, (until - LATE).timestamp())

    def next_sweep(self, ask: Ask, usual: timedelta) -> datetime | None:
        """Return from when on to sweep if it is time: hourly over the usual stretch, daily over a week."""
        now = ask.now.timestamp()
        if self.sweep is not None or now - self.swept < SWEEP_EVERY.total_seconds():
            return None
        is_deep = now - self.deep >= DEEP_EVERY.total_seconds()
        self.swept, self.deep = now, now if is_deep else self.deep
        return max(ask.now - (DEEP if is_deep else usual), ask.since)


class Places:
    """Where the questions of one walk stand; a moment is known to the walk when it is known to all of them."""

    def __init__(self, ask: Ask, questions: int, ids: Ids | None) -> None:
        cursors = [ask.cursor] if questions == 1 else (ask.cursor or {}).get("each") or [None] * questions
        self.each = [Place.of(ask, cursor, ids) for cursor in cursors]
        self._told = max(self._known, ask.since.timestamp())

    @property
    def _known(self) -> float:
        return min(place.covered for place in self.each)

    @property
    def cursor(self) -> Cursor:
        first, *others = (place.cursor for place in self.each)
        return {"each": [first, *others]} if others else first

    def covered(self) -> Window | None:
        """Return what became known since this was last asked."""
        start, self._told = self._told, max(self._told, self._known)
        return Window(_time(start), _time(self._told)) if start < self._told else None


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
