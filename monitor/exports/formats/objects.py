"""JSON: one object with the method note and every sheet as a list of objects."""

from typing import Any, BinaryIO

import orjson
import pyarrow as pa

from monitor.exports.asked import Asked
from monitor.exports.book import Book
from monitor.exports.note import as_object
from monitor.exports.sheet import Sheet, moments, values


def write(book: Book, _: Asked, file: BinaryIO) -> None:
    """Write all sheets of a book, batch by batch."""
    file.write(b'{"campaign":' + orjson.dumps(book.campaign.slug))
    file.write(b',"method":' + orjson.dumps(as_object(book.note)))
    for sheet in book.sheets:
        file.write(b"," + orjson.dumps(sheet.name) + b":[")
        _put(sheet, file)
        file.write(b"]")
    file.write(b"}\n")


def _put(sheet: Sheet, file: BinaryIO) -> None:
    comma = b""
    for batch in sheet.batches():
        if batch.num_rows:
            file.write(comma + orjson.dumps(_objects(sheet, batch))[1:-1])
            comma = b","


def _objects(sheet: Sheet, batch: pa.RecordBatch) -> list[dict[str, Any]]:
    names = [column.name for column in sheet.columns]
    told = [batch.column(name) for name in names]
    told = [moments(column, sheet.zone) if pa.types.is_timestamp(column.type) else column for column in told]
    return [dict(zip(names, row, strict=True)) for row in zip(*map(values, told), strict=True)]
