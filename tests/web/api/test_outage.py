"""A Redis that goes away in the middle of a request, and comes back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from monitor.clock import Simulated
from monitor.store import embedded
from monitor.store.embedded import Server
from monitor.store.store import opened
from monitor.web.api import api
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.problem import MEDIA_TYPE
from tests.digest.test_gather import NOW, seen, store_all
from tests.web.api.test_api import Home

PATHS = (
    "/campaigns", "/campaigns/aleppo/brief", "/campaigns/aleppo/series", "/campaigns/aleppo/coverage",
    "/campaigns/aleppo/sources", "/campaigns/aleppo/polls/friday", "/alerts", "/silences", "/digests",
)  # fmt: skip


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return embedded.start(tmp_path)


@pytest.fixture
async def ask(server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(server.url) as store:
        await store_all(store, [seen(number, number) for number in range(20)])
        desk = Desk(store, Simulated(NOW), Home())
        transport = httpx.ASGITransport(api(desk, Gate(store, desk.clock)), client=("127.0.0.1", 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            yield client
    server.stop()


async def answers(ask: httpx.AsyncClient, after: float = 0.0) -> list[httpx.Response]:
    return await asyncio.gather(*(_later(ask, path, after) for path in PATHS))


async def _later(ask: httpx.AsyncClient, path: str, after: float) -> httpx.Response:
    await asyncio.sleep(after)
    return await ask.get(path)


@pytest.mark.slow
async def test_it_is_told_honestly_and_comes_back_by_itself(ask, server, tmp_path):
    assert {answer.status_code for answer in await answers(ask)} == {200}
    server.stop()
    for gone in await answers(ask):
        assert (gone.status_code, gone.headers["retry-after"]) == (503, "5"), gone.url
        assert gone.headers["content-type"] == MEDIA_TYPE
        assert "start it" in gone.json()["detail"]
    with embedded.start(tmp_path):
        assert {answer.status_code for answer in await answers(ask)} == {200}


@pytest.mark.slow
async def test_requests_that_it_leaves_in_the_middle_end_with_an_answer(ask, server):
    under_way = [answers(ask, 0.003 * number) for number in range(8)]
    *told, _ = await asyncio.gather(*under_way, asyncio.to_thread(server.stop))
    assert {answer.status_code for many in told for answer in many} <= {200, 503}
