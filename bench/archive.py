"""A year behind feels like yesterday: the same frame from the archive and from Redis, and what writing a day takes.

A campaign of 10 hashtags (two spellings each) on 4 platforms has lived for 500 days; what the store let go of (five
minutes after 35 days, hours after 400) lies in Parquet files as the daemon writes them and puts them together. Read in
turns: 7 days of all hashtags on all platforms in five minutes, a year ago and until now; 9 days by the hour, 440 days
ago and until now; a brief at both ends. `write_day_s` is one day of five minutes from Redis onto the disk,
`loop_held_ms` how long the daemon waited for it at most. With --quick the archive holds 40 days around those read.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np

from bench.show import flags, fresh_store, show
from monitor.archive.cells import Samples, table, told
from monitor.archive.files import put
from monitor.archive.partitions import Kind, Partition, partitions
from monitor.archive.reading import Archive
from monitor.archive.writing import tidy, write_day
from monitor.digest import gather
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import WHOLE, Metric, family_subject, language_subject, spelling_subject
from monitor.model.sighting import Batch
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window
from monitor.store import ingest, recorded, runs, series
from monitor.store.beyond import Column
from monitor.store.redis import execute
from monitor.store.store import Store

DAYS, DAY = 500, timedelta(days=1)
PLATFORMS = ("bluesky", "mastodon", "telegram", "x")
OLD = Campaign("old", "Old", "Asia/Damascus", tuple(Family(f"tag{n}", (f"tag{n}", f"tag{n}_")) for n in range(10)))
TAGS = [family_subject(family.key) for family in OLD.families]
SUBJECTS = [
    WHOLE,
    language_subject("ar"),
    *TAGS,
    *(spelling_subject(family.key, one) for family in OLD.families for one in family.spellings),
]
METRICS = (Metric.POSTS, Metric.MEASURED_POSTS, Metric.IMPRESSIONS, Metric.LIKES, Metric.REPOSTS, Metric.REPLIES)
COLUMNS: list[Column] = list(product(SUBJECTS, PLATFORMS, METRICS))
NOW = datetime(2016, 4, 29, 10, 3, tzinfo=UTC)
BEGAN = NOW.replace(hour=0, minute=0) - DAYS * DAY
BEHIND = (365, 440)
"""How many days ago five minutes and hours are read."""

KINDS = {Resolution.FIVE_MINUTES: Kind.FIVE_MINUTES, Resolution.HOUR: Kind.HOUR}
TARGETS = {
    "year_ago_p95_ms": "< 150",
    "times_yesterday": "< 3",
    "hours_year_ago_p95_ms": "< 150",
    "write_day_s": "< 1",
    "loop_held_ms": "< 100",
}


def samples(day: date, resolution: Resolution, dice: np.random.Generator) -> list[Samples]:
    """Return what every series has on a UTC day: a third of the cells is empty, as at night."""
    begin = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    starts = begin + np.arange(0, 86400, resolution.seconds, dtype=np.int64)
    found = []
    for column in COLUMNS:
        values = dice.poisson(1.1, len(starts)).astype(float)
        found.append((column, starts[values > 0], values[values > 0]))
    return found


def fill_archive(folder: Path, *, quick: bool) -> None:
    """Write what 500 days of daemons would have written."""
    dice = np.random.default_rng(1)
    for (resolution, kind), first, centre in zip(KINDS.items(), (9, 370), BEHIND, strict=True):
        for age in range(first, DAYS):
            day = (NOW - age * DAY).date()
            if not quick or abs(age - centre) < 20:
                blank = Partition("old", kind, day.isoformat(), NOW - (age - first) * DAY, "bench-1", "")
                put(folder, blank, frozenset({day}), table(told(samples(day, resolution, dice))))
        tidy(folder, "old", kind, NOW)


async def fill_store(store: Store, *, quick: bool) -> None:
    """Fill Redis with what it would still hold; quickly, with what is read."""
    dice = np.random.default_rng(2)
    await runs.declare(store, "old", {name: name for name in PLATFORMS}, BEGAN)
    for platform in PLATFORMS:
        standing, now = Standing({"at": 1}, (Window(BEGAN, NOW),)), int(NOW.timestamp())
        batch = Batch("old", OLD.zone, platform, platform, "posts", now, now, walk="w", standing=standing)
        await ingest.write(store, batch)
    await execute(store.redis, "SADD", store.keys.subjects("old"), *SUBJECTS)
    for resolution, kept in ((Resolution.FIVE_MINUTES, 10 if quick else 35), (Resolution.HOUR, 80 if quick else 400)):
        for column in COLUMNS:
            key = store.keys.series("old", column[0], column[1], Metric(column[2]), resolution)
            await execute(store.redis, "TS.CREATE", key, "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "SUM")
        for behind in range(kept, -1, -1):
            await fill_day(store, samples((NOW - behind * DAY).date(), resolution, dice), resolution)


async def fill_day(store: Store, found: Sequence[Samples], resolution: Resolution) -> None:
    pipe = store.redis.pipeline(transaction=False)
    for column, starts, values in found:
        key = store.keys.series("old", column[0], column[1], Metric(column[2]), resolution)
        parts = [
            part for at, value in zip(starts.tolist(), values.tolist(), strict=True) for part in (key, at * 1000, value)
        ]
        pipe.execute_command("TS.MADD", *parts)
    await pipe.execute()


async def timed(read: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return how many milliseconds a reading takes, and how many of a core here, whatever else the machine does."""
    begin, worked = time.perf_counter(), time.process_time()
    await read()
    return (time.perf_counter() - begin) * 1000, (time.process_time() - worked) * 1000


async def frames(store: Store, resolution: Resolution, days: int, rounds: int) -> list[tuple[float, float]]:
    """Read the same in turns from the archive and from Redis; nobody reads the same window twice.

    Returns for both ends the time of 19 in 20 at most, and the time of a core.
    """
    dice, old, new = random.Random(3), [], []

    async def one(end: datetime) -> None:
        window = Window(end - days * DAY, end)
        read = await series.frame(
            store, "old", subjects=TAGS, platforms=PLATFORMS, metrics=[Metric.POSTS], window=window,
            resolution=resolution, zone=OLD.zone, now=NOW,
        )  # fmt: skip
        if not read.known.to_numpy().all() or not read.values.to_numpy().any(axis=0).all():
            raise SystemExit(f"the frame of {window} is not what was stored")

    year_ago = NOW - BEHIND[resolution is Resolution.HOUR] * DAY
    for turn in range(rounds + 2):
        before = timedelta(hours=dice.randrange(48))
        took = await timed(partial(one, year_ago + before)), await timed(partial(one, NOW - before / 48))
        if turn > 1:  # the first two make connections and load libraries
            old.append(took[0])
            new.append(took[1])
    return [(p95([wall for wall, _ in took]), statistics.median(core for _, core in took)) for took in (old, new)]


async def briefs(store: Store, rounds: int) -> tuple[float, ...]:
    async def one(end: datetime) -> None:
        await gather.brief(store, OLD, Window(end - 7 * DAY, end), NOW)

    old = [await timed(partial(one, NOW - BEHIND[1] * DAY - turn * DAY)) for turn in range(rounds)]
    new = [await timed(partial(one, NOW - turn * timedelta(hours=1))) for turn in range(rounds)]
    return tuple(statistics.median(wall for wall, _ in took) / 1000 for took in (old, new))


async def write_days(store: Store) -> tuple[float, float]:
    """Return the seconds that a day takes, and how many milliseconds the event loop was held up at most."""
    held, done, took = 0.0, asyncio.Event(), []

    async def watch() -> None:
        nonlocal held
        while not done.is_set():
            begin = time.perf_counter()
            await asyncio.sleep(0.001)
            held = max(held, time.perf_counter() - begin - 0.001)

    watching = asyncio.create_task(watch())
    columns = await recorded.columns(store, "old", Resolution.FIVE_MINUTES)
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as place:
        for age in range(1, 9):
            day = (NOW - age * DAY).date().isoformat()
            blank = Partition("old", Kind.FIVE_MINUTES, day, NOW, "bench-1", "")
            took.append(await timed(partial(write_day, store, Path(place), blank, columns)))
    done.set()
    await watching
    return statistics.median(wall for wall, _ in took) / 1000, held * 1000


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


async def measure(*, quick: bool) -> dict[str, float]:
    rounds = 20 if quick else 100
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as place:
        folder = Path(place)
        fill_archive(folder, quick=quick)
        async with fresh_store() as bare:
            await fill_store(bare, quick=quick)
            store = replace(bare, older=Archive(folder))
            old, new = await frames(store, Resolution.FIVE_MINUTES, 7, rounds)
            hours_old, hours_new = await frames(store, Resolution.HOUR, 9, rounds)
            brief_old, brief_new = await briefs(store, 5)
            day, held = await write_days(bare)
        paths = [one.path(folder) for kind in Kind for one in partitions(folder, "old", kind)]
        return {
            "year_ago_p95_ms": old[0],
            "yesterday_p95_ms": new[0],
            "times_yesterday": old[0] / new[0],
            "year_ago_core_ms": old[1],
            "yesterday_core_ms": new[1],
            "hours_year_ago_p95_ms": hours_old[0],
            "hours_yesterday_p95_ms": hours_new[0],
            "brief_year_ago_s": brief_old,
            "brief_yesterday_s": brief_new,
            "write_day_s": day,
            "loop_held_ms": held,
            "files": len(paths),
            "megabytes": sum(path.stat().st_size for path in paths) / 1e6,
        }


def main() -> None:
    asked = flags(__doc__ or "")
    figures = asyncio.run(measure(quick=asked.quick))
    show("The archive: 7 days of 40 series at 5 minutes, 9 days by the hour", figures, TARGETS, as_json=asked.json)


if __name__ == "__main__":
    main()
