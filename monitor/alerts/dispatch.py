"""On the way: every parcel handed over exactly once per channel, whatever dies meanwhile.

The ledger is the digest's: pending → sending → sent or refused, written before anybody is asked. A parcel leaves the
outbox after that. When the daemon dies while an outcome is unknown, the parcel goes out again after `FORGOTTEN` under
the same id: that, and an answer that is lost on its way, are the repeats that can not be avoided.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from monitor import log
from monitor.alerts.channels import Channel
from monitor.alerts.finding import Parcel
from monitor.alerts.rules import HOUSE
from monitor.clock import Clock
from monitor.errors import DeliveryError, StoreError
from monitor.store import alerts, ledger
from monitor.store.ledger import Entry, Patience, State
from monitor.store.store import Store

LONGEST_SENDING = timedelta(minutes=2)
FORGOTTEN = timedelta(minutes=4)  # no sender is still at work after this: it must be more than LONGEST_SENDING
PATIENCE = Patience(FORGOTTEN, timedelta(seconds=10), timedelta(minutes=30))
GIVEN_UP = timedelta(days=2)  # an alert that is older helps nobody

Send = Callable[[Channel, Parcel], Awaitable[str]]
"""Hands one parcel over and returns what was answered; raises DeliveryError only."""

_logger = log.get("alerts")


@dataclass(frozen=True)
class Handed:
    """What became of one parcel just now."""

    parcel: str
    channel: str
    state: State
    note: str


async def deliver(store: Store, channel: Channel, send: Send, clock: Clock) -> list[Handed]:
    """Hand over every parcel of a channel that is due, in the order of the messages."""
    waiting = [Parcel.model_validate_json(one) for one in (await alerts.waiting(store)).values()]
    return await _Line(store, channel, send, clock).hand_over(waiting)


async def drop(store: Store, channels: Sequence[Channel]) -> None:
    """Take off the list what waits for a channel that is in the settings no more."""
    names = {channel.name for channel in channels}
    for parcel in [Parcel.model_validate_json(one) for one in (await alerts.waiting(store)).values()]:
        if parcel.channel not in names:
            _logger.warning("alert dropped", channel=parcel.channel, problem="this channel is gone from the settings")
            await alerts.arrived(store, parcel.id)


@dataclass(frozen=True)
class _Line:
    """What waits for one channel."""

    store: Store
    channel: Channel
    send: Send
    clock: Clock

    async def hand_over(self, waiting: Sequence[Parcel]) -> list[Handed]:
        now = self.clock.now()
        own = [one for one in waiting if one.channel == self.channel.name and one.is_due(now)]
        handed = []
        for parcel in sorted(await self._bundled(own), key=lambda one: (one.made, one.id)):
            tried = await self._tried(parcel)
            handed += [tried] if tried else []
            if tried and tried.state is State.PENDING:
                break  # whoever did not take this one takes no other now
        return handed

    async def _bundled(self, own: Sequence[Parcel]) -> list[Parcel]:
        """Make one parcel of those that were held for the end of quiet hours; none of them was tried before."""
        held = [one for one in own if one.is_held]
        if not held:
            return list(own)
        whole = bundle(held)
        names = [one.id for one in held]
        if not await alerts.bundle(self.store, names, whole.id, whole.model_dump_json()):
            return []  # somebody else does
        return [*(one for one in own if not one.is_held), whole]

    async def _tried(self, parcel: Parcel) -> Handed | None:
        """Hand one parcel over if nobody else does, or did."""
        now = self.clock.now()
        entry = await ledger.open(self.store, HOUSE, parcel.id, self.channel.name, parcel.id)
        if entry.state in {State.SENT, State.REFUSED}:
            await alerts.arrived(self.store, parcel.id)
            return None
        if not PATIENCE.is_over(entry, now) or not await self._claimed(entry, now):
            return None
        claimed = entry.model_copy(update={"state": State.SENDING, "attempts": entry.attempts + 1})
        state, note = await self._outcome(parcel)
        # the outcome is written down even when the daemon is stopped just now
        await asyncio.shield(self._ended(claimed, parcel, state, note))
        _logger.info("alert", channel=parcel.channel, state=state.value, id=parcel.id, note=note)
        return Handed(parcel.id, parcel.channel, state, note)

    async def _claimed(self, entry: Entry, now: datetime) -> bool:
        return await ledger.mark(self.store, entry, State.SENDING, now=int(now.timestamp()))

    async def _ended(self, claimed: Entry, parcel: Parcel, state: State, note: str) -> None:
        now = int(self.clock.now().timestamp())
        if await ledger.mark(self.store, claimed, state, now=now, note=note) and state is not State.PENDING:
            await alerts.arrived(self.store, parcel.id)

    async def _outcome(self, parcel: Parcel) -> tuple[State, str]:
        """Return how the channel took a parcel, and its words."""
        if self.clock.now() - parcel.made > GIVEN_UP:
            return State.REFUSED, "too old to be of use; it was given up"
        try:
            async with asyncio.timeout(LONGEST_SENDING.total_seconds()):
                return State.SENT, await self.send(self.channel, parcel)
        except DeliveryError as error:
            return State.REFUSED if error.permanent else State.PENDING, str(error)
        except TimeoutError:
            return State.PENDING, "the channel took too long; it is tried again later"
        except StoreError:
            raise
        except Exception as error:  # the edge of an alert: a bug in one must keep no other channel waiting
            _logger.exception("alert failed unexpectedly", channel=parcel.channel)
            return State.PENDING, f"a fault of the monitor ({type(error).__name__}): see its log; it is tried again"


def bundle(held: Sequence[Parcel]) -> Parcel:
    """Return one parcel with the messages of several, oldest first, that is held no more."""
    names = "/".join(sorted(one.id for one in held))
    messages = sorted(
        (message for one in held for message in one.messages), key=lambda message: (message.at, message.id)
    )
    first = min(held, key=lambda one: (one.made, one.id))
    identity = blake2b(names.encode(), digest_size=16).hexdigest()
    return first.model_copy(update={"id": identity, "messages": tuple(messages), "not_before": None})
