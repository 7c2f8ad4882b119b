"""Changes of level that lasted: days with the rhythm of the week taken out, cut where both sides differ most."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.finding import Shift
from monitor.model.window import local_day
from monitor.trends import season
from monitor.trends.frame import possible
from monitor.trends.season import Numbers
from monitor.trends.verdict import CLEAR

LAST = 5
"""A level that did not last so many days is a surge, or a lull."""

SIDE = 28
"""So many days to each side are compared, at most: what came before or after may be another level."""

LEAST = 21  # days: each weekday three times, or their rhythm is not known
WATCHED = 0.7  # of the days on which a platform must have been watched to be part of the sum
KNOWN = 0.5  # of what a day usually brings must lie in hours that were watched
FEW = 3.0  # a day: below this, on both sides, a shift is no news

SURGE = 2.0
"""Deviations from the middle of its week at which a day is cut off: a surge of up to three days moves no level."""

EVIDENCE = 4.5
"""Standard errors between two levels, at the best of all places to cut: chosen on simulated years (docs/methods.md)."""

SURE = 2.2
"""Standard errors of the interval: the place was chosen for its difference, so 1.645 would hold too few."""

WEEK = 7


@dataclass(frozen=True)
class _Cut:
    """A place to cut, by how much the days from it on differ (as a logarithm), and its standard error."""

    place: int
    size: float
    error: float

    @property
    def evidence(self) -> float:
        return abs(self.size) / self.error


def shifts(name: str, cells: pd.DataFrame, zone: str) -> tuple[Shift, ...]:
    """Return every shift of the level by the day, in order.

    `cells` are hours of whole local days, one column per platform, NaN where it was not watched. Platforms that came or
    went in between are left out: more eyes are no shift.
    """
    days = _days(possible(cells), zone)
    known = days.dropna()
    if len(known) < LEAST:
        return ()
    raw = np.log(known.to_numpy(dtype=float) + season.HALF)
    level = _steadied(raw - _weekdays(raw, pd.DatetimeIndex(known.index)))
    cuts = sorted(_cuts(level, 0, len(level)), key=lambda cut: cut.place)
    edges = [0, *(cut.place for cut in cuts), len(known)]
    means = [float(known.iloc[first:last].mean()) for first, last in pairwise(edges)]
    return tuple(
        _shift(name, _midnight(known.index[cut.place], zone), cut, before, after)
        for cut, (before, after) in zip(cuts, pairwise(means), strict=True)
        if max(before, after) >= FEW
    )


def _shift(name: str, at: pd.Timestamp, cut: _Cut, before: float, after: float) -> Shift:
    reach = SURE * cut.error
    low, high = math.exp(cut.size - reach), math.exp(cut.size + reach)
    return Shift(name=name, at=at.to_pydatetime(), before=before, after=after, low=low, high=high)


def _days(cells: pd.DataFrame, zone: str) -> pd.Series:
    """Return what each local day brought, made whole by the usual course of a day; NaN where too little was seen."""
    local = pd.DatetimeIndex(cells.index).tz_convert(ZoneInfo(zone)).tz_localize(None)
    dates = local.normalize()
    course = cells.groupby(local.hour).mean().reindex(local.hour).set_axis(cells.index)
    seen, due = cells.groupby(dates).sum(), course.groupby(dates).sum()
    part = course.where(cells.notna()).groupby(dates).sum() / due.where(due > 0)
    days = (seen / part).where(part >= KNOWN)
    days = days.loc[:, days.notna().mean() >= WATCHED]
    return days.sum(axis=1, skipna=False) if days.shape[1] else pd.Series(dtype=float)


def _weekdays(raw: Numbers, days: pd.DatetimeIndex) -> Numbers:
    """Return by how much each day's weekday usually lies above the middle of its week."""
    apart = pd.Series(raw - _middles(raw))
    usual = apart.groupby(np.asarray(days.day_of_week)).median()
    return np.asarray((usual - usual.mean()).reindex(days.day_of_week))


def _middles(values: Numbers) -> Numbers:
    """Return the middle of the week around each day; at the ends, of the first and of the last week."""
    return np.asarray(pd.Series(values).rolling(WEEK, center=True).median().ffill().bfill())


def _steadied(level: Numbers) -> Numbers:
    """Return the level with single days that stray far from the middle of their week drawn in."""
    middles = _middles(level)
    spread = 1.4826 * float(np.median(np.abs(level - middles)))
    return np.clip(level, middles - SURGE * spread, middles + SURGE * spread)


def _cuts(level: Numbers, first: int, last: int) -> Iterator[_Cut]:
    """Yield the places at which days from `first` to `last` are cut, the clearest first."""
    best = max(
        (
            _cut(level[max(first, place - SIDE) : place], level[place : min(last, place + SIDE)], place)
            for place in range(first + LAST, last - LAST + 1)
        ),
        key=lambda cut: cut.evidence,
        default=None,
    )
    if best is None or best.evidence < EVIDENCE or abs(best.size) < CLEAR:
        return
    yield best
    yield from _cuts(level, first, best.place)
    yield from _cuts(level, best.place, last)


def _cut(before: Numbers, after: Numbers, place: int) -> _Cut:
    """Return how both sides of a place differ; days resemble their neighbours, which makes them count for fewer."""
    sides = before, after
    rest = np.concatenate([side - side.mean() for side in sides])
    spread = float(rest @ rest) / (len(rest) - 2)
    alike = float(rest[1:] @ rest[:-1]) / max(float(rest @ rest), 1e-12)
    alike = min(max(alike + 3 / len(rest), 0.0), 0.8)  # short stretches make neighbours look less alike
    error = math.sqrt(max(spread, 1e-6) * (1 + alike) / (1 - alike) * sum(1 / len(side) for side in sides))
    return _Cut(place, float(sides[1].mean() - sides[0].mean()), error)


def _midnight(day: pd.Timestamp, zone: str) -> pd.Timestamp:
    """Return when a local day began; where clocks change at midnight, that was not at 00:00."""
    return pd.Timestamp(
        local_day((day + pd.Timedelta(hours=12)).tz_localize(ZoneInfo(zone)).to_pydatetime(), zone).start
    )
