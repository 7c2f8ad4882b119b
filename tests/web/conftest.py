"""What tests of pages share: a browser for the whole run, and a real server over the store of each test.

A test that needs another house or clock has fixtures `house` or `clock` of its own.
"""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from monitor.clock import Clock, Simulated
from monitor.web.desk import House
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home
from tests.web.browser import Look, opened, serving


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with opened() as found:
        yield found


@pytest.fixture
def house() -> House:
    return Home()


@pytest.fixture
def clock() -> Clock:
    return Simulated(NOW)


@pytest.fixture
async def look(browser, store, house, clock) -> AsyncIterator[Look]:
    """Open pages of a real server; whatever the console complains of fails the test."""
    async with serving(store, clock, house) as address:
        visitor = Look(browser, address)
        yield visitor
        await visitor.close()
    assert not visitor.complaints
