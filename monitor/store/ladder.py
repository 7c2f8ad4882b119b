"""Which known posts are due to be asked again; ingest puts them on the ladder and lets them climb."""

import msgpack

from monitor.store.redis import execute, in_words
from monitor.store.store import Store

FORGOTTEN_AFTER = 8 * 86400
"""Seconds after its creation that a post's plain id is dropped, whether it was asked again or not."""


@in_words
async def due(store: Store, campaign: str, source: str, *, now: int, limit: int) -> list[str]:
    """Return the marks to ask for again, at most `limit`, those that grew most when last seen first."""
    names = store.keys.due(campaign, source), store.keys.marks(campaign, source)
    waiting = await execute(store.redis, "ZRANGE", names[0], "-inf", now, "BYSCORE")
    if not waiting:
        return []
    kept = await execute(store.redis, "HMGET", names[1], *waiting)
    ages = [msgpack.unpackb(b"\x92" + state) if state else (0, 0) for state in kept]
    old = [mark for mark, (created, _) in zip(waiting, ages, strict=True) if now - created > FORGOTTEN_AFTER]
    if old:
        await _forget(store, names, old)
    growing = sorted(zip(ages, waiting, strict=True), key=lambda pair: -pair[0][1])
    return [mark.decode() for (created, _), mark in growing if now - created <= FORGOTTEN_AFTER][:limit]


async def _forget(store: Store, names: tuple[str, str], marks: list[bytes]) -> None:
    async with store.redis.pipeline() as pipe:
        pipe.zrem(names[0], *marks)
        pipe.hdel(names[1], *marks)
        await pipe.execute()
