"""What all tests share: one private real Redis per run, and a store with a key prefix of its own per test."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from monitor.store import embedded, redis
from monitor.store.embedded import Server
from monitor.store.keys import Keys
from monitor.store.store import Store


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder, embedded.start(Path(folder)) as server:
        yield server


@pytest.fixture
async def store(redis_server: Server) -> AsyncIterator[Store]:
    client = redis.connect(redis_server.url)
    yield Store(client, Keys(f"t{secrets.token_hex(6)}"), secret=b"a secret of the tests")
    await client.aclose()
