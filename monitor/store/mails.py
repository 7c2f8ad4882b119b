"""Digests as they were sent: each content once, whoever got it, until its time is over.

A reader is a person: of them a keyed hash is kept, to count each once. Nothing here decides whether a mail is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from monitor.model.table import Record
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

_SENT = "sent"  # the field of what is known of a mail, beside the parts of it


class Sent(Record):
    """One content that was sent: of which day and campaigns, in which language, when first, and to how many readers."""

    id: str
    day: date
    campaigns: tuple[str, ...]
    language: str
    subject: str
    sent_at: datetime
    readers: int = 0


@in_words
async def count(store: Store, mail: str, who: bytes) -> bool:
    """Count a reader of a mail that is kept; False when it is not kept."""
    if not await execute(store.redis, "EXISTS", store.keys.mail(mail)):
        return False
    await execute(store.redis, "SADD", store.keys.mail_readers(mail), who)
    return True


@in_words
async def keep(store: Store, sent: Sent, parts: Mapping[str, bytes], who: bytes, keep_for: timedelta) -> None:
    """Keep a mail in named parts with its first reader, and forget what is over; said twice it is said once."""
    await forget(store, sent.sent_at - keep_for)
    place, readers = store.keys.mail(sent.id), store.keys.mail_readers(sent.id)
    async with store.redis.pipeline(transaction=True) as pipe:
        pipe.hsetnx(place, _SENT, sent.model_dump_json())
        for name, part in parts.items():
            pipe.hsetnx(place, name, part)
        pipe.sadd(readers, who)
        pipe.zadd(store.keys.mails, {sent.id: sent.sent_at.timestamp()}, nx=True)
        for key in (place, readers):
            pipe.expire(key, keep_for, nx=True)
        await pipe.execute()


@in_words
async def forget(store: Store, before: datetime) -> int:
    """Forget what was first sent before a moment; return how many mails that were."""
    old = await execute(store.redis, "ZRANGEBYSCORE", store.keys.mails, "-inf", f"({before.timestamp():.6f}")
    if not old:
        return 0
    names = [name.decode() for name in old]
    places = [key for name in names for key in (store.keys.mail(name), store.keys.mail_readers(name))]
    async with store.redis.pipeline(transaction=True) as pipe:
        pipe.unlink(*places)
        pipe.zrem(store.keys.mails, *names)
        await pipe.execute()
    return len(names)


@in_words
async def listed(store: Store, limit: int, after: str | None = None) -> list[Sent]:
    """Return mails, the newest first: those that come after one in this order; nothing when it is not kept."""
    rank = -1 if after is None else await execute(store.redis, "ZREVRANK", store.keys.mails, after)
    if rank is None:
        return []
    names = await execute(store.redis, "ZREVRANGE", store.keys.mails, rank + 1, rank + limit)
    return await _read(store, [name.decode() for name in names])


@in_words
async def one(store: Store, mail: str) -> tuple[Sent, Mapping[str, bytes]] | None:
    """Return a mail with its parts; None when it is not kept."""
    kept = await execute(store.redis, "HGETALL", store.keys.mail(mail))
    found = await _read(store, [mail])
    parts = {name.decode(): part for name, part in kept.items() if name != _SENT.encode()}
    return (found[0], parts) if found and kept else None


async def _read(store: Store, names: Sequence[str]) -> list[Sent]:
    async with store.redis.pipeline() as pipe:
        for name in names:
            pipe.hget(store.keys.mail(name), _SENT)
            pipe.scard(store.keys.mail_readers(name))
        answers = await pipe.execute()
    return [
        Sent.model_validate_json(kept).model_copy(update={"readers": readers})
        for kept, readers in zip(answers[::2], answers[1::2], strict=True)
        if kept
    ]
