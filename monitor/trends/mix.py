"""The usual mix: which share of the whole a part had at such hours, and how far that strayed from day to day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.window import Window

BACK = timedelta(weeks=4)
"""How far back a mix is usual; the composition of a crowd changes faster than its rhythm."""

PRIOR = 30.0
"""Events that the wider choice of hours weighs beside the narrower one: a mix of few events leans on that of many."""

CAP = 2.0
"""A day weighs at most so many times the median day: one surge does not become the usual mix."""

NINE_OF_TEN = (0.9, 2.706)
"""A share of days, and what chi squared with one degree of freedom is not above in so many."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """The usual share of every part (0 to 1), how much wider than by chance it strayed, and of how many events."""

    shares: Floats
    strayed: Floats
    events: float


@dataclass(frozen=True)
class _Days:
    """What the parts and the whole brought, a row a day."""

    parts: Floats
    whole: Floats


def mix(parts: pd.DataFrame, whole: pd.Series, stretch: Window, zone: str, *, unit: float = 1.0) -> Mix | None:
    """Return the usual mix for a stretch: from all hours of four weeks, then of these hours, then of this weekday.

    `parts` and `whole` stand on the same hours, NaN where nobody watched; `unit` is what one event adds. None without
    any event before the stretch.
    """
    past = pd.DatetimeIndex(whole.index)
    before = hours_of(stretch.start - BACK, stretch.start, past) & whole.notna().to_numpy()
    near = before & _alike(past, stretch, zone)
    weekday = near & (_weekday(past, zone) == stretch.start.astimezone(ZoneInfo(zone)).weekday())
    choices = [_days(parts, whole, hours, zone) for hours in (before, near, weekday)]
    if not choices[0].whole.sum():
        return None
    shares, events = np.full(parts.shape[1], 0.5), 1.0
    for days in choices:
        weights = _weights(days.whole) / unit
        counted = (weights[:, None] * days.parts / days.whole[:, None]).sum(axis=0)
        events = weights.sum() + min(events, PRIOR)
        shares = (counted + shares * (events - weights.sum())) / events
    return Mix(shares, _strayed(choices[1] if len(choices[1].whole) else choices[0], shares, unit), float(events))


def _alike(hours: pd.DatetimeIndex, stretch: Window, zone: str) -> npt.NDArray[np.bool_]:
    """Return which hours have an hour of the day of the stretch, or one beside it."""
    first = stretch.start.astimezone(ZoneInfo(zone)).hour
    length = int(np.ceil(stretch.length / timedelta(hours=1)))
    wanted = {(first + number) % 24 for number in range(-1, min(length, 24) + 1)}
    return np.isin(hours.tz_convert(ZoneInfo(zone)).hour, sorted(wanted))


def _weekday(hours: pd.DatetimeIndex, zone: str) -> npt.NDArray[np.int64]:
    return np.asarray(hours.tz_convert(ZoneInfo(zone)).day_of_week, dtype=np.int64)


def _days(parts: pd.DataFrame, whole: pd.Series, chosen: npt.NDArray[np.bool_], zone: str) -> _Days:
    """Return the sums by local day of the chosen hours, without the days on which nothing came."""
    here = pd.DatetimeIndex(whole.index[chosen]).tz_convert(ZoneInfo(zone)).tz_localize(None)
    dates = here.to_numpy().astype("datetime64[D]")
    _, place = np.unique(dates, return_inverse=True)
    size = int(place.max(initial=-1)) + 1
    sums = np.zeros((size, parts.shape[1]))
    np.add.at(sums, place, np.nan_to_num(parts.to_numpy(dtype=np.float64)[chosen]))
    total = np.bincount(place, weights=whole.to_numpy(dtype=np.float64)[chosen], minlength=size).astype(np.float64)
    return _Days(sums[total > 0], total[total > 0])


def _weights(whole: Floats) -> Floats:
    return np.minimum(whole, CAP * np.median(whole)) if len(whole) else whole


def _strayed(days: _Days, shares: Floats, unit: float) -> Floats:
    """Return by how much more than by chance a part's share strayed from day to day (variance; by chance: the unit).

    The ninth of ten days tells, so that a single surge of a part does not excuse the next.
    """
    share, most = NINE_OF_TEN
    chance = days.whole[:, None] * shares * (1 - shares)
    chi = (days.parts - days.whole[:, None] * shares) ** 2 / np.maximum(chance, np.finfo(float).tiny)
    return np.maximum(np.quantile(chi, share, axis=0) / most, unit)


def hours_of(start: datetime, end: datetime, index: pd.Index) -> npt.NDArray[np.bool_]:
    """Return which hours begin within a stretch."""
    return np.asarray((index >= start) & (index < end))
