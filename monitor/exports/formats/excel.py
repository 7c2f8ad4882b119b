"""XLSX: one workbook, a sheet for each table and one for the method note, mirrored where one reads from the right.

Excel knows no zones: its times are those of the campaign's clock, and the heading says whose. Texts stay texts, never
formulas or links.
"""

from collections.abc import Iterable
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from monitor.errors import MonitorError
from monitor.exports import titles
from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.formats.rows import Styles, rows
from monitor.exports.sheet import Column, Kind, Sheet
from monitor.words.voice import Voice

MOST_ROWS = 1_048_576  # of a sheet, its heading included
LONGEST = 32_767  # characters of a cell
WIDTHS = {Kind.TEXT: 22, Kind.TIME: 18, Kind.DAY: 12, Kind.COUNT: 13, Kind.RATIO: 10, Kind.FLAG: 9}
FORMATS = {
    Kind.TIME: "yyyy-mm-dd hh:mm", Kind.DAY: "yyyy-mm-dd", Kind.COUNT: "#,##0.0#", Kind.RATIO: "0.0###",
}  # fmt: skip
WHOLE = "#,##0"  # with places for parts, Excel would put a point behind it
NOTE_WIDTHS = (18, 110)


def write(book: Book, _: Asked, file: BinaryIO) -> None:
    """Write all sheets of a book."""
    for sheet in book.sheets:
        if sheet.table.num_rows >= MOST_ROWS:
            raise MonitorError(
                f"{sheet.name} has {sheet.table.num_rows:,} rows, and Excel opens {MOST_ROWS - 1:,} at most: "
                "ask for a wider resolution, a shorter window, or for csv or parquet"
            )
    with xlsxwriter.Workbook(file, OPTIONS) as workbook:
        looks = _Looks(workbook)
        _put_note(book, workbook.add_worksheet(book.voice.say(titles.METHOD)), looks)
        for sheet in book.sheets:
            _put(sheet, workbook.add_worksheet(titles.of_sheet(sheet.name, book.voice), _Page), looks, book.voice)


OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}  # fmt: skip


class _Page(Worksheet):  # type: ignore[misc]
    """A sheet whose rows are put into its file as they are."""

    def append(self, sheet: Sheet, styles: Styles) -> None:
        """Write the rows of a sheet below the heading."""
        self._write_single_row(1)  # the heading, which waits for what follows it
        for some in rows(sheet, styles, self._fit):
            self.row_data_fh.write(some)
        self.dim_rowmax = self.previous_row = sheet.table.num_rows

    def _fit(self, text: str) -> str:
        return str(self._escape_data(self._escape_control_characters(cut(text))))


class _Looks:
    """How cells look."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        whole, *others = (workbook.add_format({"num_format": shown}) for shown in (WHOLE, *FORMATS.values()))
        numbers = [one._get_xf_index() for one in (whole, *others)]  # noqa: SLF001 - nothing public tells them
        self.styles = Styles(dict(zip(FORMATS, numbers[1:], strict=True)), numbers[0])


def _put_note(book: Book, page: Worksheet, looks: _Looks) -> None:
    _laid_out(page, book.voice, NOTE_WIDTHS)
    row = 0
    for entry in book.note:
        for number, line in enumerate(entry.lines or ("",)):
            page.write_string(row, 0, entry.title if not number else "", looks.heading)
            page.write_string(row, 1, cut(line), looks.wrapped)
            row += 1


def _put(sheet: Sheet, page: _Page, looks: _Looks, voice: Voice) -> None:
    _laid_out(page, voice, [WIDTHS[column.kind] for column in sheet.columns])
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, _heading(column, sheet.zone, voice), looks.heading)
    page.append(sheet, looks.styles)


def _laid_out(page: Worksheet, voice: Voice, widths: Iterable[int]) -> None:
    if voice.is_rtl:
        page.right_to_left()
    for place, width in enumerate(widths):
        page.set_column(place, place, width)


def _heading(column: Column, zone: str, voice: Voice) -> str:
    heading = titles.of_column(column.name, voice)
    return f"{heading} ({zone})" if column.kind is Kind.TIME else heading


def cut(text: str) -> str:
    """Return as much of a text as a cell holds; Excel counts as UTF-16 does."""
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    return text.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
