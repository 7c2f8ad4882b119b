"""How surprising the last hours were at every cell: by how much they lay above the usual, and by how many times.

Two measures, because attention is bursty: one great burst lies far above the usual in the spreads of this series, and a
surge that lasts is many times the usual for hours, even at night or where bursts are frequent. Both are compared with
how far the last weeks strayed; the larger one counts.
"""

from dataclasses import dataclass

import numpy as np

from monitor.trends.baseline import Usual, usual
from monitor.trends.grid import DAY, HOUR, Grid
from monitor.trends.rolling import sums, trailing

SPANS = (HOUR // 4, HOUR, 3 * HOUR, 6 * HOUR)
WEIGHTS = (2, 1, 1, 1)
"""Seconds over which sums lie above the usual, and what each weighs in their mean: what lasts weighs more."""

LASTING = 3 * HOUR  # seconds over which a sum is many times the usual
TIMES = 1.5  # what one spread of the ratio's logarithm weighs beside one of the sums
SUMS, RATIOS = 14, 28  # days whose straying tells the spread of the sums, and that of the ratio
PRIOR = 48  # hours of straying by as much as was expected, which count from the beginning: early spreads are wide
FEW = 1.0  # event that is added to the expected before chance is told from bursts
DOUBT = 0.5  # the square of the logarithm by which the ratio strays in those first hours: twice or half
RHYTHM = 4.0  # of what is expected: what is not known of the time of a day that was never seen; noon is no surge then
FIRST = 6  # the same hours for the interval, which must not stay wide
NINETY = 2.06  # mean distances within which nine of ten normal values stay
CHANCE = 1.645  # and standard deviations
CLIP = 5.0  # spreads beyond which a cell is history no further: a surge must not become the usual


@dataclass(frozen=True)
class Surprise:
    """Beside each cell, of all series together; NaN where nothing was seen or nothing is known of the past.

    `hour` and `lasting` hold what was seen and what expected over the last hour and the last three (over the last cell,
    where that is longer), `least` what had to come in those three. `spreads` tell how far sums over each of SPANS
    stray, bursts and all, and `strays` within which nine of ten of them stay. `score` is the larger of the two
    measures, in spreads, negative below the usual.
    """

    seen: np.ndarray
    expected: np.ndarray
    hour: tuple[np.ndarray, np.ndarray]
    lasting: tuple[np.ndarray, np.ndarray]
    least: np.ndarray
    spreads: np.ndarray
    strays: np.ndarray
    score: np.ndarray


def surprise(cells: np.ndarray, grid: Grid) -> Surprise:
    """Return how surprising a table of counts was (cells x series, NaN in gaps).

    Each series is measured by its own past, and a cell counts only those that were watched and have a past: neither
    one that is blind nor one that is new looks like a change. A gap adds nothing to a sum.
    """
    past = _Past(cells, _unclipped(cells, grid), grid)
    widths = [grid.rows(span) for span in SPANS]
    spreads = np.array([past.together(past.spread(width)) for width in widths])
    heights = [past.above(width) / spread for width, spread in zip(widths, spreads, strict=True)]
    height = np.average(heights, axis=0, weights=WEIGHTS)
    lasting = past.sums(grid.rows(LASTING))
    times = TIMES * past.times(*lasting)
    return Surprise(
        seen=past.together(cells),
        expected=past.together(past.expected),
        hour=past.sums(grid.rows(HOUR)),
        lasting=lasting,
        least=past.least(grid.rows(LASTING)),
        spreads=spreads,
        strays=np.array([past.together(past.stray(width)) for width in widths]),
        score=np.where((height < 0) & (times < 0), times, np.maximum(height, times)),
    )


def _unclipped(cells: np.ndarray, grid: Grid) -> Usual:
    """Return what is usual where no cell counts for more than a few spreads above what was usual before it."""
    first = _Past(cells, usual(cells, grid), grid)
    hour = grid.rows(HOUR)
    most = first.expected + CLIP * first.spread(hour) / hour
    return usual(np.where(cells > most, most, cells), grid)


class _Past:
    """What was seen beside what was expected, and how far the weeks before each cell strayed."""

    def __init__(self, cells: np.ndarray, told: Usual, grid: Grid) -> None:
        self.expected = told.expected
        self._known = np.isfinite(cells) & np.isfinite(told.expected)
        self._days = sums(self._known.astype(float))
        self._doubt = RHYTHM / (1 + told.days) ** 2
        self._seen = sums(np.where(self._known, cells, 0.0))
        self._due = sums(np.where(self._known, told.expected, 0.0))
        self._least = np.where(self._known, told.least, 0.0)
        self._grid = grid
        self._any = self._known.any(axis=1)

    def together(self, table: np.ndarray) -> np.ndarray:
        """Return the sum over the known series; of spreads, too, not of squares: all of them stray at once."""
        return np.where(self._any, np.where(self._known, table, 0.0).sum(axis=1), np.nan)

    def sums(self, width: int) -> tuple[np.ndarray, np.ndarray]:
        """Return what was seen and what was expected over `width` cells."""
        return self.together(trailing(self._seen, width)), self.together(trailing(self._due, width))

    def least(self, width: int) -> np.ndarray:
        return self.together(trailing(sums(self._least), width))

    def above(self, width: int) -> np.ndarray:
        return self.together(trailing(self._seen, width) - trailing(self._due, width))

    def spread(self, width: int) -> np.ndarray:
        """Return how far sums over `width` cells stray, never less than chance makes counts stray.

        Like chance, straying grows with the root of what is expected; its factor is what the last weeks tell.
        """
        due = trailing(self._due, width)
        chance = due + FEW
        off = np.where(self._known, (trailing(self._seen, width) - due) ** 2 / chance, 0.0)
        factor = self._before(off, self._days, due * (due + 1) / chance, SUMS)
        spread: np.ndarray = np.sqrt(np.maximum(factor * chance, np.maximum(due, 1.0)) + (self._doubt * due) ** 2)
        return spread

    def stray(self, width: int) -> np.ndarray:
        """Return within which distance nine of ten sums over `width` cells stay."""
        due = trailing(self._due, width)
        chance = np.sqrt(due + FEW)
        off = np.where(self._known, np.abs(trailing(self._seen, width) - due) / chance, 0.0)
        strayed = chance * self._before(off, self._days, np.sqrt(due * (due + 1)) / chance, SUMS, weight=FIRST)
        stray: np.ndarray = np.maximum(NINETY * strayed, CHANCE * np.sqrt(due)) + self._doubt * due
        return stray

    def times(self, seen: np.ndarray, due: np.ndarray) -> np.ndarray:
        """Return how many spreads the ratio of two sums lies above its own mean; few counts are drawn towards one."""
        few = 0.5 * (np.sqrt(due) + 1)
        ratio = np.where(self._any, np.log((seen + few) / (due + few)), 0.0)
        days = sums(self._any.astype(float))
        ratio -= np.where(self._any, self._before(ratio, days, 0.0, RATIOS), 0.0)
        rhythm = np.log(1 + np.where(self._known, self._doubt, RHYTHM).min(axis=1, initial=RHYTHM))
        spread = np.sqrt(self._before(ratio**2, days, DOUBT, RATIOS) + rhythm**2)
        return np.where(self._any, ratio / spread, np.nan)

    def _before(
        self, values: np.ndarray, known: np.ndarray, prior: np.ndarray | float, days: int, weight: int = PRIOR
    ) -> np.ndarray:
        """Return the mean of the days before each cell, drawn towards what one would think without them."""
        rows, drawn = self._grid.rows(days * DAY), max(weight, self._grid.rows(weight * HOUR))
        told = trailing(sums(values), rows, lag=1) + drawn * prior
        mean: np.ndarray = told / (trailing(known, rows, lag=1) + drawn)
        return mean
