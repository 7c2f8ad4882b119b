"""Stretches far above the usual level, and silences, of a campaign's hourly series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from monitor.model.finding import Spike, Way
from monitor.model.window import Window
from monitor.trends.episodes import Alert, alerts, loud, runs, silent, still, surging
from monitor.trends.frame import possible
from monitor.trends.grid import Grid, grid
from monitor.trends.rule import RULE, Rule
from monitor.trends.surprise import SPANS, Surprise, surprise

HOUR = timedelta(hours=1)
DAY = 24  # hours


@dataclass(frozen=True)
class Watched:
    """An hourly series with what was usual beside it; `seen` and `expected` speak of the same platforms.

    `unit` is what one event adds: 1 for posts, a post's usual views for impressions.
    """

    index: pd.DatetimeIndex
    grid: Grid
    found: Surprise
    unit: float = 1.0

    @cached_property
    def seen(self) -> pd.Series:
        """What was seen, NaN where no platform was watched that has a past."""
        return self._series(self.found.seen * self.unit)

    @cached_property
    def expected(self) -> pd.Series:
        """What was to be expected of the same platforms."""
        return self._series(self.found.expected * self.unit)

    @cached_property
    def score(self) -> pd.Series:
        """How surprising the hours up to each were, in spreads; NaN where that is not known."""
        return self._series(self.found.score)

    def stray(self, rows: int) -> pd.Series:
        """Return within which distance nine of ten sums of so many rows stay; longer ones stray piece by piece."""
        widths = [self.grid.rows(span) for span in SPANS]
        span = max(range(len(SPANS)), key=lambda one: (widths[one] <= rows) * widths[one])
        return self._series(self.found.strays[span] * self.unit * float(np.sqrt(rows / widths[span])))

    def _series(self, cells: np.ndarray) -> pd.Series:
        return pd.Series(cells[self.grid.places], index=self.index)


def watched(cells: pd.DataFrame, zone: str, *, unit: float = 1.0, late: bool = False) -> Watched:
    """Return hourly cells (one column per platform, NaN where nobody looked) beside what was usual, like with like.

    Each platform is measured by its own past, and an hour counts only the platforms that were watched and have a
    past: neither a platform that is blind nor one that is new looks like a change of the street. What is booked
    `late`, when it was told, is not judged in the first hour after a gap: it may hold what came in the gap.
    """
    index = pd.DatetimeIndex(cells.index)
    even = grid(index, int(HOUR.total_seconds()), zone)
    sound = possible(cells)
    if late:
        sound = sound.where(sound.shift().notna())
    counts = sound.to_numpy(float) / (unit if unit > 0 else 1.0)
    return Watched(index, even, surprise(even.cells(counts), even), unit)


def spikes(
    name: str, hours: Watched, *, posts: pd.Series | None = None, rule: Rule = RULE, first: int = DAY
) -> tuple[Spike, ...]:
    """Return every spike of an hourly series, in order; `posts` are those that brought it, for impressions.

    Impressions are booked when they were told, and between two askings nothing is: they have no silences, and their
    `first` hours only show how often somebody asks.
    """
    enough = np.ones(len(hours.index), bool)
    if posts is not None:
        enough = (posts.to_numpy() >= rule.posts) & (hours.seen.notna().cumsum() > first).to_numpy()
    found = list(_stretches(name, hours, _Firing.above(hours, enough, rule), rule))
    if posts is None:
        found += _stretches(name, hours, _Firing.below(hours, rule), rule)
    return tuple(sorted(found, key=lambda spike: spike.start))


def touching(found: Sequence[Spike], window: Window) -> tuple[Spike, ...]:
    """Return the spikes of which at least an hour lies in `window`."""
    return tuple(spike for spike in found if spike.start < window.end and spike.end > window.start)


@dataclass(frozen=True)
class _Firing:
    """Rows that are news, rows that belong to them, and by how much each lies off the usual."""

    way: Way
    news: np.ndarray
    part: np.ndarray
    excess: np.ndarray

    @classmethod
    def above(cls, hours: Watched, enough: np.ndarray, rule: Rule) -> "_Firing":
        at, found = hours.grid.places, hours.found
        news = surging(found, hours.grid, rule)[at] & enough
        return cls(Way.UP, news, loud(found, hours.grid, rule)[at] & enough, (found.hour[0] - found.hour[1])[at])

    @classmethod
    def below(cls, hours: Watched, rule: Rule) -> "_Firing":
        at, found = hours.grid.places, hours.found
        return cls(Way.DOWN, silent(found, rule)[at], still(found, rule)[at], (found.hour[1] - found.hour[0])[at])


def _stretches(name: str, hours: Watched, firing: _Firing, rule: Rule) -> Iterator[Spike]:
    """Yield the runs of rows that hold news."""
    told = alerts(firing.news, firing.part, firing.excess, hours.grid, rule)
    lull = round(rule.lull / HOUR)
    seen = np.flatnonzero(hours.seen.notna())
    for places in runs(np.flatnonzero(firing.part), lull if firing.way is Way.UP else 0):
        if firing.news[places].any():
            again = places[told[places] == Alert.AGAIN]
            yield _spike(name, hours, places, firing.way).model_copy(
                update={
                    "open": bool(seen[-1] - places[-1] < lull),
                    "escalated": hours.index[again[0]].to_pydatetime() if len(again) else None,
                }
            )


def _spike(name: str, hours: Watched, places: np.ndarray, way: Way) -> Spike:
    stretch = slice(places[0], places[-1] + 1)
    seen, expected, score = hours.seen.iloc[stretch], hours.expected.iloc[stretch], hours.score.iloc[stretch]
    peak = int(np.nanargmax(seen if way is Way.UP else -seen))
    due = float(expected.sum())
    width = float(np.nanmean(hours.stray(stretch.stop - stretch.start).iloc[stretch]))
    return Spike(
        name=name,
        start=seen.index[0].to_pydatetime(),
        peak=seen.index[peak].to_pydatetime(),
        end=(seen.index[-1] + HOUR).to_pydatetime(),
        total=float(seen.sum()),
        expected=due,
        low=max(0.0, due - width),
        high=due + width,
        peak_value=float(seen.iloc[peak]),
        score=float(np.nanmax(score if way is Way.UP else -score)) * (1 if way is Way.UP else -1),
        way=way,
    )
