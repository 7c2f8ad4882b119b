"""The course of the numbers of a brief."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.finding import Direction
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.trends.course import Course, course
from tests.trends.world import FRIDAY, HISTORY, day, facts, hourly

POSTS = Metric.POSTS
NOON = FRIDAY + timedelta(hours=12)
DICE = np.random.default_rng(8)
INDEX = hourly(0).index
CALM = DICE.poisson(40, len(INDEX)).astype(float)
TODAY = Window(FRIDAY, NOON)


def going(metrics: Any, window: Window = TODAY, **more: Any) -> Course:
    return course(facts(metrics, window=window, **more))


def until(moment: Any, values: Any = CALM) -> np.ndarray:
    """Return the values up to a moment; nothing came later yet."""
    return np.where(moment > INDEX, values, 0.0)


def test_every_number_that_is_told_has_its_headings():
    found = going({POSTS: CALM, Metric.IMPRESSIONS: CALM * 50, Metric.MEASURED_POSTS: CALM}, day())
    assert {one.name for one in found.headings} == {"posts", "impressions"}
    assert [one.hours for one in found.headings if one.name == "posts"] == [3, 6, 24, 168]


def test_what_nobody_tells_has_no_course():
    assert going({}) == Course((), (), ())


def test_a_rise_of_the_last_hours_is_told():
    found = going({POSTS: until(NOON, np.where(NOON - timedelta(hours=3) <= INDEX, 160.0, CALM))})
    assert found.headings[0].direction is Direction.RISING


def test_the_hour_that_has_begun_is_not_taken_for_a_fall():
    now = NOON + timedelta(minutes=5)
    found = going({POSTS: until(NOON)}, Window(FRIDAY, now), now=now)
    assert found.headings[0].direction is Direction.STEADY


def test_a_window_that_ends_now_has_a_forecast_of_midnight():
    (found,) = going({POSTS: until(NOON)}).forecasts
    assert (found.name, found.at, found.partial) == ("posts", FRIDAY + timedelta(days=1), False)
    assert found.so_far == until(NOON)[INDEX >= FRIDAY].sum()
    assert found.low < CALM[(INDEX >= FRIDAY) & (FRIDAY + timedelta(days=1) > INDEX)].sum() < found.high


def test_a_week_that_ends_now_forecasts_its_last_day():
    (found,) = going({POSTS: until(NOON)}, Window(NOON - timedelta(days=7), NOON)).forecasts
    assert found.so_far == until(NOON)[INDEX >= FRIDAY].sum()


def test_a_day_that_is_over_has_no_forecast():
    assert going({POSTS: CALM}, day()).forecasts == ()
    assert going({POSTS: CALM}, now=NOON + timedelta(hours=5)).forecasts == ()


def test_a_gap_this_morning_makes_the_forecast_partial():
    gap = Window(FRIDAY + timedelta(hours=4), FRIDAY + timedelta(hours=6))
    (found,) = going({POSTS: until(NOON)}, blind={"mastodon": [gap]}).forecasts
    assert found.partial


def test_a_blind_day_has_no_forecast():
    assert going({POSTS: until(NOON)}, blind={"mastodon": [TODAY]}).forecasts == ()


@pytest.mark.parametrize(("days", "told"), [(7, 1), (1, 0)])
def test_a_shift_is_told_by_the_week_only(days: int, told: int):
    doubled = np.where(FRIDAY - timedelta(days=12) <= INDEX, CALM * 3, CALM)
    assert len(going({POSTS: doubled}, day(1 - days, days)).shifts) == told


def test_a_shift_of_a_month_ago_is_no_news():
    early = np.where(FRIDAY - timedelta(days=28) <= INDEX, CALM * 3, CALM)
    assert going({POSTS: early}, day(-6, 7)).shifts == ()


def test_a_campaign_of_an_hour_is_blind_and_no_error():
    first = Window(HISTORY.start, HISTORY.start + timedelta(hours=1))
    found = going({POSTS: 3.0}, first)
    assert {one.direction for one in found.headings} == {Direction.BLIND}
    assert found.forecasts == found.shifts == ()
