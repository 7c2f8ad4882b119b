"""Sums over the rows before each row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.trends.rolling import around, comb, sums, trailing

ROWS = st.lists(st.integers(0, 99), min_size=1, max_size=30)


def column(rows: list[int]) -> np.ndarray:
    return np.array(rows, dtype=float)[:, None]


@given(ROWS, st.integers(1, 40), st.integers(0, 40))
def test_a_trailing_sum_is_that_of_the_rows_before(rows: list[int], width: int, lag: int):
    told = trailing(sums(column(rows)), width, lag=lag)[:, 0]
    ends = [max(0, row + 1 - lag) for row in range(len(rows))]
    assert told.tolist() == [sum(rows[max(0, end - width) : end]) for end in ends]


@given(ROWS, st.integers(0, 5))
def test_around_is_the_mean_of_the_neighbours(rows: list[int], half: int):
    told = around(sums(column(rows)), half)[:, 0]
    near = [rows[max(0, row - half) : row + half + 1] for row in range(len(rows))]
    assert told == pytest.approx([sum(one) / (2 * half + 1) for one in near])


@given(ROWS, st.integers(1, 8), st.integers(1, 5))
def test_a_comb_adds_every_nth_row_before(rows: list[int], lag: int, times: int):
    told = comb(column(rows), lag, times)[:, 0]
    places = [[row - lag * back for back in range(1, times + 1)] for row in range(len(rows))]
    assert told.tolist() == [sum(rows[place] for place in one if place >= 0) for one in places]
