"""Writing and looking at single files of the archive: aside, to the disk, renamed; whole or not there."""

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.archive.partitions import Partition
from monitor.errors import ArchiveError

ASIDE = ".part"
_ABOUT = b"monitor"
_ROWS = 16384  # of a group: a reader leaves out groups that have nothing it asked for
_FORGOTTEN_AFTER = timedelta(days=1)
_PIECE = 1 << 20  # bytes


def put(folder: Path, partition: Partition, days: frozenset[date], table: pa.Table) -> Partition:
    """Write a partition aside and rename it once it is on the disk; its digest is that of the bytes."""
    place = partition.path(folder).parent
    aside = place / f".{secrets.token_hex(8)}{ASIDE}"
    about = json.dumps({"campaign": partition.campaign, "kind": partition.kind, "days": sorted(map(str, days))})
    try:
        own_folder(place)
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            pq.write_table(
                table.replace_schema_metadata({_ABOUT: about.encode()}), file, compression="zstd", row_group_size=_ROWS
            )
            file.flush()
            os.fsync(file.fileno())
        done = replace(partition, digest=digest(aside))
        aside.rename(done.path(folder))
        to_disk(place)
    except OSError as error:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
        raise ArchiveError(
            f"{place} takes no file ({error.strerror or error}): look at its owner and the disk"
        ) from error
    return done


def own_folder(place: Path) -> None:
    """Make a folder, and those above it that are missing, for our user alone."""
    for folder in (*reversed(place.parents), place):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_disk(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def days_in(path: Path) -> frozenset[date]:
    """Return which days a partition holds, as it says itself; FileNotFoundError, or ArchiveError where it is broken."""
    found = path.stat()
    return _days_in(path, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=100_000)
def _days_in(path: Path, _size: int, _changed: int) -> frozenset[date]:
    try:
        about = json.loads((pq.read_metadata(path).metadata or {})[_ABOUT])
        return frozenset(map(date.fromisoformat, about["days"]))
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        raise broken(path, error) from error


def table_of(path: Path) -> pa.Table:
    """Read a partition as a whole; FileNotFoundError where it was put together with others meanwhile."""
    try:
        return pq.read_table(path, partitioning=None)
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: Exception) -> ArchiveError:
    """Return the error that names a file which can not be read."""
    first = (str(error).splitlines() or [""])[0][:200]
    return ArchiveError(f"{path} can not be read ({first}): bring it back from a copy, or remove it")


def sweep(folder: Path, now: float) -> None:
    """Remove what writers that were killed left unfinished a day ago and more."""
    for aside in folder.glob(f".*{ASIDE}"):
        with suppress(FileNotFoundError):
            if aside.stat().st_mtime < now - _FORGOTTEN_AFTER.total_seconds():
                aside.unlink()
