"""What is found in a file: pieces of it, the posts that they hold, and what could not be taken."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.model.mention import Post
from monitor.sources._x_post import Flaw

__all__ = ["Damaged", "Flaw", "Piece", "Read", "Reader", "Rejected", "flawed"]


class Damaged(UnexpectedPayload):
    """A file breaks in the middle; what came before is good."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A piece of a file that could not be taken, and why; `part` is the file inside an archive."""

    line: int
    reason: str
    text: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of JSON, one part of a list, or one row of a table, and the line on which it ends."""

    line: int
    content: Any


@dataclass(slots=True)
class Read:
    """What one piece holds, and when its counters were read (None: the file does not tell).

    `beside` are posts that nobody searched for: what others repeat, quote or answer. `passed` counts what is no post
    and need not be one: likes, deletions. `hidden` posts are not public, `unchosen` ones not those that the mapping
    asks for. `doubted`: the id looks as if a spreadsheet had rounded it.
    """

    posts: list[Post] = field(default_factory=list)
    beside: list[Post] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    observed: datetime | None = None
    passed: int = 0
    hidden: int = 0
    unchosen: int = 0
    doubted: bool = False


Reader = Callable[[Any], Read]
"""Translates the content of one piece."""


def flawed(reason: str, shown: str = "") -> Read:
    return Read(flaws=[Flaw(reason, shown)])
