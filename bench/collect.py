"""Posts per second from a platform over loopback HTTP into the store: real source, observe, collector, store.

Another process serves the platform's own pages (`bench/played`). The figure comes from the real collector; the shares
of time come from another campaign, read with the same parts, one step after the other. `only_asked_per_s` is the
limit: the same questions asked once more by plain httpx and parsed, nothing more. Without `--source`, all in turn.

Two sources are not played: jetstream is never asked and has a bench of its own (`bench/jetstream.py`), and telegram_app
speaks Telegram's own protocol instead of HTTP.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from bench import played
from bench.elsewhere import Rerouted, served
from bench.show import flags, fresh_store, show
from monitor import log
from monitor.clock import System
from monitor.collect import page
from monitor.collect.collector import Limits, collect
from monitor.collect.observe import observe
from monitor.demo.loopback import Reply, Request
from monitor.fetch.client import Answer, Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.source import Ask, Source, SourceSettings, Standing
from monitor.sources import platforms
from monitor.store.store import Store

QUICK, FULL = (0.5, 3), (1.0, 7)  # part of the posts, rounds after the first; the median round is the figure
FIRST = "mastodon"
ENDLESS = Limits(seconds=86_400.0, again=0)


def answers(name: str, count: int, end: datetime) -> Callable[[Request], Reply]:
    """Return how a platform answers; what was answered once is ready the next time."""
    answer, ready = played.played(name).server(count, end), dict[Any, Reply]()

    def remembered(request: Request) -> Reply:
        key = (request.path, request.query, request.body, *map(request.headers.get, ("host", "x-goog-api-key")))
        if key not in ready:
            ready[key] = answer(request)
        return ready[key]

    return remembered


class Stages:
    """How long each stage took."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(("http", "translate", "observe", "store"), 0.0)

    async def spend(self, stage: str, step: Awaitable[Any]) -> Any:
        begun = time.perf_counter()
        try:
            return await step
        finally:
            self.seconds[stage] += time.perf_counter() - begun

    def shares(self) -> dict[str, float]:
        self.seconds["translate"] -= self.seconds["http"]  # a page is asked for inside the source
        total = sum(self.seconds.values())
        return {f"share_{stage}": seconds / total for stage, seconds in self.seconds.items()}


class Timed(Client):
    """A client whose waiting for answers is measured."""

    stages: Stages

    async def get(self, url: str, **options: Any) -> Answer:
        answer: Answer = await self.stages.spend("http", super().get(url, **options))
        return answer

    async def post(self, url: str, **options: Any) -> Answer:
        answer: Answer = await self.stages.spend("http", super().post(url, **options))
        return answer


def made(settings: SourceSettings, kind: type[Client], session: httpx.AsyncClient) -> Source:
    source: Source = platforms()[settings.platform].Source(settings, kind(session, System(), Hosts()))
    return source


async def whole(store: Store, sources: list[Source], slug: str) -> float:
    """Return the posts per second of one real run of every source, one after the other."""
    campaign, begun, new = played.campaign(slug), time.perf_counter(), 0
    for source in sources:
        run = await collect(store, source, campaign, System(), limits=ENDLESS)
        if not run.outcome.is_up or not run.new:
            raise SystemExit(f"the run of {source.name} ended as {run.outcome}: {run.message}")
        new += run.new
    return new / (time.perf_counter() - begun)


async def limit(url: str, asked: list[httpx.Request]) -> float:
    """Return the seconds it takes to ask the same and parse it: the least that any collector must do."""
    async with httpx.AsyncClient(transport=Rerouted(url)) as session:
        begun = time.perf_counter()
        for request in asked:
            answer = await session.send(request)
            answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
        return time.perf_counter() - begun


async def in_stages(store: Store, sources: list[Source], stages: Stages, end: datetime) -> Mapping[str, float]:
    """Do what a run does, step by step, and return each stage's share of the time."""
    campaign = played.campaign("stages")
    for source in sources:
        given = page.Assignment(store, source, campaign, System())
        for walk in source.walks(campaign):
            pages = getattr(source, "steps", source.pages)(Ask(walk, None, end - timedelta(days=7), end))
            while (read := await stages.spend("translate", anext(pages, None))) is not None:
                begun = time.perf_counter()
                seen = observe(campaign, read.mentions, now=end)
                stages.seconds["observe"] += time.perf_counter() - begun
                along = page.Along(walk.name, Standing(read.cursor))
                await stages.spend("store", page.write(given, seen, end, along))
    return stages.shares()


async def measure(name: str, part: float, rounds: int) -> dict[str, float]:
    end, platform = datetime.now(UTC), played.played(name)
    count = int(platform.POSTS * part)
    with served(answers, name, count, end) as url:
        wire = Rerouted(url)
        async with fresh_store() as store, http("bench@example.org", wire) as session:
            speeds, limits = [], []
            for number in range(rounds + 1):
                wire.asked.clear()
                sources = [made(settings, Client, session) for settings in platform.sources(count)]
                speeds.append(await whole(store, sources, f"round{number}"))
                limits.append(count / await limit(url, list(wire.asked)))
            Timed.stages = stages = Stages()
            timed = [made(settings, Timed, session) for settings in platform.sources(count)]
            shares = await in_stages(store, timed, stages, end)
    return {
        "posts_per_s": statistics.median(speeds[1:]),  # the first round warms up
        "best_round_per_s": max(speeds[1:]),
        "only_asked_per_s": statistics.median(limits[1:]),
        "posts": count,
        **shares,
    }


def main() -> None:
    asked = flags(__doc__ or "", source=played.names())
    log.configure(level="ERROR")
    names = [asked.source] if asked.source else sorted(played.names(), key=lambda name: (name != FIRST, name))
    for name in names:
        figures = asyncio.run(measure(name, *(QUICK if asked.quick else FULL)))
        target = getattr(played.played(name), "TARGET", None)
        wanted = {"posts_per_s": f"at least {target:,}"} if target else {}
        show(f"{name} over loopback HTTP, to stored (median round)", figures, wanted, as_json=asked.json, about=name)


if __name__ == "__main__":
    main()
