from datetime import timedelta
from typing import Any

import pytest

from monitor.model.race import FLAGS, Cycle, Event, Kind, Line, Stage, Standing
from monitor.trends.poll_alerts import PollAlert, Topic, alerts
from tests.trends.polls import CLOSES, OPENED

HOUR = timedelta(hours=1)


def event(kind: Kind, hours: float = 1.0, option: str | None = "a", **fields: Any) -> Event:
    return Event(kind=kind, at=OPENED + hours * HOUR, option=option, **fields)


def cycle(*events: Event, margin: int | None = 500, points: float | None = 20.0, **fields: Any) -> Cycle:
    lines = (Line(key="a", label="a"), Line(key="b", label="b"))
    told = {"margin": margin, "margin_points": points, "is_close": fields.pop("is_close", False)}
    standing = Standing(at=OPENED, lines=lines, **told)
    details = {"day": CLOSES.date(), "stage": Stage.OPEN, "standing": standing, **fields}
    return Cycle(poll="friday", events=events, **details)


def topics(found: list[PollAlert]) -> list[Topic]:
    return [alert.topic for alert in found]


@pytest.mark.parametrize(("kind", "topic"), [
    (Kind.LEAD_CHANGE, Topic.LEAD_CHANGE), (Kind.CLOSING, Topic.CLOSING), (Kind.CLOSED, Topic.CLOSED),
    (Kind.OVERTURNED, Topic.DECIDED), (Kind.CONFIRMED, Topic.DECIDED), (Kind.ADDED, Topic.CHANGED),
    (Kind.NEW_DEADLINE, Topic.CHANGED), *((flag, Topic.FLAG) for flag in sorted(FLAGS)),
])  # fmt: skip
def test_what_happened_has_its_topic(kind, topic):
    assert topics(alerts(None, cycle(event(kind)))) == [topic]


def test_a_poll_that_was_found_alerts_nobody():
    assert alerts(None, cycle(event(Kind.FOUND))) == []


def test_only_what_is_new_is_told():
    first, second = event(Kind.LEAD_CHANGE, 1), event(Kind.LEAD_CHANGE, 2)
    (alert,) = alerts(cycle(first), cycle(first, second))
    assert alert.event == second
    assert alerts(cycle(first, second), cycle(first, second)) == []


def test_a_flag_that_lasts_and_grows_is_told_once():
    before = cycle(event(Kind.VOTES_AFTER_CLOSING, 31, None, number=5.0))
    assert alerts(before, cycle(event(Kind.VOTES_AFTER_CLOSING, 36, None, number=90.0))) == []


def test_the_same_flag_of_another_option_is_another():
    before = cycle(event(Kind.SURGE, 3, "a"))
    assert topics(alerts(before, cycle(event(Kind.SURGE, 3, "a"), event(Kind.SURGE, 5, "b")))) == [Topic.FLAG]


def test_a_race_is_told_when_it_becomes_close_and_not_again_before_it_was_otherwise():
    wide, close = cycle(points=4.0), cycle(points=0.4)
    assert topics(alerts(wide, close)) == [Topic.CLOSE_RACE]
    assert alerts(close, close) == []
    assert topics(alerts(wide, close)) == [Topic.CLOSE_RACE]


@pytest.mark.parametrize(("fields", "is_close"), [
    ({"margin": 9, "points": 5.0}, True),
    ({"margin": 10, "points": 5.0}, False),
    ({"margin": None, "points": 0.5}, True),
    ({"margin": None, "points": None}, False),
    ({"margin": None, "points": 30.0, "is_close": True}, True),
    ({"margin": 9, "stage": Stage.CLOSED}, False),
    ({"margin": 9, "stage": Stage.CLOSING}, True),
    ({"margin": 9, "standing": None}, False),
])  # fmt: skip
def test_close_is_a_margin_under_a_number_while_votes_come(fields, is_close):
    assert (topics(alerts(None, cycle(**fields), close_votes=10)) == [Topic.CLOSE_RACE]) == is_close


def test_a_lone_option_races_nobody():
    alone = Standing(at=OPENED, lines=(Line(key="a", label="a"),), margin=0, is_close=True)
    assert alerts(None, cycle(standing=alone), close_votes=10) == []


def test_keys_tell_alerts_of_weeks_apart():
    this, next_week = cycle(event(Kind.CLOSING)), cycle(event(Kind.CLOSING), day=(CLOSES + 7 * 24 * HOUR).date())
    assert alerts(None, this)[0].key != alerts(None, next_week)[0].key
    assert alerts(None, this)[0].key == alerts(None, this)[0].key
