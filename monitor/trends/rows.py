"""The evenly spaced pieces of a series that somebody else wrote, and what is odd about its rows, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from monitor.trends.frame import LARGEST
from monitor.trends.grid import DAY

LASTS = 6
"""So many equal steps in a row are a resolution."""

ABOUT = 0.2  # steps that differ by less are the same: days of 23 hours, months, rows that come late
APART = 42 * DAY  # seconds: nothing that lies further back is history
MOST = 100_000  # steps, of which so many are not laid out for one gap


@dataclass(frozen=True)
class Piece:
    """Rows `first` to `last` (not included), `step` seconds apart; from `told` on that was known."""

    first: int
    last: int
    step: int
    told: int


def counts(values: np.ndarray) -> np.ndarray:
    """Return the values that can be counts; what is negative, endless or beyond exact numbers is not known."""
    return np.where((values >= 0) & (values <= LARGEST), values, np.nan)


def pieces(times: np.ndarray) -> list[Piece]:
    """Return the evenly spaced pieces of times in order (seconds): none where the steps never are alike.

    Where the resolution changes a piece ends, and history begins anew. No piece depends on later rows.
    """
    found: list[Piece] = []
    for told, step in _changes(np.diff(times)):
        first = told - LASTS
        found[-1:] = [replace(piece, last=first + 1) for piece in found[-1:]]
        found.append(Piece(first, len(times), step, told))
    return found


def oddities(series: pd.Series) -> tuple[str, ...]:
    """Return what is odd about the rows of a series, each in a sentence; none when all is well."""
    index, values = pd.DatetimeIndex(series.index), series.to_numpy(float)
    known = counts(values)
    times = np.unique(index.dropna().as_unit("s").asi8)
    parts = pieces(times)
    told = [
        (index.hasnans, f"Rows without a time, which are left out: {int(np.sum(index.isna()))}."),
        (not index.dropna().is_monotonic_increasing, "The rows are not in the order of time; they were sorted."),
        (len(times) < len(index.dropna()), "Some times come more than once; the last row of each counts."),
        (
            np.isnan(known).sum() > np.isnan(values).sum(),
            "Values below zero, without end or too large to be exact can not be counts: gaps.",
        ),
        (bool(len(known)) and np.isnan(known).all(), "No row has a value: there is nothing to judge."),
        (bool(len(known)) and np.nanmax(known, initial=-1) == 0, "All values are zero: there is nothing to judge."),
        (
            len(times) <= LASTS,
            f"Too few different times: {len(times)}; it takes {LASTS + 1} to see how far apart rows are.",
        ),
        (len(times) > LASTS and not parts, "The rows are not evenly spaced: bring sums of each hour or day."),
    ]
    changed = [pd.Timestamp(times[piece.first], unit="s") for piece in parts[1:]]
    return (*(text for odd, text in told if odd), *(f"From {at} on history begins anew: {ANEW}." for at in changed))


ANEW = "the rows lie further or less far apart, or nothing was told for weeks before"


def _changes(steps: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield the rows at which it is known that a resolution has lasted that was not there before, and which."""
    alike = np.abs(np.diff(steps)) <= ABOUT * steps[:-1]
    here = np.arange(len(alike))
    lasted = here - np.maximum.accumulate(np.where(alike, -1, here))
    ends = np.flatnonzero(lasted >= LASTS - 1) + 1
    far = np.minimum(APART, MOST * np.append(APART, steps[:-1])[: len(steps)])
    widths, parted = steps[ends], np.cumsum(steps > far)[ends]
    new = np.r_[True, (np.abs(np.diff(widths)) > ABOUT * widths[:-1]) | (np.diff(parted) > 0)][: len(ends)]
    for end in ends[new]:
        yield int(end) + 1, max(1, int(np.median(steps[end - LASTS + 1 : end + 1])))
