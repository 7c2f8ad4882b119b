"""The stream of the world tells everything, from where it is asked to, and breaks when it is asked to."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from monitor.demo.jetstream import LOOKBACK
from monitor.demo.plan import Trouble
from monitor.demo.records import POST
from monitor.demo.stage import STREAM
from tests.demo.play import TINY, Play, play, troubled


def microseconds(world: Play, *, hours: float = 0) -> int:
    return int((world.world.plan.start + timedelta(hours=hours)).timestamp() * 1e6)


async def heard(world: Play, path: str = "/subscribe", **params: Any) -> AsyncIterator[dict[str, Any]]:
    """Yield the events from a cursor on, until the stream has come to the world's present."""
    asked = urlencode({"wantedCollections": POST} | params)
    now = int(world.clock.now().timestamp() * 1e6)
    async with connect(f"{world.urls[STREAM]}{path}?{asked}", proxy=None) as socket, asyncio.timeout(5):
        async for message in socket:
            event = json.loads(message)
            if event["time_us"] == now:
                return
            yield event


async def events(world: Play, **params: Any) -> list[dict[str, Any]]:
    return [event async for event in heard(world, **params)]


async def test_every_post_is_told_once_with_its_record() -> None:
    async with play(hours=30) as world:
        told = [event for event in await events(world, cursor=microseconds(world)) if event["kind"] == "commit"]
        now = world.clock.now().timestamp() - 2
        posted = {skeet.rkey for skeet in world.world.skeets if TINY.start.timestamp() < skeet.heard < now}
        assert posted <= {event["commit"]["rkey"] for event in told}
        assert len(told) == len({event["commit"]["rkey"] for event in told})


async def test_a_message_begins_with_whose_it_is_and_when_without_blanks() -> None:
    async with play(hours=30) as world:
        asked = f"/subscribe?cursor={microseconds(world)}"
        async with connect(world.urls[STREAM] + asked, proxy=None, close_timeout=0.2) as socket:
            assert str(await socket.recv()).startswith('{"did":"did:plc:')


async def test_other_collections_are_told_only_to_those_who_want_them() -> None:
    async with play(hours=3) as world:
        likes = [
            event
            for wanted in (POST, "app.bsky.feed.*")
            for event in await events(world, cursor=microseconds(world), wantedCollections=wanted)
            if event.get("commit", {}).get("collection") == "app.bsky.feed.like"
        ]
        assert len(likes) == 12


async def test_names_and_accounts_are_told_whatever_is_wanted() -> None:
    async with play(hours=3) as world:
        kinds = {event["kind"] for event in await events(world, cursor=microseconds(world))}
        assert {"identity", "account"} <= kinds


async def test_times_are_not_in_order() -> None:
    async with play() as world:
        times = [event["time_us"] for event in await events(world, cursor=microseconds(world, hours=20))]
        assert times != sorted(times)


async def test_a_cursor_goes_on_where_it_says() -> None:
    async with play(hours=30) as world:
        cursor = microseconds(world, hours=20)
        times = [event["time_us"] for event in await events(world, cursor=cursor)]
        assert cursor <= max(times[:3]) < cursor + 1200 * 10**6


async def test_an_old_cursor_is_moved_without_a_word() -> None:
    async with play() as world:
        first = (await events(world, cursor=microseconds(world, hours=1)))[0]["time_us"]
        assert first >= int((TINY.end - LOOKBACK).timestamp() * 1e6) - 2 * 10**6


@pytest.mark.parametrize("cursor", [{}, {"cursor": 12345}, {"cursor": 4 * 10**15}])
async def test_without_a_cursor_that_it_knows_the_stream_begins_now(cursor: dict[str, int]) -> None:
    async with play(hours=30) as world:
        assert await events(world, **cursor) == []


async def test_deletions_are_told() -> None:
    async with play() as world:
        gone = max(skeet.gone for skeet in world.world.skeets if skeet.gone)
        world.clock.move_to(datetime.fromtimestamp(gone + 60, UTC))
        told = await events(world, cursor=int((gone - 1) * 1e6))
        assert "delete" in [event.get("commit", {}).get("operation") for event in told]


async def test_any_other_path_is_not_there() -> None:
    async with play() as world:
        with pytest.raises(InvalidStatus):
            [event async for event in heard(world, "/nowhere")]


async def test_connections_break_when_they_are_asked_to_and_what_was_missed_comes_again() -> None:
    plan = troubled(Trouble.BREAK)
    async with play(plan) as world:
        broken, seen = 0, set[str]()
        for hours in range(12, 100, 2):
            world.clock.move_to(plan.start + timedelta(hours=hours))
            try:
                async for event in heard(world, cursor=microseconds(world, hours=12)):
                    seen.add(json.dumps(event))
            except (ConnectionClosedError, InvalidStatus):
                broken += 1
        assert broken
