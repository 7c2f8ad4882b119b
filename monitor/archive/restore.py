"""Puts a copy back into an empty place, and compares every series with what was copied.

A key marks the store until everything is back and right: no daemon starts on half a store, and the same command begins
anew. What is meant to be gone by a day goes on that day, wherever it was meanwhile; only the states of posts live on
for as long as they had left, since without them the same posts would count twice.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from redis.exceptions import ResponseError

from monitor.archive.aside import SERIES, Row, Total, totals
from monitor.archive.copied import ARCHIVE, REDIS, Manifest, parts, unpacked
from monitor.archive.folders import NotEmpty, Places, key_in, missing, put_back, put_key
from monitor.errors import StoreError
from monitor.store.redis import in_words
from monitor.store.store import Store

_AT_ONCE = 128  # keys in one round trip
_STATES = (b"}:st:", b"}:fo:")
_TOO_NEW = ("payload version", "Bad data format")


@dataclass
class Restored:
    """What is back: keys by kind, series that were compared and their samples, and keys whose time was over."""

    keys: Counter[str] = field(default_factory=Counter)
    series: int = 0
    samples: int = 0
    over: int = 0
    files: int = 0


@in_words
async def restore(store: Store, file: Path, manifest: Manifest, places: Places, now: datetime) -> Restored:
    """Put all of a checked copy back but its settings.

    Raises NotEmpty when something is there already, StoreError when what is back is not what was copied.
    """
    await _look(store, manifest)
    files = missing(manifest, ARCHIVE, places.archive)
    await _mark(store)
    if places.key is not None and (key := key_in(file)):
        put_key(key, places.key)
    done = Restored(files=manifest.files)
    for _, content in parts(file, REDIS):
        rows = unpacked(content)
        for first in range(0, len(rows), _AT_ONCE):
            await _put(store, rows[first : first + _AT_ONCE], manifest, done, now)
    put_back(file, ARCHIVE, places.archive, files)
    await store.redis.delete(store.keys.restoring)
    return done


async def _look(store: Store, manifest: Manifest) -> None:
    """Raise NotEmpty when the store holds anything but a part of an interrupted restore, or has another privacy key."""
    if store.hashed("fingerprint").hex() != manifest.fingerprint:
        raise NotEmpty(
            "this copy was made with another privacy key than the one that is set here: with it every post would count "
            "again. Give back the old key, or take this one away if nothing was counted with it"
        )
    if await store.redis.exists(store.keys.restoring):
        return
    found = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=5000)]
    if many := sum(not name.startswith(store.keys.secret.encode()) for name in found):
        raise NotEmpty(
            f"the store is not empty: {many} keys begin with {store.keys.prefix}: already. Stop the daemon and give a "
            "Redis without them (another redis.folder or redis.url), or look at the copy beside it: --into-prefix NAME"
        )


async def _mark(store: Store) -> None:
    """Mark the store as half restored, and remove what an interrupted restore has left."""
    await store.redis.set(store.keys.restoring, 1)
    left = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=5000)]
    left.remove(store.keys.restoring.encode())
    for first in range(0, len(left), _AT_ONCE):
        await store.redis.unlink(*left[first : first + _AT_ONCE])


async def _put(store: Store, rows: Sequence[Row], manifest: Manifest, done: Restored, now: datetime) -> None:
    """Put some keys back, and compare the series among them."""
    moment = int(now.timestamp() * 1000)
    kept = [row for row in rows if row.until < 0 or row.until > moment or is_state(row.name)]
    done.over += len(rows) - len(kept)
    pipe = store.redis.pipeline(transaction=False)
    for row in kept:
        lasts = ("0",) if row.until < 0 else (row.left,) if is_state(row.name) else (row.until, "ABSTTL")
        pipe.execute_command("RESTORE", _named(store, row), lasts[0], row.value, *lasts[1:])
    try:
        await pipe.execute()
    except ResponseError as error:
        if not any(words in str(error) for words in _TOO_NEW):
            raise
        raise StoreError(
            f"this Redis does not understand what was copied from Redis {manifest.redis}: use that version or a later"
        ) from error
    series = [row for row in kept if row.kind == SERIES]
    for row, told in zip(series, await totals(store.redis, [_named(store, row) for row in series]), strict=True):
        if told.samples != row.samples or not math.isclose(told.total, row.total, rel_tol=1e-12):
            raise StoreError(_differs(row, told))
        done.samples += told.samples
    done.series += len(series)
    done.keys.update(row.kind for row in kept)


def is_state(name: bytes) -> bool:
    """Tell whether a key is what posts are known by."""
    return name.startswith(b"{") and any(part in name for part in _STATES)


def _differs(row: Row, told: Total) -> str:
    return (
        f"{row.name.decode()} is not as it was copied: {told.samples} samples of {told.total:g} in all instead of "
        f"{row.samples} of {row.total:g}. The store stays marked as not whole; try again, if need be with another copy"
    )


def _named(store: Store, row: Row) -> bytes:
    return store.keys.prefix.encode() + b":" + row.name
