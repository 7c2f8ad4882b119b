"""The bytes of a file that somebody made elsewhere: plain, packed (.gz), or inside an archive (.zip)."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from monitor.errors import UnexpectedPayload
from monitor.imports.found import Damaged

AT_ONCE = 1 << 20
"""Bytes in one chunk, more or less."""

_PIECE = 1 << 14  # packed bytes at once: what they unpack to (a thousand times as much at worst) is held in memory
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_ZIP_WITHOUT_FILES = b"PK\x05\x06"
_FORMS = (".jsonl", ".ndjson", ".json", ".js", ".csv", ".tsv", ".txt")
_ARCHIVED = ("tweets.js", "tweet.js", "tweets-part")  # of an X archive; its other files are nobody's business
_BOMB = 300  # times; posts pack to a tenth
_LOCKED = 1  # bit of a zip entry

At = Callable[[int], None]
"""Hears how many bytes of the file on the disk are read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file to be read: the file itself (no name), or one inside an archive. `chunks` may be asked for again."""

    name: str
    chunks: Callable[[At], Iterator[bytes]]


def parts(path: Path) -> Sequence[Part]:
    """Return what of a file is to be read, in order; raises UnexpectedPayload for what can not be opened."""
    if path.is_dir():
        raise UnexpectedPayload(f"{path} is a folder; name one file in it, or zip the folder")
    with _opened(path) as file:
        start = file.read(4)
        if start == _ZIP_WITHOUT_FILES:
            raise UnexpectedPayload(f"{path.name} is an archive without files")
        if start != _ZIP:
            return (Part("", partial(_read, path, _unpacked if start.startswith(_GZIP) else _plain)),)
        names = _members(path.name, file)
    return tuple(Part(name, partial(_unzipped, path, name)) for name in names)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise UnexpectedPayload(f"{path} cannot be read: {error.strerror or error}") from error


def _read(path: Path, how: Callable[[IO[bytes]], Iterator[bytes]], at: At) -> Iterator[bytes]:
    with _opened(path) as file:
        for chunk in how(file):
            at(file.tell())
            yield chunk


def _plain(file: IO[bytes]) -> Iterator[bytes]:
    yield from iter(lambda: file.read(AT_ONCE), b"")


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """Unpack gzip, of one piece or several one after the other; everything before a damage is yielded."""
    engine, begun = zlib.decompressobj(31), False
    while rest := file.read(_PIECE):
        while rest:
            chunk = _inflated(engine, rest)
            begun = True
            if chunk:
                yield chunk
            rest = b""
            if engine.eof:
                rest, engine, begun = engine.unused_data.lstrip(b"\0"), zlib.decompressobj(31), False
    if begun:
        raise Damaged("the packed file was cut off in the middle: get the whole one, and import it again")


def _inflated(engine: "zlib._Decompress", packed: bytes) -> bytes:
    try:
        return engine.decompress(packed)
    except zlib.error as error:
        raise Damaged(f"the packed file is damaged ({error}): get it again, and import it again") from error


def _unzipped(path: Path, name: str, at: At) -> Iterator[bytes]:
    with _opened(path) as file, zipfile.ZipFile(file) as archive, archive.open(name) as member:
        try:
            for chunk in iter(lambda: member.read(_PIECE * 8), b""):
                at(file.tell())
                yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Damaged(
                f"{name} inside the archive is damaged ({error}): get it again, and import it again"
            ) from error


def _members(file_name: str, file: IO[bytes]) -> Sequence[str]:
    """Return the names of the files in an archive that hold posts, in order."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnexpectedPayload(
            f"{file_name} is an archive that was cut off or damaged: fetch it again ({error})"
        ) from error
    if any(entry.filename in {"[Content_Types].xml", "mimetype"} for entry in entries):
        raise UnexpectedPayload(f"{file_name} is a workbook or document, not text: save the sheet as CSV (UTF-8)")
    posts = [entry for entry in entries if PurePosixPath(entry.filename).name.startswith(_ARCHIVED)]
    chosen = posts or [entry for entry in entries if _is_readable(entry)]
    if not chosen:
        found = ", ".join(entry.filename for entry in entries[:5]) or "nothing"
        raise UnexpectedPayload(f"{file_name} holds no file that can be read ({' '.join(_FORMS)}), but {found}")
    _check(file_name, chosen)
    return sorted((entry.filename for entry in chosen), key=_place)


def _is_readable(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return path.suffix.lower() in _FORMS and "__MACOSX" not in path.parts and not path.name.startswith(".")


def _check(file_name: str, chosen: Sequence[zipfile.ZipInfo]) -> None:
    for entry in chosen:
        if entry.flag_bits & _LOCKED:
            raise UnexpectedPayload(f"{entry.filename} inside {file_name} has a password: unpack it first")
        if entry.file_size > AT_ONCE and entry.file_size > _BOMB * entry.compress_size:
            raise UnexpectedPayload(f"{entry.filename} inside {file_name} unpacks to a size that no posts have")


def _place(name: str) -> tuple[str, int, str]:
    """Order parts as they are numbered: tweets.js, tweets-part1.js, …, tweets-part10.js."""
    path = PurePosixPath(name)
    stem, _, number = path.stem.partition("-part")
    return str(path.parent / stem), int(number) if number.isdecimal() else 0, name
