"""What a window is compared with, and by how much it changed: like with like, or not at all."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.brief import Level
from monitor.model.window import Window

WEEK = timedelta(days=7)
ENOUGH = 0.5
"""A change is told only when at least this share of what was seen in either window was seen in both."""


@dataclass(frozen=True)
class Windows:
    """A window, the one right before it, and the same weekdays before (from a week on: the window before)."""

    now: Window
    before: Window
    week_before: Window

    @property
    def hull(self) -> Window:
        """The one window that holds all three."""
        return Window(min(self.before.start, self.week_before.start), self.now.end)


def windows(window: Window, zone: str) -> Windows:
    """Return `window` with the windows it is compared with; whole local days stay whole over a clock change."""
    before = _before(window, zone)
    week_before = before if window.length >= WEEK - timedelta(hours=1) else _days_back(window, zone, 7)
    return Windows(window, before, week_before)


def change(now: pd.DataFrame, before: pd.DataFrame) -> float | None:
    """Return by which ratio `now` differs from `before`: one row per cell, one column per platform, NaN in gaps.

    With a gap in either, only the cells seen in both are compared; None when these are too few, or nothing was there.
    """
    ours, theirs = now.to_numpy(dtype=float), before.to_numpy(dtype=float)
    if np.isnan(ours).any() or np.isnan(theirs).any():
        ours, theirs = _seen_in_both(ours, theirs)
    total = theirs.sum()
    return float(ours.sum() / total - 1) if len(ours) and total > 0 else None


def change_of(now: Level, before: Level) -> float | None:
    """Return the change of numbers that can not be cut to what was seen in both windows: complete ones only."""
    if now.partial or before.partial or now.value is None or not before.value:
        return None
    return now.value / before.value - 1


def _seen_in_both(ours: np.ndarray, theirs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of the cells known on both sides, or nothing when they are too few to stand for the rest."""
    rows = min(len(ours), len(theirs))  # a day with a clock change is an hour longer or shorter
    ours, theirs = ours[:rows], theirs[:rows]
    known, was_known = ~np.isnan(ours), ~np.isnan(theirs)
    both, either = known & was_known, known | was_known
    if both.sum() < ENOUGH * either.sum():
        both = np.zeros_like(both)
    return ours[both], theirs[both]


def _before(window: Window, zone: str) -> Window:
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (window.start, window.end))
    if start.time() == end.time() and start.date() < end.date():
        return _days_back(window, zone, (end.date() - start.date()).days)
    return window.shifted(-window.length)


def _days_back(window: Window, zone: str, days: int) -> Window:
    return Window(*(_wall_clock_back(moment, zone, days) for moment in (window.start, window.end)))


def _wall_clock_back(moment: datetime, zone: str, days: int) -> datetime:
    """Return the moment when clocks in `zone` showed the same time some days earlier."""
    return (moment.astimezone(ZoneInfo(zone)) - timedelta(days=days)).astimezone(UTC)
