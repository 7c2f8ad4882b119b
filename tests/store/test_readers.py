"""Who wants no mails and whose address takes none: kept for good, under hashes only."""

import pytest

from monitor.store import readers
from monitor.store.readers import MOST_REFUSALS, Standing
from monitor.store.store import Store

NOW = 1_462_000_000
DAYS = [f"2016-04-{day}" for day in range(10, 20)]


@pytest.fixture
def desk(store: Store) -> bytes:
    return readers.reader(store, "desk@example.org")


async def test_of_a_new_reader_nothing_is_known(store: Store, desk: bytes):
    assert await readers.standing(store, desk) == Standing()


async def test_a_reader_stays_unsubscribed_since_the_first_time(store: Store, desk: bytes):
    for later in range(3):
        await readers.unsubscribe(store, desk, NOW + later)
    assert (await readers.standing(store, desk)).unsubscribed == NOW
    assert await store.redis.ttl(store.keys.reader(desk.hex())) == -1


async def test_letters_do_not_make_another_reader(store: Store, desk: bytes):
    assert readers.reader(store, "Desk@Example.ORG") == desk


async def test_the_third_day_of_refusals_pauses(store: Store, desk: bytes):
    for number, day in enumerate(DAYS[:MOST_REFUSALS], start=1):
        await readers.refused(store, desk, day, "550 no such user", NOW + number)
        assert (await readers.standing(store, desk)).is_served == (number < MOST_REFUSALS)
    assert (await readers.standing(store, desk)).paused == NOW + MOST_REFUSALS


async def test_a_refusal_that_is_told_twice_counts_once(store: Store, desk: bytes):
    for _ in range(5):
        await readers.refused(store, desk, DAYS[0], "550 no such user", NOW)
    assert (await readers.standing(store, desk)).is_served


async def test_a_mail_that_was_taken_ends_the_count(store: Store, desk: bytes):
    for day in DAYS[:2]:
        await readers.refused(store, desk, day, "550", NOW)
    await readers.taken(store, desk)
    await readers.refused(store, desk, DAYS[2], "550 again", NOW)
    assert await readers.standing(store, desk) == Standing(refusals={DAYS[2]: "550 again"})


async def test_who_is_served_again_has_a_clean_slate(store: Store, desk: bytes):
    await readers.unsubscribe(store, desk, NOW)
    await readers.refused(store, desk, DAYS[0], "550", NOW)
    before = await readers.serve_again(store, desk)
    assert (before.unsubscribed, list(before.refusals)) == (NOW, [DAYS[0]])
    assert await readers.standing(store, desk) == Standing()


async def test_the_store_does_not_know_the_address(store: Store, desk: bytes):
    await readers.unsubscribe(store, desk, NOW)
    keys = [key async for key in store.redis.scan_iter(f"{store.keys.prefix}:*")]
    assert keys
    assert not [key for key in keys if b"desk" in key]
