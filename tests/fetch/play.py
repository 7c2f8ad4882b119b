"""Servers for the tests of `fetch`: functions that answer, and a raw one on loopback that may write what it likes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from monitor.clock import Simulated
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from tests.people import NOON

PLACE = "https://social.example/api"
Writing = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Played:
    """A client whose calls are answered one after the other; the last answer is repeated. `asked` are the requests."""

    def __init__(self, *answers: httpx.Response | Exception, **options: Any) -> None:
        self.asked: list[httpx.Request] = []
        self.clock = Simulated(NOON)
        self.hosts = Hosts()
        self._answers = list(answers)
        self.client = Client(
            http("desk@example.org", httpx.MockTransport(self._answer)), self.clock, self.hosts, **options
        )

    @property
    def waited(self) -> float:
        return (self.clock.now() - NOON).total_seconds()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def ok(value: Any = "fine") -> httpx.Response:
    return httpx.Response(200, json=value)


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, headers={name.replace("_", "-"): value for name, value in headers.items()})


@asynccontextmanager
async def raw(write: Writing) -> AsyncIterator[str]:
    """Serve on loopback: every request is answered by whatever `write` writes; yields the address."""

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await write(writer)
        writer.close()

    server = await asyncio.start_server(met, "127.0.0.1", 0)
    try:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def online(**options: Any) -> AsyncIterator[Client]:
    """A client that really asks; its clock never really waits."""
    async with http("desk@example.org") as session:
        yield Client(session, Simulated(NOON), Hosts(), **options)
