"""Removes what has no end of its own and is from before a day: how, for each kind of it."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.archive.aside import WHOLE
from monitor.archive.partitions import Kind, campaigns, partitions, spools
from monitor.archive.retention import Purge
from monitor.fetch.beside import beside
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store.parcel import standing_from, standing_json
from monitor.store.redis import execute, in_words

Names = Mapping[str, list[bytes]]
"""The keys of one kind, by campaign."""

_AT_ONCE = 1000
_A_DAY_CUT_OFF = timedelta(hours=26)  # the local day that began before the moment, and on a clock that went back

_REPLACE = "if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end"


async def _series(asked: Purge, names: Names, before: datetime) -> int:
    """Remove old days, after it is no longer said that they are known; then what their imports are known by."""
    gone = 0
    for found in names.values():
        if not asked.dry:
            await _know_no_more(asked, [name for name in found if b"}:cursor:" in name], before)
        gone += await _cut(asked, [name for name in found if b"}:ts:" in name and name.endswith(b":1d")], before)
        await _forget_imports(asked, [name for name in found if b"}:st:" in name], before)
    return gone


@in_words
async def _know_no_more(asked: Purge, names: list[bytes], before: datetime) -> None:
    """Take what is over out of the stretches that walks have covered: nobody is to read a zero there."""
    redis = asked.store.redis
    for name in names:
        since = before + _A_DAY_CUT_OFF
        for walk, kept in (await redis.hgetall(name)).items():
            standing = standing_from(kept)
            covered = tuple(Window(max(one.start, since), one.end) for one in standing.covered if one.end > since)
            if covered != standing.covered:
                changed = standing_json(Standing(standing.cursor, covered))
                await execute(redis, "EVAL", _REPLACE, 1, name, walk, kept, changed)


@in_words
async def _cut(asked: Purge, names: list[bytes], before: datetime) -> int:
    gone, end = 0, int(before.timestamp() * 1000) - 1
    for first in range(0, len(names), _AT_ONCE):
        pipe: Any = asked.store.redis.pipeline(transaction=False)
        for name in names[first : first + _AT_ONCE]:
            if asked.dry:
                pipe.execute_command("TS.RANGE", name, 0, end, "AGGREGATION", "COUNT", WHOLE)
            else:
                pipe.execute_command("TS.DEL", name, 0, end)
        told = await pipe.execute()
        gone += sum(int(one) if isinstance(one, int) else int(one[0][1]) if one else 0 for one in told)
    return gone


@in_words
async def _forget_imports(asked: Purge, names: list[bytes], before: datetime) -> None:
    """Forget what posts of imported files are known by where their days are gone; what is watched ends by itself."""
    day = before.date().isoformat().encode()
    old = [name for name in names if b"-" < name.split(b":")[-2] < day]
    for name in old if not asked.dry else ():
        if await asked.store.redis.ttl(name) == -1:
            await asked.store.redis.unlink(name)


@in_words
async def _headlines(asked: Purge, names: Names, before: datetime) -> int:
    command = "ZCOUNT" if asked.dry else "ZREMRANGEBYSCORE"
    every = [name for found in names.values() for name in found]
    return sum(
        [await execute(asked.store.redis, command, name, "-inf", f"({before.timestamp():.0f}") for name in every]
    )


@in_words
async def _briefs(asked: Purge, names: Names, before: datetime) -> int:
    moment, redis, gone = int(before.timestamp() * 1000), asked.store.redis, 0
    for name in (name for found in names.values() for name in found):
        if asked.dry:
            gone += len(await execute(redis, "XRANGE", name, "-", f"({moment}-0"))
        else:
            gone += await execute(redis, "XTRIM", name, "MINID", moment)
    return gone


@in_words
async def _polls(asked: Purge, names: Names, before: datetime) -> int:
    """Remove the weeks of polls; what proves a number has an end of its own, the poll's `keep_days`."""
    gone, day, redis = 0, before.date().isoformat().encode(), asked.store.redis
    for name in (name for found in names.values() for name in found):
        _, _, week = name.partition(b"}:poll:")[2].partition(b":")
        if week and week.split(b":")[0] < day and not asked.dry:
            await redis.unlink(name)
        elif not week:
            over = [one for one in await execute(redis, "HKEYS", name) if one < day]
            gone += len(over)
            if over and not asked.dry:
                await redis.hdel(name, *over)
    return gone


@in_words
async def _runs(asked: Purge, names: Names, before: datetime) -> int:
    every = [name for found in names.values() for name in found]
    return sum([await _unlist(asked, name, "started_at", before) for name in every])


@in_words
async def _alerts(asked: Purge, _: Names, before: datetime) -> int:
    keys, redis = asked.store.keys, asked.store.redis
    gone = await _unlist(asked, keys.alerts("history").encode(), "at", before)
    silences = await execute(redis, "HGETALL", keys.alerts("silences"))
    over = [name for name, kept in silences.items() if _moment(kept, "until") < before]
    if over and not asked.dry:
        await redis.hdel(keys.alerts("silences"), *over)
    return gone + len(over)


async def _unlist(asked: Purge, name: bytes, field: str, before: datetime) -> int:
    """Remove the entries of a list that are from before a moment."""
    kept = await execute(asked.store.redis, "LRANGE", name, 0, -1)
    old = [one for one in kept if _moment(one, field) < before]
    for one in old if not asked.dry else ():
        await execute(asked.store.redis, "LREM", name, 0, one)
    return len(old)


def _moment(kept: bytes, field: str) -> datetime:
    return datetime.fromisoformat(json.loads(kept)[field])


async def _archive(asked: Purge, _: Names, before: datetime) -> int:
    return await beside(_unlink, asked, [kind for kind in Kind if not kind.is_evidence], before)


async def _evidence(asked: Purge, _: Names, before: datetime) -> int:
    return await beside(_unlink, asked, [kind for kind in Kind if kind.is_evidence], before)


def _unlink(asked: Purge, kinds: Sequence[Kind], before: datetime) -> int:
    """Remove the files of days that are all over."""
    over = [path for path, last in _files(asked.archive, kinds) if last < before.date()]
    for path in over if not asked.dry else ():
        path.unlink(missing_ok=True)
    return len(over)


def _files(folder: Path, kinds: Sequence[Kind]) -> Iterator[tuple[Path, date]]:
    """Yield the files of these kinds, each with the last day it may hold."""
    for campaign in campaigns(folder):
        for kind in kinds:
            yield from ((one.path(folder), max(one.days)) for one in partitions(folder, campaign, kind))
        for path in spools(folder, campaign):
            held, day, _ = path.name.split("~", 2)
            if held in kinds:
                yield path, date.fromisoformat(day)


BY_DAY: Mapping[str, Callable[[Purge, Names, datetime], Awaitable[int]]] = {
    "series": _series,
    "headlines": _headlines,
    "polls": _polls,
    "runs": _runs,
    "briefs": _briefs,
    "alerts": _alerts,
    "archive": _archive,
    "evidence": _evidence,
}
"""How what has no end of its own is removed."""
