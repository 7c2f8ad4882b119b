"""XLSX: read back by another library, as Excel would."""

import io
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from monitor.errors import MonitorError
from monitor.exports.asked import Asked, Format, What
from monitor.exports.book import Book
from monitor.exports.formats import excel
from monitor.exports.formats.excel import LONGEST, MOST_ROWS, cut
from monitor.exports.note import Entry
from monitor.exports.sheet import Kind, Sheet, columns, of_arrays, of_rows
from tests.digest.briefs import SURGE
from tests.digest.test_gather import DAY
from tests.exports.books import HOSTILE, content, sheet, spoken, workbook
from tests.people import ALEPPO

WHEN = datetime(2016, 4, 29, 9, tzinfo=UTC)


def written(*sheets: Sheet, language="en") -> bytes:
    note = (Entry("zone", "Time zone", ("UTC",)),)
    file = io.BytesIO()
    excel.write(Book(ALEPPO, SURGE, sheets, note, spoken(language)), Asked(Format.XLSX, DAY, spoken(language)), file)
    return file.getvalue()


def cell(value, kind: Kind):
    return workbook(written(sheet(value, kind=kind))).worksheets[1]["A2"]


async def test_a_workbook_has_the_note_and_every_sheet(friday):
    book = workbook(await content(friday, Format.XLSX))
    assert book.sheetnames[:4] == ["Method", "Totals", "Series", "Spikes"]
    assert len(book.sheetnames) == len(What)
    assert {page.freeze_panes for page in book.worksheets[1:]} == {"A2"}


@pytest.mark.parametrize(("value", "shown"), [(2090, "#,##0"), (0.5, "#,##0.0#")])
def test_a_whole_number_shows_no_point(value, shown):
    assert cell(value, Kind.COUNT).number_format == shown


async def test_arabic_sheets_run_from_right_to_left(friday):
    book = workbook(await content(friday, Format.XLSX, voice=spoken("ar")))
    assert {page.sheet_view.rightToLeft for page in book} == {True}
    assert book.sheetnames[1] == "المجاميع"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-5", "@SUM(A1)", "http://evil.example", "{=1}", HOSTILE])
def test_a_text_stays_a_text(text):
    found = cell(text, Kind.TEXT)
    assert (found.data_type, found.hyperlink) == ("s", None)


def test_a_time_is_a_date_on_the_clock_that_the_heading_names():
    page = workbook(written(of_rows("gaps", columns(start=Kind.TIME), "Asia/Damascus", [[WHEN]]))).worksheets[1]
    assert (page["A1"].value, page["A2"].value) == ("From (Asia/Damascus)", datetime(2016, 4, 29, 12))  # noqa: DTZ001
    assert page["A2"].is_date


def test_days_numbers_and_truth_are_what_they_are():
    assert cell(date(2016, 4, 29), Kind.DAY).is_date
    assert (cell(2.0**53, Kind.COUNT).value, cell(-0.25, Kind.RATIO).value) == (2**53, -0.25)
    assert cell(value=True, kind=Kind.FLAG).value is True


def test_what_nobody_knows_is_no_cell():
    assert cell(None, Kind.COUNT).value is None


@pytest.mark.parametrize("text", ["a" * 40_000, "😀" * 20_000])
def test_a_text_is_cut_where_excel_would_refuse_the_file(text):
    short = cut(text)
    assert (len(short.encode("utf-16-le")) // 2 <= LONGEST, short[-1]) == (True, "…")
    assert cell(text, Kind.TEXT).value == short


def test_more_rows_than_excel_opens_are_refused_with_advice():
    cells = pa.array(np.ones(MOST_ROWS, bool))
    big = of_arrays("series", columns(partial=Kind.FLAG), "UTC", {"partial": cells})
    with pytest.raises(MonitorError, match="ask for a wider resolution, a shorter window, or for csv"):
        written(big)
