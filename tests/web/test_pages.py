import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.web.health import Facts
from monitor.web.metrics import Metrics
from monitor.web.pages import pages, server
from monitor.web.problem import MEDIA_TYPE
from monitor.web.server import Settings, listen
from tests.people import NOON


class Told:
    """What the daemon would say of itself."""

    def __init__(self) -> None:
        self.facts = Facts(now=NOON, leading=True)

    async def __call__(self) -> Facts:
        return self.facts


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def page(told: Told) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(pages(told, Metrics()))
    async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
        yield client


async def test_a_daemon_that_is_well_answers_200(page: httpx.AsyncClient):
    answer = await page.get("/healthz")
    assert (answer.status_code, answer.json()["role"]) == (200, "collecting")


async def test_a_daemon_that_is_unwell_answers_503_with_the_reasons(page: httpx.AsyncClient, told: Told):
    told.facts = Facts(now=NOON, leading=True, store="nothing answers")
    answer = await page.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["reasons"] == ["the store does not answer: nothing answers"]


async def test_prometheus_can_read_the_metrics(page: httpx.AsyncClient):
    answer = await page.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert [family.name for family in text_string_to_metric_families(answer.text)]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/", "/a%0Ab"])
async def test_nothing_else_is_shown(page: httpx.AsyncClient, path: str):
    answer = await page.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_it_serves_on_the_port_of_the_settings_and_stops_when_told(told: Told):
    settings = Settings(port=(port := free_port()))
    listening = listen(settings)
    serving = server(pages(told, Metrics()), settings)
    answering = asyncio.create_task(serving.serve(sockets=[listening]))
    async with httpx.AsyncClient() as client, asyncio.timeout(10):
        assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        serving.should_exit = True
        await answering


def test_the_end_of_an_answer_waits_for_nobody_to_confirm_its_beginning():
    with listen(Settings(port=free_port())) as listening, socket.create_connection(listening.getsockname()):
        taken, _ = listening.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_taken_port_is_an_error_of_the_system():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        listen(Settings(port=taken.getsockname()[1]))
