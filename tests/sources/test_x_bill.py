"""The ledger against an X that keeps its own bill: the demo's, which was written apart from the source."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from pydantic import SecretStr

from monitor.clock import Simulated
from monitor.collect.collector import Limits, collect
from monitor.demo.cast import CAMPAIGN
from monitor.demo.loopback import Request
from monitor.demo.plan import Plan
from monitor.demo.tweets import tweets
from monitor.demo.world import World
from monitor.demo.x import TOKEN, Api
from monitor.fetch.pocket import Pocket
from monitor.model.account import Allowance, Period
from monitor.model.run import Outcome, Run
from monitor.sources.x import Settings, Source
from monitor.store.accounts import Account
from monitor.store.store import Store
from tests.sources import ask

PLAN = Plan(days=2)
HOUR = timedelta(hours=1)
DAILY = Allowance("dollars a day", 5.0, "dollars")
MONTHLY = Allowance("dollars a month", 100.0, "dollars", Period.MONTH)


@dataclass
class Day:
    """An X, and a source that asks it every hour."""

    store: Store
    word: str = "post"
    settings: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Simulated(PLAN.start + 12 * HOUR)
        self.account = Pocket(self.clock)
        self.api = Api(World(PLAN, (), {}, {}, tweets=tweets(PLAN)), self.clock, self.word)
        self.given = Settings(token=SecretStr(TOKEN), accept_terms=True, **self.settings)  # type: ignore[arg-type]
        client = ask.client(self.answer, self.clock.now(), clock=self.clock, account=self.account)
        self.source = Source(self.given, client)

    def answer(self, request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = self.api(Request(request.url.path, tuple(request.url.params.multi_items()), headers))
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)

    async def run(self, times: int, every: timedelta = HOUR) -> list[Run]:
        """Collect so often."""
        runs = []
        for _ in range(times):
            self.clock.move_to(self.clock.now() + every)
            limits = Limits(again=200, look_back=timedelta(days=7))
            runs.append(await collect(self.store, self.source, CAMPAIGN, self.clock, limits=limits))
        return runs

    @property
    def bill(self) -> float:
        return self.api.charged(self.clock.now())

    async def spent(self) -> float:
        return 100.0 - await self.account.left(MONTHLY)


async def test_our_ledger_is_their_bill(store: Store) -> None:
    day = Day(store)
    runs = await day.run(6, every=3 * HOUR)  # over a midnight
    assert sum(run.new for run in runs) > 50
    assert await day.spent() == pytest.approx(day.bill)


async def test_it_is_so_in_the_other_vocabulary(store: Store) -> None:
    day = Day(store, word="tweet")
    await day.run(6)
    assert await day.spent() == pytest.approx(day.bill)


async def test_their_bill_stays_below_our_caps(store: Store) -> None:
    day = Day(store, settings={"dollars_per_day": 0.3, "counts": False})
    runs = await day.run(20)  # of two days
    assert Outcome.RATE_LIMITED in {run.outcome for run in runs}
    assert 0.3 < day.bill <= 0.6
    assert await day.spent() == pytest.approx(day.bill)


async def test_a_cap_parks_the_source_until_midnight_and_counts_what_it_left(store: Store) -> None:
    day = Day(store, settings={"dollars_per_day": 0.2, "first_days": 2})
    day.clock.move_to(PLAN.end)
    (run,) = await day.run(1)
    assert (run.outcome, run.retry_at) == (Outcome.RATE_LIMITED, DAILY.window(day.clock.now()).end)
    assert run.skipped > 10
    assert "dollars a day" in run.message


async def test_when_the_share_for_known_posts_is_spent_search_goes_on(store: Store) -> None:
    day = Day(store, settings={"again_share": 0.01, "counts": False})
    day.clock.move_to(PLAN.end - 3 * HOUR)
    await day.run(1)
    day.clock.move_to(PLAN.end + 6 * HOUR)  # the next day: known posts cost again
    runs = await day.run(3)
    assert {run.outcome for run in runs} <= {Outcome.OK, Outcome.EMPTY}
    assert [run.retry_at for run in runs] == [None] * 3
    assert runs[0].skipped > 0
    assert "known posts wait" in runs[1].message
    assert await day.spent() == pytest.approx(day.bill)


async def test_sources_that_share_a_key_share_its_caps_however_they_hurry(store: Store) -> None:
    day = Day(store, settings={"dollars_per_day": 0.2, "counts": False, "first_days": 2})
    day.clock.move_to(PLAN.end)
    account = Account(store, "x-key", day.clock)
    client = ask.client(day.answer, day.clock.now(), clock=day.clock, account=account)
    sources = [Source(day.given, client) for _ in range(5)]
    runs = await asyncio.gather(*(collect(store, source, CAMPAIGN, day.clock) for source in sources))
    assert Outcome.RATE_LIMITED in {run.outcome for run in runs}
    assert 0.1 < day.bill <= 0.2
    assert await account.left(replace(DAILY, most=0.2)) <= 0.2 - day.bill + 1e-9


async def test_counts_alone_read_no_post(store: Store) -> None:
    day = Day(store, settings={"search": False})
    runs = await day.run(6)
    assert {run.kept for run in runs} == {0}
    assert await day.spent() == pytest.approx(day.bill) == pytest.approx(6 * 0.005 * len(CAMPAIGN.families))
