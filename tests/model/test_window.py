from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.window import Resolution, Window, bucket, cells, local_day, merged
from tests.people import NOON

DAMASCUS = "Asia/Damascus"
ZONES = [DAMASCUS, "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Pyongyang",
         "Pacific/Apia", "Africa/Cairo", "Asia/Gaza", "America/Sao_Paulo", "Europe/London", "UTC"]  # fmt: skip
EPOCHS = st.integers(
    int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2037, 1, 1, tzinfo=UTC).timestamp())
)
HOUR = timedelta(hours=1)


def at(epoch: float, zone: str = DAMASCUS) -> datetime:
    return datetime.fromtimestamp(epoch, ZoneInfo(zone))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


# Days


def test_a_day_in_damascus_begins_in_the_evening_of_utc() -> None:
    assert local_day(NOON, DAMASCUS) == Window(utc(2016, 4, 28, 21), utc(2016, 4, 29, 21))


def test_the_day_whose_midnight_the_clocks_skip_begins_at_one_and_is_an_hour_shorter() -> None:
    day = local_day(utc(2016, 3, 25, 12), DAMASCUS)
    assert (day.start.astimezone(ZoneInfo(DAMASCUS)).hour, day.length) == (1, 23 * HOUR)


def test_the_day_on_which_the_clocks_go_back_is_an_hour_longer() -> None:
    assert local_day(utc(2016, 10, 27, 12), DAMASCUS).length == 25 * HOUR


def test_damascus_keeps_summer_time_since_2022() -> None:
    assert {local_day(utc(2023, month, 15), DAMASCUS).start.hour for month in range(1, 13)} == {21}


def test_yesterday_is_a_calendar_day_not_24_hours() -> None:
    after_the_change = utc(2016, 3, 26, 21, 30)  # half past midnight of the 27th
    assert local_day(after_the_change, DAMASCUS, days_before=2) == local_day(utc(2016, 3, 25, 12), DAMASCUS)


@given(EPOCHS, st.sampled_from(ZONES))
def test_a_days_cell_begins_at_the_first_moment_of_its_local_date(epoch: int, zone: str) -> None:
    start = bucket(epoch, Resolution.DAY, zone)
    assert start <= epoch < start + 26 * 3600
    assert at(start, zone).date() == at(epoch, zone).date() != at(start - 1, zone).date()


@given(EPOCHS, st.sampled_from(ZONES))
def test_the_cell_of_a_day_is_the_local_day(epoch: int, zone: str) -> None:
    assert datetime.fromtimestamp(bucket(epoch, Resolution.DAY, zone), UTC) == local_day(at(epoch, zone), zone).start


# Cells


@given(EPOCHS, st.sampled_from(Resolution), st.sampled_from(ZONES))
def test_a_cell_holds_its_start(epoch: int, resolution: Resolution, zone: str) -> None:
    start = bucket(epoch, resolution, zone)
    assert bucket(start, resolution, zone) == start <= epoch


def test_five_minutes_and_hours_are_those_of_utc() -> None:
    epoch = int(utc(2016, 4, 29, 12, 34, 56).timestamp())
    fives, hours = (
        at(bucket(epoch, kind, "Asia/Kathmandu"), "UTC") for kind in (Resolution.FIVE_MINUTES, Resolution.HOUR)
    )
    assert (fives.minute, hours.minute) == (30, 0)


@given(EPOCHS, st.integers(1, 5 * 86400), st.sampled_from([Resolution.HOUR, Resolution.DAY]), st.sampled_from(ZONES))
def test_cells_follow_one_another_and_overlap_the_window(
    epoch: int, length: int, resolution: Resolution, zone: str
) -> None:
    window = Window(datetime.fromtimestamp(epoch, UTC), datetime.fromtimestamp(epoch + length, UTC))
    starts = [int(start.timestamp()) for start in cells(window, resolution, zone)]
    assert starts[0] == bucket(epoch, resolution, zone)
    assert starts[-1] < epoch + length
    assert starts == sorted(
        {bucket(second, resolution, zone) for second in (*range(epoch, epoch + length, 900), epoch + length - 1)}
    )


def test_a_week_over_a_clock_change_has_seven_days() -> None:
    week = Window(local_day(utc(2016, 3, 22, 12), DAMASCUS).start, local_day(utc(2016, 3, 28, 12), DAMASCUS).end)
    days = [start.astimezone(ZoneInfo(DAMASCUS)).date() for start in cells(week, Resolution.DAY, DAMASCUS)]
    assert days == [date(2016, 3, 22) + timedelta(days=n) for n in range(7)]


def test_a_day_that_a_country_skipped_has_no_cell() -> None:
    window = Window(utc(2011, 12, 29, 12), utc(2012, 1, 1, 12))
    days = [start.astimezone(ZoneInfo("Pacific/Apia")).day for start in cells(window, Resolution.DAY, "Pacific/Apia")]
    assert days == [29, 31, 1, 2]


@pytest.mark.parametrize("resolution", Resolution)
def test_an_empty_window_overlaps_no_cell_but_the_one_it_lies_in(resolution: Resolution) -> None:
    assert len(cells(Window(NOON, NOON), resolution, "UTC")) <= 1


# Windows


def test_a_window_holds_its_start_and_not_its_end() -> None:
    window = Window(NOON, NOON + HOUR)
    assert (NOON in window, NOON + HOUR in window) == (True, False)


def test_windows_apart_share_nothing() -> None:
    assert Window(NOON, NOON + HOUR).overlap(Window(NOON + 2 * HOUR, NOON + 3 * HOUR)) == timedelta(0)


def test_a_shifted_window_keeps_its_length() -> None:
    window = Window(NOON, NOON + HOUR)
    assert window.shifted(-HOUR) == Window(NOON - HOUR, NOON)


HOURS = st.integers(0, 30).map(lambda hour: NOON + hour * HOUR)
WINDOWS = st.lists(st.tuples(HOURS, HOURS).map(lambda ends: Window(*ends)), max_size=8)


@given(WINDOWS)
def test_merged_windows_hold_the_same_time(windows: list[Window]) -> None:
    for hour in range(31):
        moment = NOON + hour * HOUR
        assert any(moment in window for window in windows) == any(moment in window for window in merged(windows))


@given(WINDOWS)
def test_merged_windows_are_in_order_and_apart(windows: list[Window]) -> None:
    joined = merged(windows)
    assert all(one.end < other.start for one, other in pairwise(joined))
    assert merged(joined) == joined


@given(WINDOWS, WINDOWS)
def test_it_does_not_matter_when_windows_are_merged(first: list[Window], second: list[Window]) -> None:
    assert merged((*merged(first), *merged(second))) == merged((*first, *second))
