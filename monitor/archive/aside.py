"""All keys of one campaign as they were at one moment: they are copied aside, then read at leisure.

What a batch wrote it wrote at once: posts' states, series, cursors. Read one after the other while batches come in, a
state without its series would be lost for good, and a series without its state counted twice. So batches of the
campaign wait while its keys are copied, and nobody waits for the reading. Campaigns do not depend on each other.
"""

import secrets
from collections.abc import AsyncGenerator
from typing import NamedTuple

from monitor.archive.groups import LOOKED_AT, Group, names
from monitor.store.holds import AT_ONCE, hold
from monitor.store.redis import execute
from monitor.store.store import Store

SERIES = "TSDB-TYPE"
WHOLE = 2**53  # milliseconds: one bucket that holds every sample there can be
_READ = 64  # keys in one step that are packed and counted: of series, some ten milliseconds
_FORGOTTEN = 3600  # seconds after which nobody reads any more what was set aside

_COPY = """
for i = 2, #KEYS do redis.call('COPY', KEYS[i], ARGV[3] .. KEYS[i]) end
return #KEYS - 1
"""

COUNT = """
local function count(name, whole)
  local told = { COUNT = '0', SUM = '0' }
  for what in pairs(told) do
    local bucket = redis.call('TS.RANGE', name, '-', '+', 'AGGREGATION', what, whole)[1]
    local number = bucket and bucket[2] or '0'
    told[what] = type(number) == 'table' and number.ok or tostring(number) -- versions put it differently
  end
  return told.COUNT, told.SUM
end
"""
"""Tells in Lua how many samples a series has, and their sum, as the server adds them up."""

_TAKE = (
    COUNT
    + """
-- KEYS: what is set aside. Returns of each its kind, when it ends, what it holds, and of a series how much that is.
local found = {}
for i, name in ipairs(KEYS) do
  local kind, samples, total = redis.call('TYPE', name).ok, '0', '0'
  if kind == 'TSDB-TYPE' then samples, total = count(name, ARGV[1]) end
  found[i] = { kind, redis.call('PEXPIRETIME', name), redis.call('DUMP', name), samples, total }
end
redis.call('UNLINK', unpack(KEYS))
return found
"""
)


class Row(NamedTuple):
    """One key, its name without the prefix. `until` is when it goes, in milliseconds, and `left` the time till then.

    Both are -1 of what stays. Of a series `samples` are counted and summed up in `total`.
    """

    name: bytes
    kind: str
    until: int
    left: int
    value: bytes
    samples: int = 0
    total: float = 0.0


async def rows(store: Store, group: Group) -> AsyncGenerator[Row]:
    """Yield all keys of one group as they are now, however long the reading takes."""
    seconds, micros = await store.redis.time()
    aside, now = f"{_aside(store)}{seconds}-{secrets.token_hex(6)}:".encode(), seconds * 1000 + micros // 1000
    begin, left = len(store.keys.prefix) + 1, list[bytes]()
    try:
        async with hold(store, group.begin) as held:
            left = await names(store, group)
            await held.each(_COPY, left, aside)
        while left:
            some, left = left[:_READ], left[_READ:]
            told = await execute(store.redis, "EVAL", _TAKE, len(some), *(aside + name for name in some), WHOLE)
            for name, (kind, until, value, samples, total) in zip(some, told, strict=True):
                if value is not None:  # else its time was over meanwhile
                    time_left = until if until < 0 else max(until - now, 1)
                    yield Row(name[begin:], kind.decode(), until, time_left, value, int(samples), float(total))
    finally:
        for first in range(0, len(left), AT_ONCE):
            await store.redis.unlink(*(aside + name for name in left[first : first + AT_ONCE]))


async def sweep(store: Store) -> None:
    """Remove what was set aside by somebody who was killed before it was read."""
    begin, (now, _) = len(_aside(store)), await store.redis.time()
    async for name in store.redis.scan_iter(match=f"{_aside(store)}*", count=LOOKED_AT):
        if int(name[begin:].partition(b"-")[0]) < now - _FORGOTTEN:
            await store.redis.unlink(name)


def _aside(store: Store) -> str:
    return f"{store.keys.prefix}-aside:"
