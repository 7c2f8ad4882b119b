"""What is usual: the same time of the day and of the week before, and the level of the last two weeks.

A value never depends on what came later, and a gap is neither a zero nor history.
"""

from typing import NamedTuple

import numpy as np

from monitor.trends.grid import DAY, Grid
from monitor.trends.rolling import around, comb, sums, trailing

DAYS, WEEKS = 28, 4
"""How many earlier days tell the time of the day, and how many weeks the time of the week."""

LEVEL = 14  # days whose mean is the level
NEAR = 1800  # seconds to each side that steady a time of the day, where rows are shorter
PRIOR = 2.0  # earlier days (weeks) that count as much as what was thought before
SEASON = 0.75  # the weight of the time of day and week; the level has the rest


class Usual(NamedTuple):
    """Beside each cell of a table: what was to be expected, and how many earlier days tell so."""

    expected: np.ndarray
    days: np.ndarray


def usual(cells: np.ndarray, grid: Grid) -> Usual:
    """Return what was usual at every cell of a table (cells x series, NaN in gaps).

    The time of the day is told by the days before, drawn towards the level; the time of the week by the weeks before,
    drawn towards the time of the day. All of it lies at least a day back, so that a surge is not measured by itself;
    only on the first two days the last hours must do.
    """
    wall = grid.on_the_wall(cells)
    day, week = grid.rows(DAY), grid.rows(7 * DAY)
    known = np.isfinite(wall)
    value, count = sums(np.where(known, wall, 0.0)), sums(known.astype(float))
    level = _level(value, count, day)
    half = round(NEAR / grid.step)
    near, seen = around(value, half), around(count, half)
    start = np.nan_to_num(level)
    days = comb(seen, day, DAYS)
    by_day = (comb(near, day, DAYS) + PRIOR * start) / (days + PRIOR)
    by_week = (comb(near, week, WEEKS) + PRIOR * by_day) / (comb(seen, week, WEEKS) + PRIOR)
    expected = SEASON * by_week + (1 - SEASON) * level
    return Usual(expected[grid.wall], days[grid.wall])


def _level(value: np.ndarray, count: np.ndarray, day: int) -> np.ndarray:
    """Return the mean of the two weeks that ended a day ago; while less than a day is known there, of all before."""
    late = trailing(count, LEVEL * day, lag=day)
    young = late < day
    known = np.where(young, trailing(count, LEVEL * day, lag=1), late)
    total = np.where(young, trailing(value, LEVEL * day, lag=1), trailing(value, LEVEL * day, lag=day))
    return np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0)
