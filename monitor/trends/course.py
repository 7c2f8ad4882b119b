"""The course of each number in a brief: where it is heading, levels that shifted, and what today will come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from monitor.model.finding import Forecast, Heading, Shift
from monitor.model.metric import Metric
from monitor.model.window import Window, local_day
from monitor.trends.compare import WEEK
from monitor.trends.facts import Facts
from monitor.trends.forecast import SoFar, forecast
from monitor.trends.frame import block, counted, level, sure, tellers, within
from monitor.trends.heading import headings
from monitor.trends.shift import shifts
from monitor.trends.totals import is_partial

NUMBERS = (Metric.POSTS, Metric.IMPRESSIONS, Metric.ARTICLES)

HOUR = timedelta(hours=1)
NEWS = timedelta(days=21)
"""So long a shift is told, if the window is shorter: it must last some days before anybody can see it."""


@dataclass(frozen=True)
class Course:
    """What is told of the course of all numbers, in the order of NUMBERS."""

    headings: tuple[Heading, ...]
    shifts: tuple[Shift, ...]
    forecasts: tuple[Forecast, ...]


def course(facts: Facts) -> Course:
    """Return the course of every number that any platform tells; shifts only for windows of a week and more."""
    window, zone = facts.windows.now, facts.campaign.zone
    told = {metric: cells for metric in NUMBERS if not (cells := _hours(facts, metric)).empty}
    whole = {metric: cells[cells.index <= window.end - HOUR] for metric, cells in told.items()}
    return Course(
        headings=tuple(one for metric, cells in whole.items() for one in headings(metric.value, cells, zone)),
        shifts=tuple(one for metric, cells in whole.items() for one in _shifts(metric, cells, window, zone)),
        forecasts=tuple(one for metric, cells in told.items() if (one := _forecast(facts, metric, cells)) is not None),
    )


def _hours(facts: Facts, metric: Metric) -> pd.DataFrame:
    """Return the watched hours up to the end of the window, one column for each platform that ever told the number."""
    cells = sure(block(facts.hours, metric, _platforms(facts, metric)), facts.usable_hours)
    return cells.loc[cells.index < facts.windows.now.end, tellers(cells)]


def _platforms(facts: Facts, metric: Metric) -> tuple[str, ...]:
    return facts.papers if metric is Metric.ARTICLES else facts.social


def _shifts(metric: Metric, cells: pd.DataFrame, window: Window, zone: str) -> Iterator[Shift]:
    """Yield the shifts of whole local days that are news in the window."""
    if window.length < WEEK - HOUR:
        return
    first, last = local_day(cells.index[0].to_pydatetime(), zone), local_day(window.end, zone)
    begin = first.start if first.start == cells.index[0] else first.end
    since = min(window.start, window.end - NEWS)
    found = shifts(metric.value, within(cells, Window(begin, last.start)), zone)
    yield from (one for one in found if one.at >= since)


def _forecast(facts: Facts, metric: Metric, cells: pd.DataFrame) -> Forecast | None:
    """Return what the number of today will come to, if the window ends today and now."""
    end, zone = facts.windows.now.end, facts.campaign.zone
    today = local_day(end, zone)
    if not today.start < end <= facts.now < end + HOUR:
        return None
    so_far = _so_far(facts, metric, Window(today.start, end))
    return None if so_far is None else forecast(metric.value, cells, zone, so_far)


def _so_far(facts: Facts, metric: Metric, passed: Window) -> SoFar | None:
    """Return what was counted since midnight; None where nobody told it."""
    platforms = _platforms(facts, metric)
    cells = counted(within(block(facts.cells, metric, platforms), passed), facts.usable_cells)
    value = level(cells[tellers(block(facts.cells, metric, platforms))], partial=False).value
    return None if value is None else SoFar(passed.end, value, is_partial(facts, platforms, passed))
