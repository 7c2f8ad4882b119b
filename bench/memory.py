"""What the store keeps in memory per tracked post and per series, and what a daemon with 100 campaigns takes.

`bytes_per_post` is the state of a busy day (50,000 posts of one platform, everything that the peaks take, keys and
expiry included), `bytes_per_post_quiet` that of a day of 2,000 posts; `bytes_per_author` what the bracket of potential
reach keeps per author and day. `kib_per_hour_of_causes` is what explains a spike (other tags, the largest posts with
links of one in ten, authors), of an hour of the busy day and of the quiet one; it lives 21 days. `kib_per_series_set`
is one subject, platform and metric with a value in every cell: 35 days of 5 minutes, 400 days of hours, 5 years of
days. `daemon_*` is a daemon with 100 campaigns while nothing is due (bench/idle.py); its CPU share is that of one core.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

from bench.idle import idle_daemon
from bench.ingest import START, batch, posts
from bench.show import flags, fresh_store, show
from monitor.model.metric import Metric
from monitor.model.sighting import Sighting
from monitor.model.window import Resolution
from monitor.store import ingest
from monitor.store.redis import execute
from monitor.store.store import Store

BUSY, QUIET = 50_000, 2_000
FIVE_YEARS = 5 * 365
SET = {Resolution.FIVE_MINUTES: 35 * 288, Resolution.HOUR: 400 * 24, Resolution.DAY: FIVE_YEARS}
TARGETS = {"bytes_per_post": "≤ 40", "kib_per_series_set": "≤ 100"}


async def memory(store: Store, pattern: str) -> int:
    """Return the bytes of all keys that match, their names and expiries included."""
    pipe = store.redis.pipeline(transaction=False)
    names = await store.redis.keys(pattern)
    for name in names:
        pipe.memory_usage(name, samples=0)
    expiry = 24 * len(names)  # an entry of the table of expiries: three words
    return int(sum(await pipe.execute()) + expiry)


async def tracked(store: Store, campaign: str, sightings: Sequence[Sighting]) -> dict[str, float]:
    """Return the bytes per post and per author after storing these posts of one day."""
    for at in range(0, len(sightings), 1000):
        await ingest.write(store, batch(campaign, sightings[at : at + 1000]))
    of = store.keys.of(campaign)
    people = len({one.author for one in sightings})
    return {
        "post": await memory(store, f"{of}st:*") / len(sightings),
        "author": await memory(store, f"{of}fo:*") / people,
        "mark": await memory(store, f"{of}due:*") / len(sightings),
        "causes": sum([await memory(store, f"{of}{kind}:*") for kind in ("tags", "largest", "people")]) / 24 / 1024,
    }


def one_day(count: int) -> list[Sighting]:
    """Posts of one UTC day with all five counters and followers."""
    dice, day = random.Random(count), START // 86400 * 86400
    return [
        replace(
            one,
            created=day + number * 86400 // count,
            counts=replace(one.counts, impressions=dice.randrange(20_000), replies=dice.randrange(20), quotes=0),
            followers=dice.randrange(20_000),
            again=f"1122334455{number:08}",
            tags=tuple({f"وسم_{min(5000, int(dice.paretovariate(0.6)))}" for _ in range(3)}),
            link=f"https://social.example/@u{number % 1000}/{number:018}" if number % 10 == 0 else None,
        )
        for number, one in enumerate(posts(0, count))
    ]


async def series_set(store: Store) -> float:
    """Return the KiB of one subject, platform and metric at all three resolutions, a value in each cell."""
    dice, total = random.Random(3), 0
    for resolution, cells in SET.items():
        key = store.keys.series("memory", "*", "mastodon", Metric.IMPRESSIONS, resolution)
        await execute(store.redis, "TS.CREATE", key, "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "SUM")
        for first in range(0, cells, 1000):
            some = range(first, min(first + 1000, cells))
            samples = [part for n in some for part in (key, n * resolution.seconds * 1000, value(dice, resolution))]
            await execute(store.redis, "TS.MADD", *samples)
        total += await store.redis.memory_usage(key, samples=0) or 0
    return total / 1024


def value(dice: random.Random, resolution: Resolution) -> int:
    """Views of a lively campaign: some hundred in five minutes, some ten thousand a day."""
    return int(dice.paretovariate(1.2) * resolution.seconds / 10)


async def measure(*, busy: int) -> dict[str, float]:
    async with fresh_store() as store:
        lively = await tracked(store, "lively", one_day(busy))
        quiet = await tracked(store, "quiet", one_day(QUIET))
        return {
            "bytes_per_post": lively["post"],
            "bytes_per_post_quiet": quiet["post"],
            "bytes_per_author": lively["author"],
            "bytes_per_mark": lively["mark"],
            "kib_per_hour_of_causes": lively["causes"],
            "kib_per_hour_of_causes_quiet": quiet["causes"],
            "kib_per_series_set": await series_set(store),
        }


if __name__ == "__main__":
    options = flags(__doc__)
    figures = asyncio.run(measure(busy=BUSY)) | asyncio.run(idle_daemon(quick=options.quick))
    show("memory", figures, TARGETS, as_json=options.json)
