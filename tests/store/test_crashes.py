"""Nothing is lost or counted twice when processes are killed in the middle of their work."""

import asyncio
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from monitor.errors import StoreError
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution
from monitor.store import causes, embedded, ingest, redis
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.store.batches import dump, dump_series, window
from tests.store.writer import POSTS, SECRET, START, TAGS, likes, work, write_for_ever

pytestmark = pytest.mark.slow

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.store.writer"])


async def assert_exact_after_one_last_run(store: Store) -> None:
    """Each series holds the sum of the peaks, at every resolution; each other tag the posts that carry it."""
    for one in work():
        await ingest.write(store, one)
    totals: Counter[tuple[str, Metric, Resolution]] = Counter()
    for (subject, metric, resolution, _), value in (await dump_series(store)).items():
        totals[subject, metric, resolution] += value
    expected = {}
    for resolution in Resolution:
        for subject, numbers in {WHOLE: range(POSTS), "tag/odd": range(1, POSTS, 2)}.items():
            expected[subject, Metric.POSTS, resolution] = len(numbers)
            expected[subject, Metric.LIKES, resolution] = sum(map(likes, numbers))
    assert totals == expected
    carried = await causes.tags(store, "aleppo", window(START - POSTS * 60, START + 60))
    assert carried.sum().to_dict() == {f"#tag{number}": POSTS / TAGS for number in range(TAGS)}


@contextmanager
def writer(url: str, prefix: str, seed: int) -> Iterator[None]:
    """A process that writes until it is killed, without a word of warning."""
    process = processes.Process(target=write_for_ever, args=(url, prefix, seed))
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()
        process.close()


async def wrote_more(store: Store, than: int) -> int:
    """Wait until somebody else has written more; the server tells how many scripts it ran."""
    while (calls := await scripts_run(store)) <= than:  # noqa: ASYNC110 - another process writes
        await asyncio.sleep(0.002)
    return calls


async def scripts_run(store: Store) -> int:
    return sum(told["calls"] for name, told in (await store.redis.info("commandstats")).items() if "eval" in name)


async def test_a_writer_killed_again_and_again_leaves_no_error(redis_server, store):
    for seed in range(12):
        before = await scripts_run(store)
        with writer(redis_server.url, store.keys.prefix, seed):
            await wrote_more(store, before + seed)
    await assert_exact_after_one_last_run(store)


async def test_two_writers_at_once_count_nothing_twice(redis_server, store):
    before = await scripts_run(store)
    with writer(redis_server.url, store.keys.prefix, 1), writer(redis_server.url, store.keys.prefix, 2):
        await wrote_more(store, before + 300)
    await assert_exact_after_one_last_run(store)


async def test_redis_killed_again_and_again_leaves_no_error(tmp_path):
    with embedded.start(tmp_path / "redis") as server:
        async with redis.connect(server.url) as client:
            store = Store(client, Keys("killed"), SECRET)
            writing = asyncio.create_task(write_through_crashes(store))
            for kill in range(10):
                await wrote_more(store, 0)  # the count begins anew with each server
                if kill % 3 == 0:
                    await client.bgrewriteaof()
                await asyncio.sleep(kill * 0.005)
                os.kill(server.pid, signal.SIGKILL)
                await asyncio.to_thread(server.revive)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await assert_exact_after_one_last_run(store)


async def test_a_redis_without_memory_refuses_a_batch_whole(tmp_path):
    with embedded.start(tmp_path / "redis") as server:
        async with redis.connect(server.url) as client:
            store = Store(client, Keys("full"), SECRET)
            await ingest.write(store, work()[0])
            before = await dump(store)
            await client.config_set("maxmemory", "1mb")
            with pytest.raises(StoreError, match="no memory left"):
                await ingest.write(store, work()[-1])
            assert await dump(store) == before
            await client.config_set("maxmemory", 0)
            await assert_exact_after_one_last_run(store)


async def write_through_crashes(store: Store) -> None:
    dice = random.Random(7)
    while True:
        for one in dice.sample(work(), len(work())):
            try:
                await ingest.write(store, one)
            except StoreError:
                await asyncio.sleep(0.005)  # the server is gone: the next run of the source comes later
