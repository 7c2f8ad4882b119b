"""The lines to draw: hours for windows up to eight days, local days beyond, gaps as None."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.brief import Line, Point
from monitor.model.window import Resolution, Window, local_day
from monitor.trends.frame import within

HOURLY = timedelta(days=8)
"""The longest window whose single hours can still be told apart in a mail 600 pixels wide."""


def line(name: str, cells: pd.DataFrame, window: Window, zone: str) -> Line:
    """Return one drawn line of hours: what was `seen` (NaN in gaps), the usual level, and how far it may `stray`."""
    drawn = within(cells, window)
    if is_daily(window):
        drawn = pd.DataFrame({column: _by_day(drawn[column], zone, mean=column == "stray") for column in drawn})
    usual, stray = drawn["expected"], drawn["stray"]
    is_known = usual.notna().any()
    return Line(
        name=name,
        cell_seconds=(Resolution.DAY if is_daily(window) else Resolution.HOUR).seconds,
        points=_points(drawn["seen"]),
        expected=_points(usual) if is_known else (),
        low=_points((usual - stray).clip(lower=0.0)) if is_known else (),
        high=_points(usual + stray) if is_known else (),
    )


def is_daily(window: Window) -> bool:
    """Tell whether the cells of a window are local days."""
    return window.length > HOURLY


def _by_day(hours: pd.Series, zone: str, *, mean: bool = False) -> pd.Series:
    """Return sums (or means) over local days; a day of which less than half is known is a gap."""
    dates = pd.DatetimeIndex(hours.index).tz_convert(ZoneInfo(zone)).tz_localize(None).normalize()
    days = hours.groupby(dates)
    sums = (days.mean() if mean else days.sum()).where(days.count() * 2 >= days.size())
    sums.index = pd.DatetimeIndex([_midnight(group.index[0], zone) for _, group in days])
    return sums


def _midnight(moment: datetime, zone: str) -> datetime:
    """Return when the local day began; where clocks change at midnight, that was not at 00:00."""
    return local_day(pd.Timestamp(moment).to_pydatetime(), zone).start


def _points(cells: pd.Series) -> tuple[Point, ...]:
    moments = pd.DatetimeIndex(cells.index).to_pydatetime()
    return tuple(
        Point(at=at, value=None if np.isnan(value) else value) for at, value in zip(moments, cells, strict=True)
    )
