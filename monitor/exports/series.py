"""A metric over time as page, API and exports show it: the counted sums of the brief, cell by cell, with the gaps."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

import numpy as np
import pandas as pd

from monitor import sources
from monitor.digest.gather import Reader
from monitor.model.brief import Stretch
from monitor.model.campaign import Campaign
from monitor.model.gaps import gaps_of
from monitor.model.metric import VERSIONS, WHOLE, Metric, MetricClass, language_subject
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.table import Record
from monitor.model.window import Resolution, Window
from monitor.store import runs, series
from monitor.store.store import Store
from monitor.trends.coverage import awaited, configured, usable
from monitor.trends.frame import block, counted, tellers, unseen
from monitor.trends.shares import named_spellings

NO_LONGER_KEPT = "no longer kept"
"""Why a cell is not known that is older than the store keeps it, and is in no archive."""

NOT_WATCHED = "not watched"

_EVERYBODY_TELLS = frozenset({Metric.POSTS, Metric.ARTICLES, Metric.MEASURED_POSTS})
_WITNESS = {Metric.IMPRESSIONS: (Metric.MEASURED_POSTS,), Metric.ROUNDING: (Metric.MEASURED_POSTS,)}
"""What shows that a platform tells a metric, where that is another one."""


class Split(StrEnum):
    """By what a series is split."""

    NONE = "none"
    PLATFORM = "platform"
    SPELLING = "spelling"
    LANGUAGE = "language"


class Gap(Record):
    """When a source was not watched, and why, as far as its runs tell."""

    source: str
    platform: str
    start: datetime
    end: datetime
    reason: str


class Points(Record):
    """One line: a value for each cell; None where nobody watched and nothing came in.

    `partial` tells where it is a lower bound: a platform where that one was not watched, any other part where any was
    not.
    """

    name: str
    values: tuple[float | None, ...]
    partial: tuple[bool, ...]


class Series(Record):
    """A metric of a campaign in a window.

    `at` are the starts of the cells; `partial` tells where a platform was not watched: there the sum of all lines is a
    lower bound.
    """

    campaign: str
    metric: Metric
    definition: str
    class_of: MetricClass
    resolution: Resolution
    split: Split
    window: Stretch
    zone: str
    at: tuple[datetime, ...]
    partial: tuple[bool, ...]
    lines: tuple[Points, ...]
    gaps: tuple[Gap, ...]


async def read(  # noqa: PLR0917 - the order in which one asks
    store: Store,
    campaign: Campaign,
    metric: Metric,
    window: Window,
    resolution: Resolution,
    split: Split,
    now: datetime,
) -> Series:
    """Return a metric over a window."""
    known = await series.platforms(store, campaign.slug)
    is_press = metric.class_of is MetricClass.COVERAGE
    platforms = [name for name in known if sources.is_press(name) == is_press]
    names = await _subjects(store, campaign, split)
    reader = Reader(store, campaign, now)
    frame = await reader.frame(list(names), platforms, [metric, *_WITNESS.get(metric, ())], window, resolution)
    states = [state for state in await runs.states(store, campaign.slug) if state.platform in platforms]
    watched = usable(frame, states, now)
    missing = unseen(frame.known.astype(bool), configured(states), awaited(states, now))
    partial = _flags(missing.any(axis=1) | ~frame.is_kept)
    if split is Split.PLATFORM:
        blind = {name: _flags(missing[name] | ~frame.is_kept) for name in platforms}
        lines = _platforms(frame, metric, watched, blind)
    else:
        lines = _sums(frame, metric, names, watched, partial)
    index = pd.DatetimeIndex(watched.index)
    return Series(
        campaign=campaign.slug,
        metric=metric,
        definition=f"{metric.value}/{VERSIONS.get(metric.value, 1)}",
        class_of=metric.class_of,
        resolution=resolution,
        split=split,
        window=Stretch(start=window.start, end=window.end),
        zone=campaign.zone,
        at=tuple(index.to_pydatetime()),
        partial=partial,
        lines=tuple(lines),
        gaps=gaps_in(frame, states, now),
    )


async def gaps(
    store: Store, campaign: Campaign, window: Window, resolution: Resolution, now: datetime
) -> tuple[Gap, ...]:
    """Return when each source of a campaign was not watched, and of when no cells of this width are kept."""
    known = await series.platforms(store, campaign.slug)
    frame = await Reader(store, campaign, now).frame([], known, [], window, resolution)
    return gaps_in(frame, await runs.states(store, campaign.slug), now)


def gaps_in(frame: Frame, states: Iterable[SourceState], now: datetime) -> tuple[Gap, ...]:
    """Return the gaps in a frame, source by source."""
    gone = _let_go(frame)
    return tuple(gap for state in states for gap in (*_gaps(state, frame.window, now), *_forgotten(state, gone)))


async def _subjects(store: Store, campaign: Campaign, split: Split) -> dict[str, str]:
    """Return the subjects a split asks for, and what they are called."""
    if split is Split.SPELLING:
        seen = set(await series.subjects(store, campaign.slug, "tag"))
        return {subject: name for subject, name in named_spellings(campaign).items() if subject in seen}
    if split is Split.LANGUAGE:
        prefix = language_subject("")
        found = await series.subjects(store, campaign.slug, "language")
        return {subject: subject.removeprefix(prefix) for subject in found}
    return {WHOLE: campaign.slug}


def _platforms(
    frame: Frame, metric: Metric, watched: pd.DataFrame, blind: Mapping[str, tuple[bool, ...]]
) -> Iterator[Points]:
    """Yield one line for each platform that told the metric; `blind` is when each was not watched."""
    parts = counted(block(frame, metric, _tellers(frame, metric, blind, WHOLE)), watched)
    for name in tellers(parts) or parts:
        yield Points(name=str(name), values=_values(parts[name]), partial=blind[str(name)])


def _sums(
    frame: Frame, metric: Metric, names: Mapping[str, str], watched: pd.DataFrame, partial: tuple[bool, ...]
) -> Iterator[Points]:
    """Yield one line for each subject: what all platforms told of it together."""
    for subject, name in names.items():
        told = _tellers(frame, metric, map(str, watched), subject)
        parts = counted(block(frame, metric, told, subject), watched)
        yield Points(name=name, values=_values(parts.sum(axis=1, min_count=1)), partial=partial)


def _tellers(frame: Frame, metric: Metric, platforms: Iterable[str], subject: str) -> list[str]:
    """Return the platforms that told a metric: elsewhere its zeros mean that nobody knows. Posts all of them tell."""
    if metric in _EVERYBODY_TELLS:
        return [*platforms]
    witnesses = _WITNESS.get(metric, (metric,))
    return [name for name in platforms if any(tellers(block(frame, one, [name], subject)) for one in witnesses)]


def _flags(column: pd.Series) -> tuple[bool, ...]:
    return tuple(map(bool, column))


def _values(column: pd.Series) -> tuple[float | None, ...]:
    return tuple(None if value != value else float(value) for value in column)  # noqa: PLR0124 - NaN is not itself


def _gaps(state: SourceState, window: Window, now: datetime) -> list[Gap]:
    return [
        Gap(source=state.name, platform=state.platform, start=gap.start, end=gap.end, reason=_reason(state, gap))
        for gap in gaps_of(state, window, now)
    ]


def _forgotten(state: SourceState, gone: Iterable[Window]) -> list[Gap]:
    return [
        Gap(source=state.name, platform=state.platform, start=one.start, end=one.end, reason=NO_LONGER_KEPT)
        for one in gone
    ]


def _let_go(frame: Frame) -> list[Window]:
    """Return the stretches of which nobody keeps cells of this width any more."""
    is_gone = np.pad(~frame.is_kept, 1)
    edges = np.flatnonzero(is_gone[1:] != is_gone[:-1])  # where one begins, where it ends, and so on
    inside = pd.DatetimeIndex(frame.known.index[edges[edges < len(frame.known)]])
    moments = [*inside.to_pydatetime(), frame.window.end]
    return [Window(start, end) for start, end in zip(moments[::2], moments[1::2], strict=False)]


def _reason(state: SourceState, gap: Window) -> str:
    """Return how the runs in a gap ended; nobody remembers those of long ago."""
    inside = [run for run in state.runs if gap.start <= run.started_at < gap.end and not run.outcome.is_up]
    if inside:
        return inside[0].message or inside[0].outcome.value
    return "not asked" if state.runs and state.runs[-1].started_at < gap.start else NOT_WATCHED
