"""Reading: 50 series of 30 days in cells of 5 minutes as one frame, and a brief of a busy campaign.

`server_ms` is what the server itself says it spent on the reads (INFO commandstats); `frame_ms` is from the question to
the frame. `brief_s` is a 7-day brief of a campaign with 20 hashtags on 3 platforms, through monitor.digest.gather; the
store is filled with five weeks of posts by the same ingest that the collectors use.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bench.crowd import a_day, batch
from bench.show import flags, fresh_store, show
from monitor.digest import gather
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.store import ingest, runs, series
from monitor.store.redis import execute
from monitor.store.store import Store

SERIES, DAYS = 50, 30
CELLS = DAYS * 288
START = datetime(2016, 4, 1, tzinfo=UTC)
TARGETS = {"ratio_to_server": "≤ 3", "brief_s": "< 0.5"}

TAGS, PLATFORMS, WEEKS = 20, ("mastodon", "telegram", "x"), 6
POSTS_AN_HOUR = 12
BUSY = Campaign("busy", "Busy", "Asia/Damascus", tuple(Family(f"tag{n}", (f"tag{n}", f"tag{n}_")) for n in range(TAGS)))
NOW = START + timedelta(weeks=WEEKS)


async def fill_series(store: Store) -> list[str]:
    dice = random.Random(1)
    subjects = [f"tag/t{number}" for number in range(SERIES)]
    first = int(START.timestamp())
    for subject in subjects:
        key = store.keys.series("wide", subject, "mastodon", Metric.POSTS, Resolution.FIVE_MINUTES)
        await execute(store.redis, "TS.CREATE", key, "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "SUM")
        for day in range(DAYS):
            cells = range(day * 288, day * 288 + 288)
            samples = [part for n in cells for part in (key, (first + n * 300) * 1000, dice.randrange(1, 200))]
            await execute(store.redis, "TS.MADD", *samples)
    return subjects


async def read_once(store: Store, subjects: Sequence[str]) -> tuple[float, float]:
    """Return how long one frame took, and how much of it the server says it spent; in milliseconds."""
    window = Window(START, START + timedelta(days=DAYS))
    await store.redis.config_resetstat()
    start = time.perf_counter()
    read = await series.frame(
        store,
        "wide",
        subjects=subjects,
        platforms=["mastodon"],
        metrics=[Metric.POSTS],
        window=window,
        resolution=Resolution.FIVE_MINUTES,
        zone="UTC",
        now=window.end,
    )
    took = time.perf_counter() - start
    if read.values.shape != (CELLS, SERIES) or not read.values.to_numpy().all():
        raise SystemExit("the frame is not what was stored")
    stats = await store.redis.info("commandstats")
    return took * 1e3, stats["cmdstat_ts.range"]["usec"] / 1e3


async def fill_campaign(store: Store) -> None:
    dice = random.Random(2)
    for platform in PLATFORMS:
        await runs.declare(store, BUSY.slug, {name: name for name in PLATFORMS}, START)
        for day in range(WEEKS * 7):
            since = START + timedelta(days=day)
            until = since + timedelta(days=1)
            seen = a_day(dice, BUSY, since, POSTS_AN_HOUR * 24)
            await ingest.write(store, batch(BUSY, platform, Window(START, until), seen))


async def brief_once(store: Store) -> float:
    start = time.perf_counter()
    brief = await gather.brief(store, BUSY, Window(NOW - timedelta(days=7), NOW), NOW)
    took = time.perf_counter() - start
    posts = brief.total("posts")
    if posts is None or posts.now.value != len(PLATFORMS) * 7 * 24 * POSTS_AN_HOUR:
        raise SystemExit(f"the brief does not hold what was stored: {posts}")
    return took


async def measure(*, rounds: int) -> dict[str, float]:
    async with fresh_store() as store:
        subjects = await fill_series(store)
        reads = [await read_once(store, subjects) for _ in range(rounds + 1)][1:]
        await fill_campaign(store)
        briefs = [await brief_once(store) for _ in range(rounds // 2 + 2)][1:]
    return {
        "frame_ms": statistics.median(took for took, _ in reads),
        "server_ms": statistics.median(server for _, server in reads),
        "ratio_to_server": statistics.median(took / server for took, server in reads),
        "brief_s": statistics.median(briefs),
    }


if __name__ == "__main__":
    options = flags(__doc__)
    figures = asyncio.run(measure(rounds=9 if options.quick else 25))
    show("read: frames and briefs", figures, TARGETS, as_json=options.json)
