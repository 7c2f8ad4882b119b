"""Reads a file as an import does, without a store, and keeps what was in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.imports.found import Read, Rejected
from monitor.imports.recognise import Asked, Opened, opened
from monitor.model.mention import Post
from tests.people import ALEPPO


@dataclass(frozen=True)
class Found:
    """One post of a file, when its counters were read, and whether it was searched for."""

    post: Post
    observed: datetime | None
    asked: bool = True


def open_file(path: Path, **asked: object) -> Opened:
    return opened(path, ALEPPO, Asked(**asked))  # type: ignore[arg-type]


def rows(path: Path, **asked: object) -> list[Found | Rejected]:
    """Return what a file holds, in order."""
    return [row for _, read in reads(path, **asked) for row in read]


def reads(path: Path, **asked: object) -> Iterator[tuple[Read, list[Found | Rejected]]]:
    for portion in open_file(path, **asked).portions:
        for piece in portion.pieces(lambda _: None, 0):
            if isinstance(piece, Rejected):
                yield Read(), [piece]
            elif piece.content is not None:
                read = portion.read(piece.content)
                flaws = [Rejected(piece.line, flaw.reason, flaw.shown) for flaw in read.flaws]
                asked_for = [Found(post, read.observed) for post in read.posts]
                yield read, [*flaws, *asked_for, *(Found(post, read.observed, asked=False) for post in read.beside)]


def posts(path: Path, **asked: object) -> list[Post]:
    return [row.post for row in rows(path, **asked) if isinstance(row, Found)]


def reasons(path: Path, **asked: object) -> list[str]:
    return [row.reason for row in rows(path, **asked) if isinstance(row, Rejected)]


def passed(path: Path) -> int:
    return sum(read.passed + read.hidden + read.unchosen for read, _ in reads(path))
