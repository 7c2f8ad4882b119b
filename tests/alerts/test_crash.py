"""SIGKILL at every step from the rule to the receiver, against a real HTTP server and the real store."""

import asyncio
import json
import signal
import sys
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from monitor.alerts.dispatch import FORGOTTEN, deliver
from monitor.alerts.doors import Doors
from monitor.clock import Simulated
from monitor.digest.mail import Outbox
from monitor.store import alerts
from monitor.store.embedded import Server
from monitor.store.store import Store
from tests.alerts.cases import HOUR, MINUTE, Hook, channel, opened
from tests.alerts.street import posts, rounds, stored
from tests.alerts.test_rounds import MANY
from tests.people import NOON

ROOT = Path(__file__).parents[2]


async def daemon(step: str, server: Server, store: Store, hook: Hook, now: datetime) -> int:
    """Run one daemon to its end and return its exit code."""
    facts = {"url": server.url, "prefix": store.keys.prefix, "hook": hook.url, "now": now.isoformat()}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.alerts.dying", step, json.dumps(facts), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    return await child.wait()


async def next_daemon(store: Store, hook: Hook, now: datetime) -> None:
    """Look and hand over, as the daemon does that comes after."""
    way = channel("hook", hook.url)
    looking = rounds(store, MANY, now=now, channels=[way])
    await looking.look(looking.watched[0])
    async with httpx.AsyncClient() as http:
        doors = Doors(http, Outbox(Path(), "m@example.org"), Simulated(now))
        await deliver(store, way, doors.send, Simulated(now))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "copies"), [("before", 1), ("decided", 1), ("claimed", 1), ("accepted", 2), ("marked", 1)]
)
async def test_a_killed_daemon_repeats_only_what_was_accepted_and_not_marked(
    step: str, copies: int, redis_server: Server, store: Store
):
    await stored(store, posts(6, NOON - MINUTE))
    async with opened(Hook()) as hook:
        assert await daemon(step, redis_server, store, hook, NOON) == -signal.SIGKILL
        for later in (MINUTE, FORGOTTEN, FORGOTTEN + MINUTE, HOUR / 2):
            await next_daemon(store, hook, NOON + later)
    assert len(hook.ids) == copies
    assert len(set(hook.ids)) == 1
    assert await alerts.waiting(store) == {}


@pytest.mark.slow
async def test_two_daemons_at_the_same_moment_send_one(redis_server: Server, store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    async with opened(Hook()) as hook:
        codes = await asyncio.gather(*(daemon("", redis_server, store, hook, NOON) for _ in range(2)))
    assert codes == [0, 0]
    assert len(hook.ids) == 1
