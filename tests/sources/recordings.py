"""Plays the recordings of a real Mastodon server (4.6, from the tests of Mastodon.py) over loopback HTTP.

They lie outside the repository; tests that need them skip where they are absent.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import Simulated
from monitor.demo.loopback import Reply, Request, Server
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.sources.mastodon import Settings, Source

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mastodon"
NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)  # a few hours after the last recording

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="the recordings are not on this machine")


@cache
def exchanges() -> list[dict[str, Any]]:
    """Return every recorded GET."""
    files = sorted(FOLDER.glob("*.json"))
    recorded = [exchange for path in files for exchange in json.loads(path.read_text(encoding="utf-8"))]
    return [exchange for exchange in recorded if exchange["method"] == "GET"]


def statuses() -> dict[str, dict[str, Any]]:
    """Return every recorded public status by its id."""
    found = (status for exchange in exchanges() for status in _statuses(exchange.get("json")))
    return {status["id"]: status for status in found if status["visibility"] == "public"}


def play(request: Request) -> Reply:
    """Answer as recorded; `min_id` and `id[]` choose among the recorded statuses as the real server does."""
    if request.path == "/api/v1/statuses":
        return _reply(200, [statuses()[mark] for mark in request.every("id[]") if mark in statuses()], {})
    for exchange in exchanges():
        if exchange["uri"].partition("?")[0].rstrip("/").endswith(request.path):
            return _reply(exchange["status"], _above(exchange["json"], request.last("min_id")), exchange["headers"])
    return _reply(404, {"error": "Record not found"}, {})


@asynccontextmanager
async def recorded() -> AsyncIterator[tuple[Source, Client]]:
    """Yield a source that asks the recordings over a real connection, and its client."""
    async with Server(play) as server, http("desk@example.org") as session:
        client = Client(session, Simulated(NOW), Hosts())
        yield Source(Settings(server=server.url), client), client


def _reply(status: int, body: Any, headers: dict[str, str]) -> Reply:
    kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    return Reply(status, json.dumps(body, ensure_ascii=False).encode(), kept)


def _above(body: Any, low: str | None) -> Any:
    if low is None or not isinstance(body, list):
        return body
    return [status for status in body if int(status["id"]) > int(low)]


def _statuses(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if {"uri", "favourites_count", "account"} <= set(part):
            yield part
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from _statuses(inner)
