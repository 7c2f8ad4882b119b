"""What is written in the series, sample by sample: which there are, and what stands in them."""

from collections.abc import AsyncIterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from redis.asyncio import Redis
from redis.client import NEVER_DECODE
from redis.exceptions import ResponseError

from monitor.model.metric import COUNTERS, REPORTED, WHOLE, Metric
from monitor.model.window import Resolution, Window
from monitor.store import runs
from monitor.store.beyond import Column, Epochs, Values
from monitor.store.ranges import Reply
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

NEVER_WRITTEN = "key does not exist"
AT_ONCE = 40_000  # values in one round trip, more or less: about a megabyte
_KEYS_AT_ONCE = 5000
_COUNTED = (Metric.POSTS, Metric.MEASURED_POSTS, *COUNTERS, Metric.ARTICLES, *REPORTED)  # what has cells of an hour


@in_words
async def columns(store: Store, campaign: str, resolution: Resolution) -> list[Column]:
    """Return the series there are at a resolution, those of the sources' health too."""
    names = sorted(
        {WHOLE, *(one.decode() for one in await execute(store.redis, "SMEMBERS", store.keys.subjects(campaign)))}
    )
    health = [(f"source/{state.name}", state.platform, Metric.UP) for state in await runs.states(store, campaign)]
    known = [*product(names, sorted(await runs.platforms(store, campaign)), _COUNTED), *health]
    found: list[Column] = []
    for first in range(0, len(known), _KEYS_AT_ONCE):
        some = known[first : first + _KEYS_AT_ONCE]
        pipe: Any = store.redis.pipeline(transaction=False)
        for column in some:
            pipe.exists(store.keys.series(campaign, *column, resolution))
        found += [column for column, there in zip(some, await pipe.execute(), strict=True) if there]
    return found


async def samples(
    store: Store, campaign: str, wanted: Sequence[Column], window: Window, resolution: Resolution
) -> AsyncIterator[tuple[Column, Epochs, Values]]:
    """Yield the series that have anything in a window: their cells in epoch seconds, and the values."""
    span = int(window.start.timestamp() * 1000), int(window.end.timestamp() * 1000) - 1
    many = max(1, int(AT_ONCE * resolution.seconds / window.length.total_seconds()))
    for first in range(0, len(wanted), many):
        some = wanted[first : first + many]
        names = [
            store.keys.series(campaign, subject, platform, Metric(metric), resolution)
            for subject, platform, metric in some
        ]
        for column, reply in zip(some, await replies(store.redis, names, span), strict=True):
            if reply:
                yield column, reply.milliseconds.astype(np.int64) // 1000, reply.numbers


@in_words
async def replies(redis: Redis, names: Sequence[str], span: tuple[int, int]) -> list[Reply | None]:
    """Return what the series of these keys hold from one moment (ms) to another; None of one that never was."""
    pipe: Any = redis.pipeline(transaction=False)
    for name in names:
        pipe.execute_command("TS.RANGE", name, *span, **{NEVER_DECODE: True})
    return [told(reply) for reply in await pipe.execute(raise_on_error=False)]


def told(reply: Any) -> Any:
    """Return a reply; nothing where the series was never written."""
    if isinstance(reply, ResponseError) and NEVER_WRITTEN in str(reply):
        return None
    if isinstance(reply, Exception):
        raise reply
    return reply
