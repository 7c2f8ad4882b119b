"""When we were blind: every source's last outcome and its gaps inside a window."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np

from monitor.model.brief import SourceHealth, Stretch
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window, merged

SHORTEST = timedelta(minutes=30)
"""A shorter gap leaves its hour known (at least half of it was covered), so it is not told."""

ENOUGH, MOST = 0.5, 0.75
"""A cell can be used when at least ENOUGH of it was covered by at least MOST of the platform's walks: one dead feed of
ten makes the sum a lower bound, but does not make us blind."""

LONGEST_WAIT = timedelta(hours=3)
"""What was not covered for longer is a gap, however rarely the source is asked."""


def health(state: SourceState, window: Window, now: datetime) -> SourceHealth:
    """Return how a source did, and its gaps in the part of `window` that has passed."""
    last = state.runs[0] if state.runs else None
    due = min(window.end, waited_since(state, now) or now)
    passed = Window(window.start, max(window.start, due))
    found = () if is_imported(state) else gaps(state.walks.values(), passed)
    return SourceHealth(
        name=state.name,
        platform=state.platform,
        outcome=last.outcome if last else None,
        last_up=state.last_up,
        message=last.message if last else "",
        gaps=tuple(Stretch(start=gap.start, end=gap.end) for gap in found),
    )


def is_imported(state: SourceState) -> bool:
    """Tell whether a source is files that were read in: it covered something without ever having been asked."""
    return not state.runs and any(walk.covered for walk in state.walks.values())


def waited_since(state: SourceState, now: datetime) -> datetime | None:
    """Return until when a source was watched, if it is not yet due to be asked again; None when it is overdue.

    A gap is no observation where one was due: between two runs of a source that is asked every hour, nothing is.
    """
    ends = [max(stretch.end for stretch in walk.covered) for walk in state.walks.values() if walk.covered]
    if not ends or now - min(ends) > _patience(state):
        return None
    return min(ends)


def _patience(state: SourceState) -> timedelta:
    """Return how long a source may stay unasked: half as long again as it usually does."""
    starts = [run.started_at for run in state.runs[:10]]
    waits = [later - earlier for later, earlier in pairwise(starts)]
    usual = median(wait.total_seconds() for wait in waits) if waits else 0.0
    return min(max(SHORTEST, timedelta(seconds=1.5 * usual)), LONGEST_WAIT)


def mostly(walks: Iterable[Standing], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Tell for each cell (epoch seconds) whether most of the walks that had begun covered enough of it."""
    begun, seen = np.zeros(len(starts)), np.zeros(len(starts))
    for walk in walks:
        stretches = merged(walk.covered)
        if stretches:
            enough = _covered(stretches, starts, ends) >= ENOUGH * (ends - starts)
            seen += enough
            begun += enough | (starts >= stretches[0].start.timestamp())
    return (begun > 0) & (seen >= MOST * begun) & (ends > starts)


def _covered(stretches: tuple[Window, ...], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return how many seconds of each cell are covered: what is before its end less what is before its start."""
    edges = [edge.timestamp() for stretch in stretches for edge in (stretch.start, stretch.end)]
    before = np.cumsum([part for stretch in stretches for part in (0.0, stretch.length.total_seconds())])
    seconds: np.ndarray = np.interp(ends, edges, before) - np.interp(starts, edges, before)
    return seconds


def gaps(walks: Iterable[Standing], window: Window) -> tuple[Window, ...]:
    """Return when not every walk that had begun was covered; without any, the whole window.

    A walk counts from its first covered moment on, so a source that was just added is blind only before it began.
    """
    covered = [merged(walk.covered) for walk in walks]
    begun = [stretches for stretches in covered if stretches]
    if not begun:
        return _long([window])
    first = min(stretches[0].start for stretches in begun)
    blind = [Window(window.start, min(first, window.end))]
    for stretches in begun:
        blind += _between(stretches, window)
    return _long(merged(blind))


def _between(stretches: tuple[Window, ...], window: Window) -> list[Window]:
    """Return what of `window`, after the first stretch began, lies in none of them."""
    ends = [stretch.end for stretch in stretches]
    starts = [*(stretch.start for stretch in stretches[1:]), window.end]
    return [_clipped(Window(end, max(start, end)), window) for end, start in zip(ends, starts, strict=True)]


def _clipped(gap: Window, window: Window) -> Window:
    start = min(max(gap.start, window.start), window.end)
    return Window(start, max(start, min(gap.end, window.end)))


def _long(found: Iterable[Window]) -> tuple[Window, ...]:
    return tuple(gap for gap in found if gap.length >= SHORTEST)
