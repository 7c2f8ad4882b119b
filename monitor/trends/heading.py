"""Where a number is heading: its last hours against what was expected of them, so that a normal Friday is no rise."""

import numpy as np
import pandas as pd

from monitor.model.finding import Direction, Heading
from monitor.trends import season
from monitor.trends.frame import possible
from monitor.trends.season import Straying
from monitor.trends.verdict import CLEAR, FEW

HOURS = (3, 6, 24, 168)
"""The stretches that are told."""

KNOWN = 0.5
"""At least this share of the hours, of all platforms that tell, must have been seen and have a past."""

PAST = 42
"""So many earlier days tell how far such sums stray."""


def headings(name: str, cells: pd.DataFrame, zone: str) -> tuple[Heading, ...]:
    """Return where a number is heading over its last 3, 6, 24 hours and 7 days.

    `cells` are whole hours, the last of them the latest, one column per platform, NaN where it was not watched. Only
    what was seen and has a past is compared, platform by platform.
    """
    cells = possible(cells)
    by_week = season.expected(cells, zone, days=False)
    by_day = season.expected(cells, zone)
    return tuple(_heading(name, cells, by_week if hours > season.DAY else by_day, hours) for hours in HOURS)


def _heading(name: str, cells: pd.DataFrame, expected: pd.DataFrame, hours: int) -> Heading:
    both = (cells.notna() & expected.notna()).to_numpy()
    seen, wanted = (_ends(np.where(both, side.to_numpy(dtype=float), 0.0), hours) for side in (cells, expected))
    enough = _ends(both.astype(float), hours) >= KNOWN * hours * max(cells.shape[1], 1)
    seen, wanted = np.where(enough, seen, np.nan), np.where(enough, wanted, np.nan)
    apart = max(hours // season.DAY, 1)  # days until an earlier stretch shares no hour with this one
    past = season.strayed(seen[apart:], wanted[apart:], overlap=apart)
    if past is None or not len(seen) or np.isnan(seen[0]):
        return Heading(name=name, hours=hours, direction=Direction.BLIND)
    return _told(name, hours, float(seen[0]), float(wanted[0]), past)


def _ends(values: np.ndarray, hours: int) -> np.ndarray:
    """Return the sums of the last `hours` hours, and of those that ended 1, 2, … days earlier."""
    sums = np.concatenate([[0.0], np.cumsum(values.sum(axis=1))])
    ends = np.arange(len(sums) - 1, hours - 1, -season.DAY)[: PAST + 1]
    return np.asarray(sums[ends] - sums[ends - hours])


def _told(name: str, hours: int, seen: float, wanted: float, past: Straying) -> Heading:
    """Return the ratio to what was expected at the level of the last weeks, with what chance and straying allow."""
    usual = (wanted + season.HALF) * np.exp(past.middle)
    chance = season.NORMAL / np.sqrt(max(usual, season.HALF))
    low = min(past.low - past.middle, -chance)
    high = max(past.high - past.middle, chance)
    ratio = float((seen + season.HALF) / usual)
    direction = _direction(np.log(ratio), (low, high)) if max(seen, usual) >= FEW else Direction.STEADY
    return Heading(
        name=name,
        hours=hours,
        direction=direction,
        change=ratio - 1,
        low=float(ratio * np.exp(-high) - 1),
        high=float(ratio * np.exp(-low) - 1),
    )


def _direction(size: float, strays: tuple[float, float]) -> Direction:
    """Tell a rise from chance: beyond nine of ten earlier stretches, and large enough to be called one."""
    if size > max(strays[1], CLEAR):
        return Direction.RISING
    return Direction.FALLING if size < min(strays[0], -CLEAR) else Direction.STEADY
