"""Looking into a frame: one metric of one subject, platform by platform, and how much of it was seen."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.brief import Level
from monitor.model.metric import WHOLE, Metric
from monitor.model.series import Frame
from monitor.model.window import Window

LARGEST = 2.0**53
"""Up to here the store's numbers are exact."""


def block(frame: Frame, metric: Metric, platforms: Iterable[str], subject: str = WHOLE) -> pd.DataFrame:
    """Return what is stored, one column per platform; whether a zero is one, `counted` and `sure` tell."""
    names = list(platforms)
    stored, cells = frame.numbers, np.zeros((len(frame.numbers), len(names)))
    for place, name in enumerate(names):
        column = frame.places.get((subject, name, metric.value))
        if column is not None:
            cells[:, place] = stored[:, column]
    cells[~((cells >= 0) & (cells <= LARGEST))] = np.nan
    return pd.DataFrame(cells, index=frame.known.index, columns=pd.Index(names))


def counted(cells: pd.DataFrame, watched: pd.DataFrame) -> pd.DataFrame:
    """Return what was counted; NaN where a platform was not watched and nothing came in.

    While one source of a platform is blind, the others bring posts: they count, and make a lower bound.
    """
    stored = cells.to_numpy()
    return _only(cells, _of(watched, cells.index, cells.columns) | (stored > 0))


def sure(cells: pd.DataFrame, watched: pd.DataFrame) -> pd.DataFrame:
    """Return only the cells that were watched: what may be compared, and what is history."""
    return _only(cells, _of(watched, cells.index, cells.columns))


def _only(cells: pd.DataFrame, mask: npt.NDArray[np.bool_]) -> pd.DataFrame:
    kept = np.where(mask, cells.to_numpy(dtype=float), np.nan)
    return pd.DataFrame(kept, index=cells.index, columns=cells.columns)


def _of(watched: pd.DataFrame, rows: pd.Index, platforms: pd.Index) -> npt.NDArray[np.bool_]:
    """Return the mask of these cells; a cell or a platform it does not name was not watched."""
    mask = np.pad(watched.to_numpy(dtype=bool), ((0, 1), (0, 1)))  # what is not named stands at -1: the last
    return mask[np.ix_(watched.index.get_indexer(rows), watched.columns.get_indexer(platforms))]


def sums(frame: Frame, metric: Metric, platforms: Iterable[str], window: Window, watched: pd.DataFrame) -> pd.Series:
    """Return what every subject counted over a window and its platforms; NaN where nothing was watched or came in."""
    asked = frozenset(platforms)
    chosen = {
        place: (subject, name)
        for (subject, name, told), place in frame.places.items()
        if told == metric and name in asked
    }
    subjects, names = ([pair[part] for pair in chosen.values()] for part in (0, 1))
    rows = _rows(frame.known.index, window)
    stored = pd.DataFrame(frame.numbers[rows][:, [*chosen]], index=frame.known.index[rows], columns=pd.Index(names))
    seen = counted(possible(stored), watched).sum(min_count=1)
    return seen.set_axis(subjects).groupby(level=0).sum(min_count=1)


def possible(values: pd.DataFrame) -> pd.DataFrame:
    """Return the values that can be counts; what is negative, endless or beyond exact numbers is not known."""
    stored = values.to_numpy(dtype=float)
    return _only(values, (stored >= 0) & (stored <= LARGEST))


def within(cells: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the rows whose cell starts inside `window`."""
    return cells.iloc[_rows(cells.index, window)]


def _rows(index: pd.Index, window: Window) -> slice:
    return slice(*(int(index.searchsorted(pd.Timestamp(end))) for end in (window.start, window.end)))


def level(cells: pd.DataFrame, *, partial: bool) -> Level:
    """Return the sum of what was seen; None, never zero, when nothing was."""
    if not cells.notna().to_numpy().any():
        return Level(value=None, partial=partial)
    return Level(value=float(np.nansum(cells.to_numpy())), partial=partial)


def tellers(cells: pd.DataFrame) -> list[str]:
    """Return the platforms that ever told this metric: elsewhere its zeros mean that nobody knows."""
    return [str(name) for name in cells if cells[name].sum() > 0]


def unseen(
    watched: pd.DataFrame, configured: Collection[str], awaited: Mapping[str, datetime] | None = None
) -> pd.DataFrame:
    """Return where each platform should have been watched and was not (`watched`: a boolean column per platform).

    A platform that is not asked any more, or never was but came from files, is missed only between its first and
    last watched cell. From the moment in `awaited` on nothing is due of it yet.
    """
    between = watched.cummax() & watched[::-1].cummax()[::-1]
    due = pd.DataFrame({name: True if name in configured else between[name] for name in watched}, index=watched.index)
    for name, moment in (awaited or {}).items():
        if name in due:
            due[name] &= due.index < pd.Timestamp(moment).floor("h")
    return ~watched & due


def together(cells: pd.DataFrame, configured: Collection[str]) -> pd.Series:
    """Return the platforms' sum per cell: a gap wherever one that ever counted, and had begun, was not watched."""
    told = cells[tellers(cells)] if tellers(cells) else cells
    begun = told.notna().cummax()
    blind = (unseen(told.notna(), configured) & begun).any(axis=1) | ~begun.any(axis=1)
    return told.sum(axis=1).mask(blind)
