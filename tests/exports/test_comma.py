"""CSV: what a spreadsheet makes of it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.exports.asked import Format, What
from monitor.exports.formats import comma
from monitor.exports.sheet import Kind
from tests.exports.books import HOSTILE, content, sheet, table

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def cells(*texts: str | None, kind: Kind = Kind.TEXT) -> list[list[str]]:
    """Return the written rows, without heading and note."""
    file = io.BytesIO()
    comma.put(sheet(*texts, kind=kind), "the note", file)
    return [row[:-1] for row in csv.reader(io.StringIO(file.getvalue().decode()))][1:]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\u3000", "\u200b", "\u202e", "\0"])
def test_a_text_that_looks_like_a_formula_is_defused_whatever_stands_before_it(start, before):
    assert cells(f"{before}{start}1+1") == [[f"'{start}1+1"]]


def test_a_formula_behind_a_semicolon_is_defused_for_spreadsheets_that_part_there():
    assert cells("hello; =1+1") == [["hello; '=1+1"]]


def test_numbers_stay_numbers():
    assert cells(-5, None, 2**53, 0, kind=Kind.COUNT) == [["-5"], [""], ["9007199254740992"], ["0"]]
    assert cells(-5, 0.25, kind=Kind.RATIO) == [["-5"], ["0.25"]]


def test_what_nobody_knows_is_empty():
    assert cells(None, 0, kind=Kind.COUNT) == [[""], ["0"]]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text(max_size=40) | st.sampled_from([HOSTILE, '",=1', "a\nb", "ü" * 10_000]), min_size=1, max_size=9)
)
def test_any_text_is_one_cell_of_one_row_and_no_formula(texts):
    rows = cells(*texts)
    assert len(rows) == len(texts)
    assert not [cell for (cell,) in rows if cell.strip().startswith(STARTS)]


async def test_the_note_stands_beside_the_first_row_alone(friday):
    written = (await content(friday, Format.CSV, What.TOTALS)).decode()
    first, *others = csv.DictReader(io.StringIO(written))
    assert "posts/1 (volume)" in first["method"]
    assert {row["method"] for row in others} == {""}


async def test_a_mark_for_old_programs_stands_there_on_wish(friday):
    plain = await content(friday, Format.CSV, What.GAPS)
    assert await content(friday, Format.CSV, What.GAPS, bom=True) == b"\xef\xbb\xbf" + plain


async def test_times_tell_their_offset(friday):
    row, *_ = await table(friday, What.SERIES, Format.CSV)
    assert row["time"] == "2016-04-29T00:00:00+03:00"


async def test_a_sheet_without_rows_has_its_heading(friday):
    written = await content(friday, Format.CSV, What.ALERTS)
    assert written.decode().splitlines()[0].startswith('"time","told","rule"')


def test_a_sheet_in_many_batches_has_one_heading():
    many = sheet(*["x"] * 50_000)
    file = io.BytesIO()
    comma.put(many, "note", file)
    assert file.getvalue().count(b"\n") == 50_001
