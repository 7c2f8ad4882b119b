"""Which articles of a feed were seen before, although outlets change ids, links and headlines. Pure.

Two entries are the same article when two of id, link and title agree: an edited headline keeps id and link, an id that
is given to another article keeps neither, and an id that changes from http to https was stripped of that before.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from monitor.sources._feed_body import Entry
from monitor.sources._press import article_id, short

REMEMBERED = timedelta(hours=72)  # how long an article that left the feed is known, should it come back
AHEAD = timedelta(minutes=10)  # a date further ahead is wrong, or the article is readable before its time
MOST_KNOWN = 3000  # articles; three hundred a day for ten days
_ENOUGH = 2  # of id, link and title


class Known(NamedTuple):
    """One article seen before: what it is counted as, the short hashes of id, link and title, the moment it counts at.

    That moment never changes, whatever dates the outlet gives it later; for an article without one it is when it was
    first seen.
    """

    id: str
    marks: tuple[str, str, str]
    created: int
    seen: int


class Memory:
    """The articles known before a body is read, and after; `met` is how many of them the body still holds."""

    def __init__(self, known: Iterable[Known], scope: str, now: datetime) -> None:
        self._known = {one.id: one for one in known}
        self._scope, self._now = scope, now
        self._ids: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
        for one in self._known.values():
            self._index(one)
        self._met: dict[str, str] = {}
        self.met = 0

    def recognised(self, entry: Entry) -> Known:
        """Return the article an entry is: the known one, or a new one that is known from now on."""
        marks = (short(entry.guid), short(entry.place), short(entry.wording))
        before = self._same(marks)
        self.met += before is not None and before.id not in self._met
        known = self._new(entry, marks) if before is None else before
        after = known._replace(marks=marks, seen=int(self._now.timestamp()))
        self._known[after.id] = after
        self._index(after)
        self._met[after.id] = marks[2]
        return after

    def kept(self) -> tuple[Known, ...]:
        """Return what is to be remembered: all of this body, and what left the feed not long ago."""
        horizon = (self._now - REMEMBERED).timestamp()
        lately = [one for one in self._known.values() if one.seen >= horizon]
        return tuple(sorted(lately, key=lambda one: one.seen, reverse=True)[:MOST_KNOWN])

    def _index(self, one: Known) -> None:
        for place, mark in enumerate(one.marks):
            if mark:
                self._ids[place, mark].add(one.id)

    def _same(self, marks: tuple[str, str, str]) -> Known | None:
        candidates = {name for place, mark in enumerate(marks) if mark for name in self._ids.get((place, mark), ())}
        likely = [(self._likeness(self._known[name], marks), name) for name in candidates]
        best, name = max(likely, default=(0, ""))
        return self._known[name] if best >= _ENOUGH else None

    def _likeness(self, known: Known, marks: tuple[str, str, str]) -> int:
        """Count what agrees. Without an id the link decides, unless this body has it twice, with another title."""
        alike = sum(bool(mark) and mark == old for mark, old in zip(marks, known.marks, strict=True))
        _, place, wording = marks
        if not marks[0] and place == known.marks[1] and self._met.get(known.id, wording) == wording:
            return alike + 1
        return alike

    def _new(self, entry: Entry, marks: tuple[str, str, str]) -> Known:
        own = short(f"{self._scope}\n{entry.guid or entry.place}", length=12)
        name = article_id(entry.link) if entry.link else own
        if name in self._known:  # an address used for several articles
            name = short("\n".join((self._scope, *marks)), length=12)
        ahead = self._now + AHEAD
        created = entry.published if entry.published and entry.published <= ahead else self._now
        return Known(id=name, marks=marks, created=int(created.timestamp()), seen=0)
