"""How surprising the last quarter of an hour, hour, three and six hours were, together, at every cell."""

from dataclasses import dataclass

import numpy as np

from monitor.trends.habit import usual
from monitor.trends.grid import DAY, HOUR, Grid
from monitor.trends.rolling import sums, trailing

SPANS = (HOUR // 4, HOUR, 3 * HOUR, 6 * HOUR)
"""Seconds over which sums are compared; the score is the mean over them, so that what lasts counts more."""

STRAYED = 14  # days whose straying tells the spread
PRIOR = 6 * HOUR  # seconds of straying by as much as was expected, which count from the beginning


@dataclass(frozen=True)
class Surprise:
    """Beside each cell, of all series together: what was seen and expected, and how far that usually strays.

    NaN where nothing was seen or expected. `hour_seen` and `hour_expected` are sums of the last hour (of the last cell,
    where that is longer), `stray` how far sums over each of SPANS stray, `score` in how many such spreads the sums lie
    above (below: negative) what was expected, in the mean over SPANS.
    """

    seen: np.ndarray
    expected: np.ndarray
    hour_seen: np.ndarray
    hour_expected: np.ndarray
    stray: np.ndarray
    score: np.ndarray


def surprise(cells: np.ndarray, grid: Grid, unit: float = 1.0) -> Surprise:
    """Return how surprising a table (cells x series, NaN in gaps) was; `unit` is what one event adds.

    Each series is measured by its own past, and a cell counts only those that were watched and have a past: neither
    one that is blind nor one that is new looks like a change. A gap adds nothing to a sum.
    """
    told = usual(cells, grid)
    known = np.isfinite(cells) & np.isfinite(told.expected)
    counted = np.where(known, cells, 0.0)
    expected = np.where(known, told.expected, 0.0)
    off, due, days = sums(counted - expected), sums(expected), sums(known.astype(float))
    rows = grid.rows(STRAYED * DAY)
    history = trailing(days, rows, lag=1)
    scores, strays = [], []
    for span in SPANS:
        width = grid.rows(span)
        residual, level = trailing(off, width), trailing(due, width)
        chance = unit * np.maximum(level, unit)
        squares = sums(np.where(known, residual**2, 0.0))
        prior = grid.rows(PRIOR)
        strayed = (trailing(squares, rows, lag=1) + prior * (level**2 + chance)) / (history + prior)
        stray = _over(np.sqrt(np.maximum(strayed, chance)), known)
        strays.append(stray)
        scores.append(_over(residual, known) / stray)
    hour = grid.rows(HOUR)
    return Surprise(
        seen=_over(cells, known),
        expected=_over(told.expected, known),
        hour_seen=_over(trailing(sums(counted), hour), known),
        hour_expected=_over(trailing(due, hour), known),
        stray=np.array(strays),
        score=np.mean(scores, axis=0),
    )


def _over(table: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the sum over the series that are known; not of squares for spreads: all stray at once."""
    return np.where(known.any(axis=1), np.where(known, table, 0.0).sum(axis=1), np.nan)
