"""Evidence, for campaigns that must document: what was read, item by item, each with its hash, and how every run went.

During a day lines are added to a spool, each batch on the disk before it is counted. When the day is over its lines
become a partition. What is read twice, or written twice because somebody was killed, is the same item of the same
moment: it is told once.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from monitor import log
from monitor.archive.files import put, table_of
from monitor.archive.partitions import SPOOL, Kind, Partition, partitions, spools, writer
from monitor.archive.spool import Line, append, lines
from monitor.errors import ArchiveError
from monitor.fetch.beside import beside
from monitor.model.mention import Article, Mention
from monitor.model.run import Run
from monitor.model.sighting import Seen

OVER = timedelta(hours=1)
"""How long after its day a spool may still be added to, by a machine whose clock runs behind."""

_TIME = pa.timestamp("us", "UTC")
SCHEMAS = {
    Kind.OBSERVATIONS: pa.schema([
        ("at", _TIME), ("source", pa.string()), ("platform", pa.string()), ("kind", pa.string()), ("id", pa.string()),
        ("created_at", _TIME), ("sha256", pa.string()), ("item", pa.string()),
    ]),
    Kind.RUNS: pa.schema([
        ("at", _TIME), ("source", pa.string()), ("platform", pa.string()), ("outcome", pa.string()),
        ("asked", pa.list_(pa.string())), ("software", pa.string()), ("sha256", pa.string()), ("item", pa.string()),
    ]),
}  # fmt: skip
"""A row for each item and run. `item` is everything that was read of it, as JSON; `sha256` is the hash of that text."""

_logger = log.get("archive")


@dataclass(frozen=True)
class Evidence:
    """Keeps what it is told in the spools of a folder; `trouble` tells why it last could not."""

    folder: Path
    _troubles: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def trouble(self) -> str | None:
        return self._troubles[-1] if self._troubles else None

    async def saw(self, seen: Seen) -> None:
        """Keep what was read; it is on the disk when this returns."""
        await self._add(seen.campaign, Kind.OBSERVATIONS, seen.at, [_observed(seen, one) for one in seen.mentions])

    async def ran(self, run: Run, asked: Sequence[str]) -> None:
        """Keep how a run went and what was asked for."""
        names = {"source": run.source, "platform": run.platform, "outcome": run.outcome.value, "asked": list(asked)}
        line = {"at": run.started_at.isoformat(), **names, "software": version("campaign-monitor")}
        await self._add(run.campaign, Kind.RUNS, run.started_at, [line | sealed(run.model_dump_json())])

    async def _add(self, campaign: str, kind: Kind, at: datetime, found: Sequence[Line]) -> None:
        path = self.folder / campaign / SPOOL / f"{kind}~{at.astimezone(UTC):%Y-%m-%d}~{writer()}.jsonl"
        try:
            await beside(append, path, found)
        except OSError as error:
            self._troubles[:] = [f"evidence is not kept: {path.parent} takes nothing ({error.strerror or error})"]
            _logger.warning("evidence", campaign=campaign, problem=self.trouble)


def roll(folder: Path, campaign: str, now: datetime) -> list[Partition]:
    """Make partitions of the spools whose day is over; who is killed meanwhile does it again."""
    made = []
    for path in spools(folder, campaign):
        kind, day, who = path.stem.split("~", 2)
        if datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1) + OVER > now:
            continue
        blank = Partition(campaign, Kind(kind), day, now, who, "")
        if rows := _once(filter(is_whole, lines(path))):
            made.append(put(folder, blank, frozenset({date.fromisoformat(day)}), _table(blank.kind, rows)))
        path.unlink(missing_ok=True)
    return made


def read(folder: Path, campaign: str, kind: Kind) -> list[Line]:
    """Return all evidence of one kind, oldest first, each item of a moment once; a broken file is said and left out."""
    rows: list[Line] = []
    for path in spools(folder, campaign):  # first: what becomes a partition meanwhile is in both, not in none
        if path.name.startswith(f"{kind}~"):
            rows += _table(kind, list(filter(is_whole, lines(path)))).to_pylist()
    for partition in partitions(folder, campaign, kind):
        try:
            rows += table_of(partition.path(folder)).to_pylist()
        except (ArchiveError, FileNotFoundError) as error:
            _logger.warning("archive", problem=str(error))
    return sorted(_once(rows), key=lambda row: (row["at"], row["source"], row["sha256"]))


def sealed(item: str) -> Line:
    """Return an item with its hash."""
    return {"sha256": hashlib.sha256(item.encode()).hexdigest(), "item": item}


def is_whole(line: Mapping[str, Any]) -> bool:
    """Tell whether an item has the hash that stands beside it."""
    item = line.get("item")
    return isinstance(item, str) and sealed(item)["sha256"] == line.get("sha256")


def _observed(seen: Seen, mention: Mention) -> Line:
    kind = "article" if isinstance(mention, Article) else "post"
    item = _json(asdict(replace(mention, raw=None)) | {"raw": 0})[:-2] + f"{_raw(mention)}}}"
    names = {"source": seen.source, "platform": seen.platform, "kind": kind, "id": _clean(mention.id)}
    times = {"at": seen.at.isoformat(), "created_at": mention.created_at.isoformat()}
    return {**times, **names, **sealed(_clean(item))}


def _raw(mention: Mention) -> str:
    """Return an item as its platform sent it; null where it sends none, or one that is deeper than anybody writes."""
    try:
        return _json(mention.raw)
    except (TypeError, ValueError, RecursionError):
        return "null"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))


def _clean(text: str) -> str:
    """Return text that can be written: half a character, as only damaged answers hold it, can not."""
    return text.encode(errors="replace").decode()


def _once(found: Iterable[Line]) -> list[Line]:
    return list({(line["at"], line["source"], line["sha256"]): line for line in found}.values())


def _table(kind: Kind, found: Sequence[Line]) -> pa.Table:
    times = [name for name in ("at", "created_at") if name in SCHEMAS[kind].names]
    rows = [line | {name: datetime.fromisoformat(line[name]) for name in times} for line in found]
    return pa.Table.from_pylist(rows, SCHEMAS[kind])
