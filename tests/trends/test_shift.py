"""Changes of level that lasted."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitor.model.finding import Shift
from monitor.model.window import local_day
from monitor.trends.shift import shifts
from tests.trends.campaigns import ZONE, posts

CALM = posts(9)
DAY = 24


def told(cells: pd.DataFrame) -> tuple[Shift, ...]:
    return shifts("posts", cells, ZONE)


def changed(factor: float, first: int, days: int = 63) -> pd.DataFrame:
    """Return the cells with some days, from day `first` on, so many times as large."""
    cells = CALM.copy()
    cells.iloc[first * DAY : (first + days) * DAY] *= factor
    return cells


def test_a_level_that_stays_has_no_shift():
    assert told(CALM) == ()


@pytest.mark.parametrize("factor", [3.0, 0.3])
def test_a_level_that_changed_and_stayed_is_told_from_its_day(factor: float):
    (found,) = told(changed(factor, 45))
    assert abs(found.at - CALM.index[45 * DAY]) <= timedelta(days=1)
    assert found.low < factor < found.high
    assert found.after / found.before == pytest.approx(factor, rel=0.3)


def test_it_is_told_from_a_local_midnight():
    (found,) = told(changed(3, 45))
    assert found.at == local_day(found.at, ZONE).start


def test_two_shifts_are_told_in_order():
    cells = changed(3, 18)
    cells.iloc[46 * DAY :] /= 3
    assert [one.after > one.before for one in told(cells)] == [True, False]


@pytest.mark.parametrize("days", [1, 2, 3])
def test_a_single_surge_is_no_shift(days: int):
    assert told(changed(8, 40, days)) == ()


def test_busy_fridays_are_no_shifts():
    friday = CALM.index.tz_convert(ZONE).day_of_week == 4
    assert told(CALM.mul(np.where(friday, 6.0, 1.0), axis=0)) == ()


def test_a_change_of_the_last_days_is_not_told_yet():
    assert told(changed(3, 60)) == ()


def test_a_platform_that_was_added_is_no_shift():
    added = CALM.rename(columns={"mastodon": "x"})
    assert told(CALM.join(added[40 * DAY :])) == ()


def test_a_blind_week_is_no_shift():
    assert told(changed(np.nan, 40, 7)) == ()


def test_half_blind_days_are_made_whole_by_the_usual_course_of_a_day():
    cells = CALM.copy()
    night = cells.index.tz_convert(ZONE).hour < 8
    cells[night & (cells.index > cells.index[40 * DAY])] = np.nan
    assert told(cells) == ()


def test_hardly_anything_has_no_shift():
    assert told(posts(9, level=0.02)) == ()


@pytest.mark.parametrize("cells", [CALM[:0], CALM[:DAY], CALM[: 20 * DAY], CALM * np.nan, CALM * 0, CALM * 0 + 7])
def test_too_little_or_nothing_to_tell_is_no_error(cells: pd.DataFrame):
    assert told(cells) == ()


@pytest.mark.parametrize("bad", [np.inf, -500.0])
def test_what_can_not_be_a_count_is_a_gap(bad: float):
    cells, holes = CALM.copy(), CALM.copy()
    cells.iloc[-5], holes.iloc[-5] = bad, np.nan
    assert told(cells) == told(holes)
