import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import app
from monitor.app import Monitor
from monitor.clock import Simulated
from monitor.daemon.duties import Duties
from monitor.settings.load import load
from monitor.store import embedded
from monitor.store.store import Store
from monitor.web.metrics import Metrics
from tests.daemon.machine import PATIENCE, Machine
from tests.people import NOON


@pytest.fixture
async def monitor(house: Machine, store: Store, server: str) -> AsyncIterator[Monitor]:
    house.campaign("aleppo", server)
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        yield monitor


async def test_a_redis_of_others_is_left_to_rewrite_its_file_itself(monitor: Monitor):
    assert "history" not in await Duties(monitor, Metrics()).begin()


async def test_the_private_redis_forgets_once_a_day_what_was_removed(
    monitor: Monitor, redis_server: embedded.Server, store: Store
):
    job = (await Duties(replace(monitor, server=redis_server), Metrics()).begin())["history"]
    assert job.every == timedelta(days=1)
    await store.redis.set(store.keys.secret, "removed")
    await store.redis.delete(store.keys.secret)
    await job.do()
    async with asyncio.timeout(PATIENCE):
        while (await store.redis.info("persistence"))["aof_rewrite_in_progress"]:
            pass
    files = (redis_server.folder / "appendonlydir").glob("*.aof")
    assert not any(store.keys.prefix.encode() in file.read_bytes() for file in files)
