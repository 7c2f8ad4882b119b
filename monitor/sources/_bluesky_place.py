"""Where a search of Bluesky stands: the windows of time that are still to be read, newest first, and when to sweep."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.mention import Post
from monitor.model.source import Ask, Cursor, Page
from monitor.model.window import Window

SHORTEST = 2.0  # seconds; a window that is full is not cut into shorter ones
LATE = timedelta(minutes=2)
"""How long after it was heard of a post may become findable: so much less is covered."""
DAY = 86_400.0
SWEEPS = ((2 * DAY, DAY), (7 * DAY, 7 * DAY))  # how far back is searched once more (seconds), and how often
UNDER_WAY = 200  # windows left open: no sweep begins before they are done


@dataclass(slots=True)
class Place:
    """Where a walk stands, in epoch seconds: how far it has come, the windows left open, and when each sweep began.

    `calls` is how many this run may still make.
    """

    until: float
    swept: list[float]
    todo: list[tuple[float, float]] = field(default_factory=list)
    calls: int = 0

    @classmethod
    def of(cls, ask: Ask) -> "Place":
        if not ask.cursor:
            return cls(ask.since.timestamp(), [ask.now.timestamp()] * len(SWEEPS))
        kept: Any = ask.cursor
        return cls(kept["until"], list(kept["swept"]), [(start, end) for start, end in kept["todo"]])

    @property
    def cursor(self) -> Cursor:
        return {"until": self.until, "swept": list(self.swept), "todo": [list(window) for window in self.todo]}

    def plan(self, ask: Ask, overlap: float) -> None:
        """Put what is new in front of what was left open, and a sweep behind it if one is due."""
        since, now = ask.since.timestamp(), int(ask.now.timestamp() * 1000) / 1000
        known_from = max(self.until - overlap, since)
        left = [(max(start, since), end) for start, end in self.todo if end > since]
        self.todo = [*_days(known_from, now), *left]
        for number, (back, every) in enumerate(SWEEPS):
            if now - self.swept[number] >= every and len(self.todo) < UNDER_WAY:
                self.todo += _days(max(now - back, since), known_from)
                self.swept[number] = now
        self.until = now

    def done(self, ask: Ask, posts: Sequence[Post], refused: int) -> Page:
        """Return the last page of a window: everything in it is known."""
        start, end = self.todo.pop(0)
        covered = Window(datetime.fromtimestamp(start, UTC), min(datetime.fromtimestamp(end, UTC), ask.now - LATE))
        return Page(posts, self.cursor, covered if covered.start < covered.end else None, refused=refused)

    def cut(self, posts: Sequence[Post] = (), refused: int = 0) -> Page:
        """Return the page after which a window turned out to hold more than a search shows: its halves come next."""
        start, end = self.todo.pop(0)
        if end - start <= SHORTEST:
            return Page(posts, self.cursor, truncated=True, refused=refused)
        middle = round((start + end) / 2, 3)
        self.todo[:0] = [(middle, end), (start, middle)]
        return Page(posts, self.cursor, refused=refused)


def _days(start: float, end: float) -> list[tuple[float, float]]:
    """Return a stretch in windows of a day at most, the newest first."""
    windows = []
    while start < end:
        windows.append((max(start, end - DAY), end))
        end -= DAY
    return windows
