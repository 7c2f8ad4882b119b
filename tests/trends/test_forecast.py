"""What a day will come to."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitor.model.finding import Forecast
from monitor.model.window import local_day
from monitor.trends.forecast import SoFar, forecast
from tests.trends.campaigns import ZONE, posts


def told(cells: pd.DataFrame, hours: float, *, zone: str = ZONE, partial: bool = False) -> Forecast | None:
    """Return the forecast of the last day of `cells` when so many of its hours have passed."""
    now = local_day(cells.index[-1].to_pydatetime(), zone).start + timedelta(hours=hours)
    passed = cells[cells.index < now]
    today = passed[passed.index >= now - timedelta(hours=hours)]
    return forecast("posts", passed, zone, SoFar(now, float(np.nansum(today.to_numpy())), partial))


def total(cells: pd.DataFrame, zone: str = ZONE) -> float:
    day = local_day(cells.index[-1].to_pydatetime(), zone)
    return float(cells[cells.index >= day.start].to_numpy().sum())


def test_it_speaks_of_the_next_local_midnight():
    found = told(posts(), 9)
    assert found.at == posts().index[-1] + timedelta(hours=1)
    assert found.so_far <= found.low <= found.middle <= found.high


@pytest.mark.parametrize("hours", [1, 6, 12, 20, 23])
def test_most_days_end_inside_the_interval(hours: int):
    days = [posts(7 + day / 7, seed=day) for day in range(20)]
    held = [told(one, hours).low <= total(one) <= told(one, hours).high for one in days]
    assert sum(held) >= 15


def test_the_later_it_is_the_surer():
    widths = [(one := told(posts(), hours)).high - one.low for hours in (2, 10, 18, 23)]
    assert widths == sorted(widths, reverse=True)


def test_friday_morning_expects_friday_afternoon():
    friday, saturday = posts(6 + 1 / 7), posts(6 + 2 / 7)
    assert told(friday, 10).middle == pytest.approx(total(friday), rel=0.4)
    assert told(friday, 10).middle > told(saturday, 10).middle * 1.3


def test_a_lively_day_is_expected_to_stay_lively():
    cells = posts()
    calm = told(cells, 14).middle - told(cells, 14).so_far
    cells.iloc[-30:] *= 3
    found = told(cells, 14)
    assert found.middle - found.so_far > calm


def test_the_hour_that_has_begun_is_expected_for_the_part_that_is_left():
    cells = posts()
    sharp, later = told(cells, 12), told(cells, 12.75)
    assert later.high - later.so_far < sharp.high - sharp.so_far


def test_a_gap_today_is_said_and_counts_nothing():
    cells = posts()
    cells.iloc[-20:-16] = np.nan
    found = told(cells, 12, partial=True)
    assert found.partial
    assert found.low >= found.so_far


def test_gaps_before_are_no_history_and_no_zeros():
    cells, holes = posts(), posts()
    holes.iloc[np.random.default_rng(1).choice(len(holes) - 24, 200, replace=False)] = np.nan
    assert told(holes, 12).middle == pytest.approx(told(cells, 12).middle, rel=0.15)


@pytest.mark.parametrize(("begin", "hours"), [("2016-02-11 22:00", 23), ("2016-09-15 21:00", 25)])
def test_a_day_of_23_or_25_hours_is_expected_whole(begin: str, hours: int):
    zone = ZONE
    cells = posts(10, begin=begin, level=100)
    day = local_day(pd.Timestamp("2016-03-25 09:00Z" if hours == 23 else "2016-10-27 09:00Z").to_pydatetime(), zone)
    assert day.length == timedelta(hours=hours)
    cells = cells[cells.index < day.end]
    found = told(cells, 2)
    assert found.at == day.end
    assert found.middle == pytest.approx(total(cells), rel=0.4)


def test_a_zone_beside_the_full_hour_ends_at_its_own_midnight():
    found = told(posts(zone="Asia/Kolkata"), 9, zone="Asia/Kolkata")
    assert (found.at.hour, found.at.minute) == (18, 30)


def test_a_platform_without_a_past_lets_nobody_say():
    cells = posts()
    cells["x"] = cells["mastodon"][-26:]
    assert told(cells, 20) is None


def test_a_platform_that_never_brought_anything_does_not_matter():
    cells = posts()
    cells["x"] = pd.Series(0.0, cells.index[-26:]).reindex(cells.index)
    assert told(cells, 20) is not None


def test_the_first_days_have_no_forecast():
    assert told(posts(4 / 7), 12) is None
    assert told(posts(8 / 7), 12) is not None


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_nothing_and_blindness_are_no_error(value: float):
    found = told(posts() * value, 12)
    assert found is None if np.isnan(value) else found.low == 0


def test_no_hours_at_all_have_no_forecast():
    now = posts().index[-1].to_pydatetime()
    assert forecast("posts", posts()[:0], ZONE, SoFar(now, 0.0)) is None


@pytest.mark.parametrize("bad", [np.inf, -500.0])
def test_what_can_not_be_a_count_is_a_gap(bad: float):
    cells, holes = posts(), posts()
    cells.iloc[-50], holes.iloc[-50] = bad, np.nan
    assert told(cells, 12) == told(holes, 12)
