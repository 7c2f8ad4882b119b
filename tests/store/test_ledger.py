"""The ledger of mails: whoever moves an entry owns that attempt, and patience grows."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.store import ledger
from monitor.store.ledger import Entry, Patience, State
from monitor.store.store import Store

NOON = datetime(2016, 4, 29, 12, tzinfo=UTC)
PATIENCE = Patience(forgotten=timedelta(minutes=20), first=timedelta(minutes=5), longest=timedelta(hours=1))


def entry(state: State, attempts: int, minutes_ago: float) -> Entry:
    told = {"scope": "digest", "date": "2016-04-28", "recipient": "desk@example.org", "message_id": "<1@example.org>"}
    return Entry(**told, state=state, attempts=attempts, at=int(NOON.timestamp() - minutes_ago * 60))


@pytest.mark.parametrize(("state", "attempts", "minutes_ago", "is_over"), [
    (State.PENDING, 0, 0, True),
    (State.PENDING, 1, 4.9, False), (State.PENDING, 1, 5, True),
    (State.PENDING, 3, 19, False), (State.PENDING, 3, 20, True),
    (State.PENDING, 9000, 59, False), (State.PENDING, 9000, 60, True),
    (State.SENDING, 1, 19, False), (State.SENDING, 1, 20, True),
    (State.SENT, 1, 9000, False), (State.REFUSED, 1, 9000, False), (State.SKIPPED, 0, 9000, False),
])  # fmt: skip
def test_waits_double_up_to_the_longest_and_what_ended_is_never_tried(
    state: State, attempts: int, minutes_ago: float, is_over: bool
):
    assert PATIENCE.is_over(entry(state, attempts, minutes_ago), NOON) is is_over


async def test_who_moves_an_entry_first_owns_it(store: Store):
    read = await ledger.open(store, "digest", "2016-04-28", "desk@example.org", "<1@example.org>")
    assert await ledger.mark(store, read, State.SENDING, now=1)
    assert not await ledger.mark(store, read, State.SENDING, now=2)


async def test_the_identity_of_the_first_stays(store: Store):
    facts = ("digest", "2016-04-28", "desk@example.org")
    await ledger.open(store, *facts, "<1@example.org>")
    assert (await ledger.open(store, *facts, "<2@example.org>")).message_id == "<1@example.org>"


async def test_to_look_makes_nothing(store: Store):
    assert await ledger.look(store, "digest", "2016-04-28", "desk@example.org") is None
