"""What is usual at an hour: the same hour of earlier weeks, else of earlier days, else the last hours.

A value never depends on what came later, and a gap is neither a zero nor history. This is the seam for another
detector: a series in, what was expected and how far values usually stray from it out.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

DAY, WEEK = 24, 168  # hours

RECENT = 14 * DAY
TAIL, TAIL_OF_NORMAL = 0.95, 1.96
"""19 in 20 normal values lie within 1.96 deviations. Chosen on five labelled series (docs/methods.md): it leaves a
quarter of the false alarms of the median deviation alone."""

CONSISTENT = 1.4826
"""Makes the median absolute deviation of normal values equal their standard deviation."""


@dataclass(frozen=True)
class Usual:
    """Beside every hour of a series: the level to expect and its spread; NaN where history is too short to say."""

    expected: pd.Series
    spread: pd.Series


@dataclass(frozen=True)
class Lookback:
    """Which earlier hours an hour is measured by, and how many of them must be known."""

    lags: tuple[int, ...]
    least: int


NEAR = (-1, 0, 0, 0, 1)
"""The same hour counts three times beside its neighbours: they steady it, and a habit of one hour still shows."""

LOOKBACKS = (
    Lookback(tuple(WEEK * week + near for week in range(1, 6) for near in NEAR), least=13),
    Lookback(tuple(DAY * day + near for day in range(1, 15) for near in NEAR), least=13),
    Lookback(tuple(range(1, 49)), least=24),
)
"""First choice first: the hour of the week over five weeks, the hour of the day over two, the last two days (of which
one must be known, or every morning of a new campaign would look like a surge)."""


def usual(series: pd.Series, zone: str) -> Usual:
    """Return what is usual at every hour of an hourly series (UTC index), by the clock of `zone`.

    The spread is the larger of two: how far the earlier hours lie from their median, and how far the last two weeks
    strayed from what was expected of them: attention is bursty, and the median hides it.
    """
    clock = _Clock(series, zone)
    expected = pd.Series(np.nan, index=series.index)
    spread = expected.copy()
    for lookback in LOOKBACKS:
        earlier = pd.DataFrame(clock.earlier(lookback.lags), index=series.index)
        level = earlier.median(axis=1)
        stray = earlier.sub(level, axis=0).abs().median(axis=1) * CONSISTENT
        usable = expected.isna() & (earlier.notna().sum(axis=1) >= lookback.least)
        expected, spread = expected.mask(usable, level), spread.mask(usable, stray)
    return Usual(expected, spread.clip(lower=_strayed(series - expected).fillna(0.0)))


def _strayed(residual: pd.Series) -> pd.Series:
    """Return how far the two weeks before each hour strayed, as the deviation of normal values that stray as far."""
    return residual.abs().rolling(RECENT, min_periods=DAY).quantile(TAIL).shift(1) / TAIL_OF_NORMAL


class _Clock:
    """A series laid out by the hour on the wall, so that a clock change does not move Friday noon."""

    def __init__(self, series: pd.Series, zone: str) -> None:
        local = pd.DatetimeIndex(series.index).tz_convert(ZoneInfo(zone)).tz_localize(None)
        hours = (local - pd.Timestamp(0)) // pd.Timedelta(hours=1)
        self._at = np.asarray(hours - hours.min() if len(hours) else hours, dtype=int)
        self._wall = np.full(int(self._at.max(initial=-1)) + 1, np.nan)
        values = series.to_numpy(dtype=float)
        self._wall[self._at[::-1]] = values[::-1]  # of an hour that comes twice the first stays: nothing looks ahead

    def earlier(self, lags: tuple[int, ...]) -> np.ndarray:
        """Return one row per hour and one column per lag: what stood on the wall that many hours before."""
        places = self._at[:, None] - np.asarray(lags)
        return np.where(places >= 0, self._wall[np.maximum(places, 0)], np.nan)
