"""Who is the one that works: a lease that must be renewed."""

from monitor.store.redis import execute, in_words
from monitor.store.store import Store

_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@in_words
async def hold(store: Store, who: str, seconds: float) -> bool:
    """Take the one lease or renew it, for `seconds` from now; False while somebody else holds it."""
    return bool(await execute(store.redis, "EVAL", _HOLD, 1, store.keys.lease, who, int(seconds * 1000)))


@in_words
async def release(store: Store, who: str) -> None:
    """Give the lease back, if it is still ours."""
    await execute(store.redis, "EVAL", _RELEASE, 1, store.keys.lease, who)


@in_words
async def holder(store: Store) -> str | None:
    """Return who holds the lease now; None when nobody does."""
    kept = await store.redis.get(store.keys.lease)
    return kept.decode() if isinstance(kept, bytes) else kept
