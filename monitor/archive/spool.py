"""A spool: lines of JSON that are added to during a day, each batch on the disk when adding it returns."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.archive.files import own_folder, to_disk
from monitor.errors import ArchiveError

Line = dict[str, Any]


def append(path: Path, found: Sequence[Mapping[str, Any]]) -> None:
    """Add lines; they are on the disk when this returns. Half a line before them stays half a line."""
    own_folder(path.parent)
    text = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in found)
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size and os.pread(file.fileno(), 1, size - 1) != b"\n":
            text = b"\n" + text
        while text:  # a disk that is nearly full takes a part; the next attempt says why
            text = text[file.write(text) :]
        os.fsync(file.fileno())
    if is_new:
        to_disk(path.parent)


def lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a spool; what was cut off by a crash was never acknowledged."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:  # somebody else has just made a partition of it
        return
    except OSError as error:
        raise ArchiveError(f"{path} can not be read ({error.strerror or error}): look at its owner") from error
    for line in text.split(b"\n"):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found
