"""What a day will come to at midnight: what it had so far, and the rest of the day as earlier days had it.

The rule is tried on every earlier day at the same time of day; how far it was off then is how far it may be off today.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.finding import Forecast
from monitor.model.window import Window, local_day
from monitor.trends import season
from monitor.trends.frame import possible
from monitor.trends.season import Numbers

HALFLIFE = 6
"""Hours after which an hour says half as much about how lively the day is."""

PULLS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How far the rest of a day follows its liveliness so far: what served best on the days before."""

PAST = 35  # days on which the rule is tried
KNOWN = 0.5  # of a past day's rest must be known to try it
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SoFar:
    """What a number had since local midnight until `now`; partial where a gap lies in between."""

    now: datetime
    value: float
    partial: bool = False


def forecast(name: str, cells: pd.DataFrame, zone: str, so_far: SoFar) -> Forecast | None:
    """Return what today's number will come to at local midnight; None while too few days tell how far one may be off.

    `cells` are hours up to now (the last may have begun only), one column per platform, NaN where it was not watched.
    """
    if cells.empty:
        return None
    today = local_day(so_far.now, zone)
    rests = _rests(possible(cells), zone, Window(so_far.now, today.end))
    wanted = min((rests.wanted_at(pull) for pull in PULLS), key=rests.missed)
    past = season.strayed(rests.seen[1:], wanted[1:])
    if past is None or np.isnan(wanted[0]):
        return None
    rest = float(wanted[0]) + season.HALF
    chance = season.NORMAL / np.sqrt(rest)
    ends = (min(past.low, past.middle - chance), past.middle, max(past.high, past.middle + chance))
    low, middle, high = (so_far.value + max(rest * float(np.exp(end)) - season.HALF, 0.0) for end in ends)
    return Forecast(
        name=name, at=today.end, so_far=so_far.value, partial=so_far.partial, low=low, middle=middle, high=high
    )


@dataclass(frozen=True)
class _Rests:
    """What came after the same time of day, today (not known yet) and on each day before: seen, and usual.

    `lively` is by how much the hours before that time were above what was expected of them.
    """

    seen: Numbers
    usual: Numbers
    lively: Numbers

    def wanted_at(self, pull: float) -> Numbers:
        return np.asarray(self.usual * self.lively**pull)

    def missed(self, wanted: Numbers) -> float:
        """Return how far a rule was off on the days before, in the middle."""
        errors = np.abs(season.off(self.seen[1:], wanted[1:]))
        return float(np.median(errors[~np.isnan(errors)])) if (~np.isnan(errors)).any() else np.inf


def _rests(cells: pd.DataFrame, zone: str, left: Window) -> _Rests:
    """Return the rests of today and of the days before it, the latest first."""
    hours = pd.date_range(cells.index[0], left.end - HOUR, freq="h")
    whole = cells[cells.index <= left.start - HOUR].reindex(hours)
    usual = season.expected(whole, zone)
    both = whole.notna() & usual.notna()
    told = pd.DataFrame({"seen": whole.where(both).sum(axis=1), "usual": usual.where(both).sum(axis=1)})
    dates, parts = _after(hours, zone, left)
    begins = np.flatnonzero(parts)[np.unique(dates[parts > 0], return_index=True)[1]]  # of each day's rest
    told["known"], told["due"] = both.sum(axis=1), cells.shape[1]
    rests = told.mul(parts, axis=0).groupby(dates).sum().loc[dates[begins]]
    rests = rests.where(rests["known"] >= KNOWN * rests["due"])
    return _Rests(
        seen=rests["seen"].to_numpy()[: -PAST - 2 : -1],
        usual=np.append(rests["usual"].to_numpy()[:-1], _ahead(whole, usual.mul(parts, axis=0)[dates == dates[-1]]))[
            : -PAST - 2 : -1
        ],
        lively=_lively(told)[begins][: -PAST - 2 : -1],
    )


def _after(hours: pd.DatetimeIndex, zone: str, left: Window) -> tuple[np.ndarray, Numbers]:
    """Return the local date of every hour, and which part of it lies after the time of day at which `left` begins."""
    local, now = hours.tz_convert(ZoneInfo(zone)), left.start.astimezone(ZoneInfo(zone))
    parts = np.asarray(local.hour) + 1 - now.hour - now.minute / 60
    dates = np.asarray(local.tz_localize(None).normalize())
    today = dates == np.datetime64(now.date())
    ahead = np.asarray((hours + HOUR - left.start) / HOUR)  # a wall clock that changes shows an hour twice or never
    return dates, np.clip(np.where(today, ahead, parts), 0, 1)


def _ahead(whole: pd.DataFrame, usual: pd.DataFrame) -> float:
    """Return what is usual for the rest of today; NaN where a platform that lately brought something has no past."""
    latest = whole[whole.notna().any(axis=1)][-2 * season.DAY :]
    return float(usual.loc[:, (latest > 0).any()].sum(skipna=False).sum(skipna=False))


def _lively(told: pd.DataFrame) -> Numbers:
    """Return by how much the hours before each hour were above what was expected of them, the latest most."""
    faded = told[["seen", "usual"]].ewm(halflife=HALFLIFE, adjust=False).mean().shift(1, fill_value=0.0) * HALFLIFE
    return np.asarray((faded["seen"] + season.HALF) / (faded["usual"] + season.HALF))
