"""Rows of any resolution on an even grid: by the time that passed, and by the clock on the wall."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

HOUR, DAY = 3600, 86_400  # seconds


@dataclass(frozen=True)
class Grid:
    """An even grid of `step` seconds: at which cell each row lies (`places`), where on the wall each cell is (`wall`).

    On the wall Friday noon stays Friday noon when clocks change: an hour that is skipped is a gap there, and of an
    hour that comes twice the first stays.
    """

    step: int
    places: np.ndarray
    wall: np.ndarray

    def cells(self, rows: np.ndarray) -> np.ndarray:
        """Return rows (rows x series) by the time that passed, NaN where there was none."""
        return _laid(rows, self.places, len(self.wall))

    def on_the_wall(self, cells: np.ndarray) -> np.ndarray:
        """Return cells by the clock on the wall."""
        return _laid(cells[::-1], self.wall[::-1], int(self.wall.max(initial=-1)) + 1)

    def rows(self, seconds: float) -> int:
        """How many cells so many seconds are; at least one."""
        return max(1, round(seconds / self.step))


def grid(index: pd.DatetimeIndex, step: int, zone: str) -> Grid:
    """Return the grid of rows in time order (UTC), `step` seconds apart; days are days of `zone`."""
    local = _seconds(index.tz_convert(ZoneInfo(zone)).tz_localize(None))
    passed = local if step >= DAY else _seconds(index)
    at = np.rint((passed - passed[:1]) / step).astype(int)
    if step >= DAY or not len(at):
        return Grid(step, at, np.arange(int(at.max(initial=-1)) + 1))
    cells = pd.to_datetime(passed[0] + step * np.arange(at[-1] + 1), unit="s", utc=True)
    clock = _seconds(cells.tz_convert(ZoneInfo(zone)).tz_localize(None))
    return Grid(step, at, np.floor((clock - clock.min()) / step).astype(int))


def _seconds(index: pd.DatetimeIndex) -> np.ndarray:
    return index.as_unit("s").asi8


def _laid(values: np.ndarray, places: np.ndarray, size: int) -> np.ndarray:
    laid = np.full((size, values.shape[1]), np.nan)
    laid[places] = values
    return laid
