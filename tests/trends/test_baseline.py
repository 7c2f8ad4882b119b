"""What is usual at an hour."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.window import Window
from monitor.trends.baseline import usual
from tests.trends.world import FRIDAY, HISTORY, day, hourly

ZONE = "Asia/Damascus"
HOURS = len(hourly(0))


def fridays(*, times: float = 4.0) -> np.ndarray:
    """Ten posts an hour, four times as many on Friday afternoons."""
    local = hourly(0).index.tz_convert(ZONE)
    return np.where((local.day_of_week == 4) & (local.hour >= 12) & (local.hour < 18), 10 * times, 10.0)


def test_a_normal_friday_is_expected_from_the_fourth_week_on():
    told = usual(hourly(fridays()), ZONE)
    noon = FRIDAY + timedelta(hours=13)
    assert told.expected[noon] == 40
    assert told.expected[noon + timedelta(days=1)] == 10


def test_the_hour_of_the_day_stands_in_until_there_are_weeks():
    by_day = np.where(hourly(0).index.tz_convert(ZONE).hour == 12, 50.0, 5.0)
    series = hourly(by_day)
    first_week = series.index[0] + timedelta(days=6)
    told = usual(series[: first_week + timedelta(hours=30)], ZONE)
    assert told.expected.iloc[-1] == 5


def test_a_campaign_that_found_its_level_has_one_within_days():
    born = hourly(np.where(np.arange(HOURS) < 10 * 24, 0.0, 30.0))
    told = usual(born.iloc[: 15 * 24], ZONE)
    assert told.expected.iloc[-24:].tolist() == [30.0] * 24


def test_the_first_hours_have_no_usual_level():
    told = usual(hourly(np.arange(HOURS)), ZONE)
    assert told.expected.iloc[:24].isna().all()
    assert told.expected.iloc[24] == 11.5


def test_gaps_are_neither_zeros_nor_history():
    values = np.full(HOURS, 20.0)
    values[::2] = np.nan
    told = usual(hourly(values), ZONE)
    assert set(told.expected.dropna()) == {20.0}


def test_nothing_known_has_no_usual_level():
    told = usual(hourly(np.full(HOURS, np.nan)), ZONE)
    assert told.expected.isna().all()
    assert told.spread.isna().all()


def test_a_single_hour_and_no_hour_have_no_usual_level():
    assert usual(hourly([3.0], Window(FRIDAY, FRIDAY + timedelta(hours=1))), ZONE).expected.isna().all()
    assert len(usual(hourly([], Window(FRIDAY, FRIDAY)), ZONE).expected) == 0


def test_a_habit_of_one_hour_moves_with_the_clock():
    spring = Window(datetime(2024, 2, 20, tzinfo=UTC), datetime(2024, 4, 14, tzinfo=UTC))
    local = hourly(0, spring).index.tz_convert("Europe/Berlin")
    told = usual(hourly(np.where(local.hour == 12, 90.0, 10.0), spring), "Europe/Berlin")
    after = told.expected[datetime(2024, 3, 20, tzinfo=UTC) :]
    noon = after.index.tz_convert("Europe/Berlin").hour == 12
    assert set(after[noon]) == {90.0}
    assert set(after[~noon]) == {10.0}


def test_what_the_last_weeks_strayed_widens_the_spread():
    calm = hourly(np.full(HOURS, 10.0))
    bursty = calm.copy()
    bursty.iloc[::17] = 200.0
    assert usual(bursty, ZONE).spread.iloc[-1] > usual(calm, ZONE).spread.iloc[-1]


@settings(max_examples=15, deadline=None)
@given(st.integers(30, HOURS - 1), st.integers(0, 2**32 - 1))
def test_what_is_usual_never_depends_on_what_came_later(cut: int, seed: int):
    chance = np.random.default_rng(seed)
    values = chance.poisson(8, HOURS).astype(float)
    values[chance.random(HOURS) < 0.2] = np.nan
    series = hourly(values)
    whole, part = usual(series, ZONE), usual(series.iloc[:cut], ZONE)
    assert np.array_equal(whole.expected.iloc[:cut], part.expected, equal_nan=True)
    assert np.array_equal(whole.spread.iloc[:cut], part.spread, equal_nan=True)


def test_asking_for_the_end_alone_changes_nothing_there():
    series = hourly(np.random.default_rng(2).poisson(8, HOURS).astype(float))
    whole, part = usual(series, ZONE), usual(series, ZONE, since=FRIDAY)
    assert part.expected[FRIDAY:].equals(whole.expected[FRIDAY:])
    assert part.spread[FRIDAY:].equals(whole.spread[FRIDAY:])


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_zones_beside_the_full_hour_have_a_usual_level_too(zone: str):
    autumn = Window(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))
    assert set(usual(hourly(7.0, autumn), zone).expected.iloc[24:]) == {7.0}


def test_the_history_of_the_tests_holds_the_day_they_speak_of():
    assert HISTORY.start < day(-28).start
    assert day(0, 7).end <= HISTORY.end
