"""How the sources do: which are configured, how their runs went, where their walks stand, what was watched when."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.exceptions import ResponseError

from monitor.model.metric import Metric
from monitor.model.run import Run
from monitor.model.sighting import SourceState
from monitor.model.source import STREAM, Standing, is_of_name
from monitor.model.window import Resolution, bucket
from monitor.store.coverage import Watch
from monitor.store.parcel import standing_from
from monitor.store.redis import execute, in_words
from monitor.store.store import Store
from monitor.store.turns import TURNS_KEPT, turned

RUNS_KEPT = 100
"""How many runs of each source are remembered: a working day of one every five minutes."""


_UNFIT = re.compile(r"""[\[\](){},"'\s]""")
"""What no label of a time series may hold, as in ingest.lua."""


@dataclass(frozen=True)
class _Declared:
    """A source that is configured since a moment, or was until one; the same of its walks. Moments in epoch seconds.

    `listens`: it is a stream and nothing else, beside which others may see what it missed.
    """

    platform: str
    until: float | None = None
    gone: dict[str, float] = field(default_factory=dict)
    since: float | None = None
    listens: bool = False


@in_words
async def declare(
    store: Store,
    campaign: str,
    sources: Mapping[str, str],
    now: datetime,
    walks: Mapping[str, Collection[str]] | None = None,
) -> None:
    """Say which sources (name → platform) are configured now, and where told, which walks they have.

    What is not among them any more is no gap from now on; when it comes back, it counts again. Walks of a poll's names
    that are over are forgotten.
    """
    before, moment = await _declared(store, campaign), now.timestamp()
    after = {name: replace(old, until=old.until or moment) for name, old in before.items()}
    for name, platform in sources.items():
        old = before.get(name) or _Declared(platform, since=moment)
        gone = old.gone
        if walks is not None and name in walks:
            over = [walk for walk in await standings(store, campaign, name) if walk not in walks[name]]
            gone = {walk: gone.get(walk, moment) for walk in over if not is_of_name(walk)}
            names = [walk for walk in over if is_of_name(walk)]
            if names:
                await execute(store.redis, "HDEL", store.keys.walks(campaign, name), *names)
        listens = walks is not None and [*walks.get(name, ())] == [STREAM]
        after[name] = _Declared(platform, None, gone, old.since, listens)
    for name, state in after.items():
        await execute(store.redis, "HSET", store.keys.declared(campaign), name, json.dumps(vars(state)))


@in_words
async def since(store: Store, campaign: str) -> datetime | None:
    """Return when the first source of a campaign was configured; None where nobody knows."""
    moments = [one.since for one in (await _declared(store, campaign)).values()]
    known = [moment for moment in moments if moment is not None]
    return _moment(min(known)) if known and len(known) == len(moments) else None


@in_words
async def add(store: Store, run: Run) -> None:
    """Remember how a run went, and whether the source answered: 1 or 0 in its series `up`."""
    keys, up = store.keys, await _up_series(store, run)
    moment = int(run.started_at.timestamp())
    cell = bucket(moment, Resolution.FIVE_MINUTES, "UTC") * 1000
    before = await execute(store.redis, "LINDEX", keys.runs(run.campaign, run.source), 0)
    pipe: Any = store.redis.pipeline(transaction=False)
    if edges := turned(before and before.decode(), run):
        pipe.rpush(keys.turns(run.campaign, run.source), *edges)
        pipe.ltrim(keys.turns(run.campaign, run.source), -TURNS_KEPT, -1)
    pipe.lrem(keys.runs(run.campaign, run.source), 0, run.model_dump_json())  # a repeated call adds nothing
    pipe.lpush(keys.runs(run.campaign, run.source), run.model_dump_json())
    pipe.ltrim(keys.runs(run.campaign, run.source), 0, RUNS_KEPT - 1)
    if run.outcome.is_up:
        pipe.hset(keys.last_up(run.campaign), run.source, str(moment))
    pipe.execute_command("TS.ADD", up, cell, int(run.outcome.is_up))
    await pipe.execute()


@in_words
async def states(store: Store, campaign: str) -> list[SourceState]:
    """Return what is known of every configured source, by name, and of files that were imported."""
    declared = await _declared(store, campaign)
    wrote = await _sources(store, campaign)
    platforms = wrote | {name: one.platform for name, one in declared.items()}
    last_up = await execute(store.redis, "HGETALL", store.keys.last_up(campaign))
    names = sorted(name for name in platforms if name not in declared or declared[name].until is None)
    found = [await _state(store, campaign, name, platforms[name], last_up.get(name.encode())) for name in names]
    return [replace(one, since=_moment(declared[one.name].since)) if one.name in declared else one for one in found]


@in_words
async def standing(store: Store, campaign: str, source: str, walk: str) -> Standing:
    """Return where a walk stands; one that never was has no cursor and has covered nothing."""
    return standing_from(await execute(store.redis, "HGET", store.keys.walks(campaign, source), walk))


@in_words
async def standings(store: Store, campaign: str, source: str) -> dict[str, Standing]:
    """Return where each walk of a source stands that ever was, by its name."""
    kept = await execute(store.redis, "HGETALL", store.keys.walks(campaign, source))
    return {walk.decode(): standing_from(one) for walk, one in kept.items()}


async def platforms(store: Store, campaign: str) -> set[str]:
    """Return every platform that ever brought something, or is configured to."""
    declared, wrote = await _declared(store, campaign), await _sources(store, campaign)
    return {*wrote.values(), *(one.platform for one in declared.values() if one.until is None)}


async def watches(store: Store, campaign: str) -> dict[str, list[Watch]]:
    """Return, by platform, what every walk has covered."""
    declared, wrote = await _declared(store, campaign), await _sources(store, campaign)
    found: dict[str, list[Watch]] = defaultdict(list)
    for name, platform in (wrote | {name: one.platform for name, one in declared.items()}).items():
        lasting = _lasting(await standings(store, campaign, name))
        found[platform] += _watches(lasting, declared.get(name))
        if not any(one.covered for one in lasting.values()):
            found[platform] += await _in_vain(store, campaign, name, declared.get(name))
    return found


async def _up_series(store: Store, run: Run) -> str:
    """Return the key of the series `up` of a source; it is there, with policy and labels, from now on."""
    subject, resolution = f"source/{run.source}", Resolution.FIVE_MINUTES
    key = store.keys.series(run.campaign, subject, run.platform, Metric.UP, resolution)
    retention = resolution.retention or timedelta()
    labels = {
        "campaign": run.campaign,
        "hashtag": _UNFIT.sub("-", subject),
        "source": _UNFIT.sub("-", run.source),
        "platform": run.platform,
        "metric": Metric.UP,
        "class": Metric.UP.class_of,
        "resolution": resolution,
    }
    words = [word for label in labels.items() for word in label]
    options = ("RETENTION", int(retention.total_seconds() * 1000), "CHUNK_SIZE", 256, "DUPLICATE_POLICY", "MAX")
    try:
        await execute(store.redis, "TS.CREATE", key, *options, "LABELS", *words)
    except ResponseError:  # it is there; an earlier version made it without policy
        await execute(store.redis, "TS.ALTER", key, *options, "LABELS", *words)
    return key


async def _in_vain(store: Store, campaign: str, name: str, declared: _Declared | None) -> list[Watch]:
    """Return the watch of a source that was asked and never answered: since it is configured something is missing."""
    if declared is None or declared.until is not None or declared.since is None or declared.listens:
        return []
    was_asked = await execute(store.redis, "LLEN", store.keys.runs(campaign, name))
    return [Watch((), since=_moment(declared.since))] if was_asked else []


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _watches(standings: Mapping[str, Standing], declared: _Declared | None) -> Iterable[Watch]:
    for walk, one in standings.items():
        ends = [end for end in (declared.until, declared.gone.get(walk)) if end is not None] if declared else []
        until = datetime.fromtimestamp(min(ends), UTC) if ends else None
        yield Watch(one.covered, until, configured=declared is not None, whole=walk == STREAM)


async def _state(store: Store, campaign: str, name: str, platform: str, last_up: bytes | None) -> SourceState:
    kept = await execute(store.redis, "LRANGE", store.keys.runs(campaign, name), 0, -1)
    return SourceState(
        name=name,
        platform=platform,
        runs=tuple(Run.model_validate_json(one) for one in kept),
        walks=_lasting(await standings(store, campaign, name)),
        last_up=datetime.fromtimestamp(int(last_up), UTC) if last_up else None,
    )


async def _declared(store: Store, campaign: str) -> dict[str, _Declared]:
    kept = await execute(store.redis, "HGETALL", store.keys.declared(campaign))
    return {name.decode(): _Declared(**json.loads(one)) for name, one in kept.items()}


async def _sources(store: Store, campaign: str) -> dict[str, str]:
    kept = await execute(store.redis, "HGETALL", store.keys.platforms(campaign))
    return {name.decode(): platform.decode() for name, platform in kept.items()}


def _lasting(standings: dict[str, Standing]) -> dict[str, Standing]:
    """Return the walks that tell whether a source was blind: not those of names that come and go, if there are others.

    They ask the same place in the same run; a name that comes back after weeks would make those weeks unknown.
    """
    return {walk: one for walk, one in standings.items() if not is_of_name(walk)} or standings
