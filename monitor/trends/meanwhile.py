"""What happened in the hours of a spike: headlines and events of naming polls; beside it, never told as its cause."""

from datetime import timedelta

from monitor.model.finding import Cause, Driver, Spike, Way
from monitor.model.metric import Metric
from monitor.model.race import Kind
from monitor.trends.facts import Facts

AHEAD = timedelta(hours=1)
"""What came up to an hour before the spike is told: people need some time."""

MOST_HEADLINES = 2

TOLD = frozenset({Kind.FOUND, Kind.LEAD_CHANGE, Kind.CLOSED, Kind.CONFIRMED, Kind.OVERTURNED})
"""Events of a poll that people speak of."""


def events(facts: Facts, spike: Spike) -> tuple[Driver, ...]:
    """Return what happened from an hour before a surge to its end, headlines up to its peak; in the order of time."""
    if spike.way is Way.DOWN or spike.name == Metric.ARTICLES:
        return ()
    return tuple(sorted((*_headlines(facts, spike), *_polls(facts, spike)), key=lambda event: event.at or spike.start))


def _headlines(facts: Facts, spike: Spike) -> list[Driver]:
    """Return the first headlines; one that several outlets print stands once."""
    first, last = spike.start - AHEAD, spike.peak + AHEAD
    told: dict[str, Driver] = {}
    for headline in sorted(facts.headlines, key=lambda one: one.at):
        if first <= headline.at < last and headline.title not in told:
            told[headline.title] = Driver(cause=Cause.HEADLINE, name=headline.title, at=headline.at, link=headline.link)
    return list(told.values())[:MOST_HEADLINES]


def _polls(facts: Facts, spike: Spike) -> list[Driver]:
    """Return the first event of each kind: a lead may change many times, and two polls close together."""
    told: dict[Kind, Driver] = {}
    for event in sorted((one for week in facts.polls for one in week.cycle.events), key=lambda one: one.at):
        if event.kind in TOLD and spike.start - AHEAD <= event.at < spike.end:
            told.setdefault(event.kind, Driver(cause=Cause.POLL, name=event.kind.value, at=event.at))
    return list(told.values())
