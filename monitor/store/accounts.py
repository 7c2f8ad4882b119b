"""What a key at a platform has spent and kept, for all campaigns and daemons that use it: none can overspend."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from redis.exceptions import ResponseError

from monitor.clock import Clock
from monitor.errors import RateLimited, Reason
from monitor.fetch.pocket import spent as used_up
from monitor.model.account import Allowance, Period
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

KEPT = timedelta(days=2)
"""How long a period is remembered after its end: what was reserved before it may be given back later."""

COURSE = timedelta(days=62)
"""How long it is remembered when something was spent, to five minutes."""

_FORGOTTEN = timedelta(days=62)  # an allowance that nobody took from for two months is shown no more
_ONCE = 600  # seconds in which a command whose answer was lost may come again without counting twice

_MOVE = """
-- KEYS: ticket, allowances, then one hash per allowance, then the course of each. ARGV: now, seconds of the ticket, of
-- the allowances and of a course, then for each allowance: amount (negative: given back), most, seconds, name,
-- definition. Returns who is too small, else 0.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local after, many = {}, (#KEYS - 2) / 2
for i = 3, 2 + many do
  local at = 5 + (i - 3) * 5
  local amount, most = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  after[i] = tonumber(redis.call('HGET', KEYS[i], 'spent') or '0') + amount
  if amount > 0 and after[i] > most + 1e-9 then return i - 2 end
end
for i = 3, 2 + many do
  local at = 5 + (i - 3) * 5
  redis.call('HSETNX', KEYS[i], 'since', ARGV[1])
  redis.call('HSET', KEYS[i], 'spent', string.format('%.17g', math.max(after[i], 0)))
  redis.call('EXPIRE', KEYS[i], ARGV[at + 2])
  redis.call('HSET', KEYS[2], ARGV[at + 3], ARGV[at + 4])
end
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], 1, 'EX', ARGV[2])
local cell = string.format('%.0f', math.floor(ARGV[1] / 300) * 300000)
for i = 3, 2 + many do -- pcall: what is spent stands above; its course only helps to look back
  if tonumber(ARGV[5 + (i - 3) * 5]) > 0 then -- what is given back may belong to a period that is over
    redis.pcall('TS.ADD', KEYS[i + many], cell, after[i], 'RETENTION', string.format('%.0f', ARGV[4] * 1000),
      'CHUNK_SIZE', 256, 'ON_DUPLICATE', 'LAST')
    redis.pcall('EXPIRE', KEYS[i + many], ARGV[4])
  end
end
return 0
"""

_ADMIT = """
-- KEYS: a sorted set of members by when they came. ARGV: now, member, most, seconds.
-- Returns nothing when the member is admitted, else when the first of the others came.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[4])
if not redis.call('ZSCORE', KEYS[1], ARGV[2]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[4] * 1000))
return nil
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of an allowance was used in the period that runs, and since when, if any was."""

    allowance: Allowance
    amount: float
    since: datetime | None


class Account:
    """The account of one key, kept in the store; any number of these may stand for the same one."""

    def __init__(self, store: Store, name: str, clock: Clock) -> None:
        self.name = name
        self._store, self._clock = store, clock
        self._taken: dict[str, datetime] = {}  # by allowance: the start of the period that was last taken from

    async def take(self, amounts: Mapping[Allowance, float]) -> None:
        """Reserve all of it or nothing."""
        now = self._clock.now()
        places = {allowance: allowance.window(now) for allowance in amounts}
        failed = await self._move(amounts, {allowance: window.start for allowance, window in places.items()})
        if failed is not None:
            wait = (places[failed].end - now).total_seconds()
            raise RateLimited(used_up(failed, amounts[failed]), wait, reason=Reason.BUDGET)
        self._taken |= {allowance.name: window.start for allowance, window in places.items()}

    async def give_back(self, amounts: Mapping[Allowance, float]) -> None:
        """Return what was not used to the period it was taken from."""
        now = self._clock.now()
        starts = {one: self._taken.get(one.name, one.window(now).start) for one in amounts}
        await self._move({allowance: -amount for allowance, amount in amounts.items()}, starts)

    async def left(self, allowance: Allowance) -> float:
        """Return how much may still be used in this period."""
        known = await _spent(self._store, self.name, allowance, self._clock.now())
        return max(0.0, allowance.most - known.amount)

    @in_words
    async def recall(self, name: str) -> str | None:
        """Return what was kept, None when its time is over."""
        kept = await execute(self._store.redis, "HMGET", self._store.keys.note(self.name, name), "until", "text")
        until, text = kept
        return text.decode() if until is not None and self._clock.now().timestamp() < float(until) else None

    @in_words
    async def keep(self, name: str, text: str, *, seconds: float) -> None:
        """Keep a text for so long, by the clock that was handed in."""
        key, until = self._store.keys.note(self.name, name), self._clock.now().timestamp() + seconds
        async with self._store.redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, mapping={"until": repr(until), "text": text})
            pipe.pexpire(key, max(1, int(seconds * 1000)))
            await pipe.execute()

    @in_words
    async def admit(self, name: str, member: str, *, most: int, seconds: float) -> float:
        """Note a member, unless there are too many in the time: then return the wait."""
        key, now = self._store.keys.admitted(self.name, name), self._clock.now().timestamp()
        words = (repr(now), member, most, repr(seconds))
        first = await execute(self._store.redis, "EVAL", _ADMIT, 1, key, *words)
        return 0.0 if first is None else float(first) + seconds - now

    @in_words
    async def _move(self, amounts: Mapping[Allowance, float], starts: Mapping[Allowance, datetime]) -> Allowance | None:
        """Take or give back everything at once; return the allowance that was too small, then nothing was moved."""
        keys, now, words = self._store.keys, self._clock.now(), list[str | int]()
        for allowance, amount in amounts.items():
            lasts = allowance.window(starts[allowance]).end - now + KEPT
            definition = json.dumps(asdict(allowance), ensure_ascii=False)
            words += [repr(amount), repr(allowance.most), _seconds(lasts), allowance.name, definition]
        ticket = f"{keys.account(self.name)}ticket:{secrets.token_hex(8)}"
        places = [keys.spent(self.name, one.name, starts[one].isoformat()) for one in amounts]
        courses = [keys.course(self.name, one.name) for one in amounts]
        names = [ticket, keys.allowances(self.name), *places, *courses]
        fixed = (repr(now.timestamp()), _ONCE, _seconds(_FORGOTTEN), _seconds(COURSE))
        number = int(await execute(self._store.redis, "EVAL", _MOVE, len(names), *names, *fixed, *words))
        return list(amounts)[number - 1] if number else None


@in_words
async def ledger(store: Store, account: str, now: datetime) -> list[Spent]:
    """Return every allowance that was ever taken from, with what was used of it in the period that runs."""
    known = await execute(store.redis, "HGETALL", store.keys.allowances(account))
    return [await _spent(store, account, _allowance(known[name]), now) for name in sorted(known)]


@in_words
async def _spent(store: Store, account: str, allowance: Allowance, now: datetime) -> Spent:
    key = store.keys.spent(account, allowance.name, allowance.window(now).start.isoformat())
    amount, since = await execute(store.redis, "HMGET", key, "spent", "since")
    return Spent(allowance, float(amount or 0), datetime.fromtimestamp(float(since), UTC) if since else None)


@in_words
async def course(store: Store, account: str, allowance: Allowance) -> list[tuple[datetime, float]]:
    """Return what was spent in the period of each moment at which something was, oldest first; as far as it is kept."""
    key = store.keys.course(account, allowance.name)
    try:
        kept = await execute(store.redis, "TS.RANGE", key, "-", "+")
    except ResponseError:  # nothing was spent since the monitor keeps this
        return []
    return [(datetime.fromtimestamp(at / 1000, UTC), float(amount)) for at, amount in kept]


def _allowance(definition: bytes) -> Allowance:
    told = json.loads(definition)
    return Allowance(**told | {"period": Period(told["period"])})


def _seconds(length: timedelta) -> int:
    return max(1, int(length.total_seconds()))
