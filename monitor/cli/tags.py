"""`monitor tags`: which hashtags a platform sees in a text."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from monitor.errors import MonitorError
from monitor.sources import platforms

BOM = b"\xef\xbb\xbf"  # what Windows writes at the start of a file; no part of its first line


def _cutters() -> dict[str, Callable[[str], list[str]]]:
    """Return the platforms whose way to cut hashtags is known."""
    return {name: platform.tags for name, platform in platforms().items() if platform.tags}


def _cutter(name: str) -> Callable[[str], list[str]]:
    known = _cutters()
    if name.casefold() not in known:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(repr(each) for each in known)}.")
    return known[name.casefold()]


def tags(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Text, a post a line; standard input otherwise.")
    ] = None,
    *,
    cut: Annotated[
        Callable[[str], list[str]],
        typer.Option("--platform", parser=_cutter, metavar="x|bluesky|…", help="Whose rules to go by."),
    ],
) -> None:
    """Show which hashtags a platform sees in a text: for each line a JSON array, without the signs.

    What a text editor takes for a hashtag may be none there, or another: platforms differ in hyphens, underscores,
    diacritics and joiners. Spellings are shown as they are written; `monitor spell` shows what is counted together.
    """
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
