import asyncio
from contextlib import aclosing

import pytest
from httpx_sse import ServerSentEvent

from monitor.errors import AccessRefused, SourceUnavailable, UnexpectedPayload
from monitor.fetch import events as door
from monitor.fetch.client import Client
from tests.fetch.play import Writing, online, raw

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


def saying(*pieces: bytes, head: bytes = HEAD, stays: bool = False) -> Writing:
    """Return a server that writes these pieces one by one, then hangs up, or says nothing more."""

    async def write(writer: asyncio.StreamWriter) -> None:
        for piece in (head, *pieces):
            writer.write(piece)
            await writer.drain()
        if stays:
            await asyncio.sleep(30)

    return write


async def heard(client: Client, url: str, *, until: int = 1, **options: float) -> list[ServerSentEvent]:
    found: list[ServerSentEvent] = []
    async with aclosing(door.events(client, url, **options)) as told:
        async for event in told:
            found.append(event)
            if len(found) == until:
                break
    return found


async def test_events_come_one_by_one_while_the_answer_goes_on():
    server = raw(saying(b":thump\n\nevent: update\ndata: {\n", b"data: }\n\nevent: delete\ndata: 7\n\n", stays=True))
    async with server as url, online() as client:
        told = await heard(client, url, until=2)
    assert [(event.event, event.data) for event in told] == [("update", "{\n}"), ("delete", "7")]


async def test_the_end_of_a_stream_is_a_break():
    async with raw(saying(b"data: 1\n\n")) as url, online() as client:
        with pytest.raises(SourceUnavailable, match="ended the stream"):
            await heard(client, url, until=2)


async def test_a_server_that_falls_silent_is_left():
    async with raw(saying(b":thump\n", stays=True)) as url, online() as client:
        with pytest.raises(SourceUnavailable, match="fell silent"):
            await heard(client, url, silence=0.05)


async def test_a_refusal_is_an_error_in_words():
    async with raw(saying(head=b"HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\n{}")) as url, online() as client:
        with pytest.raises(AccessRefused):
            await heard(client, url)


async def test_a_page_is_no_stream():
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"
    async with raw(saying(head=page)) as url, online() as client:
        with pytest.raises(UnexpectedPayload, match="no stream of events"):
            await heard(client, url)


async def test_an_event_without_an_end_is_not_kept_in_memory():
    async with raw(saying(b"data: " + b"x" * door.LONGEST, stays=True)) as url, online() as client:
        with pytest.raises(UnexpectedPayload, match="without an end"):
            await heard(client, url)


async def test_a_stream_takes_its_turn_and_is_counted():
    async with raw(saying(b"data: 1\n\n")) as url, online() as client:
        client._hosts.park(url.removeprefix("http://"), client._clock.now(), 5)
        await heard(client, url)
        assert client.calls == 1
        assert client._hosts.parked(url.removeprefix("http://"), client._clock.now()) == 0
