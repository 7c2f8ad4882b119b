"""Makes a platform misbehave: rate limits, server errors, slow and broken answers, repeated mentions, throttle pages.

Late posts and falling counters are not made here: they are in the world itself.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from random import Random
from typing import Any

from monitor.clock import Clock
from monitor.demo.loopback import Answering, Reply, Request
from monitor.demo.plan import Plan, Trouble
from monitor.demo.telegram import throttled

_CHANCE = {
    Trouble.RATE: 0.012,
    Trouble.ERROR: 0.04,
    Trouble.SLOW: 0.01,
    Trouble.DUPLICATE: 0.3,
    Trouble.THROTTLE: 0.03,
}
"""How likely each trouble begins with a request."""

SLOW = 0.15  # real seconds
BROKEN = 0.5  # of the slow ones
_ITEM = re.compile(rb"<item>.*?</item>", re.DOTALL)


class Moods:
    """Stands before a server and spoils some of its answers until the world ends; the same plan does so alike."""

    def __init__(self, name: str, answer: Answering, plan: Plan, clock: Clock) -> None:
        self._answer = answer
        self._clock = clock
        self._until = plan.end
        self._troubles = [trouble for trouble in _CHANCE if trouble in plan.troubles]
        self._chance = Random(f"{plan.seed} moods {name}")
        self._closed_until = plan.start
        self._failing = 0

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now()
        if now >= self._until:
            return self._answer(request)
        if now < self._closed_until:
            return self._limited(now)
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
        makers: dict[Trouble, Callable[[], Reply]] = {
            Trouble.RATE: lambda: self._limit(now),
            Trouble.ERROR: self._fail,
            Trouble.SLOW: lambda: self._slow(request),
            Trouble.DUPLICATE: lambda: self._repeated(request),
            Trouble.THROTTLE: lambda: self._throttle(request),
        }
        return makers[trouble]()

    def _limit(self, now: datetime) -> Reply:
        """Close for some seconds or for most of an hour."""
        self._closed_until = now + timedelta(seconds=self._chance.choice((5, 30, 300, 1800)))
        return self._limited(now)

    def _limited(self, now: datetime) -> Reply:
        """Say 429, and for how long: in seconds, as a date, or as Mastodon does."""
        wait = (self._closed_until - now).total_seconds() + 1
        told = (
            {"Retry-After": str(int(wait))},
            {"Retry-After": format_datetime((self._closed_until + timedelta(seconds=1)).astimezone(UTC), usegmt=True)},
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": self._closed_until.isoformat(timespec="microseconds")},
        )
        head = {"Content-Type": "application/json"} | self._chance.choice(told)
        return Reply(429, b'{"error":"Too many requests"}', head)

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
        """Give some statuses of a timeline twice, or an article once more under another fragment of its guid."""
        reply = self._answer(request)
        if reply.status != HTTPStatus.OK:
            return reply
        if "/timelines/" in request.path:
            page: list[Any] = json.loads(reply.body)
            twice = sorted([*page, *page[::3]], key=lambda status: int(status["id"]), reverse=True)
            return replace(reply, body=json.dumps(twice, ensure_ascii=False).encode())
        return replace(reply, body=_ITEM.sub(_twice, reply.body, count=1))


def _twice(item: re.Match[bytes]) -> bytes:
    return item[0] + item[0].replace(b"#0</guid>", b"#1</guid>")
