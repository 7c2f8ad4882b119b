"""The store as a plain value; its doors are functions of the modules beside it that take it first."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from redis.asyncio import Redis

from monitor.errors import StoreError
from monitor.store import redis as server
from monitor.store.beyond import Older
from monitor.store.keys import Keys

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Store:
    """A connection, the names of its keys, and the secret that people's and posts' ids are hashed with.

    `older` keeps cells that the store let go of, where anybody does.
    """

    redis: Redis
    keys: Keys
    secret: bytes = field(repr=False)
    older: Older | None = field(default=None, repr=False, compare=False)

    def hashed(self, text: str, size: int = 8) -> bytes:
        """Return the keyed hash of an id: all that is ever kept of it."""
        try:
            plain = text.encode()
        except UnicodeEncodeError:  # half a character, as only damaged answers hold it
            plain = text.encode(errors="surrogatepass")
        begun = _begun(self.secret, size).copy()
        begun.update(plain)
        return begun.digest()


@lru_cache(maxsize=16)
def _begun(secret: bytes, size: int) -> hashlib.blake2b:
    """Return a hash that has taken in the secret: every hash begins with that, and it is half of the work."""
    return hashlib.blake2b(digest_size=size, key=secret)


@asynccontextmanager
async def opened(url: str, prefix: str = "cm", secret: bytes | None = None) -> AsyncIterator[Store]:
    """Connect, see that the server can be our store, and that it was filled with the same secret.

    Without a `secret` the store makes one and keeps it. With another than the first, every post would count again.
    """
    async with server.connect(url) as redis:
        wrong = await server.problems(redis)
        if wrong:
            raise StoreError("\n".join(wrong))
        await _be_whole(redis, Keys(prefix))
        store = Store(redis, Keys(prefix), secret or await _own_secret(redis, Keys(prefix)))
        await _agree(store)
        yield store


@server.in_words
async def _be_whole(redis: Redis, keys: Keys) -> None:
    if await redis.exists(keys.restoring):
        raise StoreError("this store is not whole: a restore was interrupted; run `monitor restore` once more")


@server.in_words
async def _own_secret(redis: Redis, keys: Keys) -> bytes:
    await redis.set(keys.secret, secrets.token_bytes(_SECRET_BYTES), nx=True)
    kept = await redis.get(keys.secret)
    return kept if isinstance(kept, bytes) else str(kept).encode()


@server.in_words
async def _agree(store: Store) -> None:
    """Leave a fingerprint of the secret at first, compare it ever after."""
    name, mine = f"{store.keys.secret}:fingerprint", store.hashed("fingerprint")
    await store.redis.set(name, mine, nx=True)
    if await store.redis.get(name) != mine:
        raise StoreError(
            "this store was filled with another privacy key: give back the old one, "
            "or use a new redis.prefix; with a new key every post would be counted again"
        )
