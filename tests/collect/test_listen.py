import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisGone

from monitor.clock import Simulated
from monitor.collect.channel import Channel
from monitor.collect.collector import Limits, collect
from monitor.collect.ear import Ear, Heard
from monitor.collect.listen import Hub, is_only_heard, listened
from monitor.collect.page import Assignment, Kept
from monitor.errors import AccessRefused, RateLimited, SourceUnavailable
from monitor.fetch.client import Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign, Family
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome
from monitor.model.source import STREAM, Cursor, Page
from monitor.model.window import Resolution, Window
from monitor.sources.jetstream import Settings, Source
from monitor.store import runs
from monitor.store.store import Store
from tests.collect.played import Played
from tests.collect.river import PATIENCE, River, event, identity, micros
from tests.people import ALEPPO, NOON

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
HOMS = replace(ALEPPO, slug="homs", families=(Family("SaveHoms", ("savehoms",)),))


@dataclass
class Running:
    """A clock that runs a hundred times too fast, and never makes anybody wait for long."""

    start: datetime = NOON
    speed: float = 100.0
    begun: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def now(self) -> datetime:
        return self.start + timedelta(seconds=(asyncio.get_running_loop().time() - self.begun) * self.speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds / self.speed, 0.05))


@asynccontextmanager
async def listening(
    store: Store, river: River, *campaigns: Campaign, clock: Any = None
) -> AsyncIterator[tuple[Hub, Callable[[Campaign], Assignment]]]:
    """Let a hub listen for campaigns; yields it, and what makes listeners of further ones."""
    clock = clock or Running()
    async with http("desk@example.org") as pool:
        client = Client(pool, clock, Hosts())

        def given(campaign: Campaign) -> Assignment:
            return Assignment(store, Source(Settings(hosts=(river.url,)), client), campaign, clock)

        hub = Hub(clock, tick=0.01)
        await hub.become([given(campaign) for campaign in campaigns])
        yield hub, given
        await hub.stop(grace=1.0)


async def until(is_so: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - neither the hub nor the store tells anybody
            await asyncio.sleep(0.01)


async def kept(hub: Hub, amount: int, slug: str = "aleppo") -> Kept:
    """Wait until the hub has stored so many mentions of a campaign."""
    total = Kept()

    async def enough() -> bool:
        nonlocal total
        total += (hub.heard(slug, "jetstream") or Heard()).kept
        return total.kept >= amount

    await until(enough)
    return total


async def standing(store: Store, slug: str = "aleppo") -> Any:
    return await runs.standing(store, slug, "jetstream", STREAM)


async def covered_until(store: Store, moment: datetime, slug: str = "aleppo") -> tuple[Window, ...]:
    """Wait until the stream of a campaign is covered up to a moment."""

    async def is_covered() -> bool:
        found = (await standing(store, slug)).covered
        return bool(found) and found[-1].end >= moment

    await until(is_covered)
    return tuple((await standing(store, slug)).covered)


HALF = timedelta(minutes=30)


def told(amount: int, start: datetime = NOON - HALF, tag: str = "SaveAleppo", first: int = 1) -> list[str]:
    return [event(start + SECOND * number, tag, number=first + number) for number in range(amount)]


@pytest.fixture
async def river() -> AsyncIterator[River]:
    async with River(now=NOON).runs() as running:
        yield running


async def test_what_is_heard_is_stored_with_the_place(store: Store, river: River):
    river.said = [*told(5), identity(NOON)]
    async with listening(store, river, ALEPPO) as (hub, _):
        assert await kept(hub, 5) == Kept(read=5, kept=5, new=5)
        assert await covered_until(store, NOON - 5 * SECOND) == (Window(NOON - HALF, NOON - 5 * SECOND),)
    assert (await standing(store)).cursor == {"at": NOON.timestamp(), "host": river.url}


async def test_two_campaigns_share_one_connection_and_each_hears_its_own(store: Store, river: River):
    river.said = [*told(3), *told(2, tag="SaveHoms", first=10), event(NOON - HALF, "SaveHoms", "SaveAleppo", number=99)]
    async with listening(store, river, ALEPPO, HOMS) as (hub, _):
        one, other = await asyncio.gather(kept(hub, 4), kept(hub, 3, "homs"))
        assert (one.read, other.read) == (4, 3)
        assert (len(river.asked), river.open_now) == (1, 1)


async def test_a_break_in_the_middle_loses_nothing_and_counts_nothing_twice(store: Store, river: River):
    river.said, river.breaks_after = told(30), [7, 0, 9, 1]
    async with listening(store, river, ALEPPO) as (hub, _):
        await river.is_asked(5)
        await river.say(identity(NOON))
        await covered_until(store, NOON - 5 * SECOND)
        total = await kept(hub, 30)
    assert total.new == 30
    assert total.read > 30  # some seconds are heard once more


async def test_a_daemon_that_was_down_goes_on_where_it_stood(store: Store, river: River):
    river.said = [*told(3), identity(NOON)]
    async with listening(store, river, ALEPPO):
        await covered_until(store, NOON - 5 * SECOND)
    river.said += [*told(4, NOON, first=50), identity(NOON + HOUR)]
    async with listening(store, river, ALEPPO, clock=Running(NOON + HOUR)) as (hub, _):
        assert (await kept(hub, 4)).new == 4
        windows = await covered_until(store, NOON + HOUR - 5 * SECOND)
    assert windows == (Window(NOON - HALF, NOON + HOUR - 5 * SECOND),)


async def test_what_the_host_no_longer_had_is_a_gap(store: Store, river: River):
    river.said, river.keeps = told(3), 36 * HOUR
    async with listening(store, river, ALEPPO) as (hub, _):
        await kept(hub, 3)
    river.now = later = NOON + 40 * HOUR
    first = later - 36 * HOUR
    river.said += [*told(2, NOON + HOUR, first=50), identity(first), identity(later)]
    async with listening(store, river, ALEPPO, HOMS, clock=Running(later)) as (hub, _):
        windows = await covered_until(store, later - 5 * SECOND)
        cut = [(hub.heard(slug, "jetstream") or Heard()).cut for slug in ("aleppo", "homs", "aleppo")]
    assert cut == [True, False, False]  # who never listened lost nothing, and it is said once
    assert windows[-1] == Window(first, later - 5 * SECOND)
    assert all(window.end <= NOON for window in windows[:-1])


async def test_silence_of_a_stream_that_goes_on_is_covered(store: Store, river: River):
    async with listening(store, river, ALEPPO):
        await river.is_asked(1)
        for minute in range(5):
            await river.say(event(NOON - HALF + timedelta(minutes=minute), "cats", number=minute))
        found = await covered_until(store, NOON - HALF + timedelta(minutes=4) - 5 * SECOND)
    assert found == (Window(NOON - HALF, NOON - HALF + timedelta(minutes=4) - 5 * SECOND),)


async def test_a_campaign_that_joins_costs_the_others_nothing(store: Store, river: River):
    river.said = told(3)
    async with listening(store, river, ALEPPO) as (hub, given):
        await kept(hub, 3)
        aleppo = next(iter(hub._running.values())).channel.ears[0].given
        await hub.become([aleppo, given(HOMS)])
        await river.say(*told(2, NOON, first=20), *told(2, NOON, "SaveHoms", first=30))
        one, other = await asyncio.gather(kept(hub, 2), kept(hub, 2, "homs"))
        assert (one.new, other.new) == (2, 2)
        assert (len(river.asked), river.open_now) == (2, 1)


async def test_what_was_told_once_is_not_told_again(store: Store, river: River):
    river.said = told(500)
    async with listening(store, river, ALEPPO) as (hub, _):
        total = Kept()
        async with asyncio.timeout(PATIENCE):
            while total.kept < 500:
                total += (hub.heard("aleppo", "jetstream") or Heard()).kept  # in the middle of writes
                await asyncio.sleep(0)
    assert total.new == 500


async def test_listeners_that_stay_the_same_are_left_alone(store: Store, river: River):
    async with listening(store, river, ALEPPO) as (hub, _):
        await river.is_asked(1)
        await hub.become([ear.given for ear in next(iter(hub._running.values())).channel.ears])
        await asyncio.sleep(0.05)
    assert len(river.asked) == 1


async def test_another_spelling_is_heard_from_then_on(store: Store, river: River):
    wider = replace(ALEPPO, families=(*ALEPPO.families, Family("HelpAleppo", ("helpaleppo",))))
    async with listening(store, river, ALEPPO) as (hub, given):
        await river.is_asked(1)
        await hub.become([given(wider)])
        await river.say(*told(2, tag="HelpAleppo"))
        assert (await kept(hub, 2)).new == 2


async def test_a_campaign_that_was_taken_out_is_heard_no_more(store: Store, river: River):
    async with listening(store, river, ALEPPO, HOMS) as (hub, given):
        await river.is_asked(1)
        await hub.become([given(HOMS)])
        assert hub.heard("aleppo", "jetstream") is None
        assert hub.heard("homs", "jetstream") is not None
        await hub.become([])
        assert hub.heard("homs", "jetstream") is None


async def test_stopping_stores_what_waits(store: Store, river: River):
    river.said = told(3)
    last = (NOON - HALF + 2 * SECOND).timestamp()
    async with listening(store, river, ALEPPO, clock=Running(speed=0.01)) as (hub, _):
        channel = next(iter(hub._running.values())).channel

        async def is_there() -> bool:
            return channel._place == {"at": last, "host": river.url}

        await until(is_there)
        assert (await standing(store)).cursor is None
    assert (await standing(store)).cursor == {"at": last, "host": river.url}


async def test_stopping_takes_no_longer_than_it_may(store: Store, river: River):
    async with listening(store, river, ALEPPO) as (hub, _):
        await river.is_asked(1)
        begun = asyncio.get_running_loop().time()
        await hub.stop(grace=0.5)
        assert asyncio.get_running_loop().time() - begun < 2
    assert river.open_now == 0


class Flaky:
    """A connection to Redis on which some writes fail."""

    def __init__(self, redis: Any, failing: Sequence[int]) -> None:
        self._redis, self._failing, self.writes = redis, failing, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._redis, name)

    async def execute_command(self, *words: Any, **options: Any) -> Any:
        if words[0] == "EVALSHA":
            self.writes += 1
            if self.writes in self._failing:
                raise RedisGone("Redis is gone")
        return await self._redis.execute_command(*words, **options)


@pytest.mark.slow
async def test_what_a_failing_store_did_not_take_is_heard_once_more(store: Store, river: River):
    river.said = [*told(600), identity(NOON)]
    flaky = Flaky(store.redis, failing=(2, 3, 5))
    async with listening(replace(store, redis=flaky), river, ALEPPO) as (hub, _):
        await covered_until(store, NOON - 5 * SECOND)
        assert (await kept(hub, 600)).new == 600
    assert len(river.asked) > 1


@dataclass
class Speaking(Played):
    """A stream that says what is written down, by connection; `asked_for` are the places it was opened at."""

    talks: list[list[Page | Exception]] = field(default_factory=list)
    asked_for: list[tuple[Cursor | None, Sequence[str]]] = field(default_factory=list)
    channel: str | None = "stage"
    only: bool = True

    def __post_init__(self) -> None:
        super().__init__({STREAM: [], **({} if self.only else {"walk": [Page()]})}, name="stage")

    def begin(self, _now: datetime) -> Cursor | None:
        return None

    async def listen(self, place: Cursor | None, spellings: Sequence[str]) -> AsyncIterator[Page]:
        self.asked_for.append((place, spellings))
        for step in self.talks.pop(0) if self.talks else []:
            if isinstance(step, Exception):
                raise step
            yield step
        await asyncio.sleep(60)


async def opened(stage: Speaking, store: Store, clock: Any = None, times: int = 1) -> Hub:
    clock = clock or Running()
    hub = Hub(clock, tick=0.01)
    await hub.become([Assignment(store, stage, ALEPPO, clock)])

    async def is_opened() -> bool:
        return len(stage.asked_for) >= times

    await until(is_opened)
    await asyncio.sleep(0.02)
    return hub


@pytest.mark.parametrize(
    "error",
    [SourceUnavailable("gone"), AccessRefused("no"), pytest.param(ValueError("a bug"), marks=pytest.mark.slow)],
    ids=repr,
)
async def test_whatever_breaks_a_connection_it_is_opened_again(store: Store, error: Exception):
    stage = Speaking(talks=[[error], [error], [Page()]])
    hub = await opened(stage, store, times=3)
    heard = hub.heard("aleppo", "stage")
    await hub.stop(grace=1)
    assert heard is not None
    assert (heard.trouble, heard.breaks) == (None, 2)


async def test_while_it_is_broken_it_says_why(store: Store):
    stage = Speaking(talks=[[RateLimited("wait", 3600.0)]])
    hub = await opened(stage, store)
    heard = hub.heard("aleppo", "stage")
    await hub.stop(grace=1)
    assert isinstance(heard and heard.trouble, RateLimited)


class Breaking(Speaking):
    """A stream that breaks just when it is told to end."""

    async def listen(self, place: Cursor | None, spellings: Sequence[str]) -> AsyncIterator[Page]:
        self.asked_for.append((place, spellings))
        try:
            yield Page()
            await asyncio.sleep(60)
        except asyncio.CancelledError as ended:
            raise SourceUnavailable("it broke at its end") from ended


async def test_a_connection_that_breaks_when_it_is_told_to_end_is_not_opened_again(store: Store):
    stage = Breaking()
    hub = await opened(stage, store)
    await hub.stop(grace=1)
    await asyncio.sleep(0.1)
    assert len(stage.asked_for) == 1


async def test_a_connection_on_which_nothing_is_said_is_deaf(store: Store):
    hub = await opened(Speaking(talks=[[Page()]]), store, Running(speed=20_000))
    heard = hub.heard("aleppo", "stage")
    await hub.stop(grace=1)
    assert heard is not None
    assert heard.deaf


async def test_all_spellings_are_asked_for_once(store: Store):
    stage, clock = Speaking(), Running()
    hub = Hub(clock, tick=0.01)
    wider = replace(HOMS, families=(*HOMS.families, ALEPPO.families[0]))
    await hub.become([Assignment(store, stage, one, clock) for one in (ALEPPO, wider)])
    await asyncio.sleep(0.05)
    await hub.stop(grace=1)
    assert [asked[1] for asked in stage.asked_for] == [("savealeppo", "أنقذوا_حلب", "انقذوا_حلب", "savehoms")]


async def test_the_oldest_place_of_all_is_where_it_opens(store: Store, river: River):
    river.said = [identity(NOON - HALF), identity(NOON)]
    async with listening(store, river, ALEPPO):
        await covered_until(store, NOON - 5 * SECOND)
    async with listening(store, river, HOMS, ALEPPO, clock=Running(NOON + 3 * HOUR)):
        await river.is_asked(2)
    assert river.asked[-1]["cursor"] == str(micros(NOON - 5 * SECOND))


async def ran(store: Store, stage: Any, heard: Heard | None, clock: Any = None) -> Any:
    limits = Limits(again=0)
    return await collect(store, stage, ALEPPO, clock or Simulated(NOON), limits=limits, heard=heard)


async def test_a_run_tells_what_was_heard_since_the_last(store: Store):
    run = await ran(store, Speaking(), Heard(Kept(read=9, kept=8, new=7, refused=1)))
    assert (run.outcome, run.read, run.kept, run.new, run.refused) == (Outcome.OK, 9, 8, 7, 1)


async def test_a_run_is_empty_while_nobody_talks_and_blind_while_nothing_is_said_at_all(store: Store):
    outcomes = [(await ran(store, Speaking(), heard)).outcome for heard in (Heard(), Heard(deaf=True))]
    assert outcomes == [Outcome.EMPTY, Outcome.BLIND]


async def test_a_run_says_why_nobody_is_connected(store: Store):
    run = await ran(store, Speaking(), Heard(trouble=SourceUnavailable("the host does not answer")))
    assert (run.outcome, run.message) == (Outcome.UNAVAILABLE, "the host does not answer")


async def test_a_break_that_is_over_is_a_remark(store: Store):
    run = await ran(store, Speaking(), Heard(breaks=3, behind=timedelta(minutes=61)))
    assert run.outcome is Outcome.EMPTY
    assert "broke 3 times" in run.message
    assert "61 minutes behind" in run.message


async def test_a_run_says_that_the_stream_had_forgotten_something(store: Store):
    run = await ran(store, Speaking(), Heard(Kept(read=1), cut=True))
    assert (run.outcome, "gap" in run.message) == (Outcome.TRUNCATED, True)


async def test_a_stream_that_walks_repair_spoils_no_run(store: Store):
    run = await ran(store, Speaking(only=False), Heard(trouble=SourceUnavailable("gone"), deaf=True))
    assert (run.outcome, run.message) == (Outcome.EMPTY, "not listened to: gone")


async def test_without_a_hub_a_run_listens_from_its_place_to_now(store: Store, river: River):
    river.said, clock = [*told(3), identity(NOON)], Simulated(NOON)
    async with http("desk@example.org") as pool:
        source = Source(Settings(hosts=(river.url,)), Client(pool, clock, Hosts()))
        first = await ran(store, source, None, clock)
        clock.move_to(NOON + HOUR)
        river.said += [*told(2, NOON + HOUR / 2, first=40), identity(NOON + HOUR)]
        second = await ran(store, source, None, clock)
    assert [(run.outcome, run.new) for run in (first, second)] == [(Outcome.OK, 3), (Outcome.OK, 2)]
    assert (await standing(store)).covered == (Window(NOON - HALF, NOON + HOUR - 5 * SECOND),)


async def test_without_a_hub_a_stream_that_says_nothing_more_ends(store: Store, river: River):
    river.said, clock = told(3), Running()
    async with http("desk@example.org") as pool:
        given = Assignment(store, Source(Settings(hosts=(river.url,)), Client(pool, clock, Hosts())), ALEPPO, clock)
        assert (await listened(given, silence=0.1)).kept.new == 3


async def test_without_a_hub_a_break_fails_the_run_and_keeps_what_came_before(store: Store, river: River):
    river.said, river.breaks_after, clock = told(3), [2], Simulated(NOON)
    async with http("desk@example.org") as pool:
        run = await ran(store, Source(Settings(hosts=(river.url,)), Client(pool, clock, Hosts())), None, clock)
    assert (run.outcome, run.new) == (Outcome.UNAVAILABLE, 2)
    assert (await standing(store)).cursor is not None


def test_a_source_that_is_asked_is_not_only_heard():
    assert is_only_heard(Assignment(None, Speaking(), ALEPPO, Simulated(NOON)))  # type: ignore[arg-type]
    asked = Played({"a": []})
    assert not is_only_heard(Assignment(None, asked, ALEPPO, Simulated(NOON)))  # type: ignore[arg-type]


async def stored_posts(store: Store, slug: str) -> int:
    """Return how many posts of a campaign the store has counted, whoever told it."""
    key = store.keys.series(slug, WHOLE, "bluesky", Metric.POSTS, Resolution.DAY)
    cells = await store.redis.execute_command("TS.RANGE", key, "-", "+")
    return sum(int(float(value)) for _, value in cells)


class Interrupted(Ear):
    """An ear that is asked to store, as it is from time to time, just while it is asked where it stands."""

    channel: Channel | None = None

    async def place(self) -> Cursor | None:
        if self.channel is not None:
            await self.channel.settle()
        return await super().place()


async def test_what_a_broken_write_lost_is_heard_again_though_others_store_meanwhile(store: Store):
    ear = Interrupted(Assignment(store, Speaking(), ALEPPO, Simulated(NOON)))
    channel = Channel("stream", [ear], Simulated(NOON))
    await ear.store({"at": 1}, ())
    channel._place, ear.is_sound, ear.channel = {"at": 2}, False, channel
    assert await channel._lowest() == {"at": 1}
    assert (await runs.standing(store, ALEPPO.slug, "stage", STREAM)).cursor == {"at": 1}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_every_post_counts_once(store: Store, river: River, seed: int):
    dice = random.Random(seed)
    tags = [dice.choice(("SaveAleppo", "SaveHoms", "cats")) for _ in range(1500)]
    start = NOON - HALF
    said = [event(start + SECOND * number, tag, number=number) for number, tag in enumerate(tags)]
    flaky = Flaky(store.redis, failing=dice.sample(range(1, 60), 6))
    for life in range(8):  # a daemon is killed, stopped, or told of other campaigns, in the middle of anything
        await river.say(*said[life * 180 : (life + 1) * 180], identity(start + SECOND * (life + 1) * 180))
        river.breaks_after = [dice.randrange(60) for _ in range(dice.randrange(4))]
        async with listening(replace(store, redis=flaky), river, ALEPPO, HOMS) as (hub, given):
            await asyncio.sleep(dice.uniform(0.02, 0.3))
            await hub.become([given(HOMS)] if dice.random() < 0.3 else [given(ALEPPO), given(HOMS)])
            await asyncio.sleep(dice.uniform(0.02, 0.2))
            if dice.random() < 0.5:
                for running in hub._running.values():
                    running.task.cancel()  # as if it were killed: nothing that waits is stored
                    running.channel.ears = ()
    river.breaks_after = []
    await river.say(*said[8 * 180 :], identity(NOON + HOUR))
    async with listening(store, river, ALEPPO, HOMS, clock=Running(NOON + HOUR)):
        await covered_until(store, NOON + HOUR - 5 * SECOND)
        await covered_until(store, NOON + HOUR - 5 * SECOND, "homs")
    assert await stored_posts(store, "aleppo") == tags.count("SaveAleppo")
    assert await stored_posts(store, "homs") == tags.count("SaveHoms")
