"""One search of YouTube: where it begins, and what one answer of it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.fetch.fields import moment, rows, table, text
from monitor.model.source import Ask
from monitor.sources._youtube_video import left_out, video_id

OVERLAP, WIDE = timedelta(hours=24), timedelta(days=7)
"""How far every search goes into what is known, and how far once a day: new videos are found minutes to hours late."""


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor: until when (epoch seconds) search was asked, and the day on which it was last asked widely."""

    known: float = 0.0
    wide: str = ""

    @classmethod
    def of(cls, ask: Ask) -> "Place":
        """Return the place of a cursor; without one nothing is known."""
        return cls(**{name: told for name, told in (ask.cursor or {}).items() if name in cls.__slots__})

    @property
    def at(self) -> datetime:
        """Return the moment until which search was asked."""
        return datetime.fromtimestamp(self.known, UTC)

    def start(self, ask: Ask) -> datetime:
        """Return from when on to search: a day before what is known, once a day a week back."""
        known = self.at - OVERLAP
        return max(ask.since, min(known, ask.now - WIDE) if self.wide != _day(ask.now) else known)

    def moved(self, ask: Ask, end: datetime) -> "Place":
        """Return the place after a search until `end`."""
        return Place(end.timestamp(), _day(ask.now))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer of search: ids, how many could not be read, the oldest publication, and the mark of the next page."""

    ids: Sequence[str] = ()
    refused: int = 0
    oldest: datetime | None = None
    following: str | None = None

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "Sheet":
        """Read an answer; its texts are cut and escaped, and left alone."""
        items = rows(answer.get("items"))
        ids = [own for item in items if (own := video_id(table(item.get("id")).get("videoId")))]
        times = [at for item in items if (at := moment(table(item.get("snippet")).get("publishedAt")))]
        following = text(answer.get("nextPageToken"))
        refused = left_out(answer.get("items"), ids)
        return cls(list(dict.fromkeys(ids)), refused, min(times, default=None), following)


def written(time: datetime) -> str:
    """Return a moment as search takes it."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
