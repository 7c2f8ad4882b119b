from datetime import timedelta

import pytest

from monitor.model.poll import State, Tally
from monitor.model.race import Kind
from monitor.trends.standings import standing
from tests.trends.polls import CLOSES, OPENED, followed, tally


def stood(*looks: Tally, now=OPENED + timedelta(hours=20)):
    found = standing(followed(*looks), CLOSES, now)
    assert found is not None
    return found


def test_before_the_first_look_there_is_no_standing():
    assert standing([], CLOSES, OPENED) is None
    assert standing([tally(1, {"a": None, "b": None})], CLOSES, OPENED) is None


def test_the_leader_stands_first_with_a_margin_in_votes_and_points():
    found = stood(tally(1, {"a": 30, "b": 50, "c": 20}))
    assert [line.label for line in found.lines] == ["b", "a", "c"]
    assert (found.margin, found.margin_points) == (20, pytest.approx(20))


def test_a_tie_has_no_margin_and_is_close():
    found = stood(tally(1, {"a": 50, "b": 50}))
    assert (found.margin, found.is_close) == (0, True)


def test_bounds_that_overlap_leave_the_lead_open():
    found = stood(tally(1, {"a": (60, 69), "b": (65, 75), "c": (0, 5)}))
    assert found.is_close
    assert found.margin is None


def test_the_pace_is_that_of_the_last_three_hours():
    found = stood(tally(0, {"a": 0}), tally(10, {"a": 1000}), tally(12, {"a": 1010}), tally(13, {"a": 1030}))
    assert found.lines[0].pace == pytest.approx(10)


def test_a_change_of_lead_tells_its_time_and_both_looks():
    found = stood(tally(1, {"a": 10, "b": 5}), tally(2, {"a": 10, "b": 10}), tally(3, {"a": 10, "b": 12}))
    (change,) = found.lead_changes
    assert (change.kind, change.option, change.other) == (Kind.LEAD_CHANGE, "b", "a")
    assert change.at == OPENED + timedelta(hours=3)
    assert change.before
    assert change.after
    assert change.before.at == OPENED + timedelta(hours=1)


def test_rounded_percents_that_cross_and_return_are_no_change_of_lead():
    looks = [tally(hour, {"a": (40, 60), "b": (41, 61) if hour % 2 else (39, 59)}) for hour in range(1, 8)]
    assert stood(*looks).lead_changes == ()


def test_a_removed_option_stands_nowhere_and_does_not_lead():
    found = stood(tally(1, {"a": 90, "b": 5, "c": 3}), tally(2, {"b": 6, "c": 3}))
    assert [line.label for line in found.lines] == ["b", "c"]


def test_an_open_race_has_a_forecast_and_a_closed_one_has_none():
    looks = [tally(hour, {"a": 10 * hour, "b": 5 * hour}) for hour in range(1, 10)]
    assert stood(*looks, now=OPENED + timedelta(hours=9)).lines[0].forecast
    assert stood(*looks, now=CLOSES + timedelta(hours=1)).lines[0].forecast is None
    closed = tally(10, {"a": 100, "b": 50}, state=State.CLOSED)
    assert stood(*looks, closed, now=OPENED + timedelta(hours=10)).lines[0].forecast is None


def test_an_option_without_a_number_leaves_the_lead_open_and_changes_none():
    found = stood(tally(1, {"a": 90, "b": 5}), tally(2, {"a": None, "b": 6}), tally(3, {"a": 95, "b": 7}))
    assert found.lead_changes == ()
    assert stood(tally(1, {"a": 90, "b": 5}), tally(2, {"a": None, "b": 6})).is_close


def test_votes_that_fell_have_no_pace():
    assert [line.pace for line in stood(tally(1, {"a": 90, "b": 5}), tally(2, {"a": 1, "b": 6})).lines] == [1, None]
