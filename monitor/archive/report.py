"""What lies in an archive, and whether it is still what was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from monitor.archive.evidence import is_whole
from monitor.archive.files import broken, days_in, digest, table_of
from monitor.archive.partitions import Kind, Partition, campaigns, partitions, spools
from monitor.archive.spool import lines
from monitor.errors import ArchiveError


@dataclass(frozen=True, slots=True)
class Holding:
    """What there is of one kind of one campaign; evidence of today waits in spools, in `waiting` lines."""

    campaign: str
    kind: str
    files: int
    days: int
    first: date | None
    last: date | None
    rows: int
    size: int
    waiting: int
    broken: tuple[str, ...] = ()


def holdings(folder: Path) -> list[Holding]:
    """Return what lies in an archive, by campaign and kind; kinds of which there is nothing are left out."""
    found = [_holding(folder, campaign, kind) for campaign in campaigns(folder) for kind in Kind]
    return [one for one in found if one.files or one.waiting]


def faults(folder: Path) -> Iterator[str | None]:
    """Yield for each file what is wrong with it: None where it is to the byte what was written."""
    for campaign in campaigns(folder):
        for kind in Kind:
            yield from (_fault(folder, one) for one in partitions(folder, campaign, kind))


def _fault(folder: Path, partition: Partition) -> str | None:
    path = partition.path(folder)
    try:
        if digest(path) != partition.digest:
            return f"{path} is not what was written: its hash is another; bring it back from a copy"
        if partition.kind.is_evidence:
            forged = sum(not is_whole(row) for row in table_of(path).select(["sha256", "item"]).to_pylist())
            return f"{path} holds {forged} items that are not what was read" if forged else None
        days_in(path)
    except ArchiveError as error:
        return str(error)
    except FileNotFoundError:  # put together with others meanwhile
        return None
    except OSError as error:
        return str(broken(path, error))
    return None


def _holding(folder: Path, campaign: str, kind: Kind) -> Holding:
    days: set[date] = set()
    problems: list[str] = []
    files = rows = size = 0
    for path in (one.path(folder) for one in partitions(folder, campaign, kind)):
        try:
            files, size = files + 1, size + path.stat().st_size
            days |= days_in(path)
            rows += pq.read_metadata(path).num_rows
        except ArchiveError as error:
            problems.append(str(error))
        except FileNotFoundError:  # put together with others meanwhile
            continue
    waiting = sum(_count(lines(path)) for path in spools(folder, campaign) if path.name.startswith(f"{kind}~"))
    ends = min(days, default=None), max(days, default=None)
    return Holding(campaign, kind.value, files, len(days), *ends, rows, size, waiting, tuple(problems))


def _count(found: Iterable[object]) -> int:
    return sum(1 for _ in found)
