"""Labelled series in the format of the Numenta Anomaly Benchmark (v1.1), and its score.

A folder holds series `NAME.csv` (timestamp,value) and `windows.json` ({".../NAME.csv": [[start, end], ...]}).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

WEEK = pd.Timedelta(days=7)
STANDARD, LOW_FP = 0.11, 0.22
"""What a false alarm costs in the profiles; an event that is met brings up to 1, a missed one costs 1."""


@dataclass(frozen=True)
class Labelled:
    """A series and the rows (first, last) in which an alarm is right; what came first is not scored."""

    name: str
    series: pd.Series
    events: tuple[tuple[int, int], ...]

    @property
    def probation(self) -> int:
        return min(int(0.15 * len(self.series)), 750)

    @property
    def weeks(self) -> float:
        """How long the scored part is."""
        return float((self.series.index[-1] - self.series.index[self.probation]) / WEEK)


@dataclass(frozen=True)
class Outcome:
    """What alarms brought: the credit of the events met, and what each false alarm weighs (up to 1)."""

    events: int
    met: int
    credit: float
    false: tuple[float, ...]


def read(folder: Path) -> list[Labelled]:
    """Return the labelled series of a folder."""
    windows = {Path(name).name: each for name, each in json.loads((folder / "windows.json").read_text()).items()}
    return [_read(folder / name, each) for name, each in sorted(windows.items())]


def outcome(labelled: Labelled, alarms: np.ndarray) -> Outcome:
    """Return what alarms at these rows brought."""
    places = np.flatnonzero(alarms)
    places = places[places >= labelled.probation]
    credit, met = 0.0, 0
    for first, last in labelled.events:
        inside = places[(places >= first) & (places <= last)]
        if len(inside):
            met += 1
            credit += _worth((inside[0] - last - 1) / (last - first + 1)) / _worth(-1.0)
        places = np.setdiff1d(places, inside)
    return Outcome(len(labelled.events), met, credit, tuple(_harm(labelled.events, int(place)) for place in places))


def score(outcomes: Iterable[Outcome], cost: float) -> float:
    """Return the normalised score: 0 for no alarm at all, 100 for every event at once and no false alarm."""
    found = list(outcomes)
    events = sum(one.events for one in found)
    raw = sum(one.credit - (one.events - one.met) - cost * sum(one.false) for one in found)
    return 100 * (raw + events) / (2 * events) if events else float("nan")


def _read(path: Path, windows: list[list[str]]) -> Labelled:
    series = pd.read_csv(path, parse_dates=["timestamp"]).set_index("timestamp")["value"].astype(float)
    rows = [series.index.get_indexer(pd.DatetimeIndex(pd.to_datetime(window))) for window in windows]
    return Labelled(path.stem, series, tuple((int(first), int(last)) for first, last in rows))


def _harm(events: tuple[tuple[int, int], ...], place: int) -> float:
    """Return what a false alarm weighs: less when it comes soon after an event."""
    ended = [(first, last) for first, last in events if last < place]
    if not ended:
        return 1.0
    first, last = max(ended)
    return -_worth((place - last) / (last - first))


def _worth(place: float) -> float:
    """Return the sigmoid of a place in widths of a window, 0 being its end."""
    return -1.0 if place > 3 else float(2 / (1 + np.exp(5 * place)) - 1)
