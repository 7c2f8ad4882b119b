"""Which file of the archive is which: a Parquet file holds one kind of thing of one campaign and one UTC day, or month.

    FOLDER/<campaign>/<kind>/<2016-04-29 or 2016-04>~<written>~<writer>~<SHA-256>.parquet
    FOLDER/<campaign>/spool/<kind>~<2016-04-29>~<writer>.jsonl       what is not yet a partition

Days are UTC days: they all have 24 hours, so no clock change and no campaign that moves to another zone shifts a
border. A file is never changed: who has more to say writes another one beside it. Its name tells when it was written,
by whom, and the hash of its bytes; what begins with a dot is not finished, and nobody reads it.
"""

import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from monitor.errors import ArchiveError

SPOOL = "spool"
ENDING = ".parquet"
_MOMENT = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)~(\d{8}T\d{6}\.\d{6}Z)~([\w.-]+)~([0-9a-f]{64})\.parquet")
_UNFIT = re.compile(r"[^A-Za-z0-9.-]")


class Kind(StrEnum):
    """What a partition holds: cells of one width, or evidence."""

    FIVE_MINUTES = "5m"
    HOUR = "1h"
    OBSERVATIONS = "observations"
    RUNS = "runs"

    @property
    def is_evidence(self) -> bool:
        return self in {Kind.OBSERVATIONS, Kind.RUNS}


@dataclass(frozen=True, slots=True)
class Partition:
    """One file. `span` is its day (2016-04-29), or the month (2016-04) that its days were put together in."""

    campaign: str
    kind: Kind
    span: str
    written: datetime
    writer: str
    digest: str

    def path(self, folder: Path) -> Path:
        name = f"{self.span}~{self.written.astimezone(UTC):{_MOMENT}}~{self.writer}~{self.digest}{ENDING}"
        return folder / self.campaign / self.kind / name

    @property
    def days(self) -> tuple[date, ...]:
        """The days it may hold; which of a month it does hold stands in the file."""
        if len(self.span) == len("2016-04-29"):
            return (date.fromisoformat(self.span),)
        first = date.fromisoformat(f"{self.span}-01")
        return tuple(day for many in range(31) if (day := first + timedelta(days=many)).month == first.month)


def partition_of(path: Path) -> Partition | None:
    """Return which partition a file is, by its name and the folders it lies in; None when it is none."""
    match, kind = _NAME.fullmatch(path.name), path.parent.name
    if match is None or kind not in set(Kind):
        return None
    span, written, writer, digest = match.groups()
    moment = datetime.strptime(written, _MOMENT).replace(tzinfo=UTC)
    return Partition(path.parent.parent.name, Kind(kind), span, moment, writer, digest)


def campaigns(folder: Path) -> list[str]:
    """Return the campaigns of which anything lies in an archive, in order."""
    return sorted(path.name for path in _inside(folder) if path.is_dir() and not path.name.startswith("."))


def partitions(folder: Path, campaign: str, kind: Kind) -> list[Partition]:
    """Return the partitions of one kind, oldest day first, of one day the oldest version first."""
    found = filter(None, map(partition_of, _inside(folder / campaign / kind)))
    return sorted(found, key=lambda one: (one.span, one.written, one.writer, one.digest))


def spools(folder: Path, campaign: str) -> list[Path]:
    """Return what was observed and is no partition yet."""
    return sorted(path for path in _inside(folder / campaign / SPOOL) if path.suffix == ".jsonl")


def writer() -> str:
    """Return who writes: this process on this machine."""
    return f"{_UNFIT.sub('-', socket.gethostname())[:60] or 'here'}-{os.getpid()}"


def _inside(folder: Path) -> Iterable[Path]:
    try:
        return list(folder.iterdir()) if folder.is_dir() else ()
    except OSError as error:
        raise ArchiveError(f"{folder} can not be read ({error.strerror or error}): look at its owner") from error
