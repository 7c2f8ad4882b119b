"""A series of any resolution played again: what the detector would have said at each row, knowing only those before."""

import numpy as np
import pandas as pd

from monitor.trends.episodes import Alert, alerts, loud, silent, still, surging
from monitor.trends.grid import grid
from monitor.trends.rows import ABOUT, Piece, counts, pieces
from monitor.trends.rule import RULE, Rule
from monitor.trends.surprise import SPANS, surprise

COLUMNS = ("value", "expected", "low", "high", "score", "alert")


def replay(series: pd.Series, zone: str, rule: Rule = RULE) -> pd.DataFrame:
    """Return one row per row of `series` (its index: times, UTC where they tell no zone), in the same order.

    `value` as counted, NaN where it can not be a count; `expected` with `low` and `high`, between which 90 of 100
    values lie; `score`, in spreads above what was expected (negative: below); `alert`, whether people are told there.
    NaN where nothing can be said; `rows.oddities` says why. No row depends on later ones.
    """
    index = pd.DatetimeIndex(series.index)
    index = index.tz_localize("UTC") if index.tz is None else index.tz_convert("UTC")
    values = counts(series.to_numpy(float))
    told = pd.Series(values, index=index)[index.notna()].sort_index(kind="stable")
    told = told[~told.index.duplicated(keep="last")]
    times = pd.DatetimeIndex(told.index).as_unit("s")
    found = np.full((len(told), len(COLUMNS) - 1), np.nan)
    for piece in pieces(times.asi8):
        rows = slice(piece.first, piece.last)
        found[piece.told : piece.last] = _judged(times[rows], told.to_numpy()[rows], piece, zone, rule)[
            piece.told - piece.first :
        ]
    by_time = pd.DataFrame(found, index=told.index, columns=list(COLUMNS[1:])).reindex(index).set_axis(series.index)
    by_time["alert"] = by_time["alert"] == 1
    by_time.insert(0, "value", values)
    return by_time


def _judged(times: pd.DatetimeIndex, values: np.ndarray, piece: Piece, zone: str, rule: Rule) -> np.ndarray:
    """Return what was expected of each row, low, high, its score and whether it makes an alert.

    A row that comes later than the next one was due is left out: it may hold what the gap before it held.
    """
    punctual = np.abs(np.diff(times.asi8, prepend=times.asi8[0] - piece.step) - piece.step) <= ABOUT * piece.step
    even = grid(times[punctual], piece.step, zone)
    found = surprise(even.cells(values[punctual, None]), even)
    excess = found.hour[0] - found.hour[1]
    up = alerts(surging(found, even, rule), loud(found, even, rule), excess, even, rule)
    down = alerts(silent(found, rule), still(found, rule), -excess, even, rule)
    width = found.strays[0] / np.sqrt(even.rows(SPANS[0]))
    low, high = (found.expected - width).clip(0), found.expected + width
    told = (up > Alert.NONE) | (down > Alert.NONE)
    rows = np.full((len(times), len(COLUMNS) - 1), np.nan)
    rows[punctual] = np.column_stack((found.expected, low, high, found.score, told))[even.places]
    return rows
