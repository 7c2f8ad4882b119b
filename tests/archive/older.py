"""What the tests of the archive share: a campaign that was collected, and how its archive is written and read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.archive.partitions import Kind, Partition, partitions
from monitor.archive.reading import Archive
from monitor.archive.writing import write
from monitor.model.metric import WHOLE, Metric
from monitor.model.series import Frame
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window
from monitor.store import ingest, series
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.store.batches import NOW, batch, sighting, window

SLUG = ALEPPO.slug
DAYS = timedelta(days=1)
FRIDAY = datetime(2016, 4, 29, tzinfo=UTC)
DAY = Window(FRIDAY, FRIDAY + DAYS)
SETTLED, GONE = NOON + 12 * DAYS, NOON + 60 * DAYS
"""When the Friday is written first, and when the store has let go of its five minutes."""


async def collected(store: Store, *created: int, number: int = 1, **fields: Any) -> None:
    """Store a post for each moment, all with three likes, and that four days before and after them were watched."""
    posts = [sighting(number + nth, created=at, likes=3) for nth, at in enumerate(created)]
    first, last = min(created, default=NOW), max(created, default=NOW)
    standing = Standing({"at": 1}, (window(first - 4 * 86400, last + 4 * 86400),))
    observed = last + 60
    await ingest.write(store, batch(*posts, observed=observed, walk="w", standing=standing, **fields))


async def archived(store: Store, folder: Path, now: datetime = SETTLED) -> list[Partition]:
    return await write(store, folder, SLUG, now)


async def read(
    store: Store,
    folder: Path | None,
    span: Window = DAY,
    resolution: Resolution = Resolution.FIVE_MINUTES,
    now: datetime = GONE,
    **fields: Any,
) -> Frame:
    """Read a frame as everybody does, with an archive behind the store."""
    asked = {"subjects": [WHOLE], "platforms": ["mastodon"], "metrics": [Metric.POSTS], "zone": "UTC", **fields}
    behind = replace(store, older=Archive(folder) if folder else None)
    return await series.frame(behind, SLUG, window=span, resolution=resolution, now=now, **asked)


def posts(frame: Frame) -> float:
    """Return the sum of what is known."""
    return float(frame.gapped.sum(min_count=1).sum(min_count=1))


def files(folder: Path, kind: Kind = Kind.FIVE_MINUTES) -> list[Path]:
    return [one.path(folder) for one in partitions(folder, SLUG, kind)]


async def forget(store: Store) -> None:
    """Have the store let go of all its fine cells."""
    names = await store.redis.keys(f"{store.keys.of(SLUG)}ts:*")
    await store.redis.unlink(*(name for name in names if not name.endswith(b":1d")))
