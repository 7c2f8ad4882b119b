"""What one connection to Jetstream tells: wanted posts out of all events, and which time is covered by it.

Nine events in ten are turned away without being taken apart; that is exact, because a post with a hashtag can not be
written without the words that are looked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.fetch.answer import read_json
from monitor.fetch.fields import table
from monitor.model.mention import Post
from monitor.model.source import Cursor, Page
from monitor.model.spelling import fold
from monitor.model.window import Window
from monitor.sources._bluesky_post import COLLECTION, heard, tags_of

OVERLAP, ELSEWHERE = 5.0, 60.0  # seconds heard once more at the same host, and at another, whose clock may differ
UNORDERED = timedelta(seconds=5)
"""How far events stand out of order: so much less than the latest is covered."""
LATER = 600.0  # seconds after a place within which a host that still has it tells of something, at the quietest hour
TOLD_EVERY = 1_000_000  # microseconds of the stream after which a page comes even when nothing was kept
_MOMENTS = range(10**15, 5 * 10**15)  # microseconds of 2001 to 2128; smaller numbers are sequence numbers of one host

_MOMENT = re.compile(rb'\{"did":"[^"\\]{1,300}","time_us":([0-9]{16}),')
_HINTS = (b'#tag"', b'"tags"', b"\\u")
"""A post with a hashtag holds one of these: a facet, `tags`, or either of them hidden in an escape."""


def hearing(place: Cursor | None, spellings: Sequence[str], host: str) -> "Hearing":
    """Return what one connection hears that is opened at a place."""
    return Hearing(frozenset(map(fold, spellings)), host, _asked(place, host), _known(place))


def _known(place: Cursor | None) -> int | None:
    """Return how far a place reaches, in microseconds."""
    return round(float(place["at"]) * 1_000_000) if place else None


def _asked(place: Cursor | None, host: str) -> int | None:
    """Return from where to listen on: some seconds before the place."""
    reached = _known(place)
    if place is None or reached is None:
        return None
    overlap = OVERLAP if place.get("host", host) == host else ELSEWHERE
    return reached - round(overlap * 1_000_000)


@dataclass(slots=True)
class Hearing:
    """One connection: which tags are wanted, from where it was opened, and how far it has come (in microseconds)."""

    wanted: frozenset[str]
    host: str
    asked: int | None
    known: int | None  # how far the place reached
    start: int = 0  # of what this connection covers
    is_cut: bool = False  # what lies between the place and the start is lost, and nobody was told yet
    high: int = 0
    told: int = 0

    def page(self, message: bytes) -> Page | None:
        """Return what an event adds, if it is a wanted post or time has passed."""
        found = _MOMENT.match(message)
        is_of_interest = found is None or any(hint in message for hint in _HINTS)
        event = _event(message) if is_of_interest else None
        at = int(found[1]) if found else table(event).get("time_us")
        if type(at) is not int or at not in _MOMENTS:
            return Page(refused=1)
        self._pass(at)
        if is_of_interest and event is None:
            return self._told(refused=1)
        uri, record = _posted(event)
        if not any(fold(tag) in self.wanted for tag in tags_of(record)):
            return self._told() if self.high - self.told >= TOLD_EVERY else None
        post = heard(uri, record, _moment(at))
        return self._told(post) if post else self._told(refused=1)

    def _pass(self, at: int) -> None:
        if not self.start:
            still_there = self.asked is not None and at <= (self.known or 0) + LATER * 1_000_000
            self.start = (self.asked or at) if still_there else at
            self.is_cut = self.asked is not None and not still_there
        self.high = max(self.high, at)

    def _told(self, post: Post | None = None, *, refused: int = 0) -> Page:
        self.told = self.high
        start, end = _moment(self.start), _moment(self.high) - UNORDERED
        covered = Window(start, end) if start < end else None
        cursor = {"at": self.high / 1_000_000, "host": self.host}
        is_cut, self.is_cut = self.is_cut and covered is not None, self.is_cut and covered is None
        return Page((post,) if post else (), cursor, covered, truncated=is_cut, refused=refused)


def _event(message: bytes) -> Any:
    try:
        return read_json(message)
    except (ValueError, RecursionError):
        return None


def _posted(event: Any) -> tuple[str, Any]:
    """Return the address and the record of a post that was made or changed; nothing of any other event."""
    told = table(event)
    commit = table(told.get("commit"))
    if commit.get("operation") not in ("create", "update") or commit.get("collection") != COLLECTION:
        return "", {}
    return f"at://{told.get('did')}/{COLLECTION}/{commit.get('rkey')}", table(commit.get("record"))


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
