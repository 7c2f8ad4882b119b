"""Simulated campaigns: posts by the hour with a rhythm of day and week, straying, surges that fade, and hours unseen.

Fridays from noon to 18:00 have four times the usual. Levels are from some 15 to 6,000 posts a day.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

ZONE = "Asia/Damascus"
LEVELS = (0.5, 3.0, 20.0, 200.0)  # posts an hour
DAY, WEEK = 24, 168
UNSEEN = 0.02  # of the hours


def campaign(level: float, seed: int, weeks: int = 10, *, surges: bool = True) -> pd.Series:
    """Draw the posts of every hour."""
    dice = np.random.default_rng((seed, round(level * 10)))
    hours = pd.date_range("2016-01-07 22:00", periods=weeks * WEEK, freq="h", tz="UTC")
    pace = np.exp(_strays(dice, len(hours), 0.25, 12) + _strays(dice, len(hours), 0.2, 96))
    pace = pace * np.exp(dice.normal(0, 0.15, len(hours))) + (_surges(dice, len(hours)) if surges else 0)
    posts = dice.poisson(level * _rhythm(dice, hours) * pace).astype(float)
    return pd.Series(posts, index=hours)


def with_gaps(series: pd.Series, seed: int) -> pd.Series:
    """Return a series with some hours that nobody watched, six at a time."""
    starts = np.flatnonzero(np.random.default_rng(seed).random(len(series)) < UNSEEN / 6)
    gaps = (starts[:, None] + np.arange(6)).ravel()
    return series.mask(np.isin(np.arange(len(series)), gaps))


def _rhythm(dice: np.random.Generator, hours: pd.DatetimeIndex) -> Numbers:
    local = hours.tz_convert(ZONE)
    day = 0.4 + 1.2 * np.clip(np.sin((local.hour - 7) / 17 * np.pi), 0, None)
    friday = (local.day_of_week == 4) & (local.hour >= 12) & (local.hour < 18)
    return np.asarray(day * np.where(friday, 4.0, 1.0) * dice.uniform(0.8, 1.25, 7)[local.day_of_week])


def _strays(dice: np.random.Generator, size: int, spread: float, hours: float) -> Numbers:
    """Return a level that wanders around zero and forgets itself within so many hours."""
    keep = np.exp(-1 / hours)
    steps = dice.normal(0, spread * np.sqrt(1 - keep**2), size)
    reach = int(6 * hours)
    return np.convolve(np.concatenate([dice.normal(0, 0.1 * spread, reach), steps]), keep ** np.arange(reach))[
        reach : reach + size
    ]


def _surges(dice: np.random.Generator, size: int) -> Numbers:
    """Return what comes on top of the usual pace, about every twelve days, and fades within half a day."""
    rise = np.zeros(size)
    for start in np.flatnonzero(dice.random(size) < 1 / (12 * DAY)):
        length = min(36, size - start)
        rise[start : start + length] += dice.uniform(2, 8) * np.exp(-np.arange(length) / 6)
    return rise
