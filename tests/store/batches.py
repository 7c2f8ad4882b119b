"""Batches for the tests of the store: what a test cares about by name, everything else as usual."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from monitor.model.mention import Counts
from monitor.model.metric import WHOLE, Metric
from monitor.model.sighting import Batch, Sighting
from monitor.model.window import Resolution, Window
from monitor.store import series
from monitor.store.store import Store
from tests.people import ADA, ALEPPO, NOON

NOW = int(NOON.timestamp())
TAG = "tag/savealeppo"
HOUR, DAY = 3600, 86400


def sighting(
    number: int = 1, *, created: int = NOW, subjects: tuple[str, ...] = (WHOLE, TAG), **fields: Any
) -> Sighting:
    """Return post `number`; counters by name (likes=3), everything else as in `Sighting`."""
    told = {name: fields.pop(name) for name in Counts.__dataclass_fields__ if name in fields}
    details = {"author": ADA, **fields}
    return Sighting(
        id=f"https://social.example/{number}", created=created, subjects=subjects, counts=Counts(**told), **details
    )


def batch(*sightings: Sighting, observed: int = NOW + 60, **fields: Any) -> Batch:
    """Return a batch of posts observed a minute after noon."""
    usual = {"campaign": ALEPPO.slug, "zone": ALEPPO.zone, "platform": "mastodon", "source": "social.example"}
    details = {"kind": "posts", "now": observed, "keep": 9 * DAY, **usual, **fields}
    return Batch(observed=observed, sightings=sightings, **details)


async def total(store: Store, metric: Metric, subject: str = WHOLE, resolution: Resolution = Resolution.DAY) -> float:
    """Return the sum of one stored series."""
    return sum(value for _, value in await samples(store, metric, subject, resolution))


async def samples(
    store: Store,
    metric: Metric,
    subject: str = WHOLE,
    resolution: Resolution = Resolution.DAY,
    platform: str = "mastodon",
) -> list[tuple[int, float]]:
    """Return one stored series as (epoch seconds, value)."""
    key = store.keys.series(ALEPPO.slug, subject, platform, metric, resolution)
    if not await store.redis.exists(key):
        return []
    return [(at // 1000, value) for at, value in await store.redis.execute_command("TS.RANGE", key, "-", "+")]


async def frame(store: Store, window: Window, resolution: Resolution = Resolution.HOUR, **fields: Any):
    asked = {"subjects": [WHOLE], "platforms": ["mastodon"], "metrics": [Metric.POSTS], "now": window.end, **fields}
    return await series.frame(store, ALEPPO.slug, window=window, resolution=resolution, zone=ALEPPO.zone, **asked)


def window(start: int, end: int) -> Window:
    return Window(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))


async def dump(store: Store) -> dict[bytes, bytes | None]:
    """Return every key of the store with its serialised value."""
    names = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=1000)]
    return {name: await store.redis.dump(name) for name in sorted(names)}


async def dump_series(store: Store) -> Counter[tuple[str, Metric, Resolution, int]]:
    """Return every stored value of the campaign's counted series by subject, metric, resolution and cell."""
    names = await store.redis.keys(f"{store.keys.of(ALEPPO.slug)}ts:*")
    pipe = store.redis.pipeline(transaction=False)
    for name in names:
        pipe.execute_command("TS.RANGE", name, "-", "+")
    found: Counter[tuple[str, Metric, Resolution, int]] = Counter()
    for name, reply in zip(names, await pipe.execute(), strict=True):
        subject, _, metric, resolution = name.decode().partition("}:ts:")[2].rsplit(":", 3)
        if not metric.startswith("potential"):
            for at, value in reply:
                found[subject, Metric(metric), Resolution(resolution), at // 1000] = int(value)
    return found
