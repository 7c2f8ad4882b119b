"""XLSX: one workbook, a sheet for each table and one for the method note, mirrored where one reads from the right.

Excel knows no zones: its times are those of the campaign's clock, and the heading says whose. Texts stay texts, never
formulas or links.
"""

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from monitor.errors import MonitorError
from monitor.exports import titles
from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.sheet import Column, Kind, Sheet, values
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
        styles = _Styles(workbook)
        _put_note(book, workbook.add_worksheet(book.voice.say(titles.METHOD)), styles)
        for sheet in book.sheets:
            _put(sheet, workbook.add_worksheet(titles.of_sheet(sheet.name, book.voice)), styles, book.voice)


OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}  # fmt: skip


class _Styles:
    """How cells look, by what they hold."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.whole = workbook.add_format({"num_format": WHOLE})
        self.of = {kind: workbook.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}

    def fitting(self, kind: Kind, value: Any) -> Format | None:
        """Return how a cell with this value looks."""
        return self.whole if kind is Kind.COUNT and value.is_integer() else self.of.get(kind)


def _put_note(book: Book, page: Worksheet, styles: _Styles) -> None:
    _laid_out(page, book.voice, NOTE_WIDTHS)
    row = 0
    for entry in book.note:
        for number, line in enumerate(entry.lines or ("",)):
            page.write_string(row, 0, entry.title if not number else "", styles.heading)
            page.write_string(row, 1, cut(line), styles.wrapped)
            row += 1


def _put(sheet: Sheet, page: Worksheet, styles: _Styles, voice: Voice) -> None:
    _laid_out(page, voice, [WIDTHS[column.kind] for column in sheet.columns])
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, _heading(column, sheet.zone, voice), styles.heading)
    row = 1
    for batch in sheet.batches():
        for cells in zip(*(values(batch.column(column.name)) for column in sheet.columns), strict=True):
            for place, (column, value) in enumerate(zip(sheet.columns, cells, strict=True)):
                if value is not None:
                    _WRITE[column.kind](page, row, place, value, styles.fitting(column.kind, value))
            row += 1


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


_WRITE: dict[Kind, Callable[..., int]] = {
    Kind.TEXT: lambda page, row, place, value, style: page.write_string(row, place, cut(value), style),
    Kind.FLAG: Worksheet.write_boolean,
    Kind.TIME: lambda page, row, place, value, style: page.write_datetime(
        row, place, value.replace(tzinfo=None), style
    ),
    Kind.DAY: Worksheet.write_datetime,
    Kind.COUNT: Worksheet.write_number,
    Kind.RATIO: Worksheet.write_number,
}
"""How a cell is written, by what it holds: a text that looks like a formula stays a text."""
