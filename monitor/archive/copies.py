"""Makes a copy of everything in one file: what is in Redis, the archive, the settings and the privacy key.

It is written aside, readable by its owner alone, and gets its name when it is whole.
"""

import io
import os
import secrets
import tarfile
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from gzip import GzipFile
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import IO

from monitor.archive import aside, groups
from monitor.archive.aside import SERIES, Row
from monitor.archive.copied import ARCHIVE, KEY, MANIFEST, REDIS, SETTINGS, Manifest, Part, packed
from monitor.archive.folders import Places, files_in
from monitor.errors import MonitorError
from monitor.store.redis import in_words
from monitor.store.store import Store

_PART = 4 << 20  # bytes of keys in one part: what is in memory at a time
_LEVEL = 1  # of packing: series are packed already; more effort makes the file 2 % smaller and takes twice as long

UNFINISHED = ".unfinished-copy"
_FORGOTTEN = 86400  # seconds after which nobody is writing it any more

_NEVER = (b"lease", b"guesses:", b"restoring")
"""What is true of one moment and one process only."""

_SECRETS = (b"users", b"tokens", b"session", b"secret")
_SHOWN = b"secret:fingerprint"


@dataclass
class _Counted:
    """What was written so far."""

    parts: list[Part] = field(default_factory=list)
    keys: Counter[str] = field(default_factory=Counter)
    samples: int = 0


async def backup(store: Store, places: Places, file: Path, now: datetime, *, with_secrets: bool = True) -> Manifest:
    """Write a copy and return what is in it; raises MonitorError and leaves no file when that is not possible."""
    counted = _Counted()
    with _written_aside(file, now) as tar:
        if with_secrets and places.key is not None:
            _put_file(tar, counted, KEY, places.key)
        _files(tar, counted, SETTINGS, places.settings, (places.archive, *places.apart), plain_only=not with_secrets)
        await _keys(store, tar, counted, with_secrets=with_secrets)
        _files(
            tar, counted, ARCHIVE, places.archive, ()
        )  # after the keys: what moved meanwhile is in both, not in none
        manifest = Manifest(
            version=metadata.version("campaign-monitor"),
            made_at=now,
            redis=await _version(store),
            prefix=store.keys.prefix,
            fingerprint=store.hashed("fingerprint").hex(),
            with_secrets=with_secrets,
            keys=dict(sorted(counted.keys.items())),
            series=counted.keys[SERIES],
            samples=counted.samples,
            parts=tuple(counted.parts),
        )
        _put(tar, MANIFEST, manifest.model_dump_json(indent=1).encode())
    return manifest


def is_secret(name: bytes) -> bool:
    """Tell whether a key holds what lets somebody in: here, or at a platform."""
    return (name.startswith(_SECRETS) and name != _SHOWN) or (name.startswith(b"account:") and b":note:" in name)


@in_words
async def _version(store: Store) -> str:
    return str((await store.redis.info("server"))["redis_version"])


@in_words
async def _keys(store: Store, tar: tarfile.TarFile, counted: _Counted, *, with_secrets: bool) -> None:
    """Write all keys, a group at a time, in parts of a size that memory can bear."""
    await aside.sweep(store)
    waiting, size = list[Row](), 0
    async with aclosing(_rows(store)) as rows:
        async for row in rows:
            if row.name.startswith(_NEVER) or (is_secret(row.name) and not with_secrets):
                continue
            waiting.append(row)
            size += len(row.value)
            counted.keys[row.kind] += 1
            counted.samples += row.samples
            if size >= _PART:
                _put_keys(tar, counted, waiting)
                waiting, size = [], 0
    _put_keys(tar, counted, waiting)


async def _rows(store: Store) -> AsyncGenerator[Row]:
    for group in await groups.groups(store):
        async with aclosing(aside.rows(store, group)) as rows:
            async for row in rows:
                yield row


def _put_keys(tar: tarfile.TarFile, counted: _Counted, rows: list[Row]) -> None:
    name, content = f"{REDIS}{len(counted.parts) + 1:05}.rows", packed(rows)
    _put(tar, name, content)
    counted.parts.append(Part(name=name, size=len(content), sha256=sha256(content).hexdigest()))


def _files(
    tar: tarfile.TarFile,
    counted: _Counted,
    kind: str,
    folder: Path,
    apart: tuple[Path, ...],
    *,
    plain_only: bool = False,
) -> None:
    """Write all files of a folder, also those that come while it is read: days may be put together into months."""
    known = set[Path]()
    while fresh := sorted(set(files_in(folder, apart)) - known):
        for path in fresh:
            known.add(path)
            if not (plain_only and path.suffix not in _PLAIN):
                _put_file(tar, counted, f"{kind}{path.relative_to(folder).as_posix()}", path)


_PLAIN = {".toml", ".csv", ".mjml"}
"""Settings that hold no secret; any other file beside them may be one."""


def _put_file(tar: tarfile.TarFile, counted: _Counted, name: str, path: Path) -> None:
    try:
        with path.open("rb") as content:
            reading = _Reading(content, os.fstat(content.fileno()).st_size)
            tar.addfile(_member(name, reading.size), reading)
    except FileNotFoundError:
        return  # put together with others meanwhile: that file is written next
    except PermissionError as error:
        raise MonitorError(f"{path} may not be read: let the monitor read it, or run this as its user") from error
    counted.parts.append(Part(name=name, size=reading.size, sha256=reading.digest.hexdigest()))


class _Reading(io.RawIOBase):
    """A file up to the size it had at first, hashed as it is read; what is added to it meanwhile is left out."""

    def __init__(self, content: IO[bytes], size: int) -> None:
        super().__init__()
        self.size, self.digest = size, sha256()
        self._content = content

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        self.digest.update(piece)
        return piece


def _put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _sweep(folder: Path, now: datetime) -> None:
    """Remove what a process that was killed, or a loss of power, has left unfinished."""
    for path in folder.glob(f".*{UNFINISHED}"):
        if now.timestamp() - path.stat().st_mtime > _FORGOTTEN:
            path.unlink(missing_ok=True)


@contextmanager
def _written_aside(file: Path, now: datetime) -> Iterator[tarfile.TarFile]:
    """Write a file that is there when it is whole, and only then."""
    if file.exists():
        raise MonitorError(f"{file} exists: a copy is never written over another; choose another name")
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        _sweep(file.parent, now)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as raw:
                with (
                    GzipFile(fileobj=raw, mode="wb", compresslevel=_LEVEL, filename="", mtime=0) as pressed,
                    tarfile.open(fileobj=pressed, mode="w|") as tar,
                ):
                    yield tar
                raw.flush()
                os.fsync(raw.fileno())
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise MonitorError(
            f"the copy cannot be written to {file} ({error.strerror or error}): nothing is left of it"
        ) from error
