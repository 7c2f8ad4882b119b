"""Older cells, read from their files through DuckDB: of each day the newest version that is whole, and no other."""

import atexit
import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from monitor import log
from monitor.archive.files import broken, days_in
from monitor.archive.partitions import Kind, Partition, partitions
from monitor.errors import ArchiveError
from monitor.fetch.beside import beside
from monitor.model.window import Resolution
from monitor.store.beyond import Asked, Cells, Epochs, Values, number_of

KINDS = {Resolution.FIVE_MINUTES: Kind.FIVE_MINUTES, Resolution.HOUR: Kind.HOUR}
"""The widths that the store lets go of; days it keeps for ever."""

_DAY = 86400
_TRIES = 3  # a file may be put together with others between the look at the folder and the reading
_ALONE: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "1GB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
_QUERY = """
    SELECT place, epoch_ms(c.start) // 1000 AS second, c.value
    FROM read_parquet(?) c JOIN wanted USING (metric, subject, platform)
    WHERE c.start >= to_timestamp(?) AND c.start < to_timestamp(?)
"""

_logger = log.get("archive")

# At the end of a program the library complains of all that the collector was told to pass over.
atexit.register(gc.unfreeze)

Chosen = Mapping[Path, frozenset[date]]
"""The files to be read, and of which days each of them speaks: no day of two."""


@dataclass(frozen=True)
class Archive:
    """The older cells of all campaigns in a folder, which need not be there."""

    folder: Path
    _told: set[str] = field(default_factory=set, compare=False, repr=False)

    async def days(self, campaign: str, resolution: Resolution) -> Collection[date]:
        """Return the days of which cells of this width are kept."""
        if resolution not in KINDS:
            return ()
        chosen = await beside(self.chosen, campaign, KINDS[resolution])
        return frozenset(day for days in chosen.values() for day in days)

    async def cells(self, asked: Asked, days: Collection[date]) -> Cells:
        """Return what is kept of some series on those of these days that are kept; a broken file is left out."""
        return await beside(self._cells, asked, frozenset(days)) if asked.resolution in KINDS else Cells()

    def chosen(self, campaign: str, kind: Kind, wanted: Collection[date] | None = None) -> Chosen:
        """Return for each day the newest whole file; what is broken is said once, and an older one serves."""
        problems: list[ArchiveError] = []
        found = chosen(self.folder, self._listed(campaign, kind), wanted, problems=problems)
        self._tell(problems)
        return found

    def _cells(self, asked: Asked, days: frozenset[date]) -> Cells:
        unread: set[Path] = set()
        failed: list[ArchiveError] = []
        for _ in range(_TRIES):
            problems: list[ArchiveError] = []
            listed = self._listed(asked.campaign, KINDS[asked.resolution])
            files = chosen(self.folder, listed, days, without=unread, problems=problems)
            self._tell(problems)
            try:
                return self._read(asked, files)
            except duckdb.Error as error:
                failed = [ArchiveError(f"{self.folder / asked.campaign} can not be read now ({str(error)[:200]})")]
                unread |= set(self._unreadable(files))
        self._tell(failed)
        return Cells()

    def _listed(self, campaign: str, kind: Kind) -> list[Partition]:
        try:
            return partitions(self.folder, campaign, kind)
        except ArchiveError as error:
            self._tell([error])
            return []

    def _read(self, asked: Asked, files: Chosen) -> Cells:
        if not files or not asked.columns:
            return Cells(frozenset(day for days in files.values() for day in days))
        wholly = [path for path, days in files.items() if days == days_in(path)]
        groups = [wholly] if wholly else []
        groups += [[path] for path in files if path not in wholly]
        parts = [self._rows(asked, group, [day for path in group for day in files[path]]) for group in groups]
        places, starts, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Cells(frozenset(day for days in files.values() for day in days), places, starts, values)

    def _rows(self, asked: Asked, files: Sequence[Path], days: Iterable[date]) -> tuple[Epochs, Epochs, Values]:
        numbers = [number_of(day) for day in days]
        span = min(numbers) * _DAY, (max(numbers) + 1) * _DAY
        names = [[str(part) for part in column] for column in zip(*asked.columns, strict=True)]
        wanted = dict(zip(("subject", "platform", "metric"), names, strict=True))
        with self._database.cursor() as cursor:
            cursor.register("wanted", pa.table({"place": np.arange(len(asked.columns)), **wanted}))
            found = cursor.execute(_QUERY, [[str(path) for path in files], *span]).fetchnumpy()
        places, seconds, values = (np.asarray(found[name]) for name in ("place", "second", "value"))
        inside = np.isin(seconds // _DAY, numbers)
        return places[inside], seconds[inside], values[inside]

    def _unreadable(self, files: Chosen) -> Iterator[Path]:
        """Yield the files that can not be read to their end, and say so."""
        for path in files:
            try:
                with self._database.cursor() as cursor:
                    cursor.execute("SELECT sum(value), max(start), max(subject) FROM read_parquet(?)", [[str(path)]])
            except duckdb.Error as error:
                if path.exists():
                    self._tell([broken(path, error)])
                    yield path

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config=_ALONE)

    def _tell(self, problems: Iterable[ArchiveError]) -> None:
        for problem in problems:
            if str(problem) not in self._told:
                self._told.add(str(problem))
                _logger.warning("archive", problem=str(problem))


def chosen(
    folder: Path,
    listed: Iterable[Partition],
    wanted: Collection[date] | None = None,
    *,
    without: Collection[Path] = (),
    problems: list[ArchiveError],
) -> dict[Path, frozenset[date]]:
    """Return for each day (of those wanted) the newest whole partition; what is broken is added to `problems`."""
    taken: set[date] = set()
    found: dict[Path, frozenset[date]] = {}
    for partition in sorted(listed, key=lambda one: (one.written, one.writer, one.digest), reverse=True):
        path, may = partition.path(folder), frozenset(partition.days) - taken
        if path in without or not (may if wanted is None else may & frozenset(wanted)):
            continue
        try:
            held = days_in(path) & may
        except ArchiveError as error:
            problems.append(error)
            continue
        except FileNotFoundError:
            continue
        if held := held if wanted is None else held & frozenset(wanted):
            found[path] = held
            taken |= held
    return found
