"""`monitor tags`: which hashtags a platform sees in a text."""

import json
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from monitor.errors import MonitorError

BOM = b"\xef\xbb\xbf"  # what Windows writes at the start of a file; no part of its first line


class Cutter(StrEnum):
    """A platform whose way to cut hashtags is known: `monitor/sources/_NAME_tags.py`."""

    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    TELEGRAM = "telegram"
    YOUTUBE = "youtube"


def tags(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Text, a post a line; standard input otherwise.")
    ] = None,
    *,
    platform: Annotated[Cutter, typer.Option(case_sensitive=False, help="Whose rules to go by.")],
) -> None:
    """Show which hashtags a platform sees in a text: for each line a JSON array, without the signs.

    What a text editor takes for a hashtag may be none there, or another: platforms differ in hyphens, underscores,
    diacritics and joiners. Spellings are shown as they are written; `monitor spell` shows what is counted together.
    """
    cut = cast("Callable[[str], list[str]]", import_module(f"monitor.sources._{platform}_tags").tags)
    out = sys.stdout.buffer
    for line in _lines(files or []):
        out.write(json.dumps(cut(line), ensure_ascii=False).encode() + b"\n")
        if not files:
            out.flush()  # somebody may be typing
    out.flush()


def _lines(files: list[Path]) -> Iterator[str]:
    if not files:
        yield from _decoded(sys.stdin.buffer)
    for path in files:
        try:
            with path.open("rb") as file:
                yield from _decoded(file)
        except OSError as error:
            raise MonitorError(f"{path} cannot be read: {error.strerror}") from error


def _decoded(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of a text in UTF-8; bytes that are none become U+FFFD, which is no part of any hashtag."""
    for number, line in enumerate(stream):
        yield (line.removeprefix(BOM) if number == 0 else line).decode(errors="replace")
