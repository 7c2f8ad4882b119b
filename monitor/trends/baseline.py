"""What is usual at an hour: the same hour of earlier weeks, else of earlier days, else the last hours.

A value never depends on what came later, and a gap is neither a zero nor history. This is the seam for another
detector: a series in, what was expected and how far values usually stray from it out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

DAY, WEEK = 24, 168  # hours

RECENT = 14 * DAY  # hours whose straying tells the spread


@dataclass(frozen=True)
class Within:
    """A share of normal values, and the number of standard deviations that holds them."""

    share: float
    deviations: float


HALF = Within(0.5, 0.6745)  # the median absolute deviation
MOST = Within(0.95, 1.96)
"""Chosen on five labelled series (docs/methods.md): it leaves a quarter of the false alarms of HALF alone."""


@dataclass(frozen=True)
class Usual:
    """Beside every hour of a series: the level to expect and its spread; NaN where history is too short to say."""

    expected: pd.Series
    spread: pd.Series


@dataclass(frozen=True)
class Lookback:
    """Which earlier hours an hour is measured by, how many of them must be known, and how they tell their spread."""

    lags: tuple[int, ...]
    least: int
    within: Within = HALF


NEAR = (-1, 0, 0, 0, 1)
"""The same hour counts three times beside its neighbours: they steady it, and a habit of one hour still shows."""

LOOKBACKS = (
    Lookback(tuple(WEEK * week + near for week in range(1, 6) for near in NEAR), least=13),
    Lookback(tuple(DAY * day + near for day in range(1, 8) for near in NEAR), least=13),
    Lookback(tuple(range(1, 49)), least=24, within=MOST),
)
"""First choice first: the hour of the week over five weeks, the hour of the day over one, the last two days (of which
one must be known, and nearly all tell the spread, or every morning of a new campaign would look like a surge)."""


def usual(series: pd.Series, zone: str, *, since: datetime | None = None) -> Usual:
    """Return what is usual at every hour of an hourly series (UTC index), by the clock of `zone`.

    With `since`, only from then on; what lies two weeks and more before it is left untold.

    The spread is the larger of two: how far the earlier hours lie from their median, and how far the last two weeks
    strayed from what was expected of them: attention is bursty, and the median hides it.
    """
    clock = _Clock(series, zone)
    expected = pd.Series(np.nan, index=series.index)
    spread = expected.copy()
    wanted = np.ones(len(series), bool) if since is None else series.index >= since - timedelta(hours=RECENT)
    for lookback in LOOKBACKS:
        open_hours = np.flatnonzero(expected.isna() & wanted)
        earlier = pd.DataFrame(clock.earlier(lookback.lags, open_hours), index=series.index[open_hours])
        earlier = earlier[earlier.notna().sum(axis=1) >= lookback.least]
        level = earlier.median(axis=1)
        expected.loc[level.index] = level
        spread.loc[level.index] = _quantile(earlier.sub(level, axis=0).abs(), lookback.within)
    return Usual(expected, spread.clip(lower=_strayed(series - expected).fillna(0.0)))


def _quantile(deviations: pd.DataFrame, within: Within) -> pd.Series:
    rows = deviations.median(axis=1) if within is HALF else deviations.quantile(within.share, axis=1)
    return rows / within.deviations


def _strayed(residual: pd.Series) -> pd.Series:
    """Return how far the two weeks before each hour strayed, as the deviation of normal values that stray as far."""
    return residual.abs().rolling(RECENT, min_periods=DAY).quantile(MOST.share).shift(1) / MOST.deviations


class _Clock:
    """A series laid out by the hour on the wall, so that a clock change does not move Friday noon."""

    def __init__(self, series: pd.Series, zone: str) -> None:
        local = pd.DatetimeIndex(series.index).tz_convert(ZoneInfo(zone)).tz_localize(None)
        hours = (local - pd.Timestamp(0)) // pd.Timedelta(hours=1)
        self._at = np.asarray(hours - hours.min() if len(hours) else hours, dtype=int)
        self._wall = np.full(int(self._at.max(initial=-1)) + 1, np.nan)
        values = series.to_numpy(dtype=float)
        self._wall[self._at[::-1]] = values[::-1]  # of an hour that comes twice the first stays: nothing looks ahead

    def earlier(self, lags: tuple[int, ...], hours: np.ndarray) -> np.ndarray:
        """Return one row for each of the hours and one column per lag: what stood on the wall that long before."""
        places = self._at[hours, None] - np.asarray(lags)
        return np.where(places >= 0, self._wall[np.maximum(places, 0)], np.nan)
