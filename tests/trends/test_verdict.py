"""Where a campaign is heading."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.brief import Spike, State
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.trends.totals import totals
from monitor.trends.verdict import headline_metric, state
from tests.trends.world import FRIDAY, day, facts, hourly

POSTS = Metric.POSTS


def surge(start: datetime, name: str = "posts") -> Spike:
    end = start + timedelta(hours=1)
    return Spike(name=name, start=start, peak=start, end=end, total=9, expected=1, peak_value=9, score=9)


def told(metrics: Any, *, spikes: list[Spike] | None = None, **more: Any) -> State:
    known = facts(metrics, **more)
    return state(known, totals(known), spikes or [])


def levels(now: float, before: float, week_before: float) -> np.ndarray:
    """Return hourly posts: on Friday, on the day before, on all other days."""
    index = hourly(0).index
    values = np.full(len(index), week_before)
    values[(index >= day(-1).start) & (index < day().start)] = before
    values[(index >= day().start) & (index < day().end)] = now
    return values


@pytest.mark.parametrize(
    ("now", "before", "week_before", "expected"),
    [
        (20, 5, 20, State.STEADY),  # just a normal Friday
        (20, 20, 10, State.RISING),
        (10, 10, 20, State.FALLING),
        (11, 10, 10, State.STEADY),
        (0, 0, 0, State.QUIET),
        (0, 10, 10, State.FALLING),
        (10, 0, 0, State.RISING),
    ],
)
def test_a_day_is_held_against_the_same_weekday(now: float, before: float, week_before: float, expected: State):
    assert told({POSTS: levels(now, before, week_before)}) is expected


def test_in_the_first_week_a_day_is_held_against_the_day_before():
    first = [Window(hourly(0).index[0].to_pydatetime(), day(-2).start)]
    assert told({POSTS: levels(20, 10, 10)}, blind={"mastodon": first}) is State.RISING


def test_a_week_is_held_against_the_week_before():
    values = np.where(hourly(0).index >= FRIDAY, 20.0, 10.0)
    assert told({POSTS: values}, window=day(0, 7)) is State.RISING


@pytest.mark.parametrize(("now", "before"), [(4, 2), (9, 5), (14, 10), (2, 9)])
def test_a_handful_more_or_less_is_no_trend(now: int, before: int):
    values = levels(0, 0, 0)
    at = int((FRIDAY - hourly(0).index[0].to_pydatetime()).total_seconds() // 3600)
    values[at : at + 2] = now / 2
    values[at - 7 * 24 : at - 7 * 24 + 2] = before / 2
    assert told({POSTS: values}) in {State.STEADY, State.QUIET}


@pytest.mark.parametrize("window", [day(), day(0, 7)])
def test_where_nothing_compares_nobody_says_where_it_is_heading(window: Window):
    early = [Window(hourly(0).index[0].to_pydatetime(), FRIDAY)]
    assert told({POSTS: 20.0}, blind={"mastodon": early}, window=window) is State.BLIND


def test_a_blind_day_is_blind():
    assert told({POSTS: 20.0}, blind={"mastodon": [day()]}) is State.BLIND


def test_a_day_of_which_little_was_seen_is_blind():
    most = Window(day().start, day().end - timedelta(hours=2))
    assert told({POSTS: 20.0}, blind={"mastodon": [most]}) is State.BLIND


def test_a_silence_of_which_half_was_not_seen_is_not_called_quiet():
    half = Window(day().start + timedelta(hours=12), day().end)
    assert told({POSTS: 0}, blind={"mastodon": [half]}) is State.BLIND


def test_a_campaign_that_has_just_begun_is_quiet_where_nothing_came():
    before = Window(hourly(0).index[0].to_pydatetime(), day().end - timedelta(hours=2))
    assert told({POSTS: 0.0}, blind={"mastodon": [before]}) is State.QUIET


def test_nobody_asked_is_blind():
    assert told({}, platforms=()) is State.BLIND


def test_a_spike_today_is_the_verdict():
    assert told({POSTS: 20.0}, spikes=[surge(FRIDAY + timedelta(hours=5))]) is State.SPIKE


def test_a_spike_early_in_the_week_is_over():
    early = surge(FRIDAY + timedelta(hours=5))
    assert told({POSTS: 20.0}, spikes=[early], window=day(0, 7)) is State.STEADY


def test_a_spike_of_the_press_is_not_the_verdict_about_posts():
    assert told({POSTS: 20.0}, spikes=[surge(FRIDAY, "articles")]) is State.STEADY


@pytest.mark.parametrize(("measured", "headline"), [(3.0, "impressions"), (1.0, "posts")])
def test_impressions_lead_when_half_of_the_posts_were_measured(measured: float, headline: str):
    metrics = {POSTS: 4.0, Metric.MEASURED_POSTS: measured, Metric.IMPRESSIONS: 100.0}
    assert headline_metric(totals(facts(metrics))) == headline


def test_articles_lead_where_only_the_press_is_watched():
    metrics = {("feeds", Metric.ARTICLES): levels(20, 10, 10)}
    known = facts(metrics, platforms=("feeds",), press=frozenset({"feeds"}))
    assert headline_metric(totals(known)) == "articles"
    assert state(known, totals(known), []) is State.RISING


def test_the_verdict_of_a_day_with_a_clock_change_is_no_fall():
    sunday = Window(datetime(2016, 3, 31, 22, tzinfo=UTC), datetime(2016, 4, 1, 21, tzinfo=UTC))  # 23 hours in Damascus
    assert told({POSTS: 20.0}, window=sunday) is State.STEADY
