"""Rules of numbers on an hourly series: when each held, today as in history played again. Pure."""

from dataclasses import replace

import numpy as np
import pandas as pd

from monitor.alerts.rules import Drop, Number, Spike, Stretch, Threshold
from monitor.model.finding import Spike as Found
from monitor.model.finding import Way
from monitor.trends.frame import tellers
from monitor.trends.rule import Rule as Detector
from monitor.trends.spikes import HOUR, spikes, watched


def would_fire(
    rule: Number, cells: pd.DataFrame, zone: str, *, posts: pd.DataFrame | None = None, eager: float = 1.0
) -> tuple[Stretch, ...]:
    """Return every stretch in which a rule held, in order.

    `cells`: hours by platform, NaN where nobody looked; `posts`: those that brought them, for impressions. `eager`: the
    part of the score that is enough.
    """
    if isinstance(rule, Threshold):
        return _beyond(rule, cells)
    return tuple(
        Stretch(start=one.start, end=one.end, way=one.way, value=one.total, against=one.expected)
        for one in surges(rule, cells, zone, posts=posts, eager=eager)
    )


def surges(
    rule: Spike | Drop, cells: pd.DataFrame, zone: str, *, posts: pd.DataFrame | None = None, eager: float = 1.0
) -> tuple[Found, ...]:
    """Return the spikes, or the drops, that a rule sees."""
    told = cells[tellers(cells)]
    if told.empty:
        return ()
    names = list(told)
    counted = None if posts is None else posts.reindex(columns=names).sum(axis=1)
    unit = 1.0 if counted is None else _unit(told, counted)
    hours = watched(told, zone, unit=unit, late=posts is not None)
    detector = Detector.of(rule.sensitivity)
    found = spikes(rule.metric, hours, posts=counted, rule=replace(detector, threshold=eager * detector.threshold))
    way = Way.UP if isinstance(rule, Spike) else Way.DOWN
    return tuple(one for one in found if one.way is way)


def _unit(values: pd.DataFrame, posts: pd.Series) -> float:
    """Return what one post adds: its usual views."""
    counted = float(posts.sum())
    return float(values.sum().sum()) / counted if counted else 1.0


def _beyond(rule: Threshold, cells: pd.DataFrame) -> tuple[Stretch, ...]:
    """Return when the sum of the last hours lay beyond the limit; below it only where every hour was seen."""
    together = cells[tellers(cells)].sum(axis=1, min_count=1) if tellers(cells) else cells.sum(axis=1, min_count=1)
    if rule.above is not None:
        summed = together.rolling(rule.hours, min_periods=1).sum()
        held, limit, way = summed >= rule.above, rule.above, Way.UP
    else:
        limit, way = rule.below or 0.0, Way.DOWN
        seen = cells.notna().all(axis=1)
        summed = together.where(seen).rolling(rule.hours, min_periods=rule.hours).sum()
        held = summed < limit
    places = np.flatnonzero(held.to_numpy())
    if not len(places):
        return ()
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return tuple(
        Stretch(
            start=cells.index[run[0]].to_pydatetime(),
            end=(cells.index[run[-1]] + HOUR).to_pydatetime(),
            way=way,
            value=float(summed.iloc[run[-1]]),
            against=limit,
        )
        for run in runs
    )
