"""Removes all that is kept of one campaign, or of one reader who asks to be forgotten."""

import json
import shutil
from collections.abc import Mapping
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from monitor.archive import groups
from monitor.archive.partitions import campaigns
from monitor.errors import MonitorError
from monitor.store import mails, readers
from monitor.store.holds import hold
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

_SHARED = frozenset({"*", "digest"})
_REMOVE = "return redis.call('UNLINK', unpack(KEYS, 2))"
_MOST = 1_000_000  # mails that are kept; more than a store can hold


@in_words
async def known(store: Store, archive: Path) -> set[str]:
    """Return every campaign of which anything is kept, watched or not."""
    return (set(campaigns(archive)) | await groups.tags(store)) - _SHARED


@in_words
async def keys_of(store: Store, campaign: str) -> int:
    """Return how many keys a campaign has."""
    return len(await groups.names(store, groups.of(store, campaign)))


@in_words
async def campaign(store: Store, archive: Path, slug: str) -> int:
    """Remove a campaign with its alerts, its mails and its archive, and return how many keys it had.

    Batches wait until its keys are gone: one that comes in at this moment is counted whole or not at all.
    """
    group = groups.of(store, slug)
    async with hold(store, group.begin) as held:
        many = await held.each(_REMOVE, await groups.names(store, group))
    await _forget_alerts(store, slug)
    for mail in await mails.listed(store, _MOST):
        if slug in mail.campaigns:
            await store.redis.unlink(store.keys.mail(mail.id), store.keys.mail_readers(mail.id))
            await store.redis.zrem(store.keys.mails, mail.id)
    try:
        if slug in campaigns(archive):
            shutil.rmtree(archive / slug)
    except OSError as error:
        raise MonitorError(f"{archive / slug} cannot be removed ({error.strerror}): remove it by hand") from error
    return many


async def _forget_alerts(store: Store, slug: str) -> None:
    """Remove what alerts remember of a campaign, what they told of it, and silences for it alone."""
    redis, keys = store.redis, store.keys
    await redis.hdel(keys.alerts("state"), slug)
    await redis.hdel(keys.alerts("turns"), slug)
    for name, kept in (await execute(redis, "HGETALL", keys.alerts("silences"))).items():
        if json.loads(kept).get("campaign") == slug:
            await redis.hdel(keys.alerts("silences"), name)
    for told in await execute(redis, "LRANGE", keys.alerts("history"), 0, -1):
        if _is_about(json.loads(told), slug):
            await execute(redis, "LREM", keys.alerts("history"), 0, told)
    for name, kept in (await execute(redis, "HGETALL", keys.alerts("outbox"))).items():
        parcel = json.loads(kept)
        others = [one for one in parcel.get("messages", []) if not _is_about(one, slug)]
        if not others:
            await redis.hdel(keys.alerts("outbox"), name)
        elif len(others) < len(parcel["messages"]):
            left = json.dumps(parcel | {"messages": others}, ensure_ascii=False)
            await redis.hset(keys.alerts("outbox"), name, left)


def _is_about(message: Mapping[str, Any], slug: str) -> bool:
    found = (one for part in ("new", "again", "over") for one in message.get(part, []))
    return message.get("scope") == slug or any(one.get("campaign") == slug for one in found)


@in_words
async def person(store: Store, address: str, outbox: Path, *, dry: bool = False) -> int:
    """Remove what is kept of a reader: wishes, refusals, which mails were sent to them; return how much that is."""
    redis, who = store.redis, readers.reader(store, address)
    pattern = f"{store.keys.prefix}:{{*}}:digest:*:{who.hex()}"
    names = {name async for name in redis.scan_iter(match=pattern, count=groups.LOOKED_AT)}
    if await redis.exists(store.keys.reader(who.hex())):
        names.add(store.keys.reader(who.hex()).encode())
    sets = [store.keys.mail_readers(mail.id) for mail in await mails.listed(store, _MOST)]
    theirs = [name for name in sets if await execute(redis, "SISMEMBER", name, who)]
    files = _mails_to(address, outbox)
    if not dry:
        for name in names:
            await redis.unlink(name)
        for name in theirs:
            await execute(redis, "SREM", name, who)
        for path in files:
            path.unlink(missing_ok=True)
    return len(names) + len(theirs) + len(files)


def _mails_to(address: str, outbox: Path) -> list[Path]:
    """Return the files of mails that no server has taken because there is none."""
    found = outbox.glob("*.eml") if outbox.is_dir() else ()
    return [path for path in found if _whom(path).casefold() == address.casefold()]


def _whom(mail: Path) -> str:
    return parseaddr(str(message_from_bytes(mail.read_bytes())["To"]))[1]
