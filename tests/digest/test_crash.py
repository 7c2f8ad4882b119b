"""SIGKILL at every step of sending, against a real SMTP server and the real store."""

import asyncio
import json
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.digest.due import FORGOTTEN
from monitor.digest.mail import Settings, Smtp
from monitor.store.embedded import Server
from monitor.store.store import Store
from tests.digest.office import HOST, Office, opened
from tests.digest.test_daily import MORNING, Desk

ROOT = Path(__file__).parents[2]


async def sender(step: str, server: Server, store: Store, port: int, now: datetime) -> int:
    """Run one sender to its end and return its exit code."""
    facts = {"url": server.url, "prefix": store.keys.prefix, "port": port, "now": now.isoformat()}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.digest.dying", step, json.dumps(facts), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    return await child.wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "copies"), [("read", 1), ("drawn", 1), ("claimed", 1), ("accepted", 2), ("marked", 1)]
)
async def test_a_killed_sender_repeats_only_what_was_accepted_and_not_marked(
    step: str, copies: int, redis_server: Server, store: Store
):
    async with opened(Office()) as office:
        assert await sender(step, redis_server, store, office.port, MORNING) == -signal.SIGKILL
        mail = Smtp(Settings(host=HOST, port=office.port, security="none", timeout_seconds=10.0))
        for later in (timedelta(minutes=1), FORGOTTEN, timedelta(hours=3)):
            await Desk(store).send(mail, MORNING + later)
    assert len(office.taken) == copies
    assert len({mail["Message-ID"] for mail in office.taken}) == 1


@pytest.mark.slow
async def test_two_senders_at_the_same_moment_send_one_mail(redis_server: Server, store: Store):
    async with opened(Office()) as office:
        codes = await asyncio.gather(*(sender("", redis_server, store, office.port, MORNING) for _ in range(2)))
    assert codes == [0, 0]
    assert len(office.taken) == 1
