"""Runs the command line as an operator does, and keeps what it said."""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from monitor import app
from monitor.cli import main
from monitor.settings.load import load
from monitor.store.store import Store

Found = TypeVar("Found")


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


def with_store(config: Path, work: Callable[[Store], Awaitable[Found]]) -> Found:
    """Do something with the store of these settings, opened as commands open it."""

    async def done() -> Found:
        async with app.opened_store(load(config, {})) as (store, _):
            return await work(store)

    return asyncio.run(done())


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
