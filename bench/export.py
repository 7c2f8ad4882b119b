"""How long an export takes: a million points (100 spellings, 35 days in cells of five minutes) in each format.

Each format is written by a process of its own, which starts with nothing loaded but the libraries: `*_s` is from the
question to the last byte of the file (brief, store, method note included), `*_cpu_s` what its process worked of that
(on a busy machine the truer figure), `*_mb` the most memory that it ever held, `*_file_mb` the file. `xlsx_*` is
measured beside them: Excel opens 1,048,575 rows, so the million just fits.
"""

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from bench.show import flags, show
from monitor.digest import gather
from monitor.exports.asked import Asked, Format, What
from monitor.exports.files import export
from monitor.exports.series import Split
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import WHOLE, Metric, family_subject, spelling_subject
from monitor.model.sighting import Batch
from monitor.model.source import Standing
from monitor.model.window import Resolution, Window
from monitor.store import embedded, ingest, runs
from monitor.store.redis import execute
from monitor.store.store import Store, opened
from monitor.words.voice import voice

CELLS, FAMILIES, SPELLINGS = 10_000, 20, 5
NOW = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 300 * 300, UTC)
WINDOW = Window(NOW - timedelta(minutes=5) * CELLS, NOW)
FORMATS = (Format.CSV, Format.PARQUET, Format.JSON, Format.XLSX)
QUICK_FORMATS = FORMATS[:3]
TARGETS = {f"{name}_s": "< 5" for name in QUICK_FORMATS} | {f"{name}_mb": "< 300" for name in QUICK_FORMATS}
MEGABYTE = 1e6


def busy() -> Campaign:
    tags = (f"tag{number}" for number in range(FAMILIES))
    families = tuple(Family(tag, tuple(f"{tag}{'_' * number}x" for number in range(SPELLINGS))) for tag in tags)
    return Campaign("busy", "Busy", "Asia/Damascus", families)


def subjects(campaign: Campaign) -> Iterator[str]:
    for family in campaign.families:
        yield family_subject(family.key)
        yield from (spelling_subject(family.key, spelling) for spelling in family.spellings)


async def fill(store: Store, campaign: Campaign) -> None:
    dice, first = random.Random(1), int(WINDOW.start.timestamp())
    named = [WHOLE, *subjects(campaign)]
    await runs.declare(store, campaign.slug, {"mastodon": "mastodon"}, WINDOW.start)
    await store.redis.sadd(store.keys.subjects(campaign.slug), *named)
    for subject in named:
        key = store.keys.series(campaign.slug, subject, "mastodon", Metric.POSTS, Resolution.FIVE_MINUTES)
        await execute(store.redis, "TS.CREATE", key, "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "SUM")
        told = [part for n in range(CELLS) for part in (key, (first + n * 300) * 1000, dice.randrange(0, 200))]
        await execute(store.redis, "TS.MADD", *told)
    at, standing = int(NOW.timestamp()), Standing({}, (Window(WINDOW.start - timedelta(days=1), NOW),))
    covered = Batch(campaign.slug, campaign.zone, "mastodon", "mastodon", "posts", at, at, walk="w", standing=standing)
    await ingest.write(store, covered)


def measured(url: str, format: Format) -> dict[str, float]:  # noqa: A002
    """Return the figures of one format; runs in a process of its own."""
    started, worked = time.perf_counter(), time.process_time()
    size = asyncio.run(written(url, format))
    took, work = time.perf_counter() - started, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    figures = {"s": took, "cpu_s": work, "mb": most, "file_mb": size / MEGABYTE}
    return {f"{format}_{name}": value for name, value in figures.items()}


async def written(url: str, format: Format) -> int:  # noqa: A002
    campaign, metrics = busy(), (Metric.POSTS,)
    async with opened(url) as store:
        brief = await gather.brief(store, campaign, WINDOW, NOW)
        speaking, width = voice("en", campaign.zone), Resolution.FIVE_MINUTES
        asked = Asked(format, WINDOW, speaking, What.SERIES, metrics, Split.SPELLING, width)
        made = await export(store, campaign, brief, asked, NOW)
        return sum(map(len, made.parts()))


async def prepare(url: str) -> None:
    async with opened(url) as store:
        await fill(store, busy())


def measure(*, quick: bool) -> dict[str, float]:
    figures: dict[str, float] = {"points": float(CELLS * FAMILIES * SPELLINGS)}
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder, embedded.start(Path(folder)) as server:
        asyncio.run(prepare(server.url))
        for each in QUICK_FORMATS if quick else FORMATS:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
                figures |= other.submit(measured, server.url, each).result()
    return figures


if __name__ == "__main__":
    options = flags(__doc__)
    show("export: a million points", measure(quick=options.quick), TARGETS, as_json=options.json)
