"""A series of any resolution played again: what the detector would have said at each row, knowing only those before."""

import numpy as np
import pandas as pd

from monitor.trends.episodes import alerts, fired
from monitor.trends.grid import grid
from monitor.trends.rule import RULE, Rule
from monitor.trends.surprise import SPANS, surprise

NINETY = 1.645  # standard deviations that hold 90 of 100 cases
COLUMNS = ("value", "expected", "low", "high", "score", "alert")


def replay(series: pd.Series, zone: str, rule: Rule = RULE) -> pd.DataFrame:
    """Return one row per row of `series` (its index: times, UTC where they tell no zone), in the same order.

    `value` as counted, NaN where it can not be a count; `expected` with `low` and `high`, between which 90 of 100
    values lie; `score`, in spreads above what was expected (negative: below); `alert`, whether people are told there.
    NaN where nothing can be said. No row depends on a later one.
    """
    index = pd.DatetimeIndex(series.index)
    index = index.tz_localize("UTC") if index.tz is None else index.tz_convert("UTC")
    step = 300 if len(index) < 2 else max(1, round((index[1] - index[0]).total_seconds()))
    even = grid(index, step, zone)
    value = series.to_numpy(float)
    found = surprise(even.cells(np.where((value >= 0) & np.isfinite(value), value, np.nan)[:, None]), even)
    told = alerts(fired(found, even, rule), found.hour_seen - found.hour_expected, even, rule)
    width = found.stray[0] / np.sqrt(even.rows(SPANS[0])) * NINETY
    rows = even.at
    columns = (value, found.expected[rows], (found.expected - width).clip(0)[rows], (found.expected + width)[rows])
    return pd.DataFrame(dict(zip(COLUMNS, (*columns, found.score[rows], told[rows]), strict=True)), index=series.index)
