"""Stretches of time and the three resolutions; the one place that knows where an hour or a local day begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of time in UTC, start included, end not."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def shifted(self, by: timedelta) -> "Window":
        return Window(self.start + by, self.end + by)

    def overlap(self, other: "Window") -> timedelta:
        """How long both windows share; never negative."""
        return max(min(self.end, other.end) - max(self.start, other.start), timedelta(0))


class Resolution(StrEnum):
    """The width of a cell of a stored series; days are days of the campaign's time zone."""

    FIVE_MINUTES = "5m"
    HOUR = "1h"
    DAY = "1d"

    @property
    def seconds(self) -> int:
        """The usual width; a day with a clock change is an hour longer or shorter."""
        return {"5m": 300, "1h": 3600, "1d": 86400}[self.value]

    @property
    def retention(self) -> timedelta | None:
        """How long the store keeps cells of this width; None is for ever."""
        return {"5m": timedelta(days=35), "1h": timedelta(days=400), "1d": None}[self.value]


def bucket(epoch: int, resolution: Resolution, zone: str) -> int:
    """Return the start of the cell that holds the second `epoch`, itself in epoch seconds."""
    if resolution is Resolution.DAY:
        return _midnight(epoch // 900, zone)
    return epoch - epoch % resolution.seconds


def cells(window: Window, resolution: Resolution, zone: str) -> list[datetime]:
    """Return the starts (UTC) of all cells that overlap `window`, in order."""
    starts: list[datetime] = []
    epoch = bucket(int(window.start.timestamp()), resolution, zone)
    while epoch < window.end.timestamp():
        starts.append(datetime.fromtimestamp(epoch, UTC))
        epoch = _after(epoch, resolution, zone)
    return starts


def local_day(moment: datetime, zone: str, *, days_before: int = 0) -> Window:
    """Return the calendar day of `moment` in `zone` (or an earlier one) as a window in UTC."""
    here = ZoneInfo(zone)
    day = moment.astimezone(here).date() - timedelta(days=days_before)
    midnights = [datetime(d.year, d.month, d.day, tzinfo=here) for d in (day, day + timedelta(days=1))]
    return Window(*(m.astimezone(UTC) for m in midnights))


def is_whole_days(window: Window, zone: str) -> bool:
    """Tell whether a window begins and ends at midnight in `zone`."""
    here = ZoneInfo(zone)
    ends = (window.start.astimezone(here), window.end.astimezone(here))
    return all((end.hour, end.minute, end.second) == (0, 0, 0) for end in ends)


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same time as `windows` in the fewest windows, in order."""
    joined: list[Window] = []
    for window in sorted(windows):
        if joined and window.start <= joined[-1].end:
            joined[-1] = Window(joined[-1].start, max(joined[-1].end, window.end))
        elif window.start < window.end:
            joined.append(window)
    return tuple(joined)


def _after(epoch: int, resolution: Resolution, zone: str) -> int:
    """Return the start of the next cell; a local day is at most 25 hours, so 26 hours on is always tomorrow."""
    if resolution is Resolution.DAY:
        return _midnight((epoch + 26 * 3600) // 900, zone)
    return epoch + resolution.seconds


@lru_cache(maxsize=65536)
def _midnight(quarter: int, zone: str) -> int:
    """Return local midnight before a quarter of an hour (epoch // 900): offsets are whole quarters, so it is exact."""
    here = ZoneInfo(zone)
    local = datetime.fromtimestamp(quarter * 900, here)
    return int(datetime(local.year, local.month, local.day, tzinfo=here).timestamp())
