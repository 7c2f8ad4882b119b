"""The world's servers on bad days: limits, caps, quotas, errors in rows, slow and broken answers, repeated mentions.

Late posts and falling counters are not made here: they are in the world itself, and the stream breaks by itself.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from random import Random
from typing import Any

from monitor.clock import Clock
from monitor.demo import manners, youtube
from monitor.demo.loopback import Answering, Reply, Request
from monitor.demo.manners import GDELT, PDS, YOUTUBE, X
from monitor.demo.plan import Plan, Trouble
from monitor.demo.telegram import throttled

_CHANCE = {
    Trouble.RATE: 0.012,
    Trouble.ERROR: 0.04,
    Trouble.SLOW: 0.01,
    Trouble.DUPLICATE: 0.3,
    Trouble.THROTTLE: 0.03,
    Trouble.SESSION: 0.02,
    Trouble.CAP: 0.003,
    Trouble.QUOTA: 0.01,
    Trouble.TEXT: 0.06,
}
"""How likely each trouble begins with a request."""

SLOW = 0.15  # real seconds
BROKEN = 0.5  # of the slow ones
_OWN = {Trouble.SESSION: PDS, Trouble.CAP: X, Trouble.QUOTA: YOUTUBE, Trouble.TEXT: GDELT}
"""What only one server has."""

_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)
_LISTS = ("posts", "data", "items", "articles")
"""What the mentions of an answer are called."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A server that says no to some paths until a moment."""

    until: datetime
    says: Callable[[datetime], Reply]
    path: str = ""

    def concerns(self, request: Request, now: datetime) -> bool:
        return now < self.until and request.path.endswith(self.path)


class Moods:
    """Stands before a server and spoils some of its answers until the world ends; the same plan does so alike."""

    def __init__(self, name: str, answer: Answering, plan: Plan, clock: Clock) -> None:
        self._name, self._answer, self._clock = name, answer, clock
        self._until = plan.end
        self._troubles = [
            trouble for trouble in _CHANCE if trouble in plan.troubles and _OWN.get(trouble, name) == name
        ]
        self._chance = Random(f"{plan.seed} moods {name}")
        self._closed: Closing | None = None
        self._failing = 0

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now()
        if now >= self._until:
            return self._answer(request)
        if self._closed and self._closed.concerns(request, now):
            return self._closed.says(now)
        if self._failing:
            self._failing -= 1
            return self._failure()
        return self._perhaps(request, now)

    def _perhaps(self, request: Request, now: datetime) -> Reply:
        for trouble in self._troubles:
            if self._chance.random() < _CHANCE[trouble]:
                return self._spoilt(trouble, request, now)
        return self._answer(request)

    def _spoilt(self, trouble: Trouble, request: Request, now: datetime) -> Reply:
        makers: Mapping[Trouble, Callable[[], Reply]] = {
            Trouble.RATE: lambda: self._limit(now),
            Trouble.ERROR: self._fail,
            Trouble.SLOW: lambda: self._slow(request),
            Trouble.DUPLICATE: lambda: self._repeated(request),
            Trouble.THROTTLE: lambda: self._throttle(request),
            Trouble.SESSION: lambda: self._signed_out(request),
            Trouble.CAP: lambda: self._close(manners.midnight(now), manners.cap_reached, now),
            Trouble.QUOTA: lambda: self._use_up(request, now),
            Trouble.TEXT: lambda: manners.in_text(self._chance),
        }
        return makers[trouble]()

    def _limit(self, now: datetime) -> Reply:
        """Close for some seconds or for most of an hour."""
        until, says = now + timedelta(seconds=self._chance.choice((5, 30, 300, 1800))), manners.limited(self._name)
        self._closed = Closing(until, lambda now: says(now, until, self._chance))
        return self._closed.says(now)

    def _close(self, until: datetime, says: Callable[[], Reply], now: datetime, path: str = "") -> Reply:
        self._closed = Closing(until, lambda _now: says(), path)
        return self._closed.says(now)

    def _use_up(self, request: Request, now: datetime) -> Reply:
        """Use up the day's searches; everything else goes on."""
        if not request.path.endswith(youtube.SEARCHES):
            return self._answer(request)
        return self._close(manners.midnight(now, youtube.ZONE), manners.quota_used, now, youtube.SEARCHES)

    def _signed_out(self, request: Request) -> Reply:
        """End a session before its time; who signs in is let in."""
        is_signed_in = "authorization" in request.headers
        return manners.session_over() if is_signed_in else self._answer(request)

    def _fail(self) -> Reply:
        """Fail now and perhaps some more times: long enough, at times, to outlast every retry."""
        self._failing = self._chance.choice((0, 0, 1, 3))
        return self._failure()

    def _failure(self) -> Reply:
        status = self._chance.choice((500, 502, 503))
        return Reply(status, b"<html><body><h1>Something went wrong</h1></body></html>", {"Content-Type": "text/html"})

    def _slow(self, request: Request) -> Reply:
        """Answer late; every other time break off in the middle."""
        return replace(self._answer(request), delay=SLOW, broken=self._chance.random() < BROKEN)

    def _throttle(self, request: Request) -> Reply:
        """Answer like a channel without messages; only the previews do that."""
        if not (channel := re.fullmatch(r"/s/(\w+)", request.path)):
            return self._answer(request)
        return Reply(200, throttled(channel[1]), {"Content-Type": "text/html; charset=utf-8"})

    def _repeated(self, request: Request) -> Reply:
        """Give some mentions of an answer twice, or an article once more under another fragment of its guid."""
        reply = self._answer(request)
        if reply.status != HTTPStatus.OK or "/counts/" in request.path:
            return reply
        if "/timelines/" in request.path:
            page: list[Any] = json.loads(reply.body)
            twice = sorted([*page, *page[::3]], key=lambda status: int(status["id"]), reverse=True)
            return replace(reply, body=json.dumps(twice, ensure_ascii=False).encode())
        if reply.body.startswith(b"{"):
            return replace(reply, body=_doubled(reply.body))
        return replace(reply, body=_ITEM.sub(_twice, reply.body, count=1))


def _doubled(body: bytes) -> bytes:
    """Return a JSON answer in which the mentions of its list, if it has one, stand twice in part."""
    told = json.loads(body)
    lists = {name: rows for name in _LISTS if isinstance(rows := told.get(name), list)}
    return json.dumps(told | {name: [*rows, *rows[::3]] for name, rows in lists.items()}, ensure_ascii=False).encode()


def _twice(item: re.Match[bytes]) -> bytes:
    return item[0] + item[0].replace(b"#0</guid>", b"#1</guid>")
