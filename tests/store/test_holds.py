import asyncio

import pytest

from monitor.errors import StoreError
from monitor.model.metric import Metric
from monitor.store import holds, ingest, polls
from tests.people import ALEPPO
from tests.store.batches import batch, sighting, total
from tests.store.test_polls import DAY, OPEN, seen

OURS = "return 1"


@pytest.fixture
def begin(store) -> str:
    return str(store.keys.of(ALEPPO.slug))


async def started(write):
    """Begin to write, and give it the time in which it would be done if nobody held the campaign."""
    task = asyncio.create_task(write)
    await asyncio.sleep(0.03)
    return task


async def test_a_batch_waits_while_its_campaign_is_held_and_then_counts_once(store, begin):
    async with holds.hold(store, begin):
        writing = await started(ingest.write(store, batch(sighting(1))))
        assert not writing.done()
        assert await store.redis.keys(f"{begin}*") == [holds.key(begin).encode()]
    assert (await writing).new == 1
    assert await total(store, Metric.POSTS) == 1


async def test_a_look_at_a_poll_waits_too(store, begin):
    async with holds.hold(store, begin):
        looking = await started(polls.keep(store, ALEPPO.slug, OPEN, seen()))
        assert not looking.done()
    await looking
    assert len(await polls.tallies(store, ALEPPO.slug, "friday", DAY)) == 1


async def test_other_campaigns_do_not_wait(store):
    async with holds.hold(store, store.keys.of("buses")):
        assert (await ingest.write(store, batch(sighting(1)))).new == 1


async def test_of_two_who_want_to_hold_one_waits_for_the_other(store, begin):
    async def second() -> None:
        async with holds.hold(store, begin) as held:
            assert await held.each(OURS, [b"x"]) == 1

    async with holds.hold(store, begin):
        waiting = await started(second())
        assert not waiting.done()
    await waiting


async def test_many_keys_go_in_steps_of_some(store, begin):
    async with holds.hold(store, begin) as held:
        assert await held.each(OURS, [b"x"] * (2 * holds.AT_ONCE + 1)) == 3
        assert await held.each("return #KEYS - 1", [b"x"] * 300) == 300
        assert await held.each(OURS, []) == 0


async def test_who_lost_the_hold_does_nothing_more_and_says_so(store, begin):
    async with holds.hold(store, begin) as held:
        await store.redis.set(held.key, "somebody else")
        with pytest.raises(StoreError, match="try again"):
            await held.each("return redis.call('SET', KEYS[2], 1)", [f"{begin}x".encode()])
    assert await store.redis.keys(f"{begin}*") == [holds.key(begin).encode()]


async def test_a_hold_whose_holder_was_killed_ends_by_itself(store, begin):
    async with holds.hold(store, begin) as held:
        assert await store.redis.pttl(held.key) > 0
        await held.each(OURS, [b"x"])
        assert await store.redis.pttl(held.key) > 0
