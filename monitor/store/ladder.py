"""Which known posts are due to be asked again; ingest puts them on the ladder and lets them climb."""

from monitor.store.redis import execute, in_words
from monitor.store.store import Store

_HOUR, _DAY = 3600, 86400
RUNGS = (_HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY)
"""The ages, in seconds, at which a post is asked again: impressions grow for days."""

FORGOTTEN_AFTER = 8 * _DAY
"""Seconds after its creation that a post's plain id is dropped, whether it was asked again or not."""

_DUE, _RUNG = 4096, 512  # a score is due * 4096 + rung * 512 + growth: see ingest.lua


@in_words
async def due(store: Store, campaign: str, source: str, *, now: int, limit: int | None = None) -> list[str]:
    """Return the marks to ask for again, those that grew most when last seen first; at most `limit` of them."""
    key = store.keys.due(campaign, source)
    waiting = await execute(store.redis, "ZRANGE", key, "-inf", f"({(now + 1) * _DUE}", "BYSCORE", "WITHSCORES")
    old = [mark for mark, score in waiting if now - _created(int(score)) > FORGOTTEN_AFTER]
    if old:
        await execute(store.redis, "ZREM", key, *old)
    gone = set(old)
    growing = sorted((-(int(score) % _RUNG), mark) for mark, score in waiting if mark not in gone)
    return [mark.decode() for _, mark in growing[:limit]]


def _created(score: int) -> int:
    moment, rest = divmod(score, _DUE)
    return moment - RUNGS[rest // _RUNG]
