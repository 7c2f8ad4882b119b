"""How each platform of the world says no: asked too often, a session that is over, a cap, a quota, plain text."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from http import HTTPStatus
from random import Random
from typing import Final

from monitor.demo import gdelt, youtube
from monitor.demo.loopback import Reply

PDS, X, YOUTUBE, GDELT = "pds", "x", "youtube", "gdelt"
"""The servers that have a way of their own; all others say it as Mastodon does, or in the usual headers."""

SECOND: Final = timedelta(seconds=1)

Limiting = Callable[[datetime, datetime, Random], Reply]
"""Says at a moment that the server is closed until another."""


def limited(server: str) -> Limiting:
    """Return how a server says 429, and for how long."""
    return _LIMITED.get(server, _usual)


def session_over() -> Reply:
    """Say that a token is no longer good: with a 400, as Bluesky does."""
    return _json(400, {"error": "ExpiredToken", "message": "Token has expired"})


def cap_reached() -> Reply:
    """Say that the day's posts are used up, while calls are left: as X does."""
    told = {
        "title": "UsageCapExceeded",
        "detail": "Usage cap exceeded: Daily product cap",
        "type": "https://api.x.com/2/problems/usage-capped",
        "period": "Daily",
        "scope": "Product",
    }
    return _json(429, told, {"x-rate-limit-limit": "450", "x-rate-limit-remaining": "449"})


def quota_used() -> Reply:
    """Say that the day's searches are used up: with a 403, as YouTube does."""
    return youtube.refusal(403, "quotaExceeded", youtube.EXCEEDED)


def in_text(chance: Random) -> Reply:
    """Answer what is no JSON, with status 200, as GDELT does: overloaded, or confused."""
    words = chance.choice(("", "<html><body>Service temporarily overloaded</body></html>", gdelt.TOO_OFTEN))
    return gdelt.plain(words)


def midnight(now: datetime, zone: tzinfo = UTC) -> datetime:
    """Return when the day ends that it is in a time zone."""
    here = now.astimezone(zone)
    return (here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)).astimezone(UTC)


def _usual(now: datetime, until: datetime, chance: Random) -> Reply:
    """Say it in seconds, as a date, or as Mastodon does."""
    wait = (until - now).total_seconds() + 1
    told: Mapping[str, str] = chance.choice(
        (
            {"Retry-After": str(int(wait))},
            {"Retry-After": format_datetime((until + SECOND).astimezone(UTC), usegmt=True)},
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": until.isoformat(timespec="microseconds")},
        )
    )
    return _json(429, {"error": "Too many requests"}, told)


def _bluesky(_now: datetime, until: datetime, _chance: Random) -> Reply:
    told = {"ratelimit-limit": "3000", "ratelimit-remaining": "0", "ratelimit-reset": _epoch(until)}
    return _json(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, told)


def _x(_now: datetime, until: datetime, chance: Random) -> Reply:
    told = {"x-rate-limit-limit": "450", "x-rate-limit-remaining": "0", "x-rate-limit-reset": _epoch(until)}
    problem = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    old = {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    return _json(429, chance.choice((problem, old)), told)


def _youtube(_now: datetime, _until: datetime, chance: Random) -> Reply:
    return youtube.refusal(chance.choice((403, 429)), "rateLimitExceeded", "Rate limit exceeded.")


def _gdelt(_now: datetime, _until: datetime, chance: Random) -> Reply:
    return gdelt.plain(gdelt.TOO_OFTEN, chance.choice((200, 429)))


_LIMITED: Mapping[str, Limiting] = {PDS: _bluesky, X: _x, YOUTUBE: _youtube, GDELT: _gdelt}


def _epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()) + 1)


def _json(status: int, told: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Reply:
    kind = {"Content-Type": "application/json"}
    return Reply(HTTPStatus(status), json.dumps(told, separators=(",", ":")).encode(), kind | dict(headers or {}))
