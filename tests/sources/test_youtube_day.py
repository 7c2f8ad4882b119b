"""A day of YouTube against the demo's, which counts its buckets itself and was written apart from the source."""

from datetime import timedelta

import httpx
from pydantic import SecretStr

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.demo.cast import CAMPAIGN
from monitor.demo.loopback import Request
from monitor.demo.plan import Plan
from monitor.demo.videos import videos
from monitor.demo.world import World
from monitor.demo.youtube import KEY, OTHERS, SEARCHES, STATISTICS, DataApi
from monitor.fetch.pocket import Pocket
from monitor.model.run import Outcome
from monitor.sources._youtube_door import Quotas
from monitor.sources.youtube import Settings, Source
from monitor.store.store import Store
from tests.sources import ask

PLAN, HOUR = Plan(days=3), timedelta(hours=1)
QUOTAS = Quotas.of(100, 10_000, 10_000)
BUCKETS = (QUOTAS.searches, QUOTAS.statistics, QUOTAS.others)


async def test_our_ledger_counts_what_youtube_counts_and_lasts_the_day(store: Store) -> None:
    clock = Simulated(QUOTAS.searches.window(PLAN.end - 12 * HOUR).start)
    account, api = Pocket(clock), DataApi(World(PLAN, (), {}, {}, videos=videos(PLAN)), clock)

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reply = api(Request(request.url.path, tuple(request.url.params.multi_items()), headers))
        return httpx.Response(reply.status, headers=dict(reply.headers), content=reply.body)

    client = ask.client(answer, clock=clock, account=account)
    source = Source(Settings(key=SecretStr(KEY), accept_terms=True, canary="", together=2), client)
    runs = []
    for _ in range(8):
        runs.append(await collect(store, source, CAMPAIGN, clock))
        left = {bucket.name: bucket.most - await account.left(bucket) for bucket in BUCKETS}
        clock.move_to(clock.now() + 3 * HOUR)
    assert {run.outcome for run in runs} <= {Outcome.OK, Outcome.EMPTY}
    assert sum(run.new for run in runs) > 10
    assert left["searches"] == api.used[SEARCHES] <= 100
    assert left["statistics"] == api.used.get(STATISTICS, 0)
    assert left["other calls"] == api.used[OTHERS]
