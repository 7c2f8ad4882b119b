"""X: posts from JSON lines as twarc writes them, pages or flattened."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.fetch.fields import moment, rows, table
from monitor.imports.lines import Rejected, Value, values
from monitor.model.mention import Post
from monitor.sources import _x_post
from monitor.sources._x_post import PLATFORM, Row, Told

__all__ = ["PLATFORM", "Found", "newest", "posts"]

_PAGE = frozenset({"data", "includes", "meta", "errors"})


@dataclass(frozen=True, slots=True)
class Found:
    """One post of a file, and when its counters were read; None when the file does not tell.

    `asked` is whether it was searched for, or came along as what another post repeats, quotes or answers.
    """

    post: Post
    observed: datetime | None
    asked: bool = True


def posts(path: Path, at: Any = lambda _: None) -> Iterator[Found | Rejected]:
    """Yield every post of a file, and what of it could not be read; raises UnexpectedPayload for files of counts."""
    for value in values(path, at):
        if isinstance(value, Rejected):
            yield value
        elif not isinstance(value.json, dict):
            yield Rejected(value.line, "neither a page nor a post")
        else:
            yield from _of_line(value, path)


def newest(path: Path) -> datetime | None:
    """Return the moment of a file's last post: the earliest at which its counters can have been read."""
    return max((row.post.created_at for row in posts(path) if isinstance(row, Found)), default=None)


def _of_line(value: Value, path: Path) -> Iterator[Found | Rejected]:
    observed = moment(table(value.json.get("__twarc")).get("retrieved_at"))
    told = _told(value.json, path)
    yield from (Rejected(value.line, flaw.reason, flaw.shown) for flaw in told.flaws)
    yield from (Found(replace(post, again=None), observed) for post in told.posts)
    yield from (Found(replace(post, again=None), observed, asked=False) for post in told.beside)


def _told(line: Row, path: Path) -> Told:
    if not line.keys() & _PAGE or "id" in line:
        return _x_post.flattened(line)
    page = line.get("data")
    if any("start" in row and "id" not in row for row in ([page] if isinstance(page, dict) else rows(page))):
        raise UnexpectedPayload(f"{path.name} holds counts per hour or day, no posts; import the file of the posts")
    return _x_post.told(line)
