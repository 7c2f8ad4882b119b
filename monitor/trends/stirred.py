"""What stirs in a campaign: the hours of its numbers as they are drawn, and what is far from usual in them."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from monitor.model.brief import Line, Spike
from monitor.model.metric import Metric
from monitor.trends.explain import explained
from monitor.trends.facts import Facts
from monitor.trends.frame import tellers, together
from monitor.trends.lines import is_daily, line
from monitor.trends.number import by_hour, posts_of, unit_of
from monitor.trends.spikes import DAY, spikes, touching, watched

WATCHED = ("posts", "impressions", "articles", "engagement")
"""The numbers that are drawn and have spikes; an event that shows in several is told of the first of them."""

WEEK = 7 * DAY
"""Hours of engagement that only show its rhythm: posts are asked again by night, and reactions are booked then."""


class Stirred(NamedTuple):
    """The lines of the watched numbers, and what is far from usual in them: each event once, with its reasons."""

    lines: tuple[Line, ...]
    spikes: tuple[Spike, ...]


def stirred(facts: Facts) -> Stirred:
    """Return what stirs in a window."""
    hours = [series for number in WATCHED if (series := _hours(facts, number)) is not None]
    found = _told_once([spike for series in hours for spike in series.spikes])
    return Stirred(tuple(series.line for series in hours), explained(facts, found))


class _Hours(NamedTuple):
    """One watched number: its line, and its spikes in the window."""

    line: Line
    spikes: tuple[Spike, ...]


def _hours(facts: Facts, number: str) -> _Hours | None:
    """Return the line and the spikes of one number; None when no platform ever told it.

    Of what a campaign watches in the first place there is always a line: posts, else articles.
    """
    cells = by_hour(facts, number)
    told = cells[tellers(cells)]
    if told.empty and number != (Metric.ARTICLES if facts.of_press_alone else Metric.POSTS):
        return None
    window, zone = facts.windows.now, facts.campaign.zone
    posts = posts_of(facts, number, told)
    hours = watched(told, zone, unit=unit_of(told, posts), late=posts is not None)
    seen = together(cells, facts.configured)
    usual = hours.expected.where(hours.seen.notna() & seen.notna())
    stray = hours.stray(DAY if is_daily(window) else 1)
    drawn = line(number, pd.DataFrame({"seen": seen, "expected": usual, "stray": stray}), window, zone)
    first = WEEK if number == "engagement" else DAY
    found = spikes(number, hours, posts=None if posts is None else posts.sum(axis=1), first=first)
    return _Hours(drawn, touching(found, window))


def _told_once(found: Sequence[Spike]) -> tuple[Spike, ...]:
    """Leave out a spike that touches one of an earlier number: one event is told once."""
    kept: list[Spike] = []
    for spike in found:
        others = [other for other in kept if other.name != spike.name]
        if not any(spike.start < other.end and other.start < spike.end for other in others):
            kept.append(spike)
    return tuple(sorted(kept, key=lambda spike: spike.start))
