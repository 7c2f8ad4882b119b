"""The lines of a file that somebody made elsewhere: packed or not, with or without a byte order mark."""

import codecs
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from monitor.errors import UnexpectedPayload

LONGEST = 64_000_000  # bytes of a line, or of a file that is one JSON value; twarc's pages are below 1 MB
_SHOWN = 300  # characters of a rejected line that are kept
_GZIP = b"\x1f\x8b"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line, or a part of one, that could not be taken, and why."""

    line: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One JSON value and the number of its line."""

    line: int
    json: Any


def values(path: Path, at: Callable[[int], None] = lambda _: None) -> Iterator[Value | Rejected]:
    """Yield the JSON value of every line, or the one value of the whole file; `at` hears how many bytes are read."""
    try:
        with path.open("rb") as file:
            yield from _values(file, at)
    except OSError as error:
        raise UnexpectedPayload(f"{path} cannot be read: {error.strerror or error}") from error


def _values(file: IO[bytes], at: Callable[[int], None]) -> Iterator[Value | Rejected]:
    lines = enumerate(_lines(file), start=1)
    for number, line in lines:
        at(file.tell())
        if not line.strip():
            continue
        value = _value(number, line)
        if isinstance(value, Rejected) and number == 1 and line.strip() in {b"{", b"[", b"[{"}:
            yield from _whole(line, lines)
            return
        yield value


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the unpacked lines in UTF-8; a packed file that was cut off ends with a line that is no JSON."""
    packed = file.read(2) == _GZIP
    file.seek(0)
    try:
        unpacked: IO[bytes] = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
        wide = unpacked.read(2) in _WIDE
        unpacked.seek(0)
        if wide:
            yield from _narrowed(unpacked)
        else:
            yield unpacked.readline(LONGEST).removeprefix(codecs.BOM_UTF8)
            yield from iter(lambda: unpacked.readline(LONGEST), b"")
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        yield f"the file is damaged from here on: {error}".encode()


def _narrowed(wide: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a file in UTF-16, as spreadsheets and Windows write it, in UTF-8."""
    text = io.TextIOWrapper(wide, "utf-16", newline="\n")
    try:
        yield from (line.encode() for line in text)
    finally:
        text.detach()  # or it would close a file that is not its own


def _whole(first: bytes, lines: Iterator[tuple[int, bytes]]) -> Iterator[Value | Rejected]:
    """Read a file that was printed over many lines for people: one page, or a list of them."""
    text = bytearray(first)
    for _, line in lines:
        text += line
        if len(text) > LONGEST:
            yield Rejected(1, f"one JSON value of more than {LONGEST:,} bytes; write one page or post on each line")
            return
    value = _value(1, bytes(text))
    if isinstance(value, Value) and isinstance(value.json, list):
        yield from (Value(1, one) for one in value.json)
    else:
        yield value


def _value(number: int, line: bytes) -> Value | Rejected:
    try:
        return Value(number, json.loads(line, strict=False, parse_constant=lambda _: None))
    except (ValueError, RecursionError) as error:
        shown = line[: _SHOWN * 4].decode("utf-8", "replace")[:_SHOWN]
        return Rejected(number, f"no JSON: {str(error)[:100]}", shown)
