"""CSV: one sheet as every spreadsheet opens it; the method note stands in a last column, beside the first row.

Times are ISO 8601 with their offset; a text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import re
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv

from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.note import in_one
from monitor.exports.sheet import Kind, Sheet, told

MARK = "\ufeff".encode()
METHOD = "method"

_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+\-@＝＋－＠﹢﹣﹦﹫−])")
"""Where one would begin: at the start of a cell, or of what a spreadsheet that parts at semicolons takes for one."""


def write(book: Book, asked: Asked, file: BinaryIO) -> None:
    """Write the only sheet of a book."""
    (sheet,) = book.sheets
    file.write(MARK if asked.bom else b"")
    put(sheet, in_one(book.note), file)


def put(sheet: Sheet, method: str, file: BinaryIO) -> None:
    """Write a sheet with the method note."""
    names = [*(column.name for column in sheet.columns), METHOD]
    rows = pa.schema([(column.name, _written(column.kind)) for column in sheet.columns] + [(METHOD, pa.string())])
    with csv.CSVWriter(file, rows) as lines:
        for number, batch in enumerate(sheet.batches()):
            notes = [defused(method) if not number else None, *[None] * (batch.num_rows - 1)]
            lines.write_batch(pa.record_batch([*_columns(sheet, batch), pa.array(notes, pa.string())], names=names))


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'", text)


def _columns(sheet: Sheet, batch: pa.RecordBatch) -> list[pa.Array]:
    return [_column(kind, batch.column(name)) for name, kind in sheet.columns]


def _column(kind: Kind, column: pa.Array) -> pa.Array:
    if kind is Kind.TEXT:
        return told(column, defused)
    return told(column, lambda moment: moment.isoformat()) if kind is Kind.TIME else column


def _written(kind: Kind) -> pa.DataType:
    numbers = {Kind.COUNT: pa.float64(), Kind.RATIO: pa.float64(), Kind.FLAG: pa.bool_(), Kind.DAY: pa.date32()}
    return numbers.get(kind, pa.string())
