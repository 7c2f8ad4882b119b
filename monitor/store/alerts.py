"""Alerts in the store: what each scope remembers, parcels on their way, silences, and what was told.

What a scope remembers and the parcels that follow from it are one write: neither is there without the other.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.store.redis import execute, in_words
from monitor.store.store import Store

HISTORY_KEPT = 1000
"""Messages that `monitor alerts` can look back on."""

_COMMIT = f"""
local turn = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
if turn ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
local parcels = tonumber(ARGV[4])
for i = 1, parcels do redis.call('HSET', KEYS[3], ARGV[3 + 2 * i], ARGV[4 + 2 * i]) end
for i = 5 + 2 * parcels, #ARGV do redis.call('LPUSH', KEYS[4], ARGV[i]) end
redis.call('LTRIM', KEYS[4], 0, {HISTORY_KEPT - 1})
return 1
"""
_BUNDLE = """
for i = 3, #ARGV do if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 then return 0 end end
for i = 3, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
"""


class Kept(NamedTuple):
    """What a scope remembers (JSON; None at first), and how often it was written."""

    state: str | None
    turn: int


@in_words
async def read(store: Store, scope: str) -> Kept:
    """Return what a scope remembers."""
    async with store.redis.pipeline() as pipe:
        pipe.hget(store.keys.alerts("state"), scope)
        pipe.hget(store.keys.alerts("turns"), scope)
        state, turn = await pipe.execute()
    return Kept(state.decode() if state else None, int(turn or 0))


@in_words
async def commit(
    store: Store, scope: str, turn: int, state: str, *, parcels: Mapping[str, str], told: Sequence[str]
) -> bool:
    """Write what a scope remembers with the parcels and the history that follow; False when it was written since."""
    names = [store.keys.alerts(part) for part in ("state", "turns", "outbox", "history")]
    listed = [word for parcel in parcels.items() for word in parcel]
    return bool(
        await execute(store.redis, "EVAL", _COMMIT, 4, *names, scope, turn, state, len(parcels), *listed, *told)
    )


@in_words
async def states(store: Store) -> dict[str, str]:
    """Return what every scope remembers."""
    return _texts(await execute(store.redis, "HGETALL", store.keys.alerts("state")))


@in_words
async def scopes(store: Store) -> set[str]:
    """Return everything of which something is remembered."""
    return {name.decode() for name in await execute(store.redis, "HKEYS", store.keys.alerts("state"))}


@in_words
async def waiting(store: Store) -> dict[str, str]:
    """Return every parcel that is on its way, by id."""
    return _texts(await execute(store.redis, "HGETALL", store.keys.alerts("outbox")))


@in_words
async def bundle(store: Store, parcels: Sequence[str], into: str, parcel: str) -> bool:
    """Put one parcel in the place of several; False when one of them is gone."""
    name = store.keys.alerts("outbox")
    return bool(await execute(store.redis, "EVAL", _BUNDLE, 1, name, into, parcel, *parcels))


@in_words
async def arrived(store: Store, parcel: str) -> None:
    """Take a parcel off the list; its entry in the ledger stays."""
    await store.redis.hdel(store.keys.alerts("outbox"), parcel)


@in_words
async def silences(store: Store) -> dict[str, str]:
    """Return every silence, over or not, by id."""
    return _texts(await execute(store.redis, "HGETALL", store.keys.alerts("silences")))


@in_words
async def silence(store: Store, name: str, silence_json: str) -> str:
    """Keep a silence and return it; the first of its name stays."""
    async with store.redis.pipeline() as pipe:
        pipe.hsetnx(store.keys.alerts("silences"), name, silence_json)
        pipe.hget(store.keys.alerts("silences"), name)
        _, kept = await pipe.execute()
    return str(kept.decode())


@in_words
async def unsilence(store: Store, *names: str) -> int:
    """End silences; return how many there were."""
    return int(await store.redis.hdel(store.keys.alerts("silences"), *names)) if names else 0


@in_words
async def history(store: Store, most: int = HISTORY_KEPT, start: int = 0) -> list[str]:
    """Return the messages that were told, newest first, from one on."""
    name = store.keys.alerts("history")
    return [one.decode() for one in await execute(store.redis, "LRANGE", name, start, start + most - 1)]


def _texts(kept: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in kept.items()}
