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

from monitor.archive.aside import COUNT, SERIES, WHOLE, Row
from monitor.archive.copied import ARCHIVE, REDIS, Manifest, parts, unpacked
from monitor.archive.folders import NotEmpty, Places, key_in, missing, put_back, put_key
from monitor.archive.groups import LOOKED_AT
from monitor.errors import StoreError
from monitor.sources import platforms
from monitor.store.holds import AT_ONCE
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

_STATES = (b"st", b"fo")
_TOO_NEW = ("payload version", "Bad data format")

_PUT = (
    COUNT
    + """
-- KEYS: names. ARGV: the bucket for all samples, then of each: when it ends (ms; 0: never), what it holds, its kind.
local told = {}
for i, name in ipairs(KEYS) do
  local at = 3 * i - 1
  redis.call('RESTORE', name, ARGV[at], ARGV[at + 1], 'ABSTTL')
  told[i] = { '0', '0' }
  if ARGV[at + 2] == 'TSDB-TYPE' then told[i] = { count(name, ARGV[1]) } end
end
return told
"""
)


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
        for first in range(0, len(rows), AT_ONCE):
            await _put(store, rows[first : first + AT_ONCE], manifest, done, now)
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
    found = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=LOOKED_AT)]
    if many := sum(not name.startswith(store.keys.secret.encode()) for name in found):
        raise NotEmpty(
            f"the store is not empty: {many} keys begin with {store.keys.prefix}: already. Stop the daemon and give a "
            "Redis without them (another redis.folder or redis.url), or look at the copy beside it: --into-prefix NAME"
        )


async def _mark(store: Store) -> None:
    """Mark the store as half restored, and remove what an interrupted restore has left."""
    await store.redis.set(store.keys.restoring, 1)
    left = [name async for name in store.redis.scan_iter(match=f"{store.keys.prefix}:*", count=LOOKED_AT)]
    left.remove(store.keys.restoring.encode())
    for first in range(0, len(left), AT_ONCE):
        await store.redis.unlink(*left[first : first + AT_ONCE])


async def _put(store: Store, rows: Sequence[Row], manifest: Manifest, done: Restored, now: datetime) -> None:
    """Put some keys back, and compare the series among them."""
    moment = int(now.timestamp() * 1000)
    ends = [moment + row.left if row.until > 0 and is_state(row.name) else max(row.until, 0) for row in rows]
    kept = [(row, end) for row, end in zip(rows, ends, strict=True) if not 0 < end <= moment]
    names = (store.keys.prefix.encode() + b":" + row.name for row, _ in kept)
    held = [part for row, end in kept for part in (end, row.value, row.kind)]
    try:
        told = await execute(store.redis, "EVAL", _PUT, len(kept), *names, WHOLE, *held)
    except ResponseError as error:
        if not any(words in str(error) for words in _TOO_NEW):
            raise
        raise StoreError(
            f"this Redis does not understand what was copied from Redis {manifest.redis}: use that version or a later"
        ) from error
    for (row, _), (samples, total) in zip(kept, told, strict=True):
        if int(samples) != row.samples or not math.isclose(float(total), row.total, rel_tol=1e-12):
            raise StoreError(_differs(row, int(samples), float(total)))
    done.over += len(rows) - len(kept)
    done.keys.update(row.kind for row, _ in kept)
    done.series = done.keys[SERIES]
    done.samples += sum(row.samples for row, _ in kept)


def is_state(name: bytes) -> bool:
    """Tell whether a key is what posts are known by, of a platform whose terms let us keep that."""
    kind, _, platform = name.partition(b"}:")[2].partition(b":")
    known = platforms().get(platform.partition(b":")[0].decode()) if kind in _STATES else None
    return kind in _STATES and not (known and known.Settings.FORGET_AFTER)


def _differs(row: Row, samples: int, total: float) -> str:
    return (
        f"{row.name.decode()} is not as it was copied: {samples} samples of {total:g} in all instead of "
        f"{row.samples} of {row.total:g}. The store stays marked as not whole; try again, if need be with another copy"
    )
