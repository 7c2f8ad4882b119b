"""The daemon listens: only while it collects, for the campaigns there are, and it stops in time."""

import asyncio
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.run import Outcome, Run
from monitor.model.source import STREAM
from monitor.store import runs
from monitor.store.store import Store
from tests.collect.river import River, event, identity
from tests.daemon.machine import PATIENCE, Machine

pytestmark = pytest.mark.slow

LATELY = timedelta(minutes=10)


@pytest.fixture
async def river() -> AsyncIterator[River]:
    async with River(now=datetime.now(UTC)).runs() as running:
        yield running


def listens(machine: Machine, slug: str, river: River, *, minutes: float = 0.5) -> None:
    """Write the file of a campaign that listens for the tag named like itself."""
    source = f'platform = "jetstream"\nhosts = ["{river.url}"]\nrefresh_budget = 0\nevery_minutes = {minutes}\n'
    text = f'title = "Save"\nhashtags = ["#{slug}"]\n[[sources]]\n{source}'
    (machine.config / "campaigns" / f"{slug}.toml").write_text(text)


def posts(tag: str, amount: int, first: int = 1) -> list[str]:
    begun = datetime.now(UTC) - LATELY
    return [event(begun + timedelta(seconds=number), tag, number=number) for number in range(first, first + amount)]


async def place(store: Store, slug: str) -> float:
    """Wait until a campaign has a place in the stream, and return it."""
    async with asyncio.timeout(PATIENCE):
        while not (cursor := (await runs.standing(store, slug, "jetstream", STREAM)).cursor):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return float(cursor["at"])


async def first_run(store: Store, slug: str) -> Run:
    async with asyncio.timeout(PATIENCE):
        while not (found := [run for state in await runs.states(store, slug) for run in state.runs]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found[-1]


async def test_what_it_hears_is_stored_and_told_by_the_next_run(house: Machine, store: Store, river: River):
    river.said = posts("aleppo", 3)
    listens(house, "aleppo", river)
    async with house.alive(store):
        run = await first_run(store, "aleppo")
        await place(store, "aleppo")
    assert (run.outcome.is_up, run.platform) == (True, "bluesky")
    assert len(river.asked) == 1


async def test_campaigns_come_and_go_without_a_second_connection(house: Machine, store: Store, river: River):
    river.said = posts("aleppo", 3)
    listens(house, "aleppo", river)
    async with house.alive(store):
        await river.is_asked(1)
        listens(house, "homs", river)
        await river.is_asked(2)
        await river.say(*posts("homs", 2, first=10))
        await place(store, "homs")
        assert river.open_now == 1
    assert river.open_now == 0


async def test_who_loses_the_lease_listens_no_more(house: Machine, store: Store, river: River):
    listens(house, "aleppo", river)
    async with house.alive(store):
        await river.is_asked(1)
        await store.redis.set(store.keys.lease, "a thief")
        await house.is_said_to_be("standing by")
        assert river.open_now == 0


async def test_a_host_that_is_gone_is_said_by_the_runs_and_stops_nothing(house: Machine, store: Store, river: River):
    river.url = "ws://127.0.0.1:9"
    listens(house, "aleppo", river)
    async with house.alive(store):
        run = await first_run(store, "aleppo")
        await asyncio.sleep(0)
    assert run.outcome in {Outcome.UNAVAILABLE, Outcome.EMPTY}


async def test_a_daemon_that_listens_stops_in_time_and_keeps_what_it_heard(machine: Machine, river: River):
    river.said = [*posts("aleppo", 5), identity(datetime.now(UTC))]
    listens(machine, "aleppo", river)
    async with machine.daemon() as daemon:
        await daemon.says("collecting")
        await river.is_asked(1)
        begun = asyncio.get_running_loop().time()
        assert await daemon.ends(signal.SIGTERM) == 0
        assert asyncio.get_running_loop().time() - begun < 5
    assert river.open_now == 0
