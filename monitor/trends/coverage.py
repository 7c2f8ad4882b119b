"""When we were blind: every source's last outcome and its gaps inside a window."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from monitor.model.brief import SourceHealth, Stretch
from monitor.model.gaps import enough, gaps, gaps_of, is_imported, waited_since
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window, merged

MOST = 0.75
"""A cell can be used when enough of it was covered by at least MOST of the platform's walks: one dead feed of ten makes
the sum a lower bound, but does not make us blind."""


def health(state: SourceState, window: Window, now: datetime) -> SourceHealth:
    """Return how a source did, and its gaps in the part of `window` that has passed and in which it was there."""
    if is_imported(state):
        return _read_in(state, window, now)
    last, begun = state.runs[0] if state.runs else None, _begun(state)
    is_new = begun is not None and window.start < begun
    watched = Window(min(begun, window.end), window.end) if begun and is_new else window
    return SourceHealth(
        name=state.name,
        platform=state.platform,
        outcome=last.outcome if last else None,
        last_up=state.last_up,
        message=last.message if last else "",
        reason=last.reason if last else None,
        skipped=last.skipped if last else 0,
        gaps=_stretches(gaps_of(state, watched, now)),
        since=begun if is_new else None,
    )


def _begun(state: SourceState) -> datetime | None:
    """Return when a source was first watched: since it was configured, or what it told of was; None if unknown."""
    covered = [window.start for walk in state.walks.values() for window in walk.covered]
    return None if state.since is None else min([state.since, *covered])


def speaks_of(state: SourceState, window: Window) -> bool:
    """Tell whether a source has to do with a window: files that were read in only where they cover some of it."""
    return not is_imported(state) or bool(_touching(state, window))


def _read_in(state: SourceState, window: Window, now: datetime) -> SourceHealth:
    """Return what files cover of a window, and of which parts of it they know nothing."""
    covered = _touching(state, window)
    passed = Window(window.start, max(window.start, min(window.end, now)))
    unknown = gaps([Standing(None, covered)], passed)
    return SourceHealth(
        name=state.name, platform=state.platform, imported=_stretches(covered), gaps=_stretches(unknown)
    )


def _touching(state: SourceState, window: Window) -> tuple[Window, ...]:
    """Return the stretches that any of its walks covered, as far as they touch a window."""
    covered = merged(stretch for walk in state.walks.values() for stretch in walk.covered)
    return tuple(one for one in covered if one.start < window.end and window.start < one.end)


def _stretches(windows: Iterable[Window]) -> tuple[Stretch, ...]:
    return tuple(Stretch(start=one.start, end=one.end) for one in windows)


def configured(sources: Iterable[SourceState]) -> frozenset[str]:
    """Return the platforms that are asked; what only ever came from files blinds nobody by its end."""
    return frozenset(source.platform for source in sources if not is_imported(source))


def awaited(sources: Iterable[SourceState], now: datetime) -> Mapping[str, datetime]:
    """Return until when a platform was watched, where none of its sources is due to be asked again yet."""
    told: dict[str, list[datetime | None]] = {}
    for source in sources:
        if not is_imported(source):
            told.setdefault(source.platform, []).append(waited_since(source, now))
    return {name: min(filter(None, moments)) for name, moments in told.items() if None not in moments}


def usable(frame: Frame, sources: Sequence[SourceState], now: datetime) -> pd.DataFrame:
    """Return which cells may be compared, a boolean column per platform: those that most of its sources watched."""
    starts = pd.DatetimeIndex(frame.known.index).as_unit("s").asi8.astype(float)
    last = min(frame.window.end, now).timestamp()
    ends = np.minimum(np.append(starts[1:], frame.window.end.timestamp())[: len(starts)], last)
    walks: dict[str, list[Standing]] = {}
    for source in sources:
        walks.setdefault(source.platform, []).extend(source.walks.values())
    watched = frame.known.astype(bool)
    for name in watched:
        watched[name] |= mostly(walks.get(str(name), []), starts, ends) & frame.is_kept
    return watched


def mostly(walks: Iterable[Standing], starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Tell for each cell (epoch seconds) whether most of the walks that had begun covered enough of it."""
    begun, seen = np.zeros(len(starts)), np.zeros(len(starts))
    for walk in walks:
        if walk.covered:
            seen_by_it = enough(walk.covered, starts, ends)
            seen += seen_by_it
            begun += seen_by_it | (starts >= min(window.start for window in walk.covered).timestamp())
    return (begun > 0) & (seen >= MOST * begun) & (ends > starts)
