"""Who keeps a page open is told what changes; all of them cost one look at the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from monitor.alerts import board
from monitor.alerts.finding import Silence
from monitor.clock import Simulated
from monitor.errors import StoreError
from monitor.model.run import Outcome, Run
from monitor.store import polls, redis, runs
from monitor.store.keys import Keys
from monitor.store.store import Store
from monitor.web import pulse as pulses
from monitor.web.desk import Desk
from monitor.web.pulse import Pace, Pulse, Told
from tests.digest import races
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home

SOON, PATIENCE = 0.01, 5.0
HOUR = timedelta(hours=1)


def pulse(store: Store, **pace: float) -> Pulse:
    wanted = {"look": SOON, "rest": 0, "short_rest": 0, **pace}
    return Pulse(Desk(store, Simulated(NOW), Home()), Pace(**wanted))


@asynccontextmanager
async def watching(
    over: Pulse, topic: str | None = None, leaving: asyncio.Event | None = None
) -> AsyncIterator[asyncio.Queue[Told]]:
    """Keep a page open; yield what it is told, after the greeting."""
    heard: asyncio.Queue[Told] = asyncio.Queue()
    leaving = leaving or asyncio.Event()

    async def listen() -> None:
        async for told in over.watch(topic, leaving):
            heard.put_nowait(told)

    listening = asyncio.create_task(listen())
    await asyncio.wait_for(heard.get(), PATIENCE)
    await asyncio.sleep(0.05)  # the first look is over: what changes from now on is a change
    yield heard
    leaving.set()
    await asyncio.wait_for(listening, PATIENCE)


async def collect(store: Store, at: int = 0) -> None:
    moment = NOW + timedelta(seconds=at)
    run = Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=moment, seconds=1, outcome=Outcome.OK
    )
    await runs.add(store, run)


async def silence(store: Store) -> None:
    await board.silence(store, Silence(id="ab", begun=NOW, until=NOW + HOUR))


async def next_of(heard: asyncio.Queue[Told]) -> Told:
    return await asyncio.wait_for(heard.get(), PATIENCE)


@pytest.mark.parametrize("topic", [None, "aleppo"])
async def test_a_run_is_told_to_pages_of_its_campaign_and_of_all(store, topic):
    async with watching(pulse(store), topic) as heard:
        await collect(store)
        assert await next_of(heard) is Told.CHANGED


async def test_a_look_at_a_poll_is_told_though_no_source_ran(store):
    over = Pulse(Desk(store, Simulated(races.OPENS), Home()), Pace(look=SOON, rest=0))
    async with watching(over, "aleppo") as heard:
        await polls.put(store, "aleppo", races.OPEN)
        assert await next_of(heard) is Told.CHANGED


@pytest.mark.parametrize(("topic", "expected"), [("alerts", Told.CHANGED), (None, Told.PING), ("aleppo", Told.PING)])
async def test_a_silence_is_told_to_the_page_of_alerts_alone(store, topic, expected):
    async with watching(pulse(store, ping=0.2), topic) as heard:
        await silence(store)
        assert await next_of(heard) is expected


async def test_where_something_changes_all_the_time_a_viewer_is_left_alone_for_a_while(store):
    async with watching(pulse(store, rest=3600)) as heard:
        for at in range(5):
            await collect(store, at)
            await asyncio.sleep(2 * SOON)
        assert await next_of(heard) is Told.CHANGED
        await asyncio.sleep(2 * SOON)
        assert heard.empty()


async def test_where_nothing_changes_viewers_hear_that_we_are_here(store):
    async with watching(pulse(store, ping=SOON)) as heard:
        assert await next_of(heard) is Told.PING


async def test_who_does_not_listen_is_told_the_newest_thing_only(store):
    viewer = pulses._Viewer(None)
    for told in (Told.CHANGED, Told.PING, Told.STALE, Told.PING):
        viewer.tell(told)
    assert viewer.news.get_nowait() is Told.STALE
    assert viewer.news.empty()


class Failing:
    """A house whose store goes away for a while."""

    def __init__(self) -> None:
        self.is_gone = False

    def campaigns(self):
        if self.is_gone:
            raise StoreError("gone")
        return ()


async def test_a_store_that_goes_away_ends_no_page_and_is_told_once_until_it_is_back(store):
    house = Failing()
    over = Pulse(Desk(store, Simulated(NOW), house), Pace(look=SOON))
    async with watching(over) as heard:
        house.is_gone = True
        assert await next_of(heard) is Told.STALE
        await asyncio.sleep(0.05)
        assert heard.empty()
        house.is_gone = False
        assert await next_of(heard) is Told.CHANGED


async def test_without_a_store_a_page_is_told_so_at_once():
    client = redis.connect("redis://127.0.0.1:1")
    async with watching(pulse(Store(client, Keys("t"), b"secret"))) as heard:
        assert await next_of(heard) is Told.STALE
    await client.aclose()


async def test_when_the_server_leaves_all_pages_end(store):
    over, leaving = pulse(store), asyncio.Event()
    async with watching(over, None, leaving), watching(over, "alerts", leaving):
        assert len(over._viewers) == 2
    assert not over._viewers


async def test_while_nobody_looks_nothing_is_asked(store):
    over = pulse(store)
    async with watching(over):
        beating = over._beating
    await asyncio.wait_for(beating, PATIENCE)
