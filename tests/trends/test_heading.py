"""Where a number is heading."""

import numpy as np
import pandas as pd
import pytest

from monitor.model.finding import Direction, Heading
from monitor.trends.heading import HOURS, headings
from tests.trends.campaigns import ZONE, posts

CALM = posts(10)
BLIND, RISING, FALLING, STEADY = Direction.BLIND, Direction.RISING, Direction.FALLING, Direction.STEADY


def told(cells: pd.DataFrame) -> dict[int, Heading]:
    return {one.hours: one for one in headings("posts", cells, ZONE)}


def directions(cells: pd.DataFrame) -> list[Direction]:
    return [one.direction for one in headings("posts", cells, ZONE)]


def times(factor: float, hours: int, cells: pd.DataFrame = CALM) -> pd.DataFrame:
    """Return the cells with the last hours so many times as large."""
    changed = cells.copy()
    changed.iloc[-hours:] *= factor
    return changed


def test_what_was_expected_is_steady():
    assert directions(CALM) == [STEADY] * 4


def test_a_normal_friday_afternoon_is_no_rise():
    friday = posts(10, seed=3)[: -7 * 24 + 18]  # until 18:00 of the last Friday, four times the hours before
    assert friday.index[-1].tz_convert(ZONE).strftime("%A %H") == "Friday 17"
    assert directions(friday) == [STEADY] * 4


@pytest.mark.parametrize("hours", HOURS)
def test_three_times_as_much_is_a_rise(hours: int):
    found = told(times(3, hours))[hours]
    assert found.direction is RISING
    assert found.low < 2 < found.high


@pytest.mark.parametrize("hours", HOURS)
def test_a_quarter_of_it_is_a_fall(hours: int):
    found = told(times(0.25, hours))[hours]
    assert found.direction is FALLING
    assert -1 < found.low < found.change < found.high < 0


def test_silence_is_a_fall_and_blindness_is_not():
    assert directions(times(0, 24))[:3] == [FALLING] * 3
    assert directions(times(np.nan, 24))[:3] == [BLIND] * 3
    assert directions(times(np.nan, 24))[3] is STEADY


def test_a_platform_that_fell_blind_or_began_is_no_change():
    other = CALM.rename(columns={"mastodon": "x"})
    assert directions(CALM.join(times(np.nan, 20, other))) == [STEADY] * 4
    assert directions(CALM.join(other[-20:])) == [STEADY] * 4


def test_a_few_posts_are_no_rise():
    few = posts(10, level=0.2)
    few.iloc[-3:] = 3.0
    assert told(few)[3].direction is STEADY


def test_a_level_that_was_reached_weeks_ago_is_steady():
    assert told(times(2.5, 28 * 24))[24].direction is STEADY


@pytest.mark.parametrize("cells", [CALM[:0], CALM[:1], CALM[:30], CALM * np.nan])
def test_too_little_is_blind(cells: pd.DataFrame):
    found = headings("posts", cells, ZONE)
    assert {one.direction for one in found} == {BLIND}
    assert {one.change for one in found} == {None}


def test_nothing_at_all_for_weeks_is_steady():
    assert directions(CALM * 0) == [STEADY] * 4
    assert {one.change for one in headings("posts", CALM * 0, ZONE)} == {0.0}


def test_the_first_two_weeks_know_no_week():
    assert directions(posts(2))[2:] == [STEADY, BLIND]


@pytest.mark.parametrize("bad", [np.inf, -500.0])
def test_what_can_not_be_a_count_is_a_gap(bad: float):
    cells, holes = CALM.copy(), CALM.copy()
    cells.iloc[-5], holes.iloc[-5] = bad, np.nan
    assert told(cells) == told(holes)
