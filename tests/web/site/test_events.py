"""Pages that are kept open: over a real connection, and in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from playwright.async_api import Page

from monitor.alerts import board
from monitor.alerts.finding import Silence
from monitor.model.person import Role, User
from monitor.store import alerts, people
from tests.digest.test_gather import NOW
from tests.web.browser import serving
from tests.web.test_gate import HASHED

PATIENCE = 5.0


async def silence(store, name: str = "ab", hours: int = 1) -> None:
    await board.silence(
        store, Silence(id=name, begun=NOW, until=NOW + timedelta(hours=hours), because=f"reason {name}")
    )


@pytest.fixture
async def address(store, house, clock) -> AsyncIterator[str]:
    async with serving(store, clock, house) as found:
        yield found


async def heard(lines: AsyncIterator[str], wanted: str) -> None:
    async with asyncio.timeout(PATIENCE):
        async for line in lines:
            if line == wanted:
                return


async def test_what_changes_is_told_over_the_wire(store, address):
    async with httpx.AsyncClient() as client, client.stream("GET", f"{address}/events?of=alerts") as answer:
        lines = answer.aiter_lines()
        await heard(lines, ": still here")
        await asyncio.sleep(0.1)
        await silence(store)
        await heard(lines, "event: changed")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "text/event-stream; charset=utf-8",
        "no-store",
    )


async def test_when_the_server_ends_open_pages_end_whole(store, house, clock):
    async with httpx.AsyncClient() as client:
        async with serving(store, clock, house) as address:
            answer = await client.send(client.build_request("GET", f"{address}/events"), stream=True)
            lines = answer.aiter_lines()
            await heard(lines, ": still here")
        async with asyncio.timeout(PATIENCE):
            assert all(not line or line == ": still here" for line in [line async for line in lines])
        await answer.aclose()


async def test_who_may_not_look_is_told_nothing(store, address):
    await people.put_user(store, User(name="desk", role=Role.READER, password=HASHED, made_at=NOW))
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/events")).headers["location"].startswith("/sign-in")


async def opened(look) -> Page:
    """Open the page of alerts; it does not wait before it asks again."""
    page = await look("/alerts")
    await page.evaluate("Math.random = () => 0")
    await asyncio.sleep(0.3)
    return page


async def test_an_open_page_shows_what_is_new_and_leaves_the_visitor_where_they_are(store, look):
    await silence(store, "ab")
    page = await opened(look)
    await page.locator("#because").fill("half a sentence")
    await page.locator("#silences button").focus()
    await silence(store, "cd", hours=2)
    await page.get_by_text("reason cd").wait_for()
    assert await page.locator("#because").input_value() == "half a sentence"
    assert await page.evaluate("document.activeElement.closest('li').innerText.includes('reason ab')")


async def test_an_open_page_says_when_it_was_updated(store, look, clock):
    page = await opened(look)
    clock.move_to(NOW + timedelta(minutes=7))
    await silence(store)
    await page.get_by_text("Updated at 00:07").wait_for()


SHIFTS = """() => new Promise((resolve) => new PerformanceObserver((list) => resolve(
  list.getEntries().reduce((sum, one) => sum + one.value, 0))).observe({ type: "layout-shift", buffered: true }))"""


async def test_what_is_exchanged_leaves_everything_else_where_it_was(store, look):
    await silence(store, "ab")
    page = await opened(look)
    before = await page.locator("#silences").bounding_box()
    await silence(store, "cd")
    await alerts.unsilence(store, "ab")
    await page.get_by_text("reason ab").wait_for(state="detached")
    await page.get_by_text("reason cd").wait_for()
    assert await page.locator("#silences").bounding_box() == before
    shifted = await page.evaluate(f"Promise.race([({SHIFTS})(), new Promise((none) => setTimeout(none, 300, 0))])")
    assert shifted < 0.01


async def test_a_page_says_that_it_is_old_while_the_monitor_is_away(browser, store, house, clock):
    async with serving(store, clock, house) as address:
        page = await browser.new_page()
        await page.goto(f"{address}/alerts")
        await asyncio.sleep(0.3)
    await page.get_by_text("what is shown is old").wait_for(timeout=5000)
    await page.close()
