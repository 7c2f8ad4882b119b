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
NEAR = 1800  # seconds to each side that steady a time of the day, where cells are shorter than that
PRIOR = 2.0  # earlier days (or weeks) that weigh as much as what was thought before them
SEASON = 0.75  # the weight of the time of day and week; the level has the rest
HABIT = 3  # weeks that make a habit


class Usual(NamedTuple):
    """Beside each cell: what was to be expected (NaN before anything was seen), and how many earlier days tell it.

    `least` is the smallest of what the day, the week and the level let expect: what must come, unless all is silent.
    """

    expected: np.ndarray
    least: np.ndarray
    days: np.ndarray


def usual(cells: np.ndarray, grid: Grid) -> Usual:
    """Return what was to be expected at every cell of a table (cells x series, NaN in gaps).

    The time of the day is told by the days before, drawn towards the level; the time of the week by the weeks before,
    drawn towards the time of the day; and what came in nearly every week is expected in full. All of it lies at least
    a day back, so that a surge is not measured by itself; only on the first two days the last hours must do.
    """
    wall = grid.on_the_wall(cells)
    day, week = grid.rows(DAY), grid.rows(7 * DAY)
    known = np.isfinite(wall)
    value, count = sums(np.where(known, wall, 0.0)), sums(known.astype(float))
    level = _level(value, count, day)
    half = round(NEAR / grid.step)
    near, seen = around(value, half), around(count, half)
    days = comb(seen, day, DAYS)
    by_day = (comb(near, day, DAYS) + PRIOR * np.nan_to_num(level)) / (days + PRIOR)
    by_week = (comb(near, week, WEEKS) + PRIOR * by_day) / (comb(seen, week, WEEKS) + PRIOR)
    expected = SEASON * by_week + (1 - SEASON) * level
    least = np.minimum(np.minimum(by_day, by_week), level)
    told = (np.maximum(expected, _habit(near, seen, week)), least, days)
    return Usual(*(each[grid.wall] for each in told))


def _level(value: np.ndarray, count: np.ndarray, day: int) -> np.ndarray:
    """Return the mean of the two weeks that ended a day ago; while less than a day is known there, of all before."""
    rows = LEVEL * day
    late = trailing(count, rows, lag=day)
    young = late < day
    known = np.where(young, trailing(count, rows, lag=1), late)
    total = np.where(young, trailing(value, rows, lag=1), trailing(value, rows, lag=day))
    return np.divide(total, known, out=np.full_like(total, np.nan), where=known > 0)


def _habit(near: np.ndarray, seen: np.ndarray, week: int) -> np.ndarray:
    """Return what came at this time of the week in all but one of four weeks, or in all of three; else zero."""
    told = np.divide(near, seen, out=np.full_like(near, np.inf), where=seen > 0)
    smallest, second = np.full_like(told, np.inf), np.full_like(told, np.inf)
    for back in range(week, min(WEEKS * week, len(told) - 1) + 1, week):
        before, low = told[:-back], smallest[back:]
        second[back:] = np.minimum(second[back:], np.maximum(low, before))
        smallest[back:] = np.minimum(low, before)
    known = comb((seen > 0).astype(float), week, WEEKS)
    return np.select([known >= WEEKS, known >= HABIT], [second, smallest], 0.0)
