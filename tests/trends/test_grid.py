"""Rows on an even grid, by the time that passed and by the clock on the wall."""

import numpy as np
import pandas as pd

from monitor.trends.grid import DAY, HOUR, grid

BERLIN = "Europe/Berlin"


def hours(start: str, count: int) -> pd.DatetimeIndex:
    return pd.date_range(start, periods=count, freq="h", tz="UTC")


def test_rows_that_are_missing_are_gaps():
    even = grid(hours("2024-06-01", 5)[[0, 1, 4]], HOUR, BERLIN)
    assert even.cells(np.array([[1.0], [2.0], [3.0]]))[:, 0].tolist()[:2] == [1, 2]
    assert np.isnan(even.cells(np.ones((3, 1)))[2:4]).all()


def test_an_hour_that_is_skipped_is_a_gap_on_the_wall():
    even = grid(hours("2024-03-31", 4), HOUR, BERLIN)  # 1, 3, 4, 5 o'clock
    assert np.isnan(even.on_the_wall(np.arange(4.0)[:, None])[:, 0]).tolist() == [False, True, False, False, False]


def test_of_an_hour_that_comes_twice_the_first_stays():
    even = grid(hours("2024-10-26T23:00", 4), HOUR, BERLIN)  # 1, 2, 2, 3 o'clock
    assert even.on_the_wall(np.arange(4.0)[:, None])[:, 0].tolist() == [0, 1, 3]


def test_days_of_23_and_25_hours_are_days():
    local = pd.date_range("2024-03-30", periods=4, freq="D", tz=BERLIN).tz_convert("UTC")
    assert grid(local, DAY, BERLIN).places.tolist() == [0, 1, 2, 3]


def test_no_rows_have_an_empty_grid():
    even = grid(hours("2024-01-01", 0), HOUR, BERLIN)
    assert even.cells(np.empty((0, 2))).shape == (0, 2)


def test_a_stretch_is_at_least_a_cell():
    assert grid(hours("2024-01-01", 3), HOUR, BERLIN).rows(900) == 1
    assert grid(hours("2024-01-01", 3), HOUR, BERLIN).rows(DAY) == 24
