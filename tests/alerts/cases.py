"""What the tests of alerts share: findings, rules and a webhook that answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from monitor.alerts.channels import Channel
from monitor.alerts.decide import Policy
from monitor.alerts.finding import Finding, Kind, Message, Parcel
from monitor.alerts.webhook import signature
from monitor.model.finding import Spike
from tests.people import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POLICY = Policy()
SECRET = "a secret of both sides"


def found(key: str = "spike/posts/*", kind: Kind = Kind.SPIKE, **fields: Any) -> Finding:
    """Return a finding of the campaign aleppo at noon."""
    told = {"campaign": "aleppo", "rule": kind.value, "severity": "warning", "at": NOON, "name": "posts"}
    numbers = {"value": 1200.0, "against": 240.0, "platforms": ("mastodon",)}
    return Finding(**{"key": key, "kind": kind, **told, **numbers, **fields})


def spike(**fields: Any) -> Spike:
    told = {"name": "posts", "start": NOON, "peak": NOON, "end": NOON + HOUR, "total": 1200.0, "expected": 240.0}
    return Spike(**{**told, "peak_value": 1200.0, "score": 9.0, **fields})


def message(number: int = 1, *findings: Finding, **fields: Any) -> Message:
    told = {"scope": "aleppo", "group": "numbers", "at": NOON, "new": findings or (found(),)}
    return Message(**{"id": f"m{number}", **told, **fields})


def parcel(number: int = 1, channel: str = "hook", **fields: Any) -> Parcel:
    told = {"messages": (message(number),), "made": NOON + number * MINUTE}
    return Parcel(**{"id": f"p{number}", "channel": channel, **told, **fields})


def channel(name: str = "hook", url: str = "http://127.0.0.1:9/hook", **fields: Any) -> Channel:
    return Channel(name=name, url=SecretStr(url), secret=SecretStr(SECRET), **fields)


def desk(name: str = "desk", **fields: Any) -> Channel:
    return Channel(name=name, address="desk@example.org", **fields)


@dataclass
class Hook:
    """A real HTTP server on loopback: what it got, and what it says (in turn, then always 204)."""

    says: Iterator[bytes] = field(default_factory=lambda: iter(()))
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [headers["monitor-id"] for headers, _ in self.got]

    def is_signed(self, number: int = 0) -> bool:
        headers, body = self.got[number]
        return headers["monitor-signature"] == signature(SECRET, int(headers["monitor-timestamp"]), body)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, _, value in lines}
        self.got.append((headers, await reader.readexactly(int(headers.get("content-length", 0)))))
        self.heard.set()
        writer.write(next(self.says, b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"))
        writer.close()


@asynccontextmanager
async def opened(hook: Hook) -> AsyncIterator[Hook]:
    """Serve on a free port."""
    server = await asyncio.start_server(hook.talk, "127.0.0.1", 0)
    hook.port = server.sockets[0].getsockname()[1]
    try:
        yield hook
    finally:
        server.close()
        await server.wait_closed()


def answers(*codes: int) -> Iterator[bytes]:
    """Return answers with these codes."""
    return iter([f"HTTP/1.1 {code} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode() for code in codes])
