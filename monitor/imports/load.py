"""Loading a file of posts into a campaign: in batches, exactly once however often the same file is loaded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

from monitor.imports import x
from monitor.imports.lines import Rejected
from monitor.imports.x import Found
from monitor.model.campaign import Campaign
from monitor.model.mention import Mention
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window, merged
from monitor.store import ingest, runs
from monitor.store.store import Store

SOURCE, WALK = "import-x", "files"
AT_ONCE = 500  # posts in one write
_STRETCH = 20_000  # rows of the file in memory


class Observed(Protocol):
    """What of some mentions belongs to the campaign and may be counted."""

    @property
    def posts(self) -> Sequence[Sighting]: ...

    @property
    def refused(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Job:
    """One file for one campaign; `observe` finds the campaign's posts, `now` decides what lies in the future.

    `at` hears how many bytes are read, `reject` gets what could not be taken.
    """

    path: Path
    campaign: Campaign
    observe: Callable[[Iterable[Mention]], Observed]
    now: datetime
    at: Callable[[int], None] = lambda _: None
    reject: Callable[[Rejected], None] = lambda _: None


@dataclass(slots=True)
class Report:
    """What was in a file (`read`, between `first` and `last`), and what became of it.

    `kept` posts name the campaign, `measured` of them tell impressions; `new` were never seen before, and `raised`
    counters of known ones rose. `refused` posts lie in the future or before the campaign; `rejected` ones by reason.
    """

    read: int = 0
    first: datetime | None = None
    last: datetime | None = None
    kept: int = 0
    measured: int = 0
    new: int = 0
    raised: int = 0
    refused: int = 0
    rejected: dict[str, int] = field(default_factory=dict)


async def load(job: Job, store: Store | None) -> Report:
    """Write every post of the campaign that a file holds; without a store only count what would be written."""
    loading = _Loading(job, store)
    rows = x.posts(job.path, job.at)
    while stretch := list(islice(rows, _STRETCH)):
        await loading.take(stretch)
    await loading.cover()
    return loading.report


class _Loading:
    """One file under way."""

    def __init__(self, job: Job, store: Store | None) -> None:
        self._job, self._store = job, store
        self._newest: datetime | None = None
        self.report = Report()

    async def take(self, rows: Iterable[Found | Rejected]) -> None:
        """Write a stretch of the file: together what was read at one moment."""
        for observed, group in groupby(self._found(rows), key=self._observed):
            together = list(group)
            for begin in range(0, len(together), AT_ONCE):
                await self._write(together[begin : begin + AT_ONCE], observed)

    async def cover(self) -> None:
        """Tell the store from when to when the file knows, so that a silence in between counts as one."""
        first, last = self.report.first, self.report.last
        if self._store and first and last and first < last:
            before = await runs.standing(self._store, self._job.campaign.slug, SOURCE, WALK)
            await self._ingest((), self._job.now, Standing(covered=merged((*before.covered, Window(first, last)))))

    def _found(self, rows: Iterable[Found | Rejected]) -> Iterable[Found]:
        for row in rows:
            if isinstance(row, Rejected):
                reason = row.reason.partition(":")[0]
                self.report.rejected[reason] = self.report.rejected.get(reason, 0) + 1
                self._job.reject(row)
            else:
                yield row

    def _observed(self, row: Found) -> datetime:
        """Return when counters were read, at the latest now; a file that does not tell is as old as its last post."""
        if row.observed is None and self._newest is None:
            self._newest = x.newest(self._job.path) or self._job.now
        return min(row.observed or self._newest or self._job.now, self._job.now)

    async def _write(self, found: Sequence[Found], observed: datetime) -> None:
        self._note([row.post.created_at for row in found if row.asked])
        seen = self._job.observe([row.post for row in found])
        self.report.kept += len(seen.posts)
        self.report.measured += sum(sighting.counts.impressions is not None for sighting in seen.posts)
        self.report.refused += seen.refused
        if seen.posts:
            await self._ingest(seen.posts, observed)

    def _note(self, moments: Sequence[datetime]) -> None:
        self.report.read += len(moments)
        passed = [
            moment for moment in (*moments, self.report.first, self.report.last) if moment and moment <= self._job.now
        ]
        self.report.first, self.report.last = min(passed, default=None), max(passed, default=None)

    async def _ingest(self, posts: Sequence[Sighting], observed: datetime, standing: Standing | None = None) -> None:
        if self._store is None:
            return
        batch = Batch(
            campaign=self._job.campaign.slug,
            zone=self._job.campaign.zone,
            platform=x.PLATFORM,
            source=SOURCE,
            kind="posts",
            observed=int(observed.timestamp()),
            now=int(self._job.now.timestamp()),
            sightings=posts,
            walk=WALK if standing else None,
            standing=standing,
        )
        written = await ingest.write(self._store, batch)
        self.report.new += written.new
        self.report.raised += written.raised
