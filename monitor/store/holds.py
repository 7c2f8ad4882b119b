"""Holds one campaign while all of its keys are copied or removed: what counts for it waits, and nobody else does.

Those keys may be many, and Redis does one thing at a time. Step by step, under a hold, they are as they were at one
moment all the same. A hold whose holder was killed ends by itself.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from monitor.errors import StoreError
from monitor.store.redis import execute
from monitor.store.store import Store

AT_ONCE = 128  # keys in one step: some milliseconds, and a few megabytes of the longest series

_LASTS = 30_000  # milliseconds from the last step
_PAUSE = 0.05  # seconds until who waits looks again
_T = TypeVar("_T")

_STILL_OURS = """
-- KEYS: the hold, then names. ARGV: who holds, how long from now, then what the step wants.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"


@dataclass(frozen=True)
class Hold:
    """Keys that begin alike and that nobody counts into, as long as this lasts."""

    store: Store
    key: str
    who: str

    async def each(self, script: str, names: Sequence[bytes], *given: bytes) -> int:
        """Run a script on all names, some at a time, and return the sum of its answers."""
        done = 0
        for first in range(0, len(names), AT_ONCE):
            some = names[first : first + AT_ONCE]
            terms: tuple[str | bytes | int, ...] = (len(some) + 1, self.key, *some, self.who, _LASTS, *given)
            answer = await execute(self.store.redis, "EVAL", _STILL_OURS + script, *terms)
            if answer is None:
                raise StoreError("Redis took too long to go through all keys of a campaign: try again when it has time")
            done += int(answer)
        return done


@asynccontextmanager
async def hold(store: Store, begin: str) -> AsyncIterator[Hold]:
    """Hold all keys that begin like this, as soon as nobody else does."""
    held = Hold(store, key(begin), secrets.token_hex(8))
    await waited_for(lambda: store.redis.set(held.key, held.who, nx=True, px=_LASTS))
    try:
        yield held
    finally:
        await execute(store.redis, "EVAL", _RELEASE, 1, held.key, held.who)


def key(begin: str) -> str:
    """Return the key that is there while all that begin like this are held; scripts that count look for it."""
    return f"{begin}held"


async def waited_for(write: Callable[[], Awaitable[_T | None]]) -> _T:
    """Return what a write answers once its keys are not held; until then the server answers None."""
    while (answer := await write()) is None:  # noqa: ASYNC110 - another process holds it
        await asyncio.sleep(_PAUSE)
    return answer
