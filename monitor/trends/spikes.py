"""Stretches far above the usual level."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from monitor.model.brief import Spike
from monitor.model.window import Window
from monitor.trends import baseline
from monitor.trends.frame import possible

HOUR = timedelta(hours=1)
NEAR_ZERO = 1e-9  # of an event: where the past never strayed, chance alone decides


@dataclass(frozen=True)
class Rule:
    """When an hour is a spike.

    `threshold`: deviations above the usual level; the customary cut of Iglewicz and Hoaglin (1993). `least`: fewer
    events in an hour are no news, however quiet it was before. `times`: less than half as much again is no news
    either, however steady it was. `posts`: impressions of fewer posts than this are one post's luck, or the moment at
    which it was asked again. `lull`: hours below the line that do not end a spike.
    """

    threshold: float = 3.5
    least: int = 10
    times: float = 1.5
    posts: int = 3
    lull: int = 3


RULE = Rule()


@dataclass(frozen=True)
class Watched:
    """An hourly series with what was usual beside it; `seen` and `expected` speak of the same platforms.

    `unit` is what one event adds: 1 for posts, a post's usual views for impressions.
    """

    seen: pd.Series
    expected: pd.Series
    spread: pd.Series
    unit: float = 1.0

    @property
    def score(self) -> pd.Series:
        """How many deviations each hour lies above the usual level, NaN where that is not known.

        The smaller of two: deviations as the past strayed, and deviations as chance makes them in a count of events
        (Anscombe's transform, which holds for few events too).
        """
        usual = (self.seen - self.expected) / self.spread.clip(lower=NEAR_ZERO * self.unit)
        chance = 2 * (_rooted(self.seen / self.unit) - _rooted(self.expected / self.unit))
        return usual.clip(upper=chance)


def watched(cells: pd.DataFrame, zone: str, *, unit: float = 1.0, since: datetime | None = None) -> Watched:
    """Return hourly cells (one column per platform) beside what was usual (from `since` on), like with like.

    Each platform is measured by its own past, and an hour counts only the platforms that were watched and have a
    past: neither a platform that is blind nor one that is new looks like a change of the street.
    """
    sound = possible(cells)
    levels = {name: baseline.usual(sound[name], zone, since=since) for name in sound}
    expected = pd.DataFrame({name: level.expected for name, level in levels.items()}, index=sound.index)
    spread = pd.DataFrame({name: level.spread for name, level in levels.items()}, index=sound.index)
    comparable = sound.notna() & expected.notna()
    return Watched(
        seen=_sum(sound.where(comparable)),
        expected=_sum(expected.where(comparable)),
        spread=_sum(spread.where(comparable)),  # not of squares: attention strays on all platforms at once
        unit=unit,
    )


def spikes(name: str, hours: Watched, *, posts: pd.Series | None = None, rule: Rule = RULE) -> tuple[Spike, ...]:
    """Return every spike of an hourly series, in order; `posts` are those that brought it, for impressions."""
    score = hours.score
    much = (hours.seen >= rule.least * hours.unit) & (hours.seen >= rule.times * hours.expected)
    above = much & (score >= rule.threshold)
    if posts is not None:
        above &= posts >= rule.posts
    return tuple(_spike(name, hours, score, places) for places in _runs(np.flatnonzero(above), rule.lull))


def touching(found: Sequence[Spike], window: Window) -> tuple[Spike, ...]:
    """Return the spikes of which at least an hour lies in `window`."""
    return tuple(spike for spike in found if spike.start < window.end and spike.end > window.start)


def _rooted(events: pd.Series) -> pd.Series:
    return (events + 0.375) ** 0.5


def _sum(cells: pd.DataFrame) -> pd.Series:
    return cells.sum(axis=1, min_count=1)


def _runs(places: np.ndarray, lull: int) -> list[np.ndarray]:
    """Return neighbouring places in groups; `lull` places may lie between two of a group."""
    if not len(places):
        return []
    return np.split(places, np.flatnonzero(np.diff(places) > lull + 1) + 1)


def _spike(name: str, hours: Watched, score: pd.Series, places: np.ndarray) -> Spike:
    stretch = slice(places[0], places[-1] + 1)
    seen, expected = hours.seen.iloc[stretch], hours.expected.iloc[stretch]
    peak = int(np.nanargmax(seen))
    return Spike(
        name=name,
        start=seen.index[0].to_pydatetime(),
        peak=seen.index[peak].to_pydatetime(),
        end=(seen.index[-1] + HOUR).to_pydatetime(),
        total=float(seen.sum()),
        expected=float(expected.sum()),
        peak_value=float(seen.iloc[peak]),
        score=float(score.iloc[stretch].iloc[peak]),
    )
