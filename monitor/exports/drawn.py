"""What the chart of a number shows: the series that API and files hold, and what the brief found in it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from monitor.charts.drawing import Cell, Drawing, Mark, Part, Parts
from monitor.digest import health, sentences, terms
from monitor.exports import series, titles
from monitor.exports.series import NOT_WATCHED, Gap, Points, Series, Split
from monitor.model.brief import Brief, Line, Spike
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric, stored
from monitor.model.window import Resolution, Window, local_day
from monitor.store.store import Store
from monitor.trends.compare import windows
from monitor.trends.lines import is_daily
from monitor.words.voice import Voice

Beside = Literal["before", "week"]
POTENTIAL = "potential_reach"
MOST_GAPS = 60  # of all sources, the longest: more could not be told apart
MOST_PARTS = 7  # the others are drawn as one

Link = Callable[[Spike], str]
"""Where the reasons of a spike stand."""


class Read(NamedTuple):
    """A number as it is stored, and in the window beside it."""

    number: str
    now: tuple[Series, ...]
    beside: tuple[Series, ...] = ()


async def read(  # noqa: PLR0917 - the order in which one asks
    store: Store, campaign: Campaign, brief: Brief, number: str, beside: Beside | None, now: datetime
) -> Read:
    """Read a number over the window of a brief."""
    spans = windows(Window(brief.window.start, brief.window.end), campaign.zone)
    other = {None: None, "before": spans.before, "week": spans.week_before}[beside]
    width = _width(number, spans.now, now)
    ours, theirs = await asyncio.gather(
        _series(store, campaign, number, spans.now, width, Split.NONE, now),
        _series(store, campaign, number, other, width, Split.NONE, now) if other else _nothing(),
    )
    return Read(number, ours, theirs)


async def parts(  # noqa: PLR0917 - the order in which one asks
    store: Store, campaign: Campaign, brief: Brief, number: str, split: Split, now: datetime, voice: Voice
) -> Parts:
    """Return a number over the window of a brief, part by part, the largest first."""
    window = Window(brief.window.start, brief.window.end)
    width = _width(number, window, now)
    found = await _series(store, campaign, number, window, width, split, now)
    at, held = found[0].at, [*_held(found, _NAMED[split], voice)]
    drawn = sorted((part for part in held if any(part.values)), key=lambda part: -sum(filter(None, part.values)))
    ends, gaps = _ends(at, width, campaign.zone), tuple(_gaps(found[0].gaps, window, voice))
    return Parts(window, campaign.zone, at, ends, _fewer(drawn, voice), gaps)


def drawing(told: Read, brief: Brief, voice: Voice, zone: str, link: Link) -> Drawing:
    """Return what is drawn, in the reader's words; hours stand on the clock of `zone`, days are the campaign's days."""
    window = Window(brief.window.start, brief.window.end)
    width = told.now[0].resolution
    gaps = [gap for one in told.now[:1] for gap in one.gaps]
    return Drawing(
        number=told.number,
        window=window,
        zone=brief.zone if width is Resolution.DAY else zone,
        cells=tuple(_cells(told, brief)),
        spikes=tuple(_spikes(brief, window, voice, link)),
        gaps=tuple(_gaps(gaps, window, voice)),
        breaks=tuple(
            Mark(one.at, one.at, health.broken(one, voice))
            for one in brief.breaks
            if one.number == told.number and one.at in window
        ),
    )


def _held(found: Sequence[Series], named: Callable[[str, Voice], str], voice: Voice) -> Iterator[Part]:
    """Yield every part of a number that is the sum of these series."""
    for name in dict.fromkeys(line.name for one in found for line in one.lines):
        yield _together(named(name, voice), [line for one in found for line in one.lines if line.name == name])


def _together(name: str, held: Sequence[Points | Part]) -> Part:
    """Return the sum of what is told under one name: a lower bound where any of it is one."""
    partial = zip(*(one.partial for one in held), strict=True)
    return Part(name, _sum([one.values for one in held]), tuple(map(any, partial)))


async def _nothing() -> tuple[Series, ...]:
    return ()


async def _series(  # noqa: PLR0917 - the order in which one asks
    store: Store, campaign: Campaign, number: str, window: Window, width: Resolution, split: Split, now: datetime
) -> tuple[Series, ...]:
    """Return the stored series that a number is the sum of; of the bracket of potential reach its upper end."""
    metrics = (Metric.POTENTIAL_HIGH,) if number == POTENTIAL else stored(number)
    asked = (series.read(store, campaign, metric, window, width, split, now) for metric in metrics)
    return tuple(await asyncio.gather(*asked))


def _width(number: str, window: Window, now: datetime) -> Resolution:
    """Return the cells of a chart: those of the brief's lines, as far back as hours are kept."""
    kept = Resolution.HOUR.retention or timedelta.max
    is_gone = now - window.start >= kept
    return Resolution.DAY if number == POTENTIAL or is_daily(window) or is_gone else Resolution.HOUR


def _cells(told: Read, brief: Brief) -> Iterator[Cell]:
    one = told.now[0]
    line = next((line for line in brief.lines if line.name == told.number), None)
    usual, low, high = _around(line, one.resolution)
    values = _sum([held.lines[0].values for held in told.now])
    beside = _sum([held.lines[0].values for held in told.beside]) if told.beside else ()
    ends = _ends(one.at, one.resolution, one.zone)
    for place, (at, until, value, partial) in enumerate(zip(one.at, ends, values, one.partial, strict=True)):
        if at < min(brief.made_at, brief.window.end):
            other = beside[place] if place < len(beside) else None
            yield Cell(at, until, value, partial, usual.get(at), low.get(at), high.get(at), other)


def _around(line: Line | None, width: Resolution) -> list[Mapping[datetime, float | None]]:
    """Return by moment what was usual, and what holds nine of ten, where the brief has the same cells."""
    if line is None or line.cell_seconds != width.seconds:
        return [{}, {}, {}]
    return [{point.at: point.value for point in points} for points in (line.expected, line.low, line.high)]


def _ends(at: Sequence[datetime], width: Resolution, zone: str) -> tuple[datetime, ...]:
    if not at:
        return ()
    last = at[-1] + timedelta(seconds=width.seconds)
    return (*at[1:], local_day(at[-1], zone).end if width is Resolution.DAY else last)


def _sum(columns: Sequence[Sequence[float | None]]) -> tuple[float | None, ...]:
    """Return the sums of what is known; None where nothing is."""
    rows = zip(*columns, strict=True)
    return tuple(None if all(value is None for value in row) else sum(filter(None, row)) for row in rows)


def _spikes(brief: Brief, window: Window, voice: Voice, link: Link) -> Iterator[Mark]:
    """Yield the spikes of all numbers, cut to the window: each is told of one number only."""
    for found in brief.spikes:
        start, end = max(found.start, window.start), min(found.end, window.end)
        yield Mark(start, end, sentences.spike(found, voice), link(found))


def _gaps(found: Sequence[Gap], window: Window, voice: Voice) -> Iterator[Mark]:
    """Yield the longest gaps in order, cut to the window."""
    longest = sorted(found, key=lambda gap: gap.start - gap.end)[:MOST_GAPS]
    for gap in sorted(longest, key=lambda gap: gap.start):
        start, end = max(gap.start, window.start), min(gap.end, window.end)
        yield Mark(start, end, _unwatched(gap, voice))


def _unwatched(gap: Gap, voice: Voice) -> str:
    """Return who was not watched, and why where that is known."""
    source = voice.foreign(gap.source)
    if gap.reason == NOT_WATCHED:
        return voice.say("{source} was not watched", source=source)
    return voice.say("{source} was not watched: {reason}", source=source, reason=titles.of_gap(gap.reason, voice))


def _fewer(found: Sequence[Part], voice: Voice) -> tuple[Part, ...]:
    if len(found) <= MOST_PARTS + 1:
        return tuple(found)
    left = found[MOST_PARTS:]
    return (*found[:MOST_PARTS], _together(voice.count("{n} other", "{n} others", len(left)), left))


_NAMED: Mapping[Split, Callable[[str, Voice], str]] = {
    Split.SPELLING: terms.spelling,
    Split.PLATFORM: terms.platform,
    Split.LANGUAGE: lambda name, voice: voice.language_name(name),
}
