from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.imports.cells import listed, number, time, x_time

MORNING = datetime(2023, 3, 10, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1234", 1234),
        (" 12 ", 12),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("١٢٣٤", 1234),
        ("١٬٢٣٤", 1234),
        ("۱۲", 12),
        ("3.0", 3),
        ("3,0", 3),
        ("0", 0),
    ],
)
def test_a_number_is_read_however_it_is_written(cell: str, told: int) -> None:
    assert number(cell) == (told, 1)


@pytest.mark.parametrize("cell", ["", "N/A", "nan", "-1", "1.8E+18", "3.5", "12,34", "1,234.5", "many", "9" * 20, "½"])
def test_what_is_no_counter_is_not_told(cell: str) -> None:
    assert number(cell)[0] is None


@pytest.mark.parametrize(
    ("cell", "told", "step"),
    [("1.2K", 1200, 100), ("3M", 3_000_000, 10**6), ("15k", 15_000, 1000), ("1,5 K", 1500, 100)],
)
def test_a_rounded_number_tells_how_far(cell: str, told: int, step: int) -> None:
    assert number(cell) == (told, step)


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_every_number_is_read_back(told: int) -> None:
    assert {number(f"{told}")[0], number(f"{told:,}")[0], number(f"{told}.0")[0]} == {told}


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_cell_is_a_number_and_a_time_or_none(cell: str) -> None:
    assert number(cell)[1] >= 1
    moment = time(cell)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    "cell",
    [
        "2023-03-10 12:00:05",
        "2023-03-10T12:00:05Z",
        "2023-03-10T12:00:05.000Z",
        "2023-03-10T15:00:05+03:00",
        "2023-03-10 07:00:05 EST",
        "2023-03-10 08:00:05 EDT",
        "2023-03-10 13:00:05 CET",
        "1678449605",
        "1678449605000",
        "1678449605.0",
        "Fri Mar 10 12:00:05 +0000 2023",
        "٢٠٢٣-٠٣-١٠ ١٢:٠٠:٠٥",
    ],
)
def test_a_time_is_read_however_it_is_written(cell: str) -> None:
    assert time(cell) == MORNING


def test_a_time_without_zone_is_of_the_zone_that_is_named() -> None:
    assert time("2023-03-10 15:00:05", zone=ZoneInfo("Asia/Damascus")) == MORNING


def test_a_form_that_is_named_comes_first() -> None:
    assert time("10/03/2023 12:00:05", ("%d/%m/%Y %H:%M:%S",)) == MORNING


@pytest.mark.parametrize(
    "cell", ["", "0", "1970-01-01 00:00:00", "1970-01-01", "yesterday", "2023-02-30", "10/03/2023"]
)
def test_what_is_no_time_is_none(cell: str) -> None:
    assert time(cell) is None


def test_times_of_the_old_api_are_read() -> None:
    assert x_time("Fri Mar 10 12:00:05 +0000 2023") == MORNING
    assert x_time("2023-03-10T12:00:05.000Z") == MORNING


@pytest.mark.parametrize("told", [None, 5, "", "Fri Mar 10 99:00:05 +0000 2023", "Fri Mar 10 12:00:05 +0300 2023"])
def test_other_times_are_none(told: object) -> None:
    assert x_time(told) is None


@settings(deadline=None)
@given(st.datetimes(datetime(2007, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_every_second_of_the_old_api_is_read_back(moment: datetime) -> None:
    second = moment.replace(microsecond=0, tzinfo=UTC)
    assert x_time(f"{second:%a %b %d %H:%M:%S +0000 %Y}") == second


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ('["#SaveAleppo", "#حلب"]', ["SaveAleppo", "حلب"]),
        ('[{"start": 0, "end": 4, "tag": "حلب"}]', ["حلب"]),
        ("SaveAleppo,حلب", ["SaveAleppo", "حلب"]),
        ("#SaveAleppo #حلب", ["SaveAleppo", "حلب"]),
        ("['SaveAleppo', 'حلب']", ["SaveAleppo", "حلب"]),
        ("[]", []),
        ("", []),
    ],
)
def test_tags_are_read_however_they_are_listed(cell: str, tags: list[str]) -> None:
    assert listed(cell) == tags


def test_a_century_is_not_taken_for_milliseconds() -> None:
    assert time(str(int((MORNING + timedelta(days=36_000)).timestamp()))) == MORNING + timedelta(days=36_000)
