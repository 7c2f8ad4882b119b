"""Parquet, typed: times with their zone, the method note in the file's metadata under `method`."""

from typing import BinaryIO

import orjson
import pyarrow as pa
from pyarrow import parquet

from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.note import Note, as_object
from monitor.exports.sheet import Sheet

METHOD = b"method"
ROWS = 100_000  # of one group of rows


def write(book: Book, _: Asked, file: BinaryIO) -> None:
    """Write the only sheet of a book."""
    (sheet,) = book.sheets
    put(sheet, book.note, file)


def put(sheet: Sheet, note: Note, file: BinaryIO) -> None:
    """Write a sheet with the method note."""
    kept = {METHOD: orjson.dumps(as_object(note))}
    table: pa.Table = sheet.table.unify_dictionaries().replace_schema_metadata(kept)
    parquet.write_table(table, file, row_group_size=ROWS, compression="zstd")
