"""A month of a campaign, written once for all who only look at it."""

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest

from monitor.store import redis
from monitor.store.keys import Keys
from monitor.store.store import Store
from tests.digest.test_gather import NOW
from tests.web.site import month as a_month
from tests.web.site.asking import asking


@pytest.fixture(scope="session")
async def month(redis_server) -> AsyncIterator[Store]:
    client = redis.connect(redis_server.url)
    store = Store(client, Keys(f"t{secrets.token_hex(6)}"), secret=b"a secret of the tests")
    await a_month.fill(store)
    yield store
    await client.aclose()


@pytest.fixture(scope="session")
async def _visitor(month) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(month, NOW, a_month.Month()) as ask:
        yield ask


@pytest.fixture
def ask_month(_visitor) -> httpx.AsyncClient:
    """Ask pages of the month without a browser, as somebody who was never here."""
    _visitor.cookies.clear()
    return _visitor
