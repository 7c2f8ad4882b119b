"""One Friday in a store of its own, filled once for all tests that only read it."""

import secrets
from collections.abc import AsyncIterator

import pytest

from monitor.store import redis
from monitor.store.embedded import Server
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.exports.books import fill


@pytest.fixture(scope="session")
async def friday(redis_server: Server) -> AsyncIterator[Store]:
    client = redis.connect(redis_server.url)
    store = Store(client, Keys(f"t{secrets.token_hex(6)}"), secret=b"a secret of the tests")
    await fill(store)
    yield store
    await client.aclose()
