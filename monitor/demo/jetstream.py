"""Plays Jetstream: everybody's posts as they come, over a websocket, and once more from a cursor on.

The traps are played, too: nothing is filtered by tag, events that concern no collection come anyway, times are not in
order, a cursor that is too old is moved without a word, and connections break.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import accumulate
from random import Random
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from monitor.clock import Clock
from monitor.demo.plan import Plan, Trouble
from monitor.demo.records import POST, cid, record
from monitor.demo.world import Skeet, World, did, lettered

LOOKBACK = timedelta(hours=36)
"""How far back a cursor leads; an older one is moved up to here, and nobody is told."""

FIRST_MICROSECOND = 10**15
"""A smaller cursor is a number of the old kind, which only the instance that gave it understands."""

_STIR = 1.5  # seconds by which events overtake one another
_OTHERS = 300  # seconds between two events of people who have nothing to do with it
_STRANGERS = 10**6  # their numbers begin here
_BREAKS = 1.5  # on an average day, when connections break
_SHUT = (0.0, 0.0, 2.0, 9.0)  # hours for which nobody is let in afterwards


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when it is sent, what it says of its time (microseconds), and where it belongs."""

    at: float
    time_us: int
    collection: str | None
    text: str


class Jetstream:
    """One instance; serves on a loopback port while it is entered. It tells what has happened by its clock."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.url = ""
        self._clock = clock
        self._events = _events(world)
        self._latest = list(accumulate((event.time_us for event in self._events), max))
        self._breaks = dict(_breaks(world.plan, self._events))
        self._shut_until = world.plan.start
        self._server: Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await serve(self._listened, "127.0.0.1", 0, process_request=self._met)
        self.url = "ws://{}:{}".format(*next(iter(self._server.sockets)).getsockname())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _met(self, connection: ServerConnection, request: Request) -> Response | None:
        if urlsplit(request.path).path != "/subscribe":
            return connection.respond(HTTPStatus.NOT_FOUND, "Not Found\n")
        if self._clock.now() < self._shut_until:
            return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "Service Unavailable\n")
        return None

    async def _listened(self, connection: ServerConnection) -> None:
        asked = parse_qs(urlsplit(connection.request.path).query) if connection.request else {}
        wanted, place = asked.get("wantedCollections", []), self._place(asked.get("cursor", [None])[0])
        with suppress(ConnectionClosed):
            if await self._told(connection, place, wanted):
                await connection.send(_awake(self._clock.now().timestamp()))
                await connection.wait_closed()

    async def _told(self, connection: ServerConnection, place: int, wanted: Sequence[str]) -> bool:
        """Send the events from a place on, up to now; tell whether the connection lived through it."""
        for number in range(place, self._now()):
            event = self._events[number]
            if _is_wanted(event, wanted):
                await connection.send(event.text)
            if number in self._breaks:
                self._shut_until = self._clock.now() + self._breaks.pop(number)
                connection.transport.abort()
                return False
        return True

    def _now(self) -> int:
        """Return the place after the last event that has happened."""
        return bisect_left(self._events, self._clock.now().timestamp(), key=lambda event: event.at)

    def _place(self, cursor: str | None) -> int:
        """Return where a cursor leads: an old one to the lookback, one from the future to what comes next."""
        if cursor is None or int(cursor) < FIRST_MICROSECOND:
            return self._now()
        oldest = int((self._clock.now() - LOOKBACK).timestamp() * 1e6)
        return min(bisect_left(self._latest, max(int(cursor), oldest)), self._now())


def _is_wanted(event: Event, wanted: Sequence[str]) -> bool:
    """Tell whether an event is sent; without a collection it always is."""
    if event.collection is None or not wanted:
        return True
    return any(
        event.collection == one or (one.endswith("*") and event.collection.startswith(one[:-1])) for one in wanted
    )


def _breaks(plan: Plan, events: Sequence[Event]) -> Iterator[tuple[int, timedelta]]:
    """Yield after which events of the world a connection breaks, and for how long nobody is let in then."""
    chance = Random(f"{plan.seed} breaks")
    first, last = (bisect_left(events, end.timestamp(), key=lambda event: event.at) for end in (plan.start, plan.end))
    if Trouble.BREAK in plan.troubles:
        for _ in range(int(plan.days * _BREAKS)):
            yield chance.randrange(first, last), timedelta(hours=chance.choice(_SHUT))


def _events(world: World) -> list[Event]:
    """Return everything that happens, in the order in which it is sent."""
    chance = Random(f"{world.plan.seed} events")
    found = [*_posts(world.skeets), *_others(world.plan)]
    return sorted(
        (Event(at + chance.uniform(0, _STIR), int(at * 1e6), where, text) for at, where, text in found),
        key=lambda event: event.at,
    )


def _posts(skeets: Sequence[Skeet]) -> Iterator[tuple[float, str | None, str]]:
    for skeet in skeets:
        made = {"operation": "create", "record": record(skeet), "cid": cid(skeet)}
        yield skeet.heard, POST, _commit(skeet, skeet.heard, made)
        yield skeet.heard - 0.5, None, _awake(skeet.heard - 0.5)  # in the same second, so that times get out of order
        if skeet.gone is not None:
            yield skeet.gone, POST, _commit(skeet, skeet.gone, {"operation": "delete"})


def _commit(skeet: Skeet, at: float, done: dict[str, Any]) -> str:
    place = {"rev": f"3m{lettered(skeet.number, 11)}", "collection": POST, "rkey": skeet.rkey}
    return _line(did(skeet.author), at, "commit", {**place, **done})


def _others(plan: Plan) -> Iterator[tuple[float, str | None, str]]:
    """Yield what has nothing to do with posts, until long after the world: names, accounts, likes."""
    begin, end = plan.start - LOOKBACK, plan.healed + timedelta(days=2)
    for number in range(int((end - begin).total_seconds() / _OTHERS)):
        at, who = begin.timestamp() + number * _OTHERS, f"did:plc:{lettered(number + _STRANGERS, 24)}"
        match number % 3:
            case 0:
                yield at, None, _line(who, at, "identity", {"did": who, "handle": "someone.example", "seq": number})
            case 1:
                yield at, None, _line(who, at, "account", {"did": who, "active": number % 2 == 0, "seq": number})
            case _:
                like = {"$type": "app.bsky.feed.like", "createdAt": "2016-04-18T00:00:00.000Z"}
                done = {
                    "operation": "create",
                    "collection": like["$type"],
                    "rkey": lettered(number, 13),
                    "record": like,
                }
                yield at, like["$type"], _line(who, at, "commit", done)


def _awake(at: float) -> str:
    """Return an event of this very moment: there is always somebody awake."""
    who = f"did:plc:{lettered(_STRANGERS, 24)}"
    return _line(who, at, "identity", {"did": who, "handle": "someone.example", "seq": 0})


def _line(who: str, at: float, kind: str, what: dict[str, Any]) -> str:
    event = {"did": who, "time_us": int(at * 1e6), "kind": kind, kind: what}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
