"""What polls showed: every look, changed or not, with the proof of its numbers; and how each week's poll stands."""

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.errors import StoreError
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.race import Cycle, Look
from monitor.store import holds
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

KEEP = timedelta(days=400)
"""How long raw answers are kept when nothing else is said."""

_SCRIPT = """
-- One look, all or nothing. KEYS: the hold, looks, snapshot, cycles, then time series. ARGV: ms, look, raw, seconds to
-- keep it, day, cycle, campaign, poll, then for each series: its value, what it is and its option.
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
for i = 5, #KEYS do
  local kind = redis.call('TYPE', KEYS[i]).ok
  if kind ~= 'none' and kind ~= 'TSDB-TYPE' then
    return redis.error_reply('MONITOR a series is something else: ' .. KEYS[i])
  end
end
for i = 5, #KEYS do
  local at = 9 + (i - 5) * 3
  if redis.call('EXISTS', KEYS[i]) == 0 then
    redis.call('TS.CREATE', KEYS[i], 'RETENTION', 0, 'CHUNK_SIZE', 256, 'DUPLICATE_POLICY', 'LAST', 'LABELS',
      'campaign', ARGV[7], 'poll', ARGV[8], 'day', ARGV[5], 'metric', ARGV[at + 1], 'option', ARGV[at + 2],
      'class', 'votes')
  end
  redis.call('TS.ADD', KEYS[i], ARGV[1], ARGV[at], 'ON_DUPLICATE', 'LAST')
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[1], ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
redis.call('SET', KEYS[3], ARGV[3], 'EX', ARGV[4])
redis.call('HSET', KEYS[4], ARGV[5], ARGV[6])
return 1
"""


@in_words
async def keep(store: Store, campaign: str, cycle: Cycle, tally: Tally, *, kept_for: timedelta = KEEP) -> Look:
    """Store a look and what follows from it for its cycle, in one atomic write; the same look again changes nothing."""
    keys, day = store.keys, cycle.day.isoformat()
    series = list(_series(tally))
    names = [
        holds.key(keys.of(campaign)),
        keys.looks(campaign, cycle.poll, day),
        keys.snapshot(campaign, tally.digest),
        keys.poll(campaign, cycle.poll),
        *(keys.votes(campaign, cycle.poll, day, f"{what}/{option}" if option else what) for what, option, _ in series),
    ]
    told = [(f"{value:.17g}", what, _label(option)) for what, option, value in series]
    given: list[str | bytes | int] = [
        int(tally.at.timestamp() * 1000),
        _packed(tally),
        zlib.compress(tally.raw),
        max(int(kept_for.total_seconds()), 1),
        day,
        cycle.model_dump_json(),
        campaign,
        cycle.poll,
        *(part for one in told for part in one),
    ]
    await holds.waited_for(lambda: execute(store.redis, "EVAL", _SCRIPT, len(names), *names, *given))
    return Look(at=tally.at, digest=tally.digest)


@in_words
async def put(store: Store, campaign: str, cycle: Cycle) -> None:
    """Store how a cycle stands where no look changed it: a look in vain, a decision of the operator."""
    day = cycle.day.isoformat()
    await execute(store.redis, "HSET", store.keys.poll(campaign, cycle.poll), day, cycle.model_dump_json())


@in_words
async def cycle(store: Store, campaign: str, poll: str, day: date) -> Cycle | None:
    """Return the cycle of a day, None where there was none."""
    kept = await execute(store.redis, "HGET", store.keys.poll(campaign, poll), day.isoformat())
    return None if kept is None else Cycle.model_validate_json(kept)


@in_words
async def cycles(store: Store, campaign: str, poll: str, limit: int = 60) -> list[Cycle]:
    """Return the last cycles of a poll, newest first."""
    kept = await execute(store.redis, "HVALS", store.keys.poll(campaign, poll))
    found = sorted(map(Cycle.model_validate_json, kept), key=lambda one: one.day, reverse=True)
    return found[:limit]


@in_words
async def tallies(store: Store, campaign: str, poll: str, day: date) -> list[Tally]:
    """Return every look at the poll of a day, oldest first, without the raw answers."""
    key = store.keys.looks(campaign, poll, day.isoformat())
    return [_unpacked(kept) for kept in await execute(store.redis, "ZRANGE", key, 0, -1)]


@in_words
async def snapshot(store: Store, campaign: str, digest: str) -> bytes:
    """Return the raw answer with this SHA-256; StoreError when it is unknown or no longer kept."""
    kept = await execute(store.redis, "GET", store.keys.snapshot(campaign, digest))
    if kept is None:
        raise StoreError(
            f"no answer of a poll with the SHA-256 {digest[:12]}… is kept; `monitor poll --looks` lists them"
        )
    return zlib.decompress(kept)


def _series(tally: Tally) -> Iterator[tuple[str, str, float]]:
    """Yield what a look adds to time series; what was not told adds nothing, estimates their middle."""
    for option, votes in zip(tally.options, tally.votes, strict=True):
        if votes.low is not None and votes.high is not None:
            yield "votes", option.key, (votes.low + votes.high) / 2
        if votes.share is not None:
            yield "share", option.key, votes.share
    if tally.total is not None:
        yield "total", "", float(tally.total)


def _label(option: str) -> str:
    """Return an option as a label may hold it: no brackets, commas, quotes, spaces or emptiness."""
    return "-".join("".join(" " if letter in "[](){},\"'=" else letter for letter in option).split()) or "-"


def _packed(tally: Tally) -> str:
    return json.dumps(
        {
            "at": tally.at.timestamp(),
            "place": tally.place,
            "question": tally.question,
            "options": [(option.label, option.key) for option in tally.options],
            "votes": [(one.votes, one.low, one.high, one.share) for one in tally.votes],
            "numbers": (tally.total, tally.voters, tally.views),
            "state": tally.state,
            "times": [moment and moment.timestamp() for moment in (tally.opened_at, tally.closes_at)],
            "multiple": tally.is_multiple,
            "digest": tally.digest,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _unpacked(kept: bytes) -> Tally:
    told: dict[str, Any] = json.loads(kept)
    opened_at, closes_at = map(_moment, told["times"])
    total, voters, views = told["numbers"]
    return Tally(
        place=told["place"],
        at=datetime.fromtimestamp(told["at"], UTC),
        question=told["question"],
        options=tuple(Option(*one) for one in told["options"]),
        votes=tuple(Votes(*one) for one in told["votes"]),
        total=total,
        voters=voters,
        views=views,
        state=State(told["state"]),
        opened_at=opened_at,
        closes_at=closes_at,
        is_multiple=told["multiple"],
        digest=told["digest"],
    )


def _moment(told: float | None) -> datetime | None:
    return None if told is None else datetime.fromtimestamp(told, UTC)


def newest(found: Sequence[Cycle]) -> Cycle | None:
    """Return the cycle to speak of: the newest in which a poll was found, else the newest."""
    return next((one for one in found if one.place), found[0] if found else None)
