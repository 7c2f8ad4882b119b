"""What is usual at an hour."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.window import Window
from monitor.trends.baseline import usual
from monitor.trends.grid import grid
from tests.trends.world import FRIDAY, HISTORY, day, hourly

ZONE = "Asia/Damascus"
HOURS = len(hourly(0))


def expected(series: pd.Series, zone: str = ZONE) -> pd.Series:
    even = grid(pd.DatetimeIndex(series.index), 3600, zone)
    return pd.Series(usual(even.cells(series.to_numpy()[:, None]), even).expected[:, 0], index=series.index)


def fridays(*, times: float = 4.0) -> np.ndarray:
    """Ten posts an hour, four times as many on Friday afternoons."""
    local = hourly(0).index.tz_convert(ZONE)
    return np.where((local.day_of_week == 4) & (local.hour >= 12) & (local.hour < 18), 10 * times, 10.0)


def test_a_normal_friday_is_expected_from_the_fourth_week_on():
    told = expected(hourly(fridays()))
    noon = FRIDAY + timedelta(hours=13)
    assert told[noon] == 40
    assert 10 <= told[noon + timedelta(days=1)] < 15


def test_one_extraordinary_friday_is_no_habit():
    once = np.where(hourly(0).index < FRIDAY - timedelta(days=14), 10.0, fridays(times=10))
    assert expected(hourly(once))[FRIDAY + timedelta(hours=13)] < 60


def test_the_time_of_the_day_stands_in_until_there_are_weeks():
    by_day = np.where(hourly(0).index.tz_convert(ZONE).hour == 12, 50.0, 5.0)
    told = expected(hourly(by_day)[: 7 * 24])
    noon = told.index.tz_convert(ZONE).hour == 12
    assert told[noon].iloc[-1] > 25
    assert told[~noon].iloc[-1] < 12


def test_a_level_that_lasts_becomes_the_usual_one():
    born = hourly(np.where(np.arange(HOURS) < 10 * 24, 0.0, 30.0))
    assert expected(born).iloc[-1] == pytest.approx(30, abs=2)


def test_a_surge_is_not_measured_by_itself_for_a_day():
    begun = np.where(np.arange(HOURS) < 10 * 24, 10.0, 500.0)
    assert set(expected(hourly(begun)).iloc[10 * 24 : 11 * 24]) == {10.0}


def test_before_anything_was_seen_nothing_is_expected():
    told = expected(hourly(np.arange(HOURS)))
    assert np.isnan(told.iloc[0])
    assert told.iloc[1:].notna().all()


def test_gaps_are_neither_zeros_nor_history():
    values = np.full(HOURS, 20.0)
    values[::2] = np.nan
    assert expected(hourly(values)).dropna().to_numpy() == pytest.approx(20.0)


def test_nothing_known_has_no_usual_level():
    assert expected(hourly(np.full(HOURS, np.nan))).isna().all()


def test_a_single_hour_and_no_hour_have_no_usual_level():
    assert expected(hourly([3.0], Window(FRIDAY, FRIDAY + timedelta(hours=1)))).isna().all()
    assert len(expected(hourly([], Window(FRIDAY, FRIDAY)))) == 0


def test_a_habit_of_one_hour_moves_with_the_clock():
    spring = Window(datetime(2024, 2, 20, tzinfo=UTC), datetime(2024, 4, 20, tzinfo=UTC))
    local = hourly(0, spring).index.tz_convert("Europe/Berlin")
    told = expected(hourly(np.where(local.hour == 12, 90.0, 10.0), spring), "Europe/Berlin")
    after = told[datetime(2024, 4, 1, tzinfo=UTC) :]
    noon = after.index.tz_convert("Europe/Berlin").hour == 12
    assert (after[noon] > 60).all()
    assert (after[~noon] < 20).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(30, HOURS - 1), st.integers(0, 2**32 - 1))
def test_what_is_usual_never_depends_on_what_came_later(cut: int, seed: int):
    chance = np.random.default_rng(seed)
    values = chance.poisson(8, HOURS).astype(float)
    values[chance.random(HOURS) < 0.2] = np.nan
    series = hourly(values)
    assert np.array_equal(expected(series).iloc[:cut], expected(series.iloc[:cut]), equal_nan=True)


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_zones_beside_the_full_hour_have_a_usual_level_too(zone: str):
    autumn = Window(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))
    assert expected(hourly(7.0, autumn), zone).iloc[1:].to_numpy() == pytest.approx(7.0)


def test_the_history_of_the_tests_holds_the_day_they_speak_of():
    assert HISTORY.start < day(-28).start
    assert day(0, 7).end <= HISTORY.end
