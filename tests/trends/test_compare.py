"""What a window is compared with."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from monitor.model.window import Window, local_day
from monitor.trends.compare import change, windows
from tests.trends.world import day

ZONE = "Asia/Damascus"


def cells(*platforms: list[float]) -> pd.DataFrame:
    return pd.DataFrame({f"platform {number}": values for number, values in enumerate(platforms)})


def test_a_day_is_compared_with_the_day_before_and_the_same_weekday():
    spans = windows(day(), ZONE)
    assert (spans.before, spans.week_before) == (day(-1), day(-7))


def test_a_week_is_compared_with_the_week_before_twice():
    spans = windows(day(0, 7), ZONE)
    assert spans.before == spans.week_before == day(-7, 7)


def test_a_month_is_not_compared_with_itself_shifted_by_a_week():
    spans = windows(day(0, 30), ZONE)
    assert spans.week_before == spans.before == day(-30, 30)


def test_hours_are_compared_with_the_hours_before_and_those_of_last_week():
    window = Window(day().start + timedelta(hours=9), day().start + timedelta(hours=12))
    spans = windows(window, ZONE)
    assert spans.before == window.shifted(-timedelta(hours=3))
    assert spans.week_before == window.shifted(-timedelta(days=7))


def test_the_day_before_a_clock_change_is_a_whole_local_day():
    sunday = local_day(datetime(2024, 3, 31, 12, tzinfo=UTC), "Europe/Berlin")  # 23 hours long
    spans = windows(sunday, "Europe/Berlin")
    assert spans.before == local_day(datetime(2024, 3, 30, 12, tzinfo=UTC), "Europe/Berlin")
    assert spans.week_before == local_day(datetime(2024, 3, 24, 12, tzinfo=UTC), "Europe/Berlin")


def test_a_week_with_a_clock_change_in_it_is_still_a_week():
    week = Window(
        local_day(datetime(2024, 3, 26, 12, tzinfo=UTC), "Europe/Berlin").start,
        local_day(datetime(2024, 4, 1, 12, tzinfo=UTC), "Europe/Berlin").end,
    )
    spans = windows(week, "Europe/Berlin")
    assert spans.week_before == spans.before
    assert spans.before.end == week.start


def test_the_hull_holds_all_three_windows():
    assert windows(day(), ZONE).hull == Window(day(-7).start, day().end)


def test_a_change_is_the_ratio_of_the_sums():
    assert change(cells([3, 3]), cells([2, 2])) == pytest.approx(0.5)


def test_complete_windows_of_different_length_are_compared_whole():
    assert change(cells([1] * 23), cells([1] * 24)) == pytest.approx(-1 / 24)


def test_with_a_gap_only_what_was_seen_in_both_is_compared():
    assert change(cells([10, np.nan, 10]), cells([5, 500, 5])) == pytest.approx(1.0)


def test_a_new_platform_is_no_rise():
    assert change(cells([10, 10], [90, 90]), cells([10, 10], [np.nan, np.nan])) == pytest.approx(0.0)


def test_too_little_seen_in_both_is_no_comparison():
    assert change(cells([1, 1, np.nan, np.nan, np.nan]), cells([np.nan, 1, 1, 1, 1])) is None


def test_a_platform_blind_in_both_windows_does_not_count_against_the_comparison():
    never = [np.nan, np.nan]
    assert change(cells([4, 4], never, never), cells([2, 2], never, never)) == pytest.approx(1.0)


@pytest.mark.parametrize("blind", [cells([np.nan, np.nan]), cells([])], ids=["blind", "empty"])
def test_a_blind_window_has_no_change(blind: pd.DataFrame):
    assert change(blind, cells([1, 1])) is None
    assert change(cells([1, 1]), blind) is None


def test_after_nothing_there_is_no_ratio():
    assert change(cells([5, 5]), cells([0, 0])) is None
