"""What the store let go of: which cells it can not answer for any more, and who answers for them instead."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt

from monitor.model.window import Resolution

Epochs = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Column = tuple[str, str, str]
"""Subject, platform and metric of a series."""

SLACK = timedelta(hours=1)
"""How much sooner than its retention the store is not relied on: clocks differ, and reading takes time."""

_DAY = 86400


@dataclass(frozen=True, slots=True)
class Asked:
    """Some series of a campaign, in cells of one width."""

    campaign: str
    columns: Sequence[Column]
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of whole UTC days, each at most once; a day may be held though no cell of it has a value.

    `places` are those of the columns asked for, `starts` epoch seconds.
    """

    days: frozenset[date] = frozenset()
    places: Epochs = field(default_factory=lambda: np.empty(0, np.int64))
    starts: Epochs = field(default_factory=lambda: np.empty(0, np.int64))
    values: Values = field(default_factory=lambda: np.empty(0))


class Older(Protocol):
    """Keeps whole UTC days of cells that the store let go of."""

    async def days(self, campaign: str, resolution: Resolution) -> Collection[date]:
        """Return the days that are kept."""
        ...

    async def cells(self, asked: Asked, days: Collection[date]) -> Cells:
        """Return what is kept of some series on those of these days that are kept."""
        ...


@dataclass(frozen=True, slots=True)
class Split:
    """Who answers for which rows of a frame: the store from row `stored_from` on, but for those of `older`.

    A row is `width` seconds wide. `kept` tells which rows anybody answers for; of the others, what the store still has
    is a lower bound.
    """

    width: int
    stored_from: int
    older: Mask
    kept: Mask
    cells: Cells = field(default_factory=Cells)

    def joined(self, stored: Values, starts: Epochs) -> Values:
        """Return what the store has in its rows, and what is older in the rows before and between."""
        if not self.stored_from and not self.older.any():
            return stored
        whole = np.zeros((len(starts), stored.shape[1]))
        whole[self.stored_from :] = stored
        whole[self.older] = 0
        rows = np.searchsorted(starts, self.cells.starts, side="right") - 1
        inside = (rows >= 0) & (self.cells.starts < starts[-1] + self.width)
        np.add.at(whole, (rows[inside], self.cells.places[inside]), self.cells.values[inside])
        return whole


def relied_on(resolution: Resolution, now: datetime) -> datetime:
    """Return from when on the store surely keeps cells of this width."""
    if resolution.retention is None:
        return datetime.fromtimestamp(0, UTC)
    return now - resolution.retention + SLACK


async def split(older: Older | None, asked: Asked, starts: Epochs, now: datetime) -> Split:
    """Ask who is older for the days that the store does not keep as a whole: each cell has exactly one source."""
    first = relied_on(asked.resolution, now).timestamp()
    kept, nothing = starts >= first, np.full(len(starts), fill_value=False)
    if older is None or kept.all():
        return Split(asked.resolution.seconds, 0, nothing, kept)
    numbers = starts // _DAY
    wanted = {date_of(number) for number in np.unique(numbers[numbers * _DAY < first]).tolist()}
    found = await older.cells(asked, wanted)
    is_older = np.isin(numbers, [number_of(day) for day in found.days]) if found.days else nothing
    stored = np.flatnonzero(~is_older)
    stored_from = int(stored[0]) if len(stored) else len(starts)
    return Split(asked.resolution.seconds, stored_from, is_older, kept | is_older, found)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back there are cells at a moment: what the store keeps, and the days that somebody older does."""

    now: datetime
    days: Mapping[Resolution, Collection[date]] = field(default_factory=dict)

    def since(self, resolution: Resolution, until: datetime) -> datetime:
        """Return since when there are cells of this width up to `until` without a hole.

        By the store alone that is a day less than it keeps them: reading takes its time.
        """
        if resolution.retention is None:
            return datetime.min.replace(tzinfo=UTC)
        edge = min(until, relied_on(resolution, self.now))
        first = number_of(edge.date()) + (edge.timestamp() % _DAY > 0)  # the day of the edge is needed as a whole
        while date_of(first - 1) in self.days.get(resolution, ()):
            first -= 1
        if first * _DAY < edge.timestamp():
            return datetime.fromtimestamp(first * _DAY, UTC)
        return self.now - resolution.retention + timedelta(days=1)


async def reach(older: Older | None, campaign: str, now: datetime) -> Reach:
    """Return how far back there are cells of a campaign."""
    if older is None:
        return Reach(now)
    return Reach(now, {resolution: await older.days(campaign, resolution) for resolution in Resolution})


def date_of(number: int) -> date:
    """Return the UTC day that begins so many days after 1970."""
    return datetime.fromtimestamp(number * _DAY, UTC).date()


def number_of(day: date) -> int:
    """Return how many days after 1970 a day begins."""
    return (day - date(1970, 1, 1)).days
