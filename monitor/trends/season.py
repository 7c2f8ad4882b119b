"""What an hour should bring, as a mean of the same hours of earlier weeks, and how far sums stray from it.

It tells what sums will come to, and by which factors they stray; `baseline` tells surges of single hours, at any
resolution, against the level of the last weeks and their habits. A value never depends on what came later, and a gap
is neither a zero nor history.
"""

import math
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]

DAY, WEEK = 24, 168  # hours
WEEKS, DAYS = 5, 7
LEAST_WEEKS, LEAST_DAYS = 2, 3
"""So many of the earlier weeks must be known of an hour, else so many of the earlier days."""

NEAR = np.array([0.25, 0.5, 0.25])
"""An hour and those beside it: they steady it, and a habit of one hour still shows."""

TRIMMED = 3
"""From so many on the highest and the lowest are left out: a surge is no habit."""

NORMAL = 1.645
"""Standard deviations to both sides that hold nine of ten values."""

MANY = 19
"""From so many past errors on, nine of ten of the next lie between their own ends; fewer need Student's t."""

LEAST = 3
"""Fewer past sums than this tell nothing."""

HALF = 0.5  # added to counts before their logarithm


@dataclass(frozen=True)
class Straying:
    """By which factors (as logarithms) sums lay off what was expected of them: 5 %, middle, 95 %."""

    low: float
    middle: float
    high: float


def expected(cells: pd.DataFrame, zone: str, *, days: bool = True) -> pd.DataFrame:
    """Return what each hour of each column should bring; NaN where history is too short to say.

    `cells` are hours without holes in their index (NaN: not known), maybe reaching into the future. Without `days` only
    whole weeks tell, for sums over more than a day.
    """
    at = _wall(pd.DatetimeIndex(cells.index), zone)
    smooth = _smoothed(_laid_out(cells.to_numpy(dtype=float), at))
    told = _trimmed(_earlier(smooth, at, WEEK, WEEKS), LEAST_WEEKS)
    if days:
        told = np.where(np.isnan(told), _trimmed(_earlier(smooth, at, DAY, DAYS), LEAST_DAYS), told)
    return pd.DataFrame(told, index=cells.index, columns=cells.columns)


def strayed(seen: Numbers, wanted: Numbers, overlap: float = 1.0) -> Straying | None:
    """Return how far past sums lay off what was expected of them (NaN: not known); None where they are too few.

    `overlap`: how many of them share an hour; they count for so many fewer.
    """
    known = ~(np.isnan(seen) | np.isnan(wanted))
    errors = off(seen[known], wanted[known])
    many = known.sum() / overlap
    if many < LEAST:
        return None
    # so that the next error, not one of these, lies between the ends in nine of ten cases
    low, middle, high = (float(edge) for edge in np.quantile(errors, (0.05, 0.5, 0.95), method="weibull"))
    if many < MANY:
        reach = student(many - 1) * float(errors.std(ddof=1)) * math.sqrt(1 + 1 / many)
        low, high = min(low, middle - reach), max(high, middle + reach)
    return Straying(low, middle, high)


def off(seen: Numbers, wanted: Numbers) -> Numbers:
    """Return the logarithm of what was seen over what was expected; half an event steadies small ones."""
    return np.asarray(np.log((seen + HALF) / (wanted + HALF)))


def student(freedom: float) -> float:
    """Return Student's 95 % point (Cornish and Fisher's series, a hundredth off from three degrees on)."""
    cubed, fifth = NORMAL**3, NORMAL**5
    first, second = (cubed + NORMAL) / 4, (5 * fifth + 16 * cubed + 3 * NORMAL) / 96
    return NORMAL + first / freedom + second / freedom**2


def _wall(index: pd.DatetimeIndex, zone: str) -> npt.NDArray[np.int64]:
    """Return each hour's number on the wall clock, from 0: a clock change does not move Friday noon."""
    local = index.tz_convert(ZoneInfo(zone)).tz_localize(None)
    hours = (local - pd.Timestamp(0)) // pd.Timedelta(hours=1)
    return np.asarray(hours - hours.min() if len(hours) else hours, dtype=np.int64)


def _laid_out(values: Numbers, at: npt.NDArray[np.int64]) -> Numbers:
    """Return the values by the hour on the wall; of an hour that comes twice the first stays."""
    wall = np.full((int(at.max(initial=-1)) + 1, values.shape[1]), np.nan)
    wall[at[::-1]] = values[::-1]
    return wall


def _smoothed(wall: Numbers) -> Numbers:
    """Return every hour steadied by those beside it, over what is known of them; NaN where it is not known itself."""
    known = ~np.isnan(wall)
    beside = [np.pad(side, ((1, 1), (0, 0))) for side in (np.where(known, wall, 0.0), known.astype(float))]
    value, weight = (sum(NEAR[place] * side[place : place + len(wall)] for place in range(3)) for side in beside)
    return np.where(known, value / np.where(known, weight, 1.0), np.nan)


def _earlier(wall: Numbers, at: npt.NDArray[np.int64], step: int, times: int) -> Numbers:
    """Return what stood on the wall 1, 2, … `times` steps before each hour, one layer each."""
    places = at[None, :] - step * np.arange(1, times + 1)[:, None]
    return np.where((places >= 0)[:, :, None], wall[np.maximum(places, 0)], np.nan)


def _trimmed(layers: Numbers, least: int) -> Numbers:
    """Return the mean over the layers without the highest and the lowest; NaN where fewer than `least` are known."""
    ranked = np.sort(layers, axis=0)  # NaN last
    many = (~np.isnan(ranked)).sum(axis=0)
    cut = (many >= TRIMMED).astype(int)
    place = np.arange(len(layers))[:, None, None]
    kept = (place >= cut) & (place < many - cut)
    total = np.where(kept, ranked, 0.0).sum(axis=0)
    return np.where(many >= least, total / np.maximum(kept.sum(axis=0), 1), np.nan)
