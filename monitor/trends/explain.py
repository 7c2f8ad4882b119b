"""Why a spike came: its parts beside their own usual, its largest posts, its crowd, and what happened meanwhile."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from monitor.model.finding import Cause, Crowd, Spike, Way
from monitor.model.metric import Metric
from monitor.model.series import Frame
from monitor.model.window import Resolution, Window
from monitor.trends.drivers import Parts, driven, suspects
from monitor.trends.facts import Facts
from monitor.trends.frame import block, possible, sure, tellers, within
from monitor.trends.meanwhile import events
from monitor.trends.mix import BACK, hours_of
from monitor.trends.number import by_hour, posts_of, unit_of
from monitor.trends.shares import LANGUAGE, OUTLET, named_spellings
from monitor.trends.top import posts, top

HOUR = timedelta(hours=1)

SEEN = 0.75
"""A platform is looked at when at least so much of a spike was watched there: a blind one would raise all others."""

PAST = 24
"""And when so many hours before it were: who is new has no usual share."""


def explained(facts: Facts, spikes: Sequence[Spike]) -> tuple[Spike, ...]:
    """Return the spikes with their drivers and their crowd."""
    return tuple(_explained(facts, spike) for spike in spikes)


def _explained(facts: Facts, spike: Spike) -> Spike:
    cells = _cells(facts, spike)
    if cells.empty:
        return spike
    unit = max(1.0, unit_of(cells, posts_of(facts, spike.name, cells)))
    found = [
        one for parts in _parts(facts, spike.name, cells, unit) for one in suspects(spike, parts, facts.campaign.zone)
    ]
    if spike.way is Way.UP:
        found += posts(facts.largest, spike)
    told = driven(spike, found, events(facts, spike))
    return told.model_copy(update={"crowd": _crowd(facts, spike)})


def _cells(facts: Facts, spike: Spike) -> pd.DataFrame:
    """Return the whole by the hour, a column for each platform that can be compared; NaN where nobody watched."""
    cells = within(by_hour(facts, spike.name), Window(spike.start - BACK, spike.end))
    known, inside = cells.notna(), hours_of(spike.start, spike.end, cells.index)
    chosen = [
        name
        for name in tellers(cells)
        if known[name][inside].mean() >= SEEN and known[name][cells.index < spike.start].sum() >= PAST
    ]
    return cells[chosen]


def _parts(facts: Facts, number: str, cells: pd.DataFrame, unit: float) -> Iterator[Parts]:
    """Yield the parts of the whole, kind by kind; of engagement only platforms are kept apart."""
    whole = cells.sum(axis=1, min_count=1)
    if number == Metric.ARTICLES:
        hours = _by_subject(facts.outlets, Metric.ARTICLES, cells)
        yield _named(Cause.OUTLET, hours, OUTLET, whole, unit)
        yield _named(Cause.LANGUAGE, hours, LANGUAGE, whole, unit)
        return
    if len(cells.columns) > 1:
        yield Parts(Cause.PLATFORM, cells, whole, unit)
    if facts.parts is not None and number in {Metric.POSTS, Metric.IMPRESSIONS}:
        hours = _by_subject(facts.parts, Metric(number), cells)
        shown = {name: tag for name, tag in named_spellings(facts.campaign).items() if name in hours}
        yield Parts(Cause.SPELLING, hours[list(shown)].rename(columns=shown), whole.reindex(hours.index), unit)
        yield _named(Cause.LANGUAGE, hours, LANGUAGE, whole, unit)
    if number == Metric.POSTS and not facts.tags.empty:
        told = facts.tags.notna().all(axis=1) & facts.tags.index.isin(whole.index)
        yield Parts(Cause.TAG, facts.tags[told], whole.reindex(facts.tags.index[told]))


def _named(cause: Cause, hours: pd.DataFrame, prefix: str, whole: pd.Series, unit: float) -> Parts:
    chosen = {name: str(name).removeprefix(prefix) for name in hours if str(name).startswith(prefix)}
    return Parts(cause, hours[list(chosen)].rename(columns=chosen), whole.reindex(hours.index), unit)


def _by_subject(frame: Frame, metric: Metric, cells: pd.DataFrame) -> pd.DataFrame:
    """Return what every subject brought in each hour on the platforms of `cells`, where these were watched."""
    past = frame.within(Window(cells.index[0].to_pydatetime(), cells.index[-1].to_pydatetime() + HOUR))
    stored = past.values  # noqa: PD011 - our frame
    columns = stored.columns
    chosen = (columns.get_level_values("metric") == metric.value) & columns.get_level_values("platform").isin(cells)
    counts = possible(stored.loc[:, chosen].astype(float))
    finer = frame.resolution is Resolution.FIVE_MINUTES
    hourly = counts.groupby(pd.DatetimeIndex(counts.index).floor("h")).sum() if finer else counts
    hourly = hourly.loc[hourly.index.isin(cells.index)]
    mask = cells.loc[hourly.index].notna()[list(hourly.columns.get_level_values("platform"))]
    return hourly.where(mask.to_numpy()).T.groupby(level="subject").sum().T


def _crowd(facts: Facts, spike: Spike) -> Crowd:
    """Return how many posts a spike has, and how much of it the largest had; who wrote them is counted elsewhere."""
    window = Window(spike.start, spike.end)
    written = sure(block(facts.hours, Metric.POSTS, facts.social), facts.usable_hours)
    inside = written[hours_of(spike.start, spike.end, written.index)].to_numpy(dtype=np.float64)
    many = float(np.nansum(inside)) if not np.isnan(inside).all() else None
    number, share = top(facts.largest, spike.name, window, spike.total)
    return Crowd(posts=many if spike.name != Metric.ARTICLES else None, top=number, top_share=share)
