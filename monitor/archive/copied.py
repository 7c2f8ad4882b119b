"""What the file of a copy is: a packed tar of parts, and at its end a manifest that tells what must be in it.

    privacy.key        the key that ids were hashed with
    settings/…         the folder of settings
    redis/00001.rows   keys as msgpack, a row each (aside.Row), each part some megabytes
    archive/…          partitions of older series, and evidence
    manifest.json      version, moment, counts, and of every part its size and SHA-256

A file that is cut off has no manifest: nothing that is not whole looks whole.
"""

import gzip
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

import msgpack
from pydantic import ValidationError

from monitor.archive.aside import Row
from monitor.errors import MonitorError
from monitor.model.table import Record

FORMAT = 1
"""What a monitor that is to read the file must know."""

MANIFEST, KEY = "manifest.json", "privacy.key"
SETTINGS, ARCHIVE, REDIS = "settings/", "archive/", "redis/"
_LARGEST_MANIFEST = 1 << 28  # bytes; of a real one with a million partitions
_PIECE = 1 << 20
_MADE_BY = "campaign-monitor"
_MADE_BY_US = re.compile(rf'^\s*{{\s*"made_by":\s*"{_MADE_BY}",\s*"format":\s*(\d+)\D')


class NotWhole(MonitorError):
    """The file is no copy that could be restored; nothing was changed."""


class Part(Record):
    """One file inside the copy."""

    name: str
    size: int
    sha256: str


class Manifest(Record):
    """What a copy holds. `keys` are counted by kind; `fingerprint` is by which a wrong privacy key is noticed."""

    made_by: str = _MADE_BY
    format: int = FORMAT
    version: str
    made_at: datetime
    redis: str
    prefix: str
    fingerprint: str
    with_secrets: bool
    keys: dict[str, int]
    series: int
    samples: int
    parts: tuple[Part, ...]

    @property
    def files(self) -> int:
        """Return how many files of the archive are in it."""
        return sum(part.name.startswith(ARCHIVE) for part in self.parts)


def checked(file: Path) -> Manifest:
    """Read a copy from end to end and return its manifest, when all it tells of is there as it was written."""
    found: dict[str, Part] = {}
    manifest: Manifest | None = None
    with _opened(file) as members:
        for name, content in members:
            if manifest or name in found:
                raise NotWhole(f"{file} is damaged: it goes on where it should end")
            if name == MANIFEST:
                manifest = _manifest(file, content.read(_LARGEST_MANIFEST))
            else:
                found[name] = summed(name, content)
    if manifest is None:
        raise NotWhole(f"{file} is not whole: it was cut off, or the copying was; take another copy")
    if list(manifest.parts) != list(found.values()):
        wrong = next((part.name for part in manifest.parts if found.get(part.name) != part), "more than was written")
        raise NotWhole(f"{file} is damaged ({wrong}): take another copy")
    return manifest


def parts(file: Path, kind: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the parts of a checked copy whose names begin like this, without that beginning."""
    with _opened(file) as members:
        for name, content in members:
            if name.startswith(kind):
                yield name.removeprefix(kind), content


def packed(rows: list[Row]) -> bytes:
    """Return keys as a part of a copy."""
    return bytes(msgpack.packb([tuple(row) for row in rows]))


def unpacked(content: IO[bytes]) -> list[Row]:
    """Return the keys in a part of a copy."""
    return [Row(*row) for row in msgpack.unpackb(content.read())]


def summed(name: str, content: IO[bytes]) -> Part:
    """Read a part to its end, and return its size and hash."""
    digest, size = sha256(), 0
    while piece := content.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    return Part(name=name, size=size, sha256=digest.hexdigest())


@contextmanager
def _opened(file: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Open a copy; whatever keeps it from being read becomes NotWhole."""
    try:
        with gzip.open(file) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
            yield _members(file, tar)
            while unpacked.read(_PIECE):  # its last bytes tell whether all that came before is right
                pass
    except (gzip.BadGzipFile, tarfile.TarError, EOFError, zlib.error) as error:
        raise NotWhole(f"{file} is damaged, cut off, or no copy of a monitor ({error}): take another one") from error
    except OSError as error:
        raise NotWhole(f"{file} cannot be read ({error.strerror or error})") from error


def _members(file: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or not _is_ours(member.name):
            raise NotWhole(f"{file} is no copy of a monitor: `monitor backup` makes one")
        yield member.name, content


def _is_ours(name: str) -> bool:
    """Tell whether a part may have this name: none leads out of the folder it is restored into."""
    if name in {MANIFEST, KEY} or re.fullmatch(r"redis/\d{5,}\.rows", name):
        return True
    steps = PurePosixPath(name).parts
    return name.startswith((SETTINGS, ARCHIVE)) and name == "/".join(steps) and len(steps) > 1 and ".." not in steps


def _manifest(file: Path, text: bytes) -> Manifest:
    made = _MADE_BY_US.match(text[:200].decode(errors="replace"))
    if made and int(made[1]) > FORMAT:
        raise NotWhole(f"{file} was made by a newer monitor: update this one first")
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise NotWhole(f"{file} is no copy of a monitor: `monitor backup` makes one") from error
