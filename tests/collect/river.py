"""A Jetstream on loopback: it tells the events it is given from the place that is asked for, and fails when told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.people import NOON

TAG = "app.bsky.richtext.facet#tag"
PATIENCE = 10.0  # seconds until a test gives up


def micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def event(at: datetime, *tags: str, number: int = 1, operation: str = "create", **record: Any) -> str:
    """Return an event as v1 writes it: a post with these tags."""
    facets = [{"index": {"byteStart": 0, "byteEnd": 1}, "features": [{"$type": TAG, "tag": tag}]} for tag in tags]
    written = {"$type": "app.bsky.feed.post", "createdAt": at.isoformat(), "langs": ["ar"], "text": "حلب", **record}
    commit = {"rev": "3l", "operation": operation, "collection": "app.bsky.feed.post", "rkey": f"3l{number}"}
    commit |= {} if operation == "delete" else {"record": written | ({"facets": facets} if facets else {}), "cid": "b"}
    told = {"did": f"did:plc:{'abc'[number % 3]}", "time_us": micros(at), "kind": "commit", "commit": commit}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def identity(at: datetime) -> str:
    told = {"did": "did:plc:x", "time_us": micros(at), "kind": "identity", "identity": {"did": "did:plc:x", "seq": 1}}
    return json.dumps(told, separators=(",", ":"))


@dataclass
class River:
    """Every connection gets what lies at or after its cursor (`keeps` back at most), then what is said from then on."""

    said: list[str] = field(default_factory=list)
    keeps: timedelta | None = None
    now: datetime = NOON
    breaks_after: list[int] = field(default_factory=list)  # events of the next connections, one by one
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    open_now: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def say(self, *events: str) -> None:
        async with self._news:
            self.said += events
            self._news.notify_all()

    async def is_asked(self, times: int) -> None:
        """Wait until so many connections have been opened."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.asked) >= times)

    @asynccontextmanager
    async def runs(self) -> AsyncIterator["River"]:
        async with serve(self._talk, "127.0.0.1", 0) as server:
            self.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
            yield self
            server.close()

    async def _talk(self, connection: ServerConnection) -> None:
        told = dict(parse_qsl(urlsplit(connection.request.path if connection.request else "").query))
        await self._note(told)
        at, left = self._first(told.get("cursor")), self.breaks_after.pop(0) if self.breaks_after else None
        self.open_now += 1
        telling = asyncio.create_task(self._tell(connection, at, left))
        leaving = asyncio.create_task(connection.wait_closed())
        await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        self.open_now -= 1
        for task in (telling, leaving):
            task.cancel()
        with suppress(ConnectionClosed, asyncio.CancelledError):
            await telling

    async def _note(self, told: dict[str, str]) -> None:
        async with self._news:
            self.asked.append(told)
            self._news.notify_all()

    async def _tell(self, connection: ServerConnection, at: int, left: int | None) -> None:
        last = None if left is None else at + left
        while at != last:
            async with self._news:
                while at >= len(self.said):
                    await self._news.wait()
            await connection.send(self.said[at])
            at += 1

    def _first(self, cursor: str | None) -> int:
        if cursor is None:
            return len(self.said)
        low = int(cursor) if self.keeps is None else max(int(cursor), micros(self.now - self.keeps))
        return next((at for at, one in enumerate(self.said) if json.loads(one)["time_us"] >= low), len(self.said))
