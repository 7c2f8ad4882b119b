"""SIGKILL at every line of sending, against a real SMTP server and the real store."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.digest.due import FORGOTTEN, SCOPE
from monitor.digest.mail import Settings, Smtp
from monitor.digest.recipient import Recipient
from monitor.store import ledger
from monitor.store.embedded import Server
from monitor.store.ledger import State
from monitor.store.store import Store
from tests.digest.dying import named
from tests.digest.office import HOST, Office, opened
from tests.digest.test_daily import MORNING, Desk

ROOT = Path(__file__).parents[2]
STRIDE = int(os.environ.get("EVERY_NTH_LINE", "15"))
"""Every how manieth line kills; 1 is all of them, in some minutes."""


NONE = 10**9


async def senders(server: Server, store: Store, port: int, stride: int) -> Process:
    """Start a process that sends once, then forks senders that die."""
    facts = {"url": server.url, "prefix": store.keys.prefix, "port": port, "now": MORNING.isoformat(), "stride": stride}
    words = ("-m", "tests.digest.dying", json.dumps(facts))
    return await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)


async def states(store: Store, readers: Iterable[Recipient]) -> dict[str, State | None]:
    found = {one.address: await ledger.look(store, SCOPE, "2016-04-29", one.address) for one in readers}
    return {address: entry.state if entry else None for address, entry in found.items()}


@pytest.mark.slow
async def test_a_sender_killed_at_any_line_repeats_only_what_was_accepted_and_not_marked(
    redis_server: Server, store: Store
):
    async with opened(Office()) as office:
        child = await senders(redis_server, store, office.port, STRIDE)
        told = [line.split() for line in (await child.communicate())[0].decode().splitlines()]
        readers = tuple(named(name) for name, _ in told)
        left = await states(store, readers)
        for later in (timedelta(minutes=1), FORGOTTEN, timedelta(hours=3)):
            await Desk(store).send(post(office), MORNING + later, recipients=readers)
    ids = defaultdict(list)
    for mail in office.taken:
        ids[mail["To"]].append(mail["Message-ID"])
    twice = {address for address in left if len(ids[address]) > 1}
    killed, ended = str(-signal.SIGKILL), {ended for _, ended in told}
    assert child.returncode == 0
    assert {killed} <= ended <= {killed, "0"}  # a server that answers in fewer pieces takes fewer lines to hear
    assert set((await states(store, readers)).values()) == {State.SENT}
    assert all(len(found) <= 2 and len(set(found)) == 1 for found in ids.values())
    assert {left[address] for address in twice} <= {State.SENDING}
    assert {None, State.PENDING, State.SENDING, State.SENT} <= {*left.values()}


@pytest.mark.slow
async def test_two_senders_at_the_same_moment_send_one_mail(redis_server: Server, store: Store):
    async with opened(Office()) as office:
        children = [await senders(redis_server, store, office.port, NONE) for _ in range(2)]
        assert [await child.wait() for child in children] == [0, 0]
    assert len(office.taken) == 1


def post(office: Office) -> Smtp:
    return Smtp(Settings(host=HOST, port=office.port, security="none", timeout_seconds=10.0))
