"""A server in another process, where its work takes nothing of what is measured here."""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

import httpx

from monitor.demo.loopback import Reply, Request, Server


class Rerouted(httpx.AsyncHTTPTransport):
    """Asks one server on loopback, whatever the address; what was asked last is kept."""

    def __init__(self, url: str) -> None:
        super().__init__(limits=httpx.Limits(max_connections=8))
        self._place = httpx.URL(url)
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        request.url = request.url.copy_with(scheme="http", host=self._place.host, port=self._place.port)
        return await super().handle_async_request(request)


@contextmanager
def served(answers: Callable[..., Callable[[Request], Reply]], *parts: Any) -> Iterator[str]:
    """Serve in another process what `answers` makes of the parts there; yields the address."""
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(its, answers, *parts), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection, answers: Callable[..., Callable[[Request], Reply]], *parts: Any) -> None:
    """Serve until the process is ended; tells the address."""

    async def forever() -> None:
        async with Server(answers(*parts)) as server:
            told.send(server.url)
            await asyncio.Event().wait()

    asyncio.run(forever())
