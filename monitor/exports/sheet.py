"""A sheet: a table of typed columns that every format writes alike; what nobody knows is empty, never zero."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from monitor.model.spelling import visible

AT_ONCE = 20_000  # rows that are written together: some megabytes
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(Enum):
    """What a column holds. A count is whole, a ratio has parts (0.25 is a quarter); both are kept as they are told."""

    TEXT = "text"
    TIME = "time"
    DAY = "day"
    COUNT = "count"
    RATIO = "ratio"
    FLAG = "flag"


class Column(NamedTuple):
    """One column: its name in files for programs, and what it holds."""

    name: str
    kind: Kind


Columns = tuple[Column, ...]


@dataclass(frozen=True)
class Sheet:
    """A table with a name; times are on the clock of `zone`."""

    name: str
    columns: Columns
    zone: str
    table: pa.Table

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, so many at once."""
        yield from self.table.to_batches(max_chunksize=AT_ONCE)


def columns(**kinds: Kind) -> Columns:
    """Return columns in this order; `class_` is called `class`."""
    return tuple(Column(name.rstrip("_"), kind) for name, kind in kinds.items())


def of_rows(name: str, of: Columns, zone: str, rows: Iterable[Sequence[Any]]) -> Sheet:
    """Return a sheet from rows; texts are made harmless."""
    listed = [*zip(*rows, strict=True)] or [()] * len(of)
    arrays = {column.name: array(column.kind, values, zone) for column, values in zip(of, listed, strict=True)}
    return of_arrays(name, of, zone, arrays)


def of_arrays(name: str, of: Columns, zone: str, arrays: Mapping[str, pa.Array]) -> Sheet:
    """Return a sheet from columns that are typed already."""
    return Sheet(name, of, zone, pa.table({column.name: arrays[column.name] for column in of}))


def array(kind: Kind, values: Sequence[Any], zone: str) -> pa.Array:
    """Return one typed column."""
    if kind is Kind.TEXT:
        values = [None if value is None else plain(str(value)) for value in values]
    elif kind in {Kind.COUNT, Kind.RATIO}:
        values = [float(value) if value is not None and isfinite(value) else None for value in values]
    return pa.array(values, _type(kind, zone))


def plain(text: str) -> str:
    """Return a text of unknown origin on one line: no control or bidi characters, nothing that no file can hold."""
    line = " ".join(visible(text, kept="\u200c").split())
    return line.encode("utf-8", "replace").decode()


def told(column: pa.Array, as_text: Callable[[Any], str]) -> pa.DictionaryArray:
    """Return a column as texts; each of its values is put into words once, however often it stands there."""
    encoded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
    words = [as_text(value) for value in encoded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(words, pa.string()))


def moments(column: pa.Array, zone: str) -> pa.DictionaryArray:
    """Return times as ISO 8601 with their offset."""
    return told(column.cast(pa.int64()), lambda microseconds: _moment(microseconds, zone))


@lru_cache(1 << 16)
def _moment(microseconds: int, zone: str) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).astimezone(ZoneInfo(zone)).isoformat()


def values(column: pa.Array) -> list[Any]:
    """Return a column as plain values, None where nothing is known."""
    if not isinstance(column, pa.DictionaryArray):
        plain_values: list[Any] = column.to_pylist()
        return plain_values
    words = [*column.dictionary.to_pylist(), None]
    return [words[place] for place in column.indices.fill_null(len(words) - 1).to_pylist()]


def _type(kind: Kind, zone: str) -> pa.DataType:
    return pa.timestamp("us", zone) if kind is Kind.TIME else _TYPES[kind]


_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.DAY: pa.date32(),
    Kind.COUNT: pa.float64(),
    Kind.RATIO: pa.float64(),
    Kind.FLAG: pa.bool_(),
}
