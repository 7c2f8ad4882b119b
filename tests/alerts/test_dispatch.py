"""Every parcel is handed over exactly once per channel, whatever the channel does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from monitor.alerts import dispatch
from monitor.alerts.channels import Channel
from monitor.alerts.dispatch import FORGOTTEN, GIVEN_UP, PATIENCE, Handed, bundle, deliver, drop
from monitor.alerts.finding import Parcel
from monitor.alerts.rules import HOUSE
from monitor.clock import Simulated
from monitor.errors import DeliveryError
from monitor.store import alerts, ledger
from monitor.store.ledger import State
from monitor.store.store import Store
from tests.alerts.cases import HOUR, MINUTE, channel, parcel
from tests.people import NOON

LATER = NOON + HOUR


class Way:
    """A way out that takes what it is told to take, and remembers."""

    def __init__(self, *fails: Exception) -> None:
        self.fails, self.took = list(fails), list[str]()

    async def send(self, _channel: Channel, one: Parcel) -> str:
        if self.fails:
            raise self.fails.pop(0)
        self.took.append(one.id)
        return "taken"


@pytest.fixture
async def put(store: Store) -> Callable[..., Awaitable[None]]:
    """Put parcels into the outbox."""
    turn = 0

    async def into(*parcels: Parcel) -> None:
        nonlocal turn
        assert await alerts.commit(
            store, "aleppo", turn, "{}", parcels={one.id: one.model_dump_json() for one in parcels}, told=[]
        )
        turn += 1

    return into


async def go(store: Store, way: Way, now: datetime = LATER, *channels: Channel) -> list[Handed]:
    handed = [await deliver(store, one, way.send, Simulated(now)) for one in channels or [channel()]]
    return [one for line in handed for one in line]


async def test_a_parcel_is_handed_over_once(store: Store, put):
    way = Way()
    await put(parcel())
    assert [one.state for one in await go(store, way)] == [State.SENT]
    assert await go(store, way) == []
    assert way.took == ["p1"]
    assert await alerts.waiting(store) == {}


async def test_parcels_of_a_channel_go_in_the_order_they_were_made(store: Store, put):
    way = Way()
    await put(parcel(2), parcel(1), parcel(3))
    await go(store, way)
    assert way.took == ["p1", "p2", "p3"]


async def test_what_was_not_taken_is_tried_again_with_patience(store: Store, put):
    way = Way(DeliveryError("busy"), DeliveryError("busy"))
    await put(parcel())
    moments = [timedelta(0), PATIENCE.first / 2, PATIENCE.first, PATIENCE.first * 2, PATIENCE.first * 3]
    states = [[one.state for one in await go(store, way, LATER + moment)] for moment in moments]
    assert states == [[State.PENDING], [], [State.PENDING], [], [State.SENT]]


async def test_a_channel_that_takes_nothing_is_not_asked_for_the_next(store: Store, put):
    way = Way(DeliveryError("busy"))
    await put(parcel(1), parcel(2))
    assert [one.parcel for one in await go(store, way)] == ["p1"]


async def test_what_is_refused_for_good_is_tried_no_more(store: Store, put):
    way = Way(DeliveryError("no such room", permanent=True))
    await put(parcel())
    assert [one.state for one in await go(store, way)] == [State.REFUSED]
    assert await alerts.waiting(store) == {}


async def test_a_bug_in_one_channel_keeps_no_other_waiting(store: Store, put):
    way = Way(ZeroDivisionError())
    await put(parcel(1, "hook"), parcel(2, "other"))
    handed = await go(store, way, LATER, channel(), channel("other"))
    assert sorted(one.state for one in handed) == [State.PENDING, State.SENT]


async def test_two_daemons_at_once_hand_over_one(store: Store, put):
    way = Way()
    await put(parcel())
    await asyncio.gather(*(go(store, way) for _ in range(5)))
    assert way.took == ["p1"]


async def test_what_its_sender_forgot_is_sent_again_under_the_same_id(store: Store, put):
    way = Way()
    await put(parcel())
    entry = await ledger.open(store, HOUSE, "p1", "hook", "p1")
    await ledger.mark(store, entry, State.SENDING, now=int(LATER.timestamp()))
    assert await go(store, way, LATER + MINUTE) == []
    await go(store, way, LATER + FORGOTTEN)
    assert way.took == ["p1"]


async def test_what_was_marked_but_not_taken_off_the_list_is_not_sent_again(store: Store, put):
    way = Way()
    await put(parcel())
    entry = await ledger.open(store, HOUSE, "p1", "hook", "p1")
    await ledger.mark(store, entry, State.SENT, now=int(LATER.timestamp()))
    assert await go(store, way) == []
    assert (way.took, await alerts.waiting(store)) == ([], {})


async def test_what_is_held_for_quiet_hours_goes_as_one(store: Store, put):
    way, end = Way(), LATER + HOUR
    await put(parcel(1, not_before=end), parcel(2, not_before=end), parcel(3, not_before=end))
    assert await go(store, way, LATER) == []
    await go(store, way, end)
    assert way.took == [bundle([parcel(1), parcel(2), parcel(3)]).id]


async def test_a_clock_that_was_a_year_ahead_holds_nothing_for_a_year(store: Store, put):
    way, ahead = Way(DeliveryError("busy")), LATER + timedelta(days=365)
    await put(parcel(1, made=ahead, not_before=ahead + HOUR), parcel(2, made=ahead))
    await go(store, way, ahead + 2 * HOUR)
    await go(store, way, LATER)
    assert len(way.took) == 2


async def test_a_bundle_that_was_not_taken_takes_up_nothing_new(store: Store, put):
    way = Way(DeliveryError("busy"))
    await put(parcel(1, not_before=LATER), parcel(2, not_before=LATER))
    (first,) = await go(store, way, LATER)
    await put(parcel(3, not_before=LATER))
    await go(store, way, LATER + HOUR)
    assert way.took[0] == first.parcel
    assert len(way.took) == 2


async def test_a_bundle_holds_every_message_oldest_first():
    held = [parcel(2, not_before=LATER), parcel(1, not_before=LATER)]
    assert [one.id for one in bundle(held).messages] == ["m1", "m2"]
    assert not bundle(held).is_held


async def test_a_parcel_for_a_channel_that_is_gone_is_dropped(store: Store, put):
    await put(parcel(1, "gone"), parcel(2))
    await drop(store, [channel()])
    assert list(await alerts.waiting(store)) == ["p2"]


async def test_an_alert_of_last_week_helps_nobody(store: Store, put):
    way = Way()
    await put(parcel())
    (handed,) = await go(store, way, NOON + GIVEN_UP + HOUR)
    assert (handed.state, way.took) == (State.REFUSED, [])


def test_nobody_is_still_sending_when_a_parcel_counts_as_forgotten():
    assert dispatch.FORGOTTEN > dispatch.LONGEST_SENDING
