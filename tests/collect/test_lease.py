from dataclasses import replace

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from monitor.collect.lease import Lease
from monitor.store import leases
from monitor.store.store import Store


async def test_only_one_of_two_daemons_holds_the_lease(store: Store):
    first, second = Lease(store, 20), Lease(store, 20)
    assert (await first.renew(), await second.renew(), await first.renew()) == (True, False, True)


async def test_a_released_lease_is_free_at_once(store: Store):
    first, second = Lease(store, 20), Lease(store, 20)
    await first.renew()
    await first.release()
    assert (first.held, await second.renew()) == (False, True)


async def test_releasing_takes_the_lease_from_nobody_else(store: Store):
    first, second = Lease(store, 20), Lease(store, 20)
    await first.renew()
    await second.release()
    assert await leases.holder(store) == first.who


@pytest.fixture
async def nowhere(store: Store):
    async with Redis(unix_socket_path="/nowhere/redis.sock", retry=Retry(NoBackoff(), 0)) as redis:
        yield replace(store, redis=redis)


async def test_a_hiccup_of_the_store_does_not_lose_a_lease_that_still_runs(store: Store, nowhere: Store):
    lease = Lease(store, 20)
    await lease.renew()
    lease._store = nowhere
    assert (await lease.renew(), lease.answered) == (True, False)


async def test_an_old_lease_is_not_trusted_when_the_store_does_not_answer(store: Store, nowhere: Store):
    lease = Lease(store, 0.001)
    await lease.renew()
    lease._store = nowhere
    assert await lease.renew() is None


async def test_without_a_store_nobody_knows(nowhere: Store):
    assert await Lease(nowhere, 20).renew() is None


async def test_a_store_that_is_gone_does_not_keep_a_daemon_from_stopping(nowhere: Store):
    await Lease(nowhere, 20).release()
