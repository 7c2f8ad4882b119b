"""What became of the readers of the digest: who wants no more mails, and whose address no server takes.

An address is a person: the store knows it by its keyed hash only. Nothing here expires, for a wish does not.
"""

from collections.abc import Mapping
from typing import Any

from monitor.model.table import Record
from monitor.store.redis import in_words
from monitor.store.store import Store

MOST_REFUSALS = 3
"""Days in a row on which a server said "no" for good to an address; then it is asked no more."""

_REFUSED = b"refused:"


class Standing(Record):
    """How it stands with a reader; moments are seconds. `refusals`: the server's words by ISO day, oldest first."""

    unsubscribed: int | None = None
    paused: int | None = None
    refusals: dict[str, str] = {}

    @property
    def is_served(self) -> bool:
        return self.unsubscribed is None and self.paused is None


def reader(store: Store, address: str) -> bytes:
    """Return all that is kept of an address."""
    return store.hashed(address.casefold())


@in_words
async def standing(store: Store, who: bytes) -> Standing:
    """Return how it stands with a reader, of whom nothing may be known yet."""
    return _read(await store.redis.hgetall(store.keys.reader(who.hex())))


@in_words
async def unsubscribe(store: Store, who: bytes, now: int) -> None:
    """Remember that a reader wants no more mails, and since when."""
    await store.redis.hsetnx(store.keys.reader(who.hex()), "unsubscribed", str(now))


@in_words
async def serve_again(store: Store, who: bytes) -> Standing:
    """Forget why a reader gets no mails, and return what that was."""
    key = store.keys.reader(who.hex())
    before = _read(await store.redis.hgetall(key))
    await store.redis.delete(key)
    return before


@in_words
async def refused(store: Store, who: bytes, day: str, words: str, now: int) -> None:
    """Remember that the mail of a day was refused for this reader; the third day in a row pauses the mails.

    To say it twice is to say it once: a sender that dies before it has written its ledger will say it again.
    """
    key = store.keys.reader(who.hex())
    await store.redis.hset(key, f"{_REFUSED.decode()}{day}", words[:300])
    if len(_read(await store.redis.hgetall(key)).refusals) >= MOST_REFUSALS:
        await store.redis.hsetnx(key, "paused", str(now))


@in_words
async def taken(store: Store, who: bytes) -> None:
    """Forget the refusals of an address that a server has taken a mail for."""
    key = store.keys.reader(who.hex())
    if days := _read(await store.redis.hgetall(key)).refusals:
        await store.redis.hdel(key, *(f"{_REFUSED.decode()}{day}" for day in days))


def _read(kept: Mapping[Any, Any]) -> Standing:
    days = sorted(name for name in kept if name.startswith(_REFUSED))
    return Standing(
        unsubscribed=_moment(kept.get(b"unsubscribed")),
        paused=_moment(kept.get(b"paused")),
        refusals={name.removeprefix(_REFUSED).decode(): kept[name].decode() for name in days},
    )


def _moment(text: bytes | None) -> int | None:
    return None if text is None else int(text)
