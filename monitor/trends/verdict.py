"""Where a campaign is heading: one state, told from one total."""

import math
from collections.abc import Sequence
from datetime import timedelta

from monitor.model.brief import Spike, State, Total
from monitor.model.finding import Way
from monitor.model.window import Window
from monitor.trends.compare import WEEK
from monitor.trends.facts import Facts
from monitor.trends.spikes import touching

CLEAR = math.log(1.25)
"""A quarter more, or a fifth less: smaller changes are called steady."""

CHANCE = 2.0
"""A change counts when it is larger than this many standard errors of a count; so 4 posts after 2 are no rise."""

FEW = 10
"""Fewer posts than this in the window, and in the one it is compared with, are called quiet."""

MEASURED_ENOUGH = 0.5
"""Impressions lead the verdict when they were measured for at least this share of the posts."""

SEEN_ENOUGH, SEEN_MOSTLY = 0.25, 0.75
"""Below this share of the window (since watching began) too little was seen to say where it is heading, or to say
that nothing happened."""


def headline_metric(totals: Sequence[Total]) -> str:
    """Return which total the verdict speaks of: impressions where measured enough, else posts, else articles."""
    by_name = {total.name: total for total in totals}
    impressions, posts = by_name["impressions"], by_name["posts"]
    if impressions.now.value is not None and (impressions.measured_share or 0) >= MEASURED_ENOUGH:
        return "impressions"
    if posts.now.value is None and by_name["articles"].now.value is not None:
        return "articles"
    return "posts"


def state(facts: Facts, totals: Sequence[Total], spikes: Sequence[Spike]) -> State:
    """Return where the headline total is heading, by the comparison that knows the rhythm of the week if there is one.

    For windows under a week that is the same weekday before; without it, or from a week on, the window before.
    """
    headline = headline_metric(totals)
    total = next(total for total in totals if total.name == headline)
    counted = "articles" if headline == "articles" else "posts"
    events = next(total for total in totals if total.name == counted)
    seen = seen_share(facts, headline)
    if total.now.value is None or seen < SEEN_ENOUGH:
        return State.BLIND
    own = [spike for spike in spikes if spike.way is Way.UP and spike.name in {headline, counted}]
    if touching(own, _last_day(facts.windows.now)):
        return State.SPIKE
    if max(_count(level.value) for level in (events.now, events.before, events.week_before)) < FEW:
        return State.QUIET if seen >= SEEN_MOSTLY else State.BLIND
    return _direction(total, events, weekly=facts.windows.now.length < WEEK)


def seen_share(facts: Facts, headline: str) -> float:
    """Return which part of the window was seen by any platform, counted from the first hour ever seen."""
    platforms = facts.papers if headline == "articles" else facts.social
    hours = facts.usable_watch[list(platforms)].any(axis=1)
    begun = hours.cummax()
    window = facts.windows.now
    inside = (hours.index >= window.start) & (hours.index < window.end) & begun
    return float(hours[inside].mean()) if inside.any() else 0.0


def _direction(total: Total, events: Total, *, weekly: bool) -> State:
    use_week = weekly and total.week_change is not None
    ratio = total.week_change if use_week else total.change
    before = events.week_before if use_week else events.before
    if ratio is None:
        after_nothing = total.before.value == 0 and not total.before.partial
        return State.RISING if after_nothing and total.now.value else State.BLIND
    size = math.log(max(1 + ratio, 1e-9))
    error = math.sqrt(1 / max(_count(events.now.value), 0.5) + 1 / max(_count(before.value), 0.5))
    if abs(size) < max(CLEAR, CHANCE * error):
        return State.STEADY
    return State.RISING if size > 0 else State.FALLING


def _last_day(window: Window) -> Window:
    return Window(max(window.start, window.end - timedelta(days=1)), window.end)


def _count(value: float | None) -> float:
    return 0.0 if value is None else value
