"""The ledger of mails: written before a mail is sent, so that none is sent twice and none is forgotten."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from monitor.model.table import Record
from monitor.store.redis import execute, in_words
from monitor.store.store import Store

KEPT = 400 * 86400
"""Seconds for which an entry is remembered."""


class State(StrEnum):
    """PENDING until somebody begins to send; SENDING while the outcome is not known.

    At the end it was SENT or REFUSED, or it is SKIPPED because a later mail told of its day.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        return self in {State.SENT, State.REFUSED, State.SKIPPED}


class Entry(Record):
    """One mail: of which campaign or digest, for which day and recipient, under which Message-ID, and how it went."""

    scope: str
    date: str
    recipient: str
    message_id: str
    state: State = State.PENDING
    attempts: int = 0
    at: int = 0
    note: str = ""


@dataclass(frozen=True)
class Patience:
    """When a mail is tried again: nobody is still sending it after `forgotten`; waits double, `first` to `longest`."""

    forgotten: timedelta
    first: timedelta
    longest: timedelta

    def is_over(self, entry: Entry, now: datetime) -> bool:
        """Tell whether a mail may be tried: it is new, has waited long enough, or its sender is gone."""
        since = abs(now.timestamp() - entry.at)  # behind us or, where the clock was set back since, before us
        if entry.state is State.SENDING:
            return since >= self.forgotten.total_seconds()
        wait = min(self.first * (1 << min(max(entry.attempts - 1, 0), 12)), self.longest)
        return entry.state is State.PENDING and (not entry.attempts or since >= wait.total_seconds())


_OPEN = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'state', 'pending', 'message_id', ARGV[1], 'attempts', 0, 'at', 0, 'note', '')
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('HGETALL', KEYS[1])
"""
_MARK = """
local now = redis.call('HMGET', KEYS[1], 'state', 'attempts', 'by')
if now[3] == ARGV[1] then return 1 end
if now[1] ~= ARGV[2] or now[2] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'by', ARGV[1], 'state', ARGV[4], 'at', ARGV[5], 'note', ARGV[6])
if ARGV[4] == 'sending' then redis.call('HINCRBY', KEYS[1], 'attempts', 1) end
return 1
"""


@in_words
async def open(store: Store, scope: str, date: str, recipient: str, message_id: str) -> Entry:  # noqa: A001 - ledger.open
    """Return the entry of a mail, made now if there was none; the Message-ID of the first stays."""
    kept = await execute(store.redis, "EVAL", _OPEN, 1, _key(store, scope, date, recipient), message_id, KEPT)
    return _entry(dict(zip(kept[::2], kept[1::2], strict=True)), scope, date, recipient)


@in_words
async def look(store: Store, scope: str, date: str, recipient: str) -> Entry | None:
    """Return the entry of a mail, None when there was none yet; nothing is made."""
    kept = await store.redis.hgetall(_key(store, scope, date, recipient))
    return _entry(kept, scope, date, recipient) if kept else None


@in_words
async def mark(store: Store, entry: Entry, state: State, *, now: int, note: str = "") -> bool:
    """Move an entry on from the state it was read in; False when somebody else moved it first: then leave it be."""
    key = _key(store, entry.scope, entry.date, entry.recipient)
    by = secrets.token_hex(8)  # the call may go out again when its answer is lost: then it was us who moved it
    read_in = (entry.state, entry.attempts)
    return bool(await execute(store.redis, "EVAL", _MARK, 1, key, by, *read_in, state, now, note[:500]))


@in_words
async def last_round(store: Store) -> datetime | None:
    """Return of which moment the last round of sending was that came to its end."""
    kept = await store.redis.get(store.keys.round)
    return None if kept is None else datetime.fromtimestamp(int(kept), UTC)


@in_words
async def end_round(store: Store, now: int) -> None:
    """Remember that all that was due at `now` was tried."""
    await store.redis.set(store.keys.round, str(now))


def _entry(kept: Mapping[Any, Any], scope: str, date: str, recipient: str) -> Entry:
    told: dict[str, Any] = {name.decode(): value.decode() for name, value in kept.items()}
    told.pop("by", None)
    return Entry(scope=scope, date=date, recipient=recipient, **told)


def _key(store: Store, scope: str, date: str, recipient: str) -> str:
    """Addresses are people: the ledger knows them by their hash."""
    return store.keys.digest(scope, date, store.hashed(recipient.casefold()).hex())
