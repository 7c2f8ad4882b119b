"""One post on several servers is one post, with the highest counters of all; through the real collector and store."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.fetch.client import Client
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.window import Resolution, Window
from monitor.sources._mastodon_ids import FLAKES, SNOWFLAKES, ULIDS, Ids
from monitor.sources.mastodon import Settings, Source
from monitor.store import series
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask
from tests.sources.test_mastodon import INSTANCE, STATUS
from tests.sources.test_mastodon_kinds import Akkoma, GoToSocial, Played

DAY = Window(NOON - timedelta(days=1), NOON + timedelta(days=1))
WRITTEN = NOON - timedelta(hours=1)


class Mastodon(Played):
    instance = INSTANCE


class Gone(Mastodon):
    def __call__(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, request=request)


def copy(ids: Ids, likes: int, reposts: int, **fields: Any) -> dict[str, Any]:
    """Return what a server with such ids knows of Ada's post: the address is the same, id and counters are its own."""
    return STATUS | {"id": ids.at(WRITTEN), "favourites_count": likes, "reblogs_count": reposts, **fields}


SERVERS: Mapping[str, Played] = {
    "home.example": Mastodon([copy(SNOWFLAKES, 31, 4)]),
    "gts.example": GoToSocial([copy(ULIDS, 2, 0, account={"acct": "ada@social.example", "followers_count": 812})]),
    "akkoma.example": Akkoma([copy(FLAKES, 5, 9)]),
}


def seen(name: str, now: datetime, servers: Mapping[str, Played]) -> tuple[Source, Simulated]:
    clock = Simulated(now)
    client: Client = ask.client(lambda request: servers[request.url.host](request), clock=clock)
    settings = Settings.model_validate_json(f'{{"server": "https://{name}", "token": "s3cret"}}')
    return Source(settings, client), clock


async def ran(store: Store, name: str, servers: Mapping[str, Played] = SERVERS, now: datetime = NOON) -> Run:
    source, clock = seen(name, now, servers)
    return await collect(store, source, ALEPPO, clock)


async def total(store: Store, metric: Metric, now: datetime = NOON) -> float:
    told: Any = await series.frame(
        store, ALEPPO.slug, subjects=[WHOLE], platforms=["mastodon"], metrics=[metric], window=DAY,
        resolution=Resolution.HOUR, zone=ALEPPO.zone, now=now,
    )  # fmt: skip
    return float(told.values.to_numpy().sum())


async def test_one_post_on_three_servers_counts_once_with_the_highest_counters_of_all(store: Store) -> None:
    runs = [await ran(store, name) for name in SERVERS]
    assert [(run.outcome, run.new) for run in runs] == [(Outcome.OK, 1), (Outcome.OK, 0), (Outcome.OK, 0)]
    assert await total(store, Metric.POSTS) == 1
    assert (await total(store, Metric.LIKES), await total(store, Metric.REPOSTS)) == (31, 9)


async def test_its_author_counts_once(store: Store) -> None:
    for name in SERVERS:
        await ran(store, name)
    counted = await store.redis.keys(f"{store.keys.prefix}:*:au:*")
    assert counted
    assert {await store.redis.pfcount(key) for key in counted} == {1}


async def test_when_the_first_server_is_gone_the_sweeps_of_another_raise_the_counters(store: Store) -> None:
    for name in ("home.example", "akkoma.example"):
        await ran(store, name)
    left, later = (
        {"home.example": Gone([]), "akkoma.example": Akkoma([copy(FLAKES, 77, 10)])},
        NOON + timedelta(hours=2),
    )
    assert (await ran(store, "home.example", left, later)).outcome is Outcome.UNAVAILABLE
    await ran(store, "akkoma.example", left, later)
    assert (await total(store, Metric.LIKES, later), await total(store, Metric.POSTS, later)) == (77, 1)
