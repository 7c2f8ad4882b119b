from datetime import timedelta

import pytest

from monitor.model.race import Cycle, Event, Kind, Stage
from monitor.trends.poll_week import MOST_POINTS, courses, week
from monitor.trends.race import Race
from tests.trends.polls import CLOSES, OPENED, followed, tally

HOUR = timedelta(hours=1)


def cycle(*kinds: tuple[Kind, float]) -> Cycle:
    events = tuple(Event(kind=kind, at=OPENED + hours * HOUR) for kind, hours in kinds)
    return Cycle(poll="friday", day=CLOSES.date(), stage=Stage.OPEN, events=events)


def test_each_option_has_its_share_at_each_look_the_leader_first():
    first, second = courses(Race.of([tally(1, {"a": 30, "b": 10}), tally(2, {"a": 30, "b": 50})]))
    assert [share for _, share in first.points] == [0.25, 0.625]
    assert (first.label, second.label) == ("b", "a")
    assert first.points[1][0] == OPENED + 2 * HOUR


def test_an_option_that_came_late_has_no_share_before():
    looks = followed(tally(1, {"a": 30, "b": 10}), tally(2, {"a": 30, "b": 10, "c": 40}))
    (late,) = [course for course in courses(Race.of(looks)) if course.label == "c"]
    assert [share for _, share in late.points] == [None, 0.5]


def test_bounds_give_the_share_of_their_middle():
    (first, _) = courses(Race.of([tally(1, {"a": (10, 20), "b": (5, 5)})]))
    assert first.points[0][1] == pytest.approx(0.75)


def test_a_race_of_many_looks_keeps_its_first_and_its_last():
    looks = [tally(hours / 20, {"a": hours, "b": 5}) for hours in range(1, 500)]
    points = courses(Race.of(looks))[0].points
    assert len(points) == MOST_POINTS
    assert (points[0][0], points[-1][0]) == (looks[0].at, looks[-1].at)


def test_a_race_nobody_saw_has_no_course():
    assert courses(Race.of([])) == ()


def test_old_flags_are_told_old_events_are_not():
    told = week(cycle((Kind.FOUND, 0), (Kind.SURGE, 1), (Kind.LEAD_CHANGE, 9)), [], OPENED, OPENED + 5 * HOUR)
    assert [event.kind for event in told.cycle.events] == [Kind.SURGE, Kind.LEAD_CHANGE]
