"""When a platform was watched: from what its walks have covered to a mask over cells. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from monitor.model.gaps import Mask, Seconds, enough
from monitor.model.window import Window


@dataclass(frozen=True)
class Watch:
    """One walk on a platform: what it covered, until when it was configured, and whether it ever was.

    Files that were imported are never configured: they add knowledge, but their end blinds nobody. A stream hears
    everything there is (`whole`): while it does, nothing else is needed, and what it missed the others may have seen.
    `since`: from when on something is missing of one that was asked and never covered anything.
    """

    covered: tuple[Window, ...]
    until: datetime | None = None
    configured: bool = True
    whole: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Stretches:
    """The elapsed parts of cells, in epoch seconds; what lies ahead ends before it starts."""

    starts: Seconds
    ends: Seconds


def elapsed(starts: Seconds, window: Window, now: datetime) -> Stretches:
    """Cut the cells that begin at `starts` to what has passed of them inside `window`."""
    last = min(window.end, now).timestamp()
    ends = np.append(starts[1:], window.end.timestamp())
    return Stretches(np.maximum(starts, window.start.timestamp()), np.minimum(ends, last))


def known(watches: Iterable[Watch], cells: Stretches) -> Mask:
    """Tell for each cell whether every configured walk that had begun by then covers enough of it, or one is whole.

    Where no walk had begun before the cell, as in the very first one, any walk that covers enough of it will do.
    """
    all_of, begun, enough_alone, anyone, streams = (
        np.full(cells.starts.shape, value) for value in (True, False, False, False, False)
    )
    for watch in watches:
        seen, asked = enough(watch.covered, cells.starts, cells.ends), _had_begun(watch, cells)
        anyone |= seen
        if watch.whole or not watch.configured:
            enough_alone |= seen
        if watch.whole:
            streams |= asked
        else:
            all_of &= seen | ~asked
            begun |= asked
    watched: Mask = np.where(begun, all_of, anyone & ~streams) | enough_alone
    return watched & (cells.ends > cells.starts)


def _had_begun(watch: Watch, cells: Stretches) -> Mask:
    first = min((window.start for window in watch.covered), default=watch.since)
    if not watch.configured or first is None:
        return np.full(cells.starts.shape, False)
    begun = cells.starts >= first.timestamp()
    return begun if watch.until is None else begun & (cells.ends <= watch.until.timestamp())
