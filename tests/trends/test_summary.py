"""The brief as a whole."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.brief import Brief, Headline, State
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Window
from monitor.trends import summary
from tests.trends.world import FRIDAY, HISTORY, day, facts, hourly

POSTS, MEASURED, IMPRESSIONS = Metric.POSTS, Metric.MEASURED_POSTS, Metric.IMPRESSIONS
HOURS = len(hourly(0))
NOON = int((FRIDAY - hourly(0).index[0].to_pydatetime()).total_seconds() // 3600) + 12
CALM = np.random.default_rng(3).poisson(20, HOURS).astype(float)
SURGED = CALM + np.where((np.arange(HOURS) >= NOON) & (np.arange(HOURS) < NOON + 3), 300.0, 0.0)


def brief(metrics: Any, **more: Any) -> Brief:
    return summary.brief(facts(metrics, **more))


def lines(found: Brief) -> list[str]:
    return [line.name for line in found.lines]


def test_a_brief_says_of_what_and_when():
    found = brief({POSTS: 1.0})
    assert (found.campaign, found.zone, found.window.start) == ("aleppo", "Asia/Damascus", FRIDAY)
    assert found.made_at == day().end


def test_a_surge_is_found_drawn_and_said():
    found = brief({POSTS: SURGED})
    assert found.state is State.SPIKE
    assert found.spikes[0].start == FRIDAY + timedelta(hours=12)
    drawn, usual = found.lines[0].points[12], found.lines[0].expected[12]
    assert (drawn.value > 300, usual.value < 50) == (True, True)


def test_one_event_is_told_once_even_if_impressions_jump_with_the_posts():
    found = brief({POSTS: SURGED, MEASURED: SURGED, IMPRESSIONS: SURGED * 50})
    assert [spike.name for spike in found.spikes] == ["posts"]


def test_impressions_that_jump_alone_are_told():
    found = brief({POSTS: CALM, MEASURED: CALM, IMPRESSIONS: SURGED * 50})
    assert [spike.name for spike in found.spikes] == ["impressions"]
    assert found.state is State.SPIKE


def test_engagement_that_jumps_alone_is_told_as_the_sum_of_its_parts():
    (spike,) = brief({POSTS: CALM, Metric.LIKES: SURGED * 3, Metric.REPOSTS: SURGED * 2}).spikes
    assert (spike.name, spike.peak_value) == ("engagement", 5 * SURGED.max())
    assert [(driver.cause, driver.name) for driver in spike.drivers] == []


def test_engagement_that_jumps_with_the_posts_is_the_same_event():
    assert [spike.name for spike in brief({POSTS: SURGED, Metric.LIKES: SURGED * 3}).spikes] == ["posts"]


def test_engagement_is_not_judged_in_its_first_week():
    young = np.where(np.arange(HOURS) < NOON - 6 * 24, np.nan, SURGED * 3)
    assert (
        brief({POSTS: CALM, Metric.LIKES: young}, blind={"mastodon": [Window(HISTORY.start, day(-6).start)]}).spikes
        == ()
    )


def test_the_luck_of_one_post_is_no_spike_of_engagement():
    assert brief({POSTS: 1.0, Metric.LIKES: SURGED * 3}).spikes == ()


def test_only_what_somebody_told_is_drawn():
    assert lines(brief({POSTS: 1.0})) == ["posts"]
    assert lines(brief({POSTS: 1.0, MEASURED: 1.0, IMPRESSIONS: 5.0})) == ["posts", "impressions"]


def test_a_gap_is_a_hole_in_the_line():
    night = Window(FRIDAY, FRIDAY + timedelta(hours=3))
    found = brief({POSTS: CALM}, blind={"mastodon": [night]})
    assert [point.value is None for point in found.lines[0].points[:5]] == [True, True, True, False, False]


def test_headlines_are_carried_along_up_to_a_limit():
    headline = Headline(title="حلب", outlet="bbc", at=FRIDAY)
    assert len(brief({}, headlines=[headline] * 80).headlines) == summary.HEADLINES


def test_a_campaign_that_has_nothing_yet_is_quiet_and_says_what_is_unknown():
    found = brief({})
    assert found.state is State.QUIET
    assert {total.name: total.now.value for total in found.totals} == {
        "posts": 0, "authors": 0, "impressions": None, "engagement": None, "potential_reach": None, "articles": None,
        "stories": None, "outlets": None,
    }  # fmt: skip


def test_a_campaign_nobody_watches_is_blind():
    found = brief({}, platforms=())
    assert found.state is State.BLIND
    assert {total.now.value for total in found.totals} == {None}
    assert {point.value for line in found.lines for point in line.points} == {None}


def test_a_blind_day_is_blind_in_every_number():
    everything = dict.fromkeys(Metric, 5.0)
    days = {(WHOLE, "mastodon", metric): 9.0 for metric in (Metric.POTENTIAL_LOW, Metric.POTENTIAL_HIGH)}
    found = brief(everything, days=days, blind={"mastodon": [day()]})
    assert found.state is State.BLIND
    assert {total.now.value for total in found.totals} == {None}
    assert {total.change for total in found.totals} == {None}
    assert (found.spikes, found.platforms, found.spellings) == ((), (), ())


@pytest.mark.parametrize("window", [day(), day(0, 7), day(-12, 12), Window(FRIDAY, FRIDAY + timedelta(hours=1))])
@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -3.0, 1e308, 7.0])
def test_every_input_makes_a_brief_that_can_be_published(window: Window, value: float):
    found = brief(dict.fromkeys(Metric, value), window=window)
    assert Brief.model_validate_json(found.model_dump_json()) == found


def test_one_hour_of_history_makes_a_brief():
    first = Window(HISTORY.start, HISTORY.start + timedelta(hours=1))
    found = brief({POSTS: 3.0}, window=first, now=first.end)
    assert found.total("posts").now.value == 3
    assert found.total("posts").change is None


def test_an_empty_window_makes_a_brief():
    assert brief({POSTS: 3.0}, window=Window(FRIDAY, FRIDAY)).state is State.BLIND


def test_a_day_with_a_clock_change_makes_a_brief():
    sunday = Window(datetime(2016, 3, 31, 22, tzinfo=UTC), datetime(2016, 4, 1, 21, tzinfo=UTC))  # 23 hours in Damascus
    found = brief({POSTS: 10.0}, window=sunday)
    assert (found.total("posts").now.value, len(found.lines[0].points)) == (230, 23)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_no_number_of_a_brief_is_larger_than_what_was_stored(seed: int, days: int):
    chance = np.random.default_rng(seed)
    values = chance.integers(0, 50, HOURS).astype(float)
    holes = [day(int(number)) for number in chance.integers(-20, 3, 4)]
    found = brief({POSTS: values}, window=day(1 - days, days), blind={"mastodon": holes}).total("posts")
    stored = hourly(values)[day(1 - days).start : day().end - timedelta(seconds=1)].sum()
    assert found.now.value is None or found.now.value <= stored
    assert found.now.partial or found.now.value == stored
