"""What counts as watched and what as a gap: the one rule of the store, the briefs and `monitor status`. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window, merged

ENOUGH = 0.5
"""The share of a cell's elapsed part that must be covered for the cell to be known."""

SHORTEST = timedelta(minutes=30)
"""A shorter gap leaves its hour known (at least ENOUGH of it was covered), so it is not told."""

LONGEST_WAIT = timedelta(hours=3)
"""What was not covered for longer is a gap, however rarely the source is asked."""

Seconds = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def enough(covered: Sequence[Window], starts: Seconds, ends: Seconds) -> Mask:
    """Tell for each cell (epoch seconds) whether ENOUGH of it is covered; never for one that ends where it starts.

    What is covered of a cell is the covered time before its end less that before its start.
    """
    windows = merged(covered)
    if not windows:
        return np.full(starts.shape, False)
    edges = [edge.timestamp() for window in windows for edge in (window.start, window.end)]
    before = list(accumulate(length for window in windows for length in (0.0, window.length.total_seconds())))
    inside = np.interp(ends, edges, before) - np.interp(starts, edges, before)
    return np.asarray((inside >= ENOUGH * (ends - starts)) & (ends > starts))


def gaps_of(state: SourceState, window: Window, now: datetime) -> tuple[Window, ...]:
    """Return when a source was blind in the part of `window` that has passed; files that were read in never are."""
    if is_imported(state):
        return ()
    due = min(window.end, waited_since(state, now) or now)
    return gaps(state.walks.values(), Window(window.start, max(window.start, due)))


def is_imported(state: SourceState) -> bool:
    """Tell whether a source is files that were read in: it stands somewhere without ever having been asked."""
    return not state.runs and bool(state.walks)


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
