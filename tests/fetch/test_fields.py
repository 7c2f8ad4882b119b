"""Single fields of somebody else's JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import fields

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("told", [0, 1, 2**53 - 1])
def test_a_counter_is_a_whole_number(told: int) -> None:
    assert fields.count(told) == told


@pytest.mark.parametrize("told", ["3", -1, 1e308, 3.0, None, True, 2**53, [3], float("nan")])
def test_whatever_else_stands_there_is_not_told(told: Any) -> None:
    assert fields.count(told) is None


@pytest.mark.parametrize(
    "told", ["2016-04-29T12:00:00.000Z", "2016-04-29T15:00:00+03:00", "2016-04-29T12:00:00", "20160429T120000Z"]
)
def test_a_moment_is_in_utc(told: str) -> None:
    assert fields.moment(told) == datetime(2016, 4, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "told", ["", "yesterday", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", 1461931200, None]
)
def test_what_is_no_moment_is_not_told(told: Any) -> None:
    assert fields.moment(told) is None


def test_text_says_something_and_is_not_endless() -> None:
    assert [fields.text(told, 3) for told in ("abc", "", "abcd", 3, None)] == ["abc", None, None, None, None]


def test_rows_are_tables() -> None:
    assert fields.rows([{"a": 1}, 2, None]) == [{"a": 1}]
    assert not fields.rows({"a": 1})


@given(ANYTHING)
def test_any_value_can_be_read_as_any_field(told: Any) -> None:
    assert fields.count(told) is None or isinstance(told, int)
    assert fields.moment(told) is None or isinstance(told, str)
    assert fields.text(told) is None or isinstance(told, str)
    assert isinstance(fields.table(told), dict)
    assert all(isinstance(row, dict) for row in fields.rows(told))


@pytest.mark.parametrize("told", [None, True, "1461931200", -1, 0, 10**400, 1e308, float("nan")])
def test_what_can_be_no_time_in_seconds_is_not_told(told: Any) -> None:
    assert fields.epoch(told) is None


def test_a_time_in_seconds_lies_not_before_the_platform_began() -> None:
    assert fields.epoch(1461931200) == datetime(2016, 4, 29, 12, tzinfo=UTC)
    assert fields.epoch(1461931200.5, 2017) is None
