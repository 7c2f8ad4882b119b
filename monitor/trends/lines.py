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


def line(name: str, hours: pd.Series, expected: pd.Series, window: Window, zone: str) -> Line:
    """Return one drawn line of an hourly series (NaN in gaps) with the usual level beside it."""
    both = within(pd.DataFrame({"seen": hours, "expected": expected}), window)
    daily = window.length > HOURLY
    if daily:
        both = pd.DataFrame({column: _by_day(both[column], zone) for column in both})
    known = both["expected"].notna()
    return Line(
        name=name,
        cell_seconds=(Resolution.DAY if daily else Resolution.HOUR).seconds,
        points=_points(both["seen"]),
        expected=_points(both["expected"]) if known.any() else (),
    )


def _by_day(hours: pd.Series, zone: str) -> pd.Series:
    """Return sums over local days; a day of which less than half is known is a gap."""
    dates = pd.DatetimeIndex(hours.index).tz_convert(ZoneInfo(zone)).tz_localize(None).normalize()
    days = hours.groupby(dates)
    sums = days.sum().where(days.count() * 2 >= days.size())
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
