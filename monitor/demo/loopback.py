"""A small HTTP/1.1 server on a free loopback port: GET and POST, kept-alive connections, one function that answers."""

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote

LONGEST_HEAD = 1 << 16
LONGEST_BODY = 1 << 20
_FIRST = re.compile(r"(GET|POST) ([^ ?]+)(?:\?([^ ]*))? HTTP/1\.[01]")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the path decoded, the query in order, header names in lower case; a GET unless it says POST."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: bytes = b""

    def last(self, name: str) -> str | None:
        """Return the last value of a query parameter, as most servers read it."""
        return dict(self.query).get(name)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, `delay` real seconds later; when `broken`, the connection ends in the middle of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    broken: bool = False

    @property
    def head(self) -> bytes:
        phrase = HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {phrase}", f"Content-Length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join((*lines, "", "")).encode()


Answering = Callable[[Request], Reply]


class Server:
    """Serves on 127.0.0.1 while it is entered; `url` is where."""

    def __init__(self, answer: Answering) -> None:
        self.url = ""
        self._answer = answer
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0, limit=LONGEST_HEAD)
        self.url = "http://{}:{}".format(*self._server.sockets[0].getsockname())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until the other side ends it."""
        try:
            with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tell whether the connection lives on."""
        request = _read(await reader.readuntil(b"\r\n\r\n"))
        if request and (size := _size(request)):
            request = replace(request, body=await reader.readexactly(size))
        reply = self._answer(request) if request else Reply(HTTPStatus.BAD_REQUEST, broken=True)
        if reply.delay:
            await asyncio.sleep(reply.delay)
        writer.write(reply.head + (reply.body[: len(reply.body) // 2] if reply.broken else reply.body))
        await writer.drain()
        return not reply.broken


def _read(head: bytes) -> Request | None:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    if not (line := _FIRST.fullmatch(first)):
        return None
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(unquote(line[2]), tuple(parse_qsl(line[3] or "", keep_blank_values=True)), headers, line[1])


def _size(request: Request) -> int:
    """Return how long the body is that follows the head."""
    told = request.headers.get("content-length", "0")
    return min(int(told), LONGEST_BODY) if told.isdigit() else 0
