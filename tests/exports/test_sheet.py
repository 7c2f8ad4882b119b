"""Typed columns: what goes in comes out, and what nobody knows stays empty."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.exports.sheet import AT_ONCE, Kind, array, columns, moments, of_rows, plain, told, values

BACK = datetime(2016, 10, 27, 20, 30, tzinfo=UTC)  # half an hour before the clocks of Damascus go back
NOON = datetime(2016, 4, 29, 12, tzinfo=UTC)
FEW = settings(max_examples=50, deadline=None)


@FEW
@given(st.lists(st.none() | st.floats(allow_nan=True)))
def test_a_number_is_kept_to_the_digit_or_not_known(numbers):
    expected = [one if one is not None and abs(one) < float("inf") else None for one in numbers]
    assert values(array(Kind.COUNT, numbers, "UTC")) == expected


@FEW
@given(st.text() | st.text(alphabet="\ud800\0\u202e\u2066\n\t\u200b=a"))
def test_a_text_is_on_one_line_and_fits_into_any_file(text):
    line = plain(text)
    assert line.encode().decode() == line == plain(line)
    assert not {*line} & {*"\0\n\r\t\u202e\u2066\u200b"}


def test_a_text_keeps_what_persian_words_are_joined_by():
    assert plain("می\u200cخواهم") == "می\u200cخواهم"


def test_a_long_text_is_not_cut():
    assert len(plain("x" * 40_000)) == 40_000


def test_a_value_that_stands_there_again_is_put_into_words_once():
    asked = []
    column = pa.array(["a", "b", "a", None, "a"])
    assert values(told(column, lambda text: asked.append(text) or text.upper())) == ["A", "B", "A", None, "A"]
    assert asked == ["a", "b"]


def test_hours_that_come_twice_are_told_apart():
    hours = [BACK + timedelta(hours=hour) for hour in range(3)]
    found = values(moments(array(Kind.TIME, hours, "Asia/Damascus"), "Asia/Damascus"))
    assert found == ["2016-10-27T23:30:00+03:00", "2016-10-27T23:30:00+02:00", "2016-10-28T00:30:00+02:00"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [(Kind.FLAG, True), (Kind.DAY, date(2016, 4, 29)), (Kind.TIME, NOON), (Kind.TEXT, "حلب"), (Kind.RATIO, 0.1)],
)
def test_what_goes_in_comes_out(kind, value):
    sheet = of_rows("x", columns(one=kind), "Asia/Damascus", [[value], [None]])
    assert sheet.table.to_pylist() == [{"one": value}, {"one": None}]


def test_a_sheet_without_rows_has_its_types():
    sheet = of_rows("x", columns(class_=Kind.TEXT, value=Kind.COUNT), "UTC", [])
    assert (sheet.table.schema.names, sheet.table.schema.field("value").type) == (["class", "value"], pa.float64())


def test_rows_come_in_batches():
    sheet = of_rows("x", columns(one=Kind.COUNT), "UTC", [[1.0]] * (AT_ONCE + 1))
    assert [batch.num_rows for batch in sheet.batches()] == [AT_ONCE, 1]
