"""Real connections to servers that behave badly."""

import asyncio
import gzip
import os
import sys
import time
import zlib
from pathlib import Path

import pytest

from monitor.errors import SourceUnavailable, UnexpectedPayload
from tests.fetch.play import online, raw

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = 1024 * 1024


async def test_a_good_answer_is_read_over_a_real_connection() -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        body = gzip.compress(b'{"posts": 3}')
        writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    async with raw(write) as address, online() as client:
        assert (await client.get(address)).json() == {"posts": 3}


async def test_a_server_that_drips_is_cut_off() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    begun = time.monotonic()
    async with raw(drip) as address, online(tries=1) as client:
        with pytest.raises(SourceUnavailable, match=r"not done after 0\.2 s"):
            await client.get(address, deadline=0.2)
    assert time.monotonic() - begun < 2


async def test_a_server_that_says_nothing_is_cut_off() -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await writer.drain()
        await asyncio.sleep(1)

    async with raw(silent) as address, online(tries=2) as client:
        with pytest.raises(SourceUnavailable):
            await client.get(address, deadline=0.1)
        assert client.calls == 2


@pytest.mark.parametrize(("announced", "most"), [(b"Content-Length: 52428800\r\n", 10), (b"", 25)])
async def test_a_huge_body_is_left_early(announced: bytes, most: int) -> None:
    sent = 0

    async def flood(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(HEAD + announced + b"\r\n")
        for _ in range(50):
            writer.write(b" " * MEGABYTE)
            await writer.drain()
            sent += 1

    async with raw(flood) as address, online() as client:
        with pytest.raises(UnexpectedPayload, match="more than 10,485,760 bytes"):
            await client.get(address)
    assert sent < most


async def test_a_small_body_that_unpacks_to_a_huge_one_is_left_early() -> None:
    async def bomb(writer: asyncio.StreamWriter) -> None:
        body = zlib.compress(b" " * (60 * MEGABYTE), 9)
        writer.write(HEAD + b"Content-Encoding: deflate\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    async with raw(bomb) as address, online() as client:
        with pytest.raises(UnexpectedPayload, match="more than"):
            await client.get(address)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9\r\n",
        HEAD + b"Content-Length: 9999\r\n\r\n[1,",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000,
    ],
)
async def test_connections_that_break_or_talk_nonsense_are_unavailable(said: bytes) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async with raw(write) as address, online() as client:
        with pytest.raises(SourceUnavailable):
            await client.get(address)
        assert client.calls == 3


async def test_a_damaged_compressed_body_is_told() -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello")

    async with raw(write) as address, online() as client:
        with pytest.raises(UnexpectedPayload, match="damaged"):
            await client.get(address)


async def test_nobody_listens_there() -> None:
    async def write(_writer: asyncio.StreamWriter) -> None: ...

    async with raw(write) as address:
        pass
    async with online() as client:
        with pytest.raises(SourceUnavailable, match=r"does not listen there|could not be reached"):
            await client.get(address)


async def test_a_public_address_may_not_redirect_to_this_machine() -> None:
    async def is_public(host: str) -> bool:
        return host != "127.0.0.1"

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n")

    async with raw(write) as address, online(private=is_public) as client:
        with pytest.raises(UnexpectedPayload, match="private network"):
            await client.get(address)


@pytest.mark.slow
async def test_loopback_is_never_asked_through_a_proxy_of_the_environment() -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 2\r\n\r\n17")

    script = (
        "import asyncio, sys; from tests.fetch.play import online\n"
        "async def main():\n    async with online() as client: print((await client.get(sys.argv[1])).json())\n"
        "asyncio.run(main())"
    )
    proxied = {"HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1", "PYTHONPATH": str(Path.cwd())}
    async with raw(write) as address:
        asked = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, address, env={**os.environ, **proxied}, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asked.communicate()
    assert told.strip() == b"17"
