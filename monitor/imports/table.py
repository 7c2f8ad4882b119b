"""Rows out of text: comma, semicolon or tab, with whatever stands above the names of the columns."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.imports.found import Damaged, Piece, Rejected
from monitor.imports.lines import lines

_DELIMITERS = (",", ";", "\t", "|")
_SEARCHED = 20  # lines above the columns, at most
_LONGEST_CELL = 2_000_000  # characters; a quote that is never closed would swallow the whole file


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: by which delimiter, and which of its rows has the names of the columns."""

    delimiter: str
    header: int
    columns: tuple[str, ...]


def layout(start: bytes, is_header: Callable[[frozenset[str]], bool]) -> Layout | None:
    """Return how a table that begins like this is written; None when none of its first rows is a header."""
    text = start.decode("utf-8", "replace").splitlines(keepends=True)[: _SEARCHED * 5]
    for delimiter in _DELIMITERS:
        for number, row in enumerate(islice(_csv(text, delimiter), _SEARCHED)):
            columns = tuple(name.strip().removeprefix("\ufeff") for name in row)
            if is_header(frozenset(columns)):
                return Layout(delimiter, number, columns)
    return None


def columns(start: bytes) -> Sequence[str]:
    """Return what the first row seems to hold, for the words of an error."""
    first = start.decode("utf-8", "replace").lstrip("\ufeff").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return next(_csv([first], delimiter), []) if delimiter in first else []


def pieces(chunks: Iterable[bytes], found: Layout, skip: int = 0) -> Iterator[Piece | Rejected]:
    """Yield the rows below the columns, but the first `skip`."""
    text = _Text(chunks)
    rows = _csv(text, found.delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(text.line, f"no row of a table: {error}; is there a quote that is never closed?")
            continue
        if number > found.header + 1 + skip:
            is_nothing = not any(row) or tuple(row) == found.columns  # a table may hold its header again
            yield Piece(text.line, None if is_nothing else row)


class _Text:
    """The lines of a table, decoded; `line` is the number of the last one."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._lines = lines(chunks)
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.line += 1
            if line is None:
                raise Damaged(f"line {self.line} has no end: this is no table")
            try:
                yield line.decode() + "\n"
            except UnicodeDecodeError as error:
                advice = "save it as CSV UTF-8, or name its encoding, such as --encoding windows-1256"
                raise Damaged(f"line {self.line} is not written in UTF-8: {advice}") from error


def _csv(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(text, delimiter=delimiter)
