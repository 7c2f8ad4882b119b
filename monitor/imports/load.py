"""Loading a file of posts into a campaign: in batches, exactly once however often the same file is loaded.

While one batch is written, the next is read; each write tells the store how far the file is read by then.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from monitor.imports.job import Job
from monitor.imports.place import Place, moment, walk_of
from monitor.imports.reading import Pile, Reading
from monitor.imports.recognise import Format, opened
from monitor.imports.report import Report
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window, merged
from monitor.store import ingest, runs
from monitor.store.redis import in_words
from monitor.store.store import Store

AT_ONCE = 2000  # posts in one write: some twenty milliseconds during which Redis serves nobody else

REMEMBERED = timedelta(days=9)
"""How long the peaks of a post that was collected live are kept at least after it was written."""

_RARELY = (200_000, 20, 100)  # objects that are made before the first look


async def load(job: Job, store: Store | None) -> Report:
    """Write every post of the campaign that a file holds; without a store only count what would be written."""
    file = await asyncio.to_thread(opened, job.path, job.campaign, job.asked)
    writer = _Writer(job, file.format, store)
    place = await writer.begun()
    if place.part or place.pieces:
        job.goes_on(place.pieces)
    counted = await _counted(store, job, file.format.platform) if store and not job.also_watched else ()
    reading = Reading(file, place, job, counted)
    with _rarely_swept():
        await _side_by_side(reading.piles(AT_ONCE), lambda pile: writer.write(pile, reading.report))
    await writer.finish(reading.place)
    return reading.report


@in_words
async def _counted(store: Store, job: Job, platform: str) -> tuple[Window, ...]:
    """Return the stretches whose posts were collected live and whose peaks may be forgotten by now."""
    watches = (await runs.watches(store, job.campaign.slug)).get(platform, ())
    end = job.now - REMEMBERED
    covered = (window for watch in watches if watch.configured for window in watch.covered if window.start < end)
    return merged(Window(window.start, min(window.end, end)) for window in covered)


async def _side_by_side(piles: Iterator[Pile], write: Callable[[Pile], "asyncio.Future[None]"]) -> None:
    """Write each pile while the next one is read, never two at once."""
    writing: asyncio.Future[None] | None = None
    try:
        while (pile := await asyncio.to_thread(next, piles, None)) is not None:
            if writing:
                await writing
            writing = write(pile)
    finally:
        if writing:
            await writing


@contextmanager
def _rarely_swept() -> Iterator[None]:
    """Look for garbage rarely: posts hold no circles, and looking through them takes a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Writer:
    """Writes piles of one file, and with each of them how far the file is read."""

    def __init__(self, job: Job, form: Format, store: Store | None) -> None:
        self._job, self._form, self._store = job, form, store
        self._source = f"import-{form.platform}"
        mapping = job.asked.mapping
        self._walk = walk_of(job.path, job.campaign, mapping.model_dump_json() if mapping else form.name)
        self._covered: Sequence[Window] = ()

    async def begun(self) -> Place:
        """Return where an earlier run of the same import stopped."""
        if self._store is None:
            return Place()
        before = await runs.standing(self._store, self._job.campaign.slug, self._source, self._walk)
        self._covered = before.covered
        return Place() if self._job.restart else Place.of(before.cursor)

    def write(self, pile: Pile, report: Report) -> "asyncio.Future[None]":
        return asyncio.ensure_future(self._write(pile, report))

    async def finish(self, place: Place) -> None:
        """Tell the store from when to when the file knows, so that a silence in between counts as one."""
        covered = self._covered
        if self._form.complete and place.first and place.last and place.first < place.last:
            covered = merged((*covered, Window(moment(place.first), moment(place.last))))
        if place.first:
            await self._ingest((), self._job.now, Standing({**asdict(place), "done": True}, tuple(covered)))

    async def _write(self, pile: Pile, report: Report) -> None:
        behind = Standing(asdict(pile.place), tuple(self._covered))
        begins = range(0, max(len(pile.posts), 1), AT_ONCE)
        for begin in begins:
            standing = behind if begin == begins[-1] else None
            new, raised = await self._ingest(pile.posts[begin : begin + AT_ONCE], pile.observed, standing)
            report.new += new
            report.raised += raised

    async def _ingest(
        self, posts: Sequence[Sighting], observed: datetime, standing: Standing | None
    ) -> tuple[int, int]:
        if self._store is None:
            return 0, 0
        batch = Batch(
            campaign=self._job.campaign.slug,
            zone=self._job.campaign.zone,
            platform=self._form.platform,
            source=self._source,
            kind="posts",
            observed=int(observed.timestamp()),
            now=int(self._job.now.timestamp()),
            sightings=posts,
            walk=self._walk if standing else None,
            standing=standing,
        )
        written = await ingest.write(self._store, batch)
        return written.new, written.raised
