"""CSV: one sheet as every spreadsheet opens it; the method note stands in a last column, beside the first row.

Times are ISO 8601 with their offset; a text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
from pyarrow import compute, csv

from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.note import in_one
from monitor.exports.sheet import Kind, Sheet, moments, told

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
    types = {name: _written(kind, sheet.table[name]) for name, kind in sheet.columns} | {METHOD: pa.string()}
    with csv.CSVWriter(file, pa.schema(types)) as lines:
        for number, batch in enumerate(sheet.batches()):
            notes = [defused(method) if not number else None, *[None] * (batch.num_rows - 1)]
            cells = [*_columns(sheet, batch), pa.array(notes, pa.string())]
            typed = [cell.cast(kind) for cell, kind in zip(cells, types.values(), strict=True)]
            lines.write_batch(pa.record_batch(typed, names=[*types]))


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'", text)


def _columns(sheet: Sheet, batch: pa.RecordBatch) -> Iterator[pa.Array]:
    for name, kind in sheet.columns:
        column = batch.column(name)
        if kind is Kind.TEXT:
            yield told(column, defused)
        else:
            yield moments(column, sheet.zone) if kind is Kind.TIME else column


def _written(kind: Kind, column: pa.ChunkedArray) -> pa.DataType:
    """Return how a column is written: whole numbers as such, because large ones would get an exponent."""
    if kind is Kind.COUNT:
        return pa.int64() if compute.all(compute.equal(compute.round(column), column)).as_py() else pa.float64()
    return column.type if kind in {Kind.RATIO, Kind.FLAG, Kind.DAY} else pa.string()
