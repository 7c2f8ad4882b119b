"""All keys of one campaign as they were at one moment: a script copies them aside, then they are read at leisure.

What a batch wrote it wrote at once: posts' states, series, cursors. Read one after the other while batches come in, a
state without its series would be lost for good, and a series without its state counted twice. So the copying is one
step for Redis; nobody else waits for the reading. Campaigns do not depend on each other and have a step each.
"""

import re
import secrets
from collections.abc import AsyncGenerator, Sequence
from typing import Any, NamedTuple

from monitor.errors import StoreError
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

SERIES = "TSDB-TYPE"
WHOLE = 2**53  # milliseconds: one bucket that holds every sample there can be
_AT_ONCE = 128  # keys in one round trip: a few megabytes of the longest series
_GONE_AFTER = 3600  # seconds until copies go away by themselves, should nobody be left to remove them

_COPY = """
local clock = redis.call('TIME')
local rows = { clock[1] * 1000 + math.floor(clock[2] / 1000) }
for _, name in ipairs(redis.call('KEYS', ARGV[1])) do
  redis.call('COPY', name, ARGV[2] .. name, 'REPLACE')
  redis.call('EXPIRE', ARGV[2] .. name, ARGV[3])
  rows[#rows + 1] = { name, redis.call('TYPE', name).ok, redis.call('PEXPIRETIME', name) }
end
return rows
"""


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


class Total(NamedTuple):
    """How many samples a series has, and their sum."""

    samples: int
    total: float


async def groups(store: Store) -> list[str]:
    """Return a pattern for each campaign, for what all of them share, and for all the rest, in order."""
    prefix, found = store.keys.prefix, set[str]()
    async for name in store.redis.scan_iter(match=f"{prefix}:{{*", count=5000):
        if match := re.match(rb"[^{]*{([^}]*)}", name):
            found.add(match[1].decode())
    return [*(f"{prefix}:{{{literally(tag)}}}:*" for tag in sorted(found)), f"{prefix}:[^{{]*"]


async def rows(store: Store, pattern: str) -> AsyncGenerator[Row]:
    """Yield all keys of one pattern as they are now, however long the reading takes."""
    aside = f"{store.keys.prefix}-aside:{secrets.token_hex(6)}:"
    now, *found = await execute(store.redis, "EVAL", _COPY, 0, pattern, aside, _GONE_AFTER)
    try:
        for first in range(0, len(found), _AT_ONCE):
            for row in await _read(store, aside.encode(), found[first : first + _AT_ONCE], now):
                yield row
    finally:
        for first in range(0, len(found), _AT_ONCE):
            await store.redis.unlink(*(aside.encode() + name for name, _, _ in found[first : first + _AT_ONCE]))


@in_words
async def _read(store: Store, aside: bytes, found: Sequence[tuple[bytes, bytes, int]], now: int) -> list[Row]:
    pipe = store.redis.pipeline(transaction=False)
    for name, _, _ in found:
        pipe.dump(aside + name)
    values = await pipe.execute()
    if None in values:
        raise StoreError("the copying took too long: what was set aside is gone; try again when there is less to do")
    series = [aside + name for name, kind, _ in found if kind.decode() == SERIES]
    told = dict(zip(series, await totals(store.redis, series), strict=True))
    begin = len(store.keys.prefix) + 1
    return [
        Row(
            name[begin:],
            kind.decode(),
            until,
            until if until < 0 else max(until - now, 1),
            value,
            *told.get(aside + name, ()),
        )
        for (name, kind, until), value in zip(found, values, strict=True)
    ]


async def totals(redis: Any, names: Sequence[bytes]) -> list[Total]:
    """Return how much each of these series holds, as the server counts it."""
    pipe = redis.pipeline(transaction=False)
    for name in names:
        for what in ("COUNT", "SUM"):
            pipe.execute_command("TS.RANGE", name, "-", "+", "AGGREGATION", what, WHOLE)
    told = [reply[0][1] if reply else 0.0 for reply in await pipe.execute()]
    return [Total(int(samples), float(total)) for samples, total in zip(told[::2], told[1::2], strict=True)]


def literally(tag: str) -> str:
    """Return a name as a pattern that fits it alone: `*` stands for all campaigns."""
    return re.sub(r"([*?\[\]\\^-])", r"\\\1", tag)
