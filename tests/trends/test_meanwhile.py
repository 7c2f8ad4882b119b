from datetime import timedelta
from typing import Any

import pytest

from monitor.model.brief import Headline, Spike
from monitor.model.finding import Cause, Way
from monitor.model.metric import Metric
from monitor.model.race import Event, Kind
from monitor.trends.meanwhile import MOST_HEADLINES, TOLD, events
from tests.digest.races import RUNNING
from tests.trends.world import FRIDAY, facts

HOUR = timedelta(hours=1)
START = FRIDAY + 14 * HOUR
SPIKE = Spike(
    name="posts", start=START, peak=START + HOUR, end=START + 4 * HOUR, total=90, expected=9, peak_value=40, score=9
)


def headline(hours: float, title: str = "Hospital hit", outlet: str = "Courier") -> Headline:
    return Headline(title=title, outlet=outlet, at=START + HOUR * hours, link="https://courier.example/1")


def told(*headlines: Headline, kinds: tuple[Kind, ...] = (), **fields: Any) -> list[tuple[Cause, str]]:
    """Return what is told beside the spike; events of a poll of these kinds come in its hours."""
    happened = tuple(Event(kind=kind, at=START + 2 * HOUR) for kind in kinds)
    week = RUNNING.model_copy(update={"cycle": RUNNING.cycle.model_copy(update={"events": happened})})
    found = facts({Metric.POSTS: 1.0}, headlines=headlines, polls=(week,))
    return [(one.cause, one.name) for one in events(found, SPIKE.model_copy(update=fields))]


def test_a_headline_of_its_first_hours_is_told_with_its_link():
    (found,) = events(facts({Metric.POSTS: 1.0}, headlines=[headline(0)]), SPIKE)
    assert (found.name, found.at, found.link) == ("Hospital hit", START, "https://courier.example/1")
    assert (found.value, found.expected, found.share) == (None, None, None)


@pytest.mark.parametrize("hours", [-1.5, 2, 30])
def test_what_was_printed_long_before_or_after_its_peak_is_not(hours: float):
    assert told(headline(hours)) == []


def test_a_headline_that_several_outlets_print_stands_once():
    assert told(headline(0), headline(0.5, outlet="Herald")) == [(Cause.HEADLINE, "Hospital hit")]


def test_the_first_headlines_are_told_and_no_more_than_anybody_reads():
    many = [headline(-0.1 * number, title=str(number)) for number in range(9)]
    assert [name for _, name in told(*many)] == ["8", "7"][:MOST_HEADLINES]


@pytest.mark.parametrize("kind", Kind)
def test_of_a_poll_only_what_people_speak_of_is_told(kind: Kind):
    assert told(kinds=(kind,)) == ([(Cause.POLL, kind.value)] if kind in TOLD else [])


def test_what_happens_again_is_told_once():
    assert told(kinds=(Kind.LEAD_CHANGE, Kind.CLOSED, Kind.LEAD_CHANGE, Kind.CLOSED)) == [
        (Cause.POLL, "lead-change"),
        (Cause.POLL, "closed"),
    ]


def test_events_stand_in_the_order_of_time():
    assert [cause for cause, _ in told(headline(1), kinds=(Kind.CLOSED,))] == [Cause.HEADLINE, Cause.POLL]


def test_a_silence_and_a_surge_of_articles_have_none():
    assert told(headline(0), way=Way.DOWN) == []
    assert told(headline(0), name="articles") == []
