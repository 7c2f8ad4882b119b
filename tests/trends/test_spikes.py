"""Stretches far above the usual level."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.finding import Spike, Way
from monitor.trends.rule import RULE, Rule
from monitor.trends.spikes import spikes, touching, watched
from tests.trends.world import FRIDAY, day, hourly

ZONE = "Asia/Damascus"
HOURS = len(hourly(0))
NOON = int((FRIDAY - hourly(0).index[0].to_pydatetime()).total_seconds() // 3600) + 12
SEED = np.random.default_rng(29)
CALM = SEED.poisson(20, HOURS).astype(float)
BUSY = SEED.poisson(200, HOURS).astype(float)


def surged(*, hours: int = 3, extra: float = 200.0, at: int = NOON) -> np.ndarray:
    values = CALM.copy()
    values[at : at + hours] += extra
    return values


def found(values: np.ndarray, *, unit: float = 1.0, rule: Rule = RULE) -> tuple[Spike, ...]:
    series = pd.Series(values, index=hourly(0).index[: len(values)])
    return spikes("posts", watched(series.to_frame("mastodon"), ZONE, unit=unit), rule=rule)


def test_a_surge_has_a_start_a_peak_and_an_end():
    values = surged()
    values[NOON + 1] += 100
    (spike,) = found(values)
    assert spike.start == FRIDAY + timedelta(hours=12)
    assert spike.peak == FRIDAY + timedelta(hours=13)
    assert spike.end == FRIDAY + timedelta(hours=15)


def test_a_surge_tells_its_size_and_what_was_expected():
    values = surged()
    (spike,) = found(values)
    assert spike.total == values[NOON : NOON + 3].sum()
    assert spike.peak_value == values[NOON : NOON + 3].max()
    assert 45 < spike.expected < 75


def test_noise_is_no_spike():
    assert found(CALM) == ()


def test_a_normal_friday_is_no_spike_and_an_extraordinary_one_is():
    local = hourly(0).index.tz_convert(ZONE)
    friday = np.asarray((local.day_of_week == 4) & (local.hour >= 12) & (local.hour < 18))
    values = np.where(friday, CALM * 4, CALM)
    assert touching(found(values), day(-7, 21)) == ()
    values[NOON : NOON + 6] *= 4
    assert len(touching(found(values), day())) == 1


def test_a_lull_does_not_tear_a_surge_apart():
    values = surged(hours=9)
    values[NOON + 2 : NOON + 5] = 20
    assert len(found(values)) == 1


def test_the_luck_of_one_post_is_no_spike_of_impressions():
    views = watched(hourly(surged() * 100).to_frame("telegram"), ZONE, unit=100)
    assert spikes("impressions", views, posts=hourly(2.0)) == ()
    assert len(spikes("impressions", views, posts=hourly(3.0))) == 1


def test_two_surges_of_one_day_are_two():
    values = surged(hours=2)
    values[NOON + 6 : NOON + 8] += 200
    assert len(found(values)) == 2


def test_few_posts_are_no_news_however_quiet_it_was():
    values = np.zeros(HOURS)
    values[NOON] = 9
    assert found(values) == ()
    values[NOON] = 10
    assert len(found(values)) == 1


def test_a_steady_series_that_rises_by_a_fifth_has_no_spike():
    values = np.full(HOURS, 10_000.0)
    values[NOON] = 12_000
    assert found(values) == ()


def test_a_gap_is_no_spike_and_makes_none_when_it_ends():
    values = CALM.copy()
    values[NOON : NOON + 30] = np.nan
    assert found(values) == ()


def test_a_gap_counted_as_zero_would_have_made_one():
    values = np.full(HOURS, 15.0)
    values[: NOON - 3] = 0
    assert len(found(values)) == 1
    values[: NOON - 3] = np.nan
    assert found(values) == ()


@pytest.mark.parametrize("bad", [np.inf, -np.inf, -50.0, np.nan])
def test_what_can_not_be_a_count_is_a_gap(bad: float):
    values = CALM.copy()
    values[NOON] = bad
    assert found(values) == ()


@pytest.mark.parametrize(
    "values", [np.zeros(HOURS), np.full(HOURS, np.nan), np.full(HOURS, 1e308)], ids=["zeros", "gaps", "huge"]
)
def test_a_series_that_says_nothing_has_no_spike(values: np.ndarray):
    assert found(values) == ()


def test_no_platform_at_all_has_no_spike():
    nobody = watched(pd.DataFrame(index=hourly(0).index), ZONE)
    assert spikes("posts", nobody) == ()


def test_a_platform_that_is_new_or_blind_is_no_spike():
    cells = pd.DataFrame({"mastodon": hourly(CALM), "telegram": hourly(BUSY)})
    cells.loc[: FRIDAY - timedelta(days=1), "telegram"] = np.nan
    cells.loc[FRIDAY + timedelta(hours=5) : FRIDAY + timedelta(hours=9), "mastodon"] = np.nan
    assert spikes("posts", watched(cells, ZONE)) == ()


def test_a_surge_on_one_platform_is_found_while_another_is_blind():
    cells = pd.DataFrame({"mastodon": hourly(surged()), "telegram": hourly(BUSY)})
    cells.loc[FRIDAY:, "telegram"] = np.nan
    (spike,) = spikes("posts", watched(cells, ZONE))
    assert spike.start == FRIDAY + timedelta(hours=12)


def test_the_first_morning_of_a_campaign_is_no_surge():
    local = hourly(0).index.tz_convert(ZONE)
    by_day = np.where((local.hour >= 8) & (local.hour < 23), 40.0, 3.0)
    assert found(by_day) == ()


def test_a_long_surge_becomes_the_usual_level():
    (spike,) = found(surged(hours=24 * 6))
    assert spike.end < FRIDAY + timedelta(days=5)


def test_only_spikes_in_the_window_touch_it():
    (spike,) = found(surged())
    assert touching([spike], day()) == (spike,)
    assert touching([spike], day(1)) == touching([spike], day(-1)) == ()


def test_flat_noise_of_few_posts_cries_wolf_less_than_once_in_a_month():
    weeks = 60
    values = np.random.default_rng(5).poisson(2.5, (weeks // 6, HOURS)).astype(float)
    assert sum(len(found(row)) for row in values) <= weeks / 4


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1e6), st.integers(1, HOURS))
def test_a_constant_has_no_spike(value: float, hours: int):
    assert found(np.concatenate([np.full(hours, value), np.full(HOURS - hours, np.nan)])) == ()


@settings(max_examples=10, deadline=None)
@given(st.floats(1e-3, 1e6), st.integers(0, 2**32 - 1))
def test_the_unit_of_counting_does_not_matter(factor: float, seed: int):
    values = np.random.default_rng(seed).poisson(9, HOURS).astype(float)
    values[NOON : NOON + 2] += 60
    one, many = found(values), found(values * factor, unit=factor)
    assert [spike.start for spike in one] == [spike.start for spike in many]
    assert [spike.total * factor for spike in one] == pytest.approx([spike.total for spike in many])


@settings(max_examples=10, deadline=None)
@given(st.integers(1, HOURS), st.integers(0, 2**32 - 1))
def test_a_score_never_depends_on_what_came_later(cut: int, seed: int):
    chance = np.random.default_rng(seed)
    values = chance.poisson(6, HOURS) * np.where(chance.random(HOURS) < 0.03, 12.0, 1.0)
    values[chance.random(HOURS) < 0.1] = np.nan
    cells = pd.DataFrame({"mastodon": hourly(values), "telegram": hourly(np.roll(values, 5))})
    whole, part = watched(cells, ZONE), watched(cells.iloc[:cut], ZONE)
    assert np.array_equal(whole.score.iloc[:cut], part.score, equal_nan=True)


def test_a_score_is_unknown_where_nothing_is_expected_yet():
    score = watched(hourly(CALM).to_frame("mastodon"), ZONE).score
    assert np.isnan(score.iloc[0])
    assert score.iloc[1:].notna().all()


def test_the_expected_size_has_an_interval():
    (spike,) = found(surged())
    assert spike.low is not None
    assert spike.high is not None
    assert 0 <= spike.low < spike.expected < spike.high < spike.total


def test_a_surge_that_goes_on_is_open():
    values = surged(hours=HOURS)
    assert found(values[: NOON + 3])[-1].open
    assert not found(surged())[-1].open


def test_a_surge_that_grows_out_of_proportion_tells_when():
    values = surged(hours=9)
    values[NOON + 4 : NOON + 9] += 4_000
    (spike,) = found(values)
    assert spike.escalated == FRIDAY + timedelta(hours=16)
    assert found(surged(hours=9))[0].escalated is None


def test_a_surge_of_the_first_week_is_told_in_full():
    begin = 4 * 24
    (spike,) = found(surged(at=begin, hours=18)[: 7 * 24])
    assert spike.end - spike.start >= timedelta(hours=16)


def test_silence_is_told_where_much_was_due():
    values = BUSY.copy()
    values[NOON : NOON + 10] = 0
    (spike,) = found(values)
    assert (spike.way, spike.total) == (Way.DOWN, 0)
    assert spike.start == FRIDAY + timedelta(hours=12)
    assert spike.end == FRIDAY + timedelta(hours=22)
    assert spike.score < 0


@pytest.mark.parametrize("level", [2.0, np.nan])
def test_silence_is_no_news_where_little_was_due_or_nobody_looked(level: float):
    values = SEED.poisson(2, HOURS).astype(float)
    values[NOON : NOON + 10] = 0 * level
    assert found(values) == ()


def test_after_a_surge_its_echo_is_no_silence():
    assert [spike.way for spike in found(surged(hours=6, extra=5_000.0))] == [Way.UP]


def test_impressions_that_are_booked_every_few_hours_are_no_surge_and_no_silence():
    views = np.zeros(HOURS)
    views[::5] = 5 * CALM[::5] * 100
    assert (
        spikes("impressions", watched(hourly(views).to_frame("x"), ZONE, unit=100, late=True), posts=hourly(9.0)) == ()
    )


def test_what_was_booked_after_a_gap_is_no_surge():
    views = CALM * 100
    views[NOON : NOON + 12], views[NOON + 12] = np.nan, 26_000
    hours = watched(hourly(views).to_frame("x"), ZONE, unit=100, late=True)
    assert spikes("impressions", hours, posts=hourly(9.0)) == ()
