"""Simulated press: posts and articles by the hour that follow one another or are strangers; and syndicated headlines.

Both have the rhythm of day and week in common, Friday surges included: that alone must never look like a lag.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

ZONE = "Asia/Damascus"
START = datetime(2016, 3, 20, 22, tzinfo=UTC)
HOURS = 35 * 24


@dataclass(frozen=True)
class Pair:
    """Posts and articles, hour by hour; `lag` is None where they are strangers."""

    posts: pd.Series
    articles: pd.Series
    lag: float | None


@dataclass(frozen=True)
class Kind:
    """What a pair is like: articles an hour, surges a week, how far articles spread around their lag, gaps in both."""

    articles: float = 0.6
    surges: float = 4.0
    jitter: float = 1.5
    skewed: bool = False  # they trail behind: a few at once, the rest for hours
    gaps: float = 0.0


def pair(kind: Kind, seed: int, *, related: bool) -> Pair:
    """Draw a pair by seed; the lag of related ones is anything from two hours ahead to a day behind."""
    dice = np.random.default_rng((seed, int(related)))
    clock = (np.arange(HOURS) + 0.0) % 24
    rhythm = 0.2 + np.clip(np.sin((clock - 6) / 17 * np.pi), 0, None) ** 0.7
    fridays = 1 + 3 * ((np.arange(HOURS) // 24 % 7 == 4) & (clock >= 12) & (clock < 18))
    surges = _surges(dice, kind.surges)
    posts = dice.uniform(10, 80) * rhythm * fridays * _waves(dice) * (1 + surges)
    lag = round(float(dice.uniform(-2, 24))) if related else None
    followed = _spread(surges, lag, kind) if lag is not None else _surges(dice, kind.surges)
    written = (0.3 + 0.7 * rhythm) * (0.4 + 0.6 * fridays) * _waves(dice) * (1 + dice.uniform(1, 2) * followed)
    written *= kind.articles / written.mean()
    counts = [_holed(dice, dice.poisson(rate).astype(float), kind.gaps) for rate in (posts, written)]
    return Pair(_series(counts[0]), _series(counts[1]), lag)


def _surges(dice: np.random.Generator, each_week: float) -> Numbers:
    """Return shocks that come at any time, of any size, and fade within hours."""
    shocks = dice.binomial(1, each_week / 168, HOURS) * dice.exponential(4, HOURS)
    fading = np.exp(-np.arange(24) / dice.uniform(2, 6))
    return np.asarray(np.convolve(shocks, fading)[:HOURS])


def _waves(dice: np.random.Generator) -> Numbers:
    """Return the slow moods of days."""
    steps = dice.normal(0, 1, HOURS)
    walk = np.zeros(HOURS)
    for hour in range(1, HOURS):
        walk[hour] = 0.97 * walk[hour - 1] + 0.1 * steps[hour]
    return np.asarray(np.exp(walk))


def _spread(surges: Numbers, lag: int, kind: Kind) -> Numbers:
    """Return the surges as the press repeats them: after the lag, some sooner and some later."""
    reach = np.arange(-24, 49)
    if kind.skewed:
        weights = np.where(reach >= lag, np.exp(-(reach - lag) / (2 * kind.jitter)), 0.0)
    else:
        weights = np.exp(-0.5 * ((reach - lag) / kind.jitter) ** 2)
    whole = np.convolve(surges, weights / weights.sum())
    return np.asarray(whole[24 : 24 + HOURS])


def _holed(dice: np.random.Generator, counts: Numbers, share: float) -> Numbers:
    """Return the counts with stretches that nobody watched."""
    holed = counts.copy()
    for start in dice.integers(0, HOURS, round(share * HOURS / 10)):
        holed[start : start + 10] = np.nan
    return holed


def _series(counts: Numbers) -> pd.Series:
    return pd.Series(counts, index=pd.date_range(START, periods=HOURS, freq="h"))
