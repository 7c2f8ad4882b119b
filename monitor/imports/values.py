"""JSON out of text: a value on each line, or values printed over many lines, in a list or one after the other."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from monitor.imports.found import Damaged, Piece, Rejected
from monitor.imports.lines import LONGEST, lines

_SHOWN = 300  # characters of a rejected line that are kept
_OPENINGS = frozenset({b"{", b"[{"})
_BETWEEN = re.compile(r"(?:[\s,;\[\]]+|window\.[\w.]+\s*=)*")  # the archive of X is a script that sets a list
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
_TOO_LONG = f"longer than {LONGEST:,} bytes; write one page or post on each line"


def is_json(start: bytes) -> bool:
    """Tell whether a text that begins like this can be JSON, or a script that sets some."""
    return start.lstrip().startswith((b"{", b"[", b"window."))


def pieces(chunks: Iterable[bytes], skip: int = 0) -> Iterator[Piece | Rejected]:
    """Yield every value but the first `skip`; the lines that are skipped are not even looked at."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    whole = _chained(first, chunks)
    if _is_printed(first):
        yield from _after(_streamed(whole), skip)
    else:
        yield from _of_lines(whole, skip)


def _is_printed(start: bytes) -> bool:
    """Tell whether values go over many lines, or are the parts of one list."""
    line = start.lstrip().partition(b"\n")[0].strip()
    return line in _OPENINGS or line.startswith((b"[", b"window."))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _after(found: Iterator[Piece | Rejected], skip: int) -> Iterator[Piece | Rejected]:
    for number, piece in enumerate(found):
        if number >= skip:
            yield piece


def _of_lines(chunks: Iterable[bytes], skip: int) -> Iterator[Piece | Rejected]:
    for number, line in enumerate(lines(chunks), start=1):
        if number > skip:
            yield _piece(number, line)


def _piece(number: int, line: bytes | None) -> Piece | Rejected:
    if line is None:
        return Rejected(number, _TOO_LONG)
    if not line or line.isspace():
        return Piece(number, None)
    try:
        return Piece(number, orjson.loads(line))
    except orjson.JSONDecodeError:
        return _forgiven(number, line)


def _forgiven(number: int, line: bytes) -> Piece | Rejected:
    """Read what is not quite JSON, as other programs write it: NaN, raw tabs, halves of characters."""
    try:
        return Piece(number, json.loads(line, strict=False, parse_constant=lambda _: None))
    except (ValueError, RecursionError) as error:
        shown = line[: _SHOWN * 4].decode("utf-8", "replace")[:_SHOWN]
        return Rejected(number, f"no JSON: {str(error)[:100]}", shown)


def _streamed(chunks: Iterator[bytes]) -> Iterator[Piece | Rejected]:
    """Yield the values of a text one by one, and never hold more of it than one of them and a chunk."""
    text = _Text(chunks)
    while text.begin():
        try:
            yield Piece(text.line, text.value())
        except (ValueError, RecursionError) as error:
            yield Rejected(text.line, f"no JSON from here on: {str(error)[:100]}", text.shown())
            return


class _Text:
    """A window on a long text that moves on value by value; `line` is where it stands."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._window, self._at, self.line = "", 0, 1
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def begin(self) -> bool:
        """Go to the begin of the next value; False at the end of the text."""
        while True:
            end = _BETWEEN.match(self._window, self._at).end()  # type: ignore[union-attr] # it matches nothing too
            self._pass(end)
            if self._at < len(self._window) and not "window".startswith(self._window[self._at :]):
                return True
            if not self._more(1):
                return self._at < len(self._window)

    def value(self) -> Any:
        while True:
            try:
                value, end = _DECODER.raw_decode(self._window, self._at)
            except ValueError:
                waiting = len(self._window) - self._at
                if waiting > LONGEST or not self._more(waiting):  # twice as much each time
                    raise
            else:
                self._pass(end)
                return value

    def shown(self) -> str:
        return self._window[self._at : self._at + _SHOWN]

    def _pass(self, end: int) -> None:
        self.line += self._window.count("\n", self._at, end)
        self._at = end

    def _more(self, size: int) -> bool:
        read, got = [self._window[self._at :]], 0
        for chunk in self._chunks:
            read.append(self._decoded(chunk))
            got += len(read[-1])
            if got >= size:
                break
        self._window, self._at = "".join(read), 0
        return got > 0

    def _decoded(self, chunk: bytes) -> str:
        try:
            return self._decoder.decode(chunk)
        except UnicodeDecodeError as error:
            raise Damaged(f"this is no UTF-8 ({error.reason}, after line {self.line}); name its --encoding") from error
