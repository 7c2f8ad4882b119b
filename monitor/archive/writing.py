"""Before cells fall out of the store: whole UTC days of them are written into files, and months put together.

A day is written as soon as nothing that is collected can change it any more, and once more shortly before the store
lets go of it: meanwhile files may have been imported. Cells only rise, so of two versions the higher value stands,
whatever became of the store in between.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor import log
from monitor.archive.cells import Samples, higher, joined, rows, table, told
from monitor.archive.evidence import roll
from monitor.archive.files import put, sweep
from monitor.archive.partitions import Kind, Partition, partitions, writer
from monitor.archive.reading import KINDS, chosen
from monitor.errors import ArchiveError
from monitor.fetch.beside import beside
from monitor.model.window import Resolution, Window, merged
from monitor.store import recorded, runs
from monitor.store.beyond import Column, relied_on
from monitor.store.store import Store

SETTLED = timedelta(days=9)
"""After its end nothing that is collected changes a day any more: posts are counted for eight days."""

EARLY = timedelta(days=30)
"""How long before the store lets go of it a day is written first: a daemon may rest for so long and loses nothing."""

LATE = timedelta(days=3)
"""How long before that it is written once more, with what was imported meanwhile."""

SMALL = 8 * 1024 * 1024
"""Bytes of a month that are put together in one file, some millions of cells; more stays one file a day."""

_logger = log.get("archive")
_ONE_DAY = timedelta(days=1)


async def keep(store: Store, folder: Path, campaigns: Sequence[str], now: datetime) -> list[Partition]:
    """Write what is due of all these campaigns; raises ArchiveError when the folder does not take it."""
    written = []
    for campaign in campaigns:
        try:
            written += await beside(roll, folder, campaign, now)
            written += await write(store, folder, campaign, now)
        except FileNotFoundError as error:
            _logger.info("another one writes there, the rest is left for the next turn", missing=error.filename)
    if written:
        _logger.info("archived", partitions=len(written), campaigns=len({one.campaign for one in written}))
    return written


async def write(store: Store, folder: Path, campaign: str, now: datetime) -> list[Partition]:
    """Write every day of a campaign that is due, and put months together; raises ArchiveError where that fails."""
    watches = await runs.watches(store, campaign)
    covered = merged(window for several in watches.values() for watch in several for window in watch.covered)
    if not covered:
        return []
    watched = Window(covered[0].start, covered[-1].end)
    written: list[Partition] = []
    for resolution, kind in KINDS.items():
        known = await beside(_written, folder, campaign, kind)
        days = due(resolution, watched, known, now)
        columns = await recorded.columns(store, campaign, resolution) if days else []
        for day in days:
            blank = Partition(campaign, kind, day.isoformat(), now, writer(), "")
            written.append(await write_day(store, folder, blank, columns))
        await beside(tidy, folder, campaign, kind, now)
    return written


async def write_day(store: Store, folder: Path, blank: Partition, columns: Sequence[Column]) -> Partition:
    """Write what the store has of these series on the day of a partition, and return it with its digest."""
    (day,), resolution = blank.days, Resolution(blank.kind)
    found = [one async for one in recorded.samples(store, blank.campaign, columns, _window(day), resolution)]
    return await beside(_lay_down, folder, blank, found)


def due(resolution: Resolution, watched: Window, known: Mapping[date, datetime], now: datetime) -> list[date]:
    """Return the days that are to be written, the oldest first; `known` tells when each was written last.

    Before and after all that was ever watched there is nothing to keep.
    """
    if resolution.retention is None:
        return []
    first = max(relied_on(resolution, now), watched.start).astimezone(UTC)
    day = first.date() + (_ONE_DAY if relied_on(resolution, now) > _window(first.date()).start else timedelta())
    found = []
    wait = max(SETTLED, resolution.retention - EARLY)
    while _window(day).start < watched.end and (end := _window(day).end) + wait <= now:
        last_call = end + resolution.retention - LATE
        if day not in known or known[day] < last_call <= now:
            found.append(day)
        day += _ONE_DAY
    return found


def tidy(folder: Path, campaign: str, kind: Kind, now: datetime) -> None:
    """Put together the days of months that the store has let go of, and remove files that no day is read from."""
    sweep(folder / campaign / kind, now.timestamp())
    _put_months_together(folder, campaign, kind, now)
    used = _chosen(folder, campaign, kind)
    for partition in partitions(folder, campaign, kind):
        path = partition.path(folder)
        if path not in used and _is_replaced(partition, used):
            path.unlink(missing_ok=True)


def _put_months_together(folder: Path, campaign: str, kind: Kind, now: datetime) -> None:
    retention = Resolution(kind).retention or timedelta()
    months: dict[str, dict[Path, frozenset[date]]] = {}
    for path, days in sorted(_chosen(folder, campaign, kind).items()):
        months.setdefault(f"{min(days):%Y-%m}", {})[path] = days
    for month, held in months.items():
        blank = Partition(campaign, kind, month, now, writer(), "")
        is_over = _window(max(blank.days)).end + retention <= now
        if is_over and len(held) > 1 and sum(path.stat().st_size for path in held) <= SMALL:
            put(folder, blank, frozenset(day for days in held.values() for day in days), joined(held))


def _is_replaced(partition: Partition, used: Mapping[Path, frozenset[date]]) -> bool:
    """Tell whether all its days are read from other files; one that is broken and has no other is left to be mended."""
    return set(partition.days) <= {day for days in used.values() for day in days}


def _written(folder: Path, campaign: str, kind: Kind) -> dict[date, datetime]:
    """Return when the version of each day that is read was written."""
    used = _chosen(folder, campaign, kind)
    listed = {one.path(folder): one.written for one in partitions(folder, campaign, kind)}
    return {day: listed[path] for path, days in used.items() if path in listed for day in days}


def _chosen(folder: Path, campaign: str, kind: Kind) -> dict[Path, frozenset[date]]:
    problems: list[ArchiveError] = []
    return chosen(folder, partitions(folder, campaign, kind), problems=problems)


def _lay_down(folder: Path, blank: Partition, found: Sequence[Samples]) -> Partition:
    """Write a day, with what an earlier version of it has more of."""
    (day,) = blank.days
    problems: list[ArchiveError] = []
    before = chosen(folder, partitions(folder, blank.campaign, blank.kind), {day}, problems=problems)
    cells = told(found)
    for path, days in before.items():
        cells = higher(cells, rows(path, days))
    return put(folder, blank, frozenset({day}), table(cells))


def _window(day: date) -> Window:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Window(start, start + _ONE_DAY)
