"""Simulated campaigns by the hour: a rhythm of day and week, busy Friday afternoons, and chance."""

import numpy as np
import pandas as pd

ZONE = "Asia/Damascus"
MIDNIGHT = "2016-01-14 22:00"  # of a Friday in Damascus, in UTC


def hours(weeks: float, begin: str = MIDNIGHT) -> pd.DatetimeIndex:
    return pd.date_range(begin, periods=round(weeks * 168), freq="h", tz="UTC")


def rhythm(index: pd.DatetimeIndex, zone: str = ZONE) -> np.ndarray:
    """Return the usual course: quiet nights, and four times as much on Friday afternoons."""
    local = index.tz_convert(zone)
    day = 0.4 + 1.2 * np.clip(np.sin((local.hour - 7) / 17 * np.pi), 0, None)
    friday = (local.day_of_week == 4) & (local.hour >= 12) & (local.hour < 18)
    return np.asarray(day * np.where(friday, 4.0, 1.0))


def posts(
    weeks: float = 8, *, level: float = 40.0, seed: int = 1, begin: str = MIDNIGHT, zone: str = ZONE
) -> pd.DataFrame:
    """Draw the posts of one platform by the hour."""
    index, dice = hours(weeks, begin), np.random.default_rng(seed)
    strayed = np.exp(dice.normal(0, 0.2, len(index) // 24 + 1))[np.arange(len(index)) // 24]  # from day to day
    return pd.DataFrame({"mastodon": dice.poisson(level * rhythm(index, zone) * strayed).astype(float)}, index=index)
