"""A series of any resolution, played again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.trends.replay import COLUMNS, replay
from monitor.trends.rule import Rule

ZONE = "Asia/Damascus"
PER_DAY = {"5min": 288, "h": 24, "D": 1}


def series(freq: str, days: int = 40, *, level: float = 20.0, seed: int = 3) -> pd.Series:
    index = pd.date_range("2024-01-01", periods=days * PER_DAY[freq], freq=freq, tz="UTC")
    values = np.random.default_rng(seed).poisson(level * 24 / PER_DAY[freq], len(index))
    return pd.Series(values, index=index, dtype=float)


def surged(freq: str, hours: int = 6, times: float = 12.0) -> pd.Series:
    told = series(freq)
    begin = len(told) * 3 // 4
    told.iloc[begin : begin + max(1, hours * PER_DAY[freq] // 24)] *= times
    return told


@pytest.mark.parametrize("freq", PER_DAY)
def test_a_surge_makes_one_alert_at_any_resolution(freq: str):
    told = replay(surged(freq), ZONE)
    begin = len(told) * 3 // 4
    (place,) = np.flatnonzero(told.alert)
    assert begin <= place <= begin + PER_DAY[freq] // 24


@pytest.mark.parametrize("freq", PER_DAY)
def test_noise_makes_none(freq: str):
    assert not replay(series(freq), ZONE).alert.any()


def test_there_is_one_row_per_row_in_the_order_given():
    told = surged("h")
    mixed = pd.concat([told.sample(frac=1, random_state=1), told.iloc[:9]])
    found = replay(mixed, ZONE)
    assert list(found.columns) == list(COLUMNS)
    assert found.index.equals(mixed.index)
    assert found.score[: len(told)].sort_index().equals(replay(told, ZONE).score)


def test_times_without_a_zone_are_utc():
    told = surged("h")
    assert np.array_equal(replay(told.tz_localize(None), ZONE).score, replay(told, ZONE).score, equal_nan=True)


def test_the_interval_holds_nine_of_ten_values():
    told = replay(series("h", 60), ZONE).iloc[24 * 14 :]
    assert 0.85 <= ((told.value >= told.low) & (told.value <= told.high)).mean() <= 0.99


def test_the_first_rows_are_uncertain():
    told = replay(series("h"), ZONE)
    wide = told.high - told.low
    assert wide.iloc[10] > 3 * wide.iloc[-1]


def test_silence_is_told_where_much_was_due():
    told = series("h", level=200)
    told.iloc[700:710] = 0
    found = replay(told, ZONE)
    assert found.alert.sum() == 1
    assert found.score[found.alert].item() < 0


def test_a_gap_is_no_silence():
    told = series("h", level=200)
    told.iloc[700:710] = np.nan
    assert not replay(told, ZONE).alert.any()
    assert not replay(told.drop(told.index[700:710]), ZONE).alert.any()


def test_what_comes_after_missing_rows_may_hold_what_they_held():
    told = series("h")
    told.iloc[710] *= 11
    assert not replay(told.drop(told.index[700:710]), ZONE).alert.any()


def test_an_event_that_grows_out_of_proportion_is_told_twice():
    told = series("h")
    told.iloc[700:704] *= 8
    told.iloc[704:708] *= 200
    assert replay(told, ZONE).alert.sum() == 2


def test_a_surge_that_lasts_for_hours_is_told_once():
    assert replay(surged("h", hours=20), ZONE).alert.sum() == 1


@pytest.mark.parametrize("freq", PER_DAY)
def test_a_surge_that_lasts_for_days_is_told_once(freq: str):
    assert replay(surged(freq, hours=96), ZONE).alert.sum() == 1


def test_two_surges_that_days_part_are_told_twice():
    told = surged("h")
    told.iloc[-100:-94] *= 12
    assert replay(told, ZONE).alert.sum() == 2


def test_a_resolution_that_changes_is_no_surge():
    coarse, fine = series("h", 30), series("5min", 50)
    for before, after in ((coarse, fine), (fine[fine.index < coarse.index[-1]], series("h", 50))):
        assert not replay(pd.concat([before, after[after.index > before.index[-1]]]), ZONE).alert.any()


def test_low_sensitivity_tells_less_and_high_tells_more():
    told = series("5min", 60, level=3)
    told *= np.random.default_rng(8).choice([1.0, 6.0], len(told), p=[0.98, 0.02])
    told.iloc[::1200] += 40
    counts = [replay(told, ZONE, Rule.of(each)).alert.sum() for each in ("low", "medium", "high")]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.parametrize(
    "values",
    [[], [4.0], [np.nan] * 99, [0.0] * 99, [-5.0] * 99, [np.inf] * 99, [1e308] * 99, [2.0**53] * 99],
    ids=["none", "one", "gaps", "zeros", "negative", "endless", "huge", "largest"],
)
def test_what_says_nothing_makes_no_alert(values: list[float]):
    told = pd.Series(values, index=pd.date_range("2024-01-01", periods=len(values), freq="h"), dtype=float)
    found = replay(told, ZONE)
    assert len(found) == len(told)
    assert not found.alert.any()


def test_rows_without_a_time_are_left_out():
    told = surged("h")
    told.index = told.index.where(np.arange(len(told)) != 5)
    found = replay(told, ZONE)
    assert np.isnan(found.score.iloc[5])
    assert found.alert.sum() == 1


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo"])
def test_a_clock_change_is_no_surge(zone: str):
    index = pd.date_range("2024-03-01", "2024-05-10", freq="h", tz="UTC")
    local = index.tz_convert(zone)
    told = pd.Series(np.where((local.hour >= 8) & (local.hour < 22), 300.0, 20.0), index=index)
    assert not replay(told, zone).alert.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 900), st.integers(0, 2**32 - 1), st.sampled_from(["h", "D", "5min"]))
def test_no_row_depends_on_later_ones(cut: int, seed: int, freq: str):
    chance = np.random.default_rng(seed)
    index = pd.date_range("2024-03-01", periods=1000, freq=freq, tz="UTC")[chance.random(1000) > 0.01]
    told = pd.Series(chance.poisson(6, len(index)) * np.where(chance.random(len(index)) < 0.02, 15.0, 1.0), index=index)
    told[chance.random(len(index)) < 0.05] = np.nan
    whole, part = replay(told, "Europe/Berlin"), replay(told.iloc[:cut], "Europe/Berlin")
    assert np.allclose(whole.iloc[:cut].to_numpy(float), part.to_numpy(float), equal_nan=True, atol=1e-6)
    assert whole.alert.iloc[:cut].equals(part.alert)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 900), st.integers(0, 2**32 - 1))
def test_no_row_depends_on_later_ones_where_the_resolution_changes(cut: int, seed: int):
    chance = np.random.default_rng(seed)
    steps = np.repeat(chance.choice([300, 3600, 86400, 777], 50), chance.integers(1, 40, 50))
    index = pd.to_datetime(np.cumsum(steps), unit="s", utc=True)
    told = pd.Series(chance.poisson(30, len(index)), index=index, dtype=float)
    whole, part = replay(told, ZONE), replay(told.iloc[:cut], ZONE)
    assert np.allclose(whole.iloc[:cut].to_numpy(float), part.to_numpy(float), equal_nan=True, atol=1e-6)
