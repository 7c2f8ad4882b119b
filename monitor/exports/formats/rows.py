"""Rows as a workbook keeps them, put together column by column: a million rows cell by cell would take a minute."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from monitor.exports.sheet import Kind, Sheet, told

EXCEL_EPOCH = 25_569  # days from the one that Excel counts from to 1970
DAY = 86_400_000_000  # microseconds


class Styles(NamedTuple):
    """The numbers of the styles of a workbook: of each kind that has one, and of counts without parts."""

    of: Mapping[Kind, int]
    whole: int


def rows(sheet: Sheet, styles: Styles, as_text: Callable[[str], str]) -> Iterator[str]:
    """Yield the rows below the heading as XML, many at once; `as_text` makes a text fit to stand in it."""
    first = 2
    for batch in sheet.batches():
        numbers = pa.array(range(first, first + batch.num_rows)).cast(pa.string())
        cells = [
            _cells(xl_col_to_name(place), numbers, _content(column.kind, batch.column(column.name), styles, as_text))
            for place, column in enumerate(sheet.columns)
        ]
        yield "".join(_joined('<row r="', numbers, '">', *cells, "</row>").to_pylist())
        first += batch.num_rows


def _cells(letter: str, numbers: pa.Array, content: pa.Array) -> pa.Array:
    """Return the cells of one column; where nothing is known, there is none."""
    return _joined(f'<c r="{letter}', numbers, content).fill_null("")


def _content(kind: Kind, column: pa.Array, styles: Styles, as_text: Callable[[str], str]) -> pa.Array:
    """Return what follows the place of each cell of a column: its style, its type and its value."""
    if kind is Kind.TEXT:
        written = told(column, lambda text: f'" t="inlineStr"><is><t>{as_text(text)}</t></is></c>')
        return written.cast(pa.string())
    if kind is Kind.FLAG:
        return _joined('" t="b"><v>', column.cast(pa.int8()).cast(pa.string()), "</v></c>")
    numbers = _numbers(kind, column)
    style = str(styles.of[kind])
    if kind is Kind.COUNT:
        style = pc.if_else(pc.equal(numbers, pc.floor(numbers)), str(styles.whole), style)
    return _joined('" s="', style, '"><v>', numbers.cast(pa.string()), "</v></c>")


def _numbers(kind: Kind, column: pa.Array) -> pa.Array:
    """Return what Excel keeps: of a time the days since its first, on the clock of the campaign."""
    if kind is Kind.DAY:
        return pc.add(column.cast(pa.int32()).cast(pa.float64()), EXCEL_EPOCH)
    if kind is Kind.TIME:
        return pc.add(pc.divide(pc.local_timestamp(column).cast(pa.int64()).cast(pa.float64()), DAY), EXCEL_EPOCH)
    return pc.if_else(pc.is_finite(column), column, None)


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
