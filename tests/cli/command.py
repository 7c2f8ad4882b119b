"""Runs the command line as an operator does, and keeps what it said."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass

from monitor.cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended, and its two streams."""

    code: int
    out: str
    err: str


def monitor(*words: object) -> Said:
    out, err = _stream(), _stream()
    with redirect_stdout(out), redirect_stderr(err):
        code = _code(list(map(str, words)))
    return Said(code, _text(out), _text(err))


@contextmanager
def typed(text: str) -> Iterator[None]:
    """Let the command read `text` as from a terminal."""
    before, sys.stdin = sys.stdin, _Terminal(text)
    try:
        yield
    finally:
        sys.stdin = before


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _code(words: list[str]) -> int:
    try:
        main(words)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
