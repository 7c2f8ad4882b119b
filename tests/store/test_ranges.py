import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from redis.client import NEVER_DECODE
from redis.exceptions import ResponseError

from monitor.store.ranges import Reply


@given(some.lists(some.tuples(some.integers(0, 2**45), some.integers(0, 2**53)), max_size=50))
def test_whole_numbers_are_read_exactly(samples):
    read = Reply.of(samples)
    assert read.milliseconds.tolist() == [at for at, _ in samples]
    assert read.numbers.tolist() == [value for _, value in samples]
    assert len(read) == len(samples)


@pytest.mark.parametrize("value", [1.5, -3, 1e20, float("inf"), 2**64, 0.1])
def test_other_numbers_are_read_too(value):
    assert Reply.of([(1, 7), (2, value)]).numbers.tolist() == [7, value]


@given(some.lists(some.floats(0, 1e300), max_size=200))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_redis_answers_is_what_it_was_told(store, numbers):
    key = f"{store.keys.prefix}:series"
    await store.redis.delete(key)
    for at, number in enumerate(numbers):
        await store.redis.execute_command("TS.ADD", key, at, repr(number))
    if numbers:
        assert (await asked(store, key)).numbers.tolist() == numbers


async def asked(store, key: str, count: int = 10_000) -> Reply:
    return await store.redis.execute_command("TS.RANGE", key, "-", "+", "COUNT", count, **{NEVER_DECODE: True})


async def test_long_short_and_failed_replies_may_follow_one_another(store):
    key = f"{store.keys.prefix}:series"
    for first in range(0, 40_000, 4000):
        await store.redis.execute_command("TS.MADD" if first else "TS.ADD", *samples(key, first, 4000 if first else 1))
    pipe = store.redis.pipeline(transaction=False)
    for name, count in [(key, 3), ("none", 1), (key, 36_001), (key, 1), ("none", 1), (key, 36_000)]:
        pipe.execute_command("TS.RANGE", name, "-", "+", "COUNT", count, **{NEVER_DECODE: True})
    replies = await pipe.execute(raise_on_error=False)
    assert [isinstance(one, ResponseError) for one in replies] == [False, True, False, False, True, False]
    assert [len(one) for one in replies if isinstance(one, Reply)] == [3, 36_001, 1, 36_000]
    assert replies[-1].numbers.tolist()[:3] == [0, 4000, 4001]


async def test_other_commands_may_stand_between_them(store):
    key = f"{store.keys.prefix}:series"
    await store.redis.execute_command("TS.ADD", key, 5, 7)
    pipe = store.redis.pipeline(transaction=False)
    for _ in range(3):
        pipe.execute_command("TS.RANGE", key, "-", "+", **{NEVER_DECODE: True})
        pipe.get(key + ":none")
    ranges = (await pipe.execute())[::2]
    assert [(one.milliseconds.tolist(), one.numbers.tolist()) for one in ranges] == [([5], [7])] * 3


def samples(key: str, first: int, count: int) -> list[str | int]:
    return [part for at in range(first, first + count) for part in (key, at, at)]


async def test_a_reply_of_another_kind_comes_as_ever(store):
    await store.redis.set(f"{store.keys.prefix}:text", "a\r\nb\r\n")
    assert (
        await store.redis.execute_command("GET", f"{store.keys.prefix}:text", **{NEVER_DECODE: True}) == b"a\r\nb\r\n"
    )
    assert await store.redis.ping()


async def test_a_read_that_was_broken_off_spoils_no_later_one(store):
    key = f"{store.keys.prefix}:series"
    await store.redis.execute_command("TS.ADD", key, 0, 0)
    for first in range(4000, 80_000, 4000):
        await store.redis.execute_command("TS.MADD", *samples(key, first, 4000))
    for steps in (1, 3, 5, 8, 13, 21):
        reading = asyncio.create_task(asked(store, key, 80_000))
        for _ in range(steps):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        assert len(await asked(store, key, 5)) == 5
