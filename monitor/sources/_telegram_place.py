"""Where the walk through a channel's preview stands, and the gap that a broken one left. Pure."""

from datetime import datetime, timedelta

from monitor.model.source import Ask
from monitor.model.table import Record
from monitor.sources._telegram_page import Sheet

SECOND = timedelta(seconds=1)  # what the preview's times are told in


class Gap(Record):
    """Messages between two numbers that are still to be read, downwards, and the times between which they were sent."""

    floor: int
    below: int
    start: datetime
    end: datetime


class Place(Record):
    """The cursor: the highest number seen, the moment until which all is known, and a gap left by a broken walk."""

    top: int
    at: datetime
    gap: Gap | None = None

    def moved(self, top: int, at: datetime) -> "Place":
        return Place(top=max(self.top, top), at=max(self.at, at), gap=self.gap)


def restored(ask: Ask) -> Place | None:
    """Return the place from the cursor, without a gap that has grown too old to be counted."""
    place = Place.model_validate(ask.cursor) if ask.cursor else None
    if place and place.gap and place.gap.end <= ask.since:
        return place.model_copy(update={"gap": None})
    return place


def fallen(place: Place | None, newest: Sheet, ask: Ask) -> Place:
    """Return the place before a way down: all between the newest message and what is known is one gap."""
    floor, known = (place.top, place.at) if place else (0, ask.since)
    gap = Gap(floor=floor, below=newest.top + 1, start=known, end=ask.now)
    return Place(top=newest.top, at=ask.now, gap=gap)


def narrowed(gap: Gap, sheet: Sheet, start: datetime) -> Gap | None:
    """Return what of a gap is left after a page of it; None when the page reached what is known, or too old."""
    oldest = sheet.oldest or gap.end
    if not sheet.goes_back or sheet.low <= gap.floor + 1 or oldest < start:
        return None
    return gap.model_copy(update={"below": sheet.low, "end": min(gap.end, oldest + SECOND)})  # others of that second
