"""The lines to draw."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from monitor.model.brief import Line
from monitor.model.window import Window, local_day
from monitor.trends import lines
from tests.trends.world import FRIDAY, day, hourly

ZONE = "Asia/Damascus"
UNKNOWN = hourly(np.nan)


def line(name: str, seen: pd.Series, expected: pd.Series, window: Window, zone: str) -> Line:
    cells = pd.DataFrame({"seen": seen, "expected": expected, "stray": expected + 1})
    return lines.line(name, cells, window, zone)


def test_a_day_is_drawn_by_the_hour():
    drawn = line("posts", hourly(3.0), hourly(2.0), day(), ZONE)
    assert (drawn.cell_seconds, len(drawn.points), len(drawn.expected)) == (3600, 24, 24)
    assert (drawn.points[0].at, drawn.points[0].value) == (FRIDAY, 3)


def test_more_than_eight_days_are_drawn_by_the_local_day():
    eight, nine = (line("posts", hourly(1.0), UNKNOWN, day(-days, days), ZONE) for days in (8, 9))
    assert (eight.cell_seconds, len(eight.points)) == (3600, 8 * 24)
    assert (nine.cell_seconds, len(nine.points)) == (86400, 9)
    assert [point.value for point in nine.points] == [24.0] * 9
    assert nine.points[0].at == day(-9).start


def test_a_gap_is_none_and_never_zero():
    seen = hourly(3.0)
    seen[FRIDAY : FRIDAY + timedelta(hours=2)] = np.nan
    drawn = line("posts", seen, UNKNOWN, day(), ZONE)
    assert [point.value for point in drawn.points[:4]] == [None, None, None, 3]


def test_a_day_of_which_less_than_half_was_seen_is_a_gap():
    seen = hourly(1.0)
    seen[day(-1).start : day(-1).start + timedelta(hours=12)] = np.nan
    seen[day(-2).start : day(-2).start + timedelta(hours=11)] = np.nan
    drawn = line("posts", seen, UNKNOWN, day(-9, 9), ZONE)
    assert [point.value for point in drawn.points[-3:]] == [24.0, 12.0, None]


def test_without_a_usual_level_nothing_is_drawn_beside_it():
    assert line("posts", hourly(3.0), UNKNOWN, day(), ZONE).expected == ()


def test_a_day_with_a_clock_change_is_one_day():
    spring = Window(datetime(2024, 3, 20, tzinfo=UTC), datetime(2024, 4, 10, tzinfo=UTC))
    window = Window(datetime(2024, 3, 24, 23, tzinfo=UTC), datetime(2024, 4, 3, 22, tzinfo=UTC))
    drawn = line("posts", hourly(1.0, spring), hourly(np.nan, spring), window, "Europe/Berlin")
    assert [point.value for point in drawn.points] == [24.0] * 6 + [23.0] + [24.0] * 3
    assert {point.at.astimezone(ZoneInfo("Europe/Berlin")).hour for point in drawn.points} == {0}


def test_a_day_whose_midnight_does_not_exist_begins_an_hour_later():
    first, last = (local_day(datetime(2016, *date, 12, tzinfo=UTC), ZONE) for date in ((3, 20), (3, 31)))
    spring = Window(first.start, last.end)  # clocks in Damascus went from 00:00 to 01:00 on 25 March 2016
    drawn = line("posts", hourly(1.0), UNKNOWN, spring, ZONE)
    lengths = [point.value for point in drawn.points]
    assert (len(lengths), min(lengths), sum(lengths)) == (12, 23, 12 * 24 - 1)


def test_an_empty_window_has_no_points():
    assert line("posts", hourly(3.0), UNKNOWN, Window(FRIDAY, FRIDAY), ZONE).points == ()


def test_around_the_usual_level_lies_how_far_cells_stray_and_never_below_nothing():
    drawn = line("posts", hourly(3.0), hourly(2.0), day(), ZONE)
    assert {(low.value, high.value) for low, high in zip(drawn.low, drawn.high, strict=True)} == {(0, 5)}


def test_a_day_strays_as_far_as_its_hours_say_a_day_does():
    drawn = line("posts", hourly(30.0), hourly(20.0), day(-9, 9), ZONE)
    assert (drawn.low[0].value, drawn.high[0].value) == (20 * 24 - 21, 20 * 24 + 21)
