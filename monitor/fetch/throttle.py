"""Patience: how long a server asked us to wait, and the waiting lines per host that everybody shares."""

import asyncio
import math
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from monitor.clock import Clock
from monitor.errors import RateLimited

PATIENCE = 60.0  # seconds waited inside a run; beyond, the run ends and the next one comes later
LONGEST_PARK = 86_400.0  # a server that asks for years is asked again tomorrow
BACKOFF_BASE, BACKOFF_CAP = 2.0, 30.0
EPOCH_FROM = 1_000_000_000  # a larger number of seconds is a date, not a wait
_LEFT = ("x-ratelimit-remaining", "ratelimit-remaining", "x-rate-limit-remaining")
_RESETS = ("x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset")


@dataclass
class Hosts:
    """What is known of every host: when its next call is due, and until when it asked to be left alone."""

    _free: dict[str, datetime] = field(default_factory=dict)
    _parked: dict[str, datetime] = field(default_factory=dict)
    _counter: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def hand_over(self) -> None:
        """Let answers be taken one after the other, with everything else in between.

        To read one takes some milliseconds; sixty that came together would hold up the event loop for a quarter of a
        second.
        """
        async with self._counter:
            await asyncio.sleep(0)

    def park(self, host: str, now: datetime, seconds: float) -> None:
        """Leave `host` alone for `seconds`, whoever asks; a longer wait in force stays."""
        until = now + timedelta(seconds=min(seconds, LONGEST_PARK))
        self._parked[host] = max(until, self._parked.get(host, until))

    def parked(self, host: str, now: datetime) -> float:
        """Return how many seconds `host` is still to be left alone."""
        return max(0.0, (self._parked.get(host, now) - now).total_seconds())

    async def turn(self, host: str, spacing: float, clock: Clock) -> None:
        """Wait for a place in the host's line, `spacing` seconds behind the last; RateLimited when parked for long."""
        while (wait := self._place(host, spacing, clock.now())) > 0:
            await clock.sleep(wait)
            if not self.parked(host, clock.now()):
                return

    def _place(self, host: str, spacing: float, now: datetime) -> float:
        parked = self.parked(host, now)
        if parked > PATIENCE:
            raise RateLimited(f"{host} asked to be left alone; {parked:.0f} s of it are left, then try again", parked)
        start = max(now + timedelta(seconds=parked), self._free.get(host, now))
        wait = min((start - now).total_seconds(), PATIENCE)  # a clock that was set back must not cost an hour
        self._free[host] = now + timedelta(seconds=wait + spacing)
        return wait


def backoff(attempt: int) -> float:
    """Return the wait before attempt number `attempt` + 1 when the server named none: full jitter under a hard cap."""
    return random.uniform(0.0, min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(attempt, 10)))


def jitter() -> float:
    """Return up to a second, so that not everybody comes back in the same one."""
    return random.uniform(0.0, 1.0)


def asked_wait(headers: httpx.Headers, now: datetime) -> float | None:
    """Return the seconds a server asked us to wait: Retry-After in both forms, else the platform's reset header."""
    told = headers.get("retry-after")
    if told is not None and (wait := _seconds(told, now)) is not None:
        return wait
    return reset_wait(headers, now)


def reset_wait(headers: httpx.Headers, now: datetime) -> float | None:
    """Return the seconds until the quota is renewed: ISO 8601 (Mastodon), epoch seconds (X, Bluesky) or seconds."""
    told = next((headers[name] for name in _RESETS if name in headers), None)
    return None if told is None else _seconds(told, now)


def quota_left(headers: httpx.Headers) -> int | None:
    """Return how many calls are left until the quota is renewed, where the server tells."""
    left = next((headers[name] for name in _LEFT if name in headers), "")
    return int(left) if left.isascii() and left[:9].isdigit() and left == left[:9] else None


def _seconds(told: str, now: datetime) -> float | None:
    number = _number(told)
    if number is None:
        moment = _moment(told)
        number = None if moment is None else (moment - now).total_seconds()
    elif number >= EPOCH_FROM:
        number -= now.timestamp()
    return None if number is None else min(max(number, 0.0), LONGEST_PARK)


def _number(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _moment(told: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(told.strip())
        except (ValueError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
