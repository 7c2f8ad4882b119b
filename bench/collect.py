"""Posts per second from a Mastodon timeline over loopback HTTP into the store: real source, observe, collector, store.

Another process serves pages of forty full statuses (2 kB each), rendered beforehand. The figure comes from the real
collector, which asks for the next page while one is stored; the shares of time come from another campaign, read
with the same parts, one step after the other. `only_asked_per_s` is the limit: the same pages fetched by plain httpx
and parsed, nothing more.
"""

import asyncio
import json
import multiprocessing
import random
import statistics
import time
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

import httpx

from bench.show import flags, fresh_store, show
from monitor import log
from monitor.clock import System
from monitor.collect import page
from monitor.collect.collector import Limits, collect
from monitor.collect.observe import observe
from monitor.demo.loopback import Reply, Request, Server
from monitor.fetch.client import Answer, Client, http
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign, Family
from monitor.model.source import Ask, Standing
from monitor.sources._mastodon_server import PAGE_SIZE
from monitor.sources.mastodon import Settings, Source
from monitor.store.store import Store

TARGET = 8_000
QUICK, FULL = (30_000, 3), (40_000, 7)  # posts a round, rounds; the median round is the figure
DAYS = 2
FAMILIES = (Family("SaveAleppo", ("savealeppo",)), Family("أنقذوا_حلب", ("أنقذوا_حلب", "انقذوا_حلب")))
TEXT = "<p>" + "أنقذوا حلب اليوم وكل يوم " * 12 + '<a href="https://social.example/tags/savealeppo">#SaveAleppo</a></p>'
ENDLESS = Limits(seconds=86_400.0, again=0)


def status(number: int, created: datetime, dice: random.Random) -> dict[str, Any]:
    """Return a status with every field a real server sends."""
    who, tag = dice.randrange(5_000), dice.choice(("savealeppo", "أنقذوا_حلب", "انقذوا_حلب"))
    home = f"https://social{who % 40}.example"
    return {
        "id": str((int(created.timestamp() * 1000) << 16) + number % 65_536),
        "created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "ar",
        "uri": f"{home}/users/{who}/statuses/{number}",
        "url": f"{home}/@{who}/{number}",
        "replies_count": int(dice.paretovariate(1)) - 1,
        "reblogs_count": int(dice.paretovariate(1)) - 1,
        "favourites_count": int(dice.paretovariate(1)) - 1,
        "quotes_count": 0,
        "edited_at": None,
        "content": TEXT,
        "reblog": None,
        "account": {
            "id": str(who),
            "username": f"user{who}",
            "acct": f"user{who}@social{who % 40}.example",
            "display_name": "حلب",
            "locked": False,
            "bot": False,
            "discoverable": True,
            "indexable": True,
            "group": False,
            "created_at": "2015-01-01T00:00:00.000Z",
            "note": "<p>" + "من حلب " * 20 + "</p>",
            "url": f"{home}/@{who}",
            "uri": f"{home}/users/{who}",
            "avatar": f"{home}/avatars/{who}.png",
            "avatar_static": f"{home}/avatars/{who}.png",
            "header": f"{home}/headers/{who}.png",
            "header_static": f"{home}/headers/{who}.png",
            "followers_count": int(dice.paretovariate(0.8) * 20),
            "following_count": 17,
            "statuses_count": 430,
            "last_status_at": "2016-04-29",
            "emojis": [],
            "fields": [],
        },
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": name, "url": f"{home}/tags/{name}"} for name in (tag, "syria")],
        "emojis": [],
        "card": None,
        "poll": None,
    }


def serve(count: int, end: datetime, told: Connection) -> None:
    """Serve `count` posts of the last days until the process is ended; tells its address."""
    dice = random.Random(17)
    step = timedelta(days=DAYS) / (count + 1)
    posts = [status(number, end - step * (count - number), dice) for number in range(count)]
    ids = [int(post["id"]) for post in posts]
    starts = range(0, count, PAGE_SIZE)
    pages = [json.dumps(posts[start : start + PAGE_SIZE][::-1], ensure_ascii=False).encode() for start in starts]
    del posts
    head = {"Content-Type": "application/json; charset=utf-8"}

    def answer(request: Request) -> Reply:
        place = -(-bisect_right(ids, int(request.last("min_id") or 0)) // PAGE_SIZE)
        return Reply(body=pages[place] if place < len(pages) else b"[]", headers=head)

    async def forever() -> None:
        async with Server(answer) as server:
            told.send((server.url, sum(map(len, pages)) / count))
            await asyncio.Event().wait()

    asyncio.run(forever())


@contextmanager
def another_process(count: int, end: datetime) -> Iterator[tuple[str, float]]:
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=serve, args=(count, end, its), daemon=True)
    process.start()
    try:
        yield mine.recv()
    finally:
        process.terminate()
        process.join()


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


def campaign(slug: str) -> Campaign:
    return Campaign(slug=slug, title=slug, zone="Asia/Damascus", families=FAMILIES)


async def whole(store: Store, source: Source, slug: str) -> float:
    """Return the posts per second of one real run."""
    begun = time.perf_counter()
    run = await collect(store, source, campaign(slug), System(), limits=ENDLESS)
    if run.outcome != "ok":
        raise SystemExit(f"the run ended as {run.outcome}: {run.message}")
    return run.new / (time.perf_counter() - begun)


async def limit(session: httpx.AsyncClient, url: str, count: int) -> float:
    """Return the posts per second when they are only asked for and parsed: the least that any collector must do."""
    begun, low, read = time.perf_counter(), "0", 0
    while statuses := (await session.get(f"{url}/api/v1/timelines/tag/x", params={"min_id": low})).json():
        low, read = statuses[0]["id"], read + len(statuses)
    if read != count:
        raise SystemExit(f"the server told of {read} posts instead of {count}")
    return count / (time.perf_counter() - begun)


async def in_stages(store: Store, make: Callable[[type[Client]], Source], end: datetime) -> dict[str, float]:
    """Do what a run does, step by step, and return each stage's share of the time."""
    stages, watched = Stages(), campaign("stages")
    Timed.stages = stages
    source = make(Timed)
    given = page.Assignment(store, source, watched, System())
    for walk in source.walks(watched):
        pages = source.steps(Ask(walk, None, end - timedelta(days=7), end))
        while (read := await stages.spend("translate", anext(pages, None))) is not None:
            begun = time.perf_counter()
            seen = observe(watched, read.mentions, now=end)
            stages.seconds["observe"] += time.perf_counter() - begun
            along = page.Along(walk.name, Standing(read.cursor))
            await stages.spend("store", page.write(given, seen, end, along))
    return stages.shares()


async def measure(count: int, rounds: int) -> dict[str, float]:
    end = datetime.now(UTC)
    with another_process(count, end) as (url, bytes_each):
        async with fresh_store() as store, http("bench@example.org") as session:

            def make(kind: type[Client]) -> Source:
                return Source(Settings(server=url), kind(session, System(), Hosts()))

            speeds, limits = [], []
            for number in range(rounds):
                speeds.append(await whole(store, make(Client), f"round{number}"))
                limits.append(await limit(session, url, count))
            shares = await in_stages(store, make, end)
    return {
        "posts_per_s": statistics.median(speeds),
        "best_round_per_s": max(speeds),
        "only_asked_per_s": statistics.median(limits),
        "posts": count,
        "bytes_each": bytes_each,
        **shares,
    }


def main() -> None:
    asked = flags(__doc__ or "")
    log.configure(level="ERROR")
    figures = asyncio.run(measure(*(QUICK if asked.quick else FULL)))
    title = "A Mastodon timeline over loopback HTTP, to stored (median round)"
    show(title, figures, {"posts_per_s": f"at least {TARGET:,}"}, as_json=asked.json)


if __name__ == "__main__":
    main()
