"""The evenly spaced pieces of a series that somebody else wrote, and what is odd about it."""

import numpy as np
import pandas as pd
import pytest

from monitor.trends.rows import LASTS, Piece, oddities, pieces

FIVE, HOUR = 300, 3600


def times(*steps: tuple[int, int]) -> np.ndarray:
    """Return times of so many steps of so many seconds, one after the other."""
    return np.concatenate([[0], np.cumsum(np.repeat([width for _, width in steps], [many for many, _ in steps]))])


def series(values: list[float], freq: str = "h") -> pd.Series:
    return pd.Series(values, index=pd.date_range("2024-01-01", periods=len(values), freq=freq, tz="UTC"), dtype=float)


def test_even_rows_are_one_piece():
    assert pieces(times((20, FIVE))) == [Piece(0, 21, FIVE, LASTS)]


def test_a_gap_does_not_end_a_piece():
    assert [piece.step for piece in pieces(times((20, FIVE), (1, 9 * FIVE), (20, FIVE)))] == [FIVE]


def test_where_the_resolution_changes_history_begins_anew():
    first, second = pieces(times((20, HOUR), (20, FIVE)))
    assert (first.step, first.last) == (HOUR, 21)
    assert (second.step, second.first, second.told) == (FIVE, 20, 20 + LASTS)


def test_after_many_weeks_of_nothing_history_begins_anew():
    assert len(pieces(times((20, HOUR), (1, 50 * 24 * HOUR), (20, HOUR)))) == 2


def test_days_that_clocks_lengthen_are_one_resolution():
    assert len(pieces(times((9, 24 * HOUR), (1, 23 * HOUR), (9, 24 * HOUR), (1, 25 * HOUR), (9, 24 * HOUR)))) == 1


def test_times_without_a_rhythm_have_no_piece():
    assert pieces(np.cumsum(np.arange(40) ** 2 % 17 * 100 + 1)) == []


@pytest.mark.parametrize("count", [0, 1, 2, LASTS])
def test_a_few_rows_have_no_piece(count: int):
    assert pieces(times((20, HOUR))[:count]) == []


def test_an_ordinary_series_has_nothing_odd():
    assert oddities(series([3.0] * 20)) == ()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0] * 3, "Too few different times: 3; it takes 7 to see how far apart rows are."),
        ([0.0] * 20, "All values are zero: there is nothing to judge."),
        ([np.nan] * 20, "No row has a value: there is nothing to judge."),
        ([-1.0, np.inf] * 10, "Values below zero, without end or too large to be exact can not be counts: gaps."),
    ],
)
def test_what_can_not_be_judged_is_said(values: list[float], reason: str):
    assert reason in oddities(series(values))


def test_disorder_is_said():
    told = series([1.0] * 20)
    assert oddities(told[::-1]) == ("The rows are not in the order of time; they were sorted.",)
    assert oddities(pd.concat([told, told[-1:]])) == ("Some times come more than once; the last row of each counts.",)


def test_a_change_of_resolution_is_said():
    (reason,) = oddities(pd.concat([series([1.0] * 20), series([1.0] * 300, "5min")[240:]]))
    assert reason.startswith("From 2024-01-01 20:00:00 on history begins anew")


def test_rows_without_a_rhythm_are_said():
    odd = pd.Series(1.0, index=pd.to_datetime(np.cumsum(np.arange(40) ** 2 % 17 * 100 + 1), unit="s"))
    assert oddities(odd) == ("The rows are not evenly spaced: bring sums of each hour or day.",)


def test_a_gap_of_weeks_between_seconds_is_not_laid_out():
    assert len(pieces(times((20, 1), (1, 40 * 24 * HOUR), (20, 1)))) == 2
