import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from http import HTTPStatus
from typing import Any

import pytest
from websockets.asyncio.server import Request, Response, ServerConnection, serve

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.fetch import socket as door
from monitor.fetch.client import Client
from tests.fetch.play import online, raw

Talk = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def server(talk: Talk, **options: Any) -> AsyncIterator[str]:
    async with serve(talk, "127.0.0.1", 0, **options) as running:
        yield f"ws://127.0.0.1:{next(iter(running.sockets)).getsockname()[1]}"


def saying(*words: str | bytes) -> Talk:
    async def talk(connection: ServerConnection) -> None:
        for word in words:
            await connection.send(word)

    return talk


async def heard(client: Client, url: str, *, until: int = 1) -> list[bytes]:
    found: list[bytes] = []
    async with aclosing(door.messages(client, url)) as told:
        async for message in told:
            found.append(message)
            if len(found) == until:
                break
    return found


def refusing(status: HTTPStatus, **headers: str) -> Callable[[ServerConnection, Request], Response]:
    def answer(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(status, "no")
        for name, value in headers.items():
            response.headers[name.replace("_", "-")] = value
        return response

    return answer


async def test_text_and_bytes_are_read_as_bytes():
    async with server(saying("حلب", b"\x00")) as url, online() as client:
        assert await heard(client, url, until=2) == ["حلب".encode(), b"\x00"]


async def test_who_listens_says_who_they_are():
    agents = []

    async def talk(connection: ServerConnection) -> None:
        agents.append(connection.request and connection.request.headers["User-Agent"])
        await connection.send("1")

    async with server(talk) as url, online() as client:
        await heard(client, url)
    assert agents == [client.who]
    assert "desk@example.org" in client.who


async def test_the_end_of_a_talk_is_a_break():
    async with server(saying("1")) as url, online() as client:
        with pytest.raises(SourceUnavailable, match="broke off"):
            await heard(client, url, until=2)


async def test_a_message_that_is_too_long_is_not_kept_in_memory():
    async with server(saying(b"x" * (door.LONGEST + 1))) as url, online() as client:
        with pytest.raises(SourceUnavailable):
            await heard(client, url)


async def test_a_refusal_asks_for_a_person():
    async with server(saying(), process_request=refusing(HTTPStatus.FORBIDDEN)) as url, online() as client:
        with pytest.raises(AccessRefused):
            await heard(client, url)


async def test_a_limit_tells_how_long_to_wait_and_is_kept_to():
    busy = refusing(HTTPStatus.TOO_MANY_REQUESTS, Retry_After="600")
    async with server(saying(), process_request=busy) as url, online() as client:
        with pytest.raises(RateLimited) as raised:
            await heard(client, url)
        assert raised.value.retry_after == pytest.approx(600, abs=1)
        with pytest.raises(RateLimited, match="left alone"):
            await heard(client, url)


async def test_nobody_sends_us_on_to_another_host():
    moved = refusing(HTTPStatus.MOVED_PERMANENTLY, Location="ws://169.254.169.254/")
    async with server(saying(), process_request=moved) as url, online() as client:
        with pytest.raises(UnexpectedPayload):
            await heard(client, url)


async def test_a_server_that_speaks_something_else_is_named():
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example ready\r\n")

    async with raw(write) as url, online() as client:
        with pytest.raises(UnexpectedPayload, match="websocket"):
            await heard(client, url.replace("http", "ws"))


@pytest.mark.parametrize(
    ("line", "kind"), [("HTTP/1.0 403 Forbidden", AccessRefused), ("HTTP/1.1 500", SourceUnavailable)]
)
async def test_a_plain_refusal_of_a_server_without_websockets_keeps_its_status(
    line: str, kind: type[Exception]
) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(f"{line}\r\nContent-Type: text/html\r\n\r\n<h1>no</h1>".encode())

    async with raw(write) as url, online() as client:
        with pytest.raises(kind, match=f"answered {line[9:12]}"):
            await heard(client, url.replace("http", "ws"))


async def test_a_server_that_is_not_there_is_an_outage():
    async with server(saying()) as url:
        pass
    async with online() as client:
        with pytest.raises(SourceUnavailable, match="could not be reached"):
            await heard(client, url)


async def test_an_address_of_the_web_is_none_of_a_websocket():
    async with online() as client:
        with pytest.raises(UnexpectedPayload, match="wss://"):
            await heard(client, "https://jetstream.example/subscribe")


async def test_parameters_may_repeat():
    paths = []

    async def talk(connection: ServerConnection) -> None:
        paths.append(connection.request and connection.request.path)
        await connection.send("1")

    async with server(talk) as url, online() as client:
        told = door.messages(client, f"{url}/subscribe", [("a", "1"), ("a", "#2")])
        await anext(told)
        await told.aclose()
    assert paths == ["/subscribe?a=1&a=%232"]
