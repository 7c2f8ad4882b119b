"""A newsroom that has watched fifty campaigns for forty days: a real daemon on this machine, with a full store."""

import asyncio
import json
import os
import random
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor import app
from monitor.model.campaign import Campaign
from monitor.model.mention import Counts
from monitor.model.run import Outcome, Run
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.settings.load import load
from monitor.store import ingest, runs
from monitor.store.store import Store

CAMPAIGNS, TAGS, DAYS = 50, 4, 40
PLATFORMS = ("mastodon", "telegram")
SLUGS = tuple(f"c{number:02}" for number in range(CAMPAIGNS))
PATIENCE = 120.0  # seconds until the daemon answers

_MONITOR = """
[redis]
folder = "{home}/redis"
[privacy]
folder = "{home}"
[mail]
outbox = "{home}/outbox"
[archive]
folder = "{home}/archive"
[web]
port = {port}
[log]
json_lines = true
"""


@dataclass(frozen=True)
class Newsroom:
    """Where the daemon answers, its process, and its settings."""

    url: str
    pid: int
    home: Path

    async def stir(self, seconds: float, every: float = 5.0) -> None:
        """Have a source of one campaign after the other answer, as collectors do all the time."""
        async with app.opened_store(load(self.home, {})) as (store, _):
            for number in range(int(seconds / every)):
                await runs.add(store, a_run(SLUGS[number % len(SLUGS)], PLATFORMS[0], datetime.now(UTC)))
                await asyncio.sleep(every)


@asynccontextmanager
async def newsroom(home: Path, posts_a_day: int, core: int | None = None) -> AsyncIterator[Newsroom]:
    """Fill a store and serve it; with `core`, daemon and Redis share that one."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    write_settings(home, port)
    async with app.opened_store(load(home, {})) as (store, _):
        for one in load(home, {}).campaigns:
            await fill(store, one.campaign, posts_a_day)
    command = (sys.executable, "-m", "monitor", "run", "--config", str(home))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})  # before it starts its Redis, which inherits it
    try:
        await answers(process)
        reading = asyncio.create_task(drained(process))
        yield Newsroom(f"http://127.0.0.1:{port}", process.pid, home)
    finally:
        process.terminate()
        await process.wait()
    await reading


def write_settings(home: Path, port: int) -> None:
    """Write the settings of the daemon and its campaigns."""
    (home / "campaigns").mkdir()
    (home / "monitor.toml").write_text(_MONITOR.format(home=home, port=port))
    for slug in SLUGS:
        tags = json.dumps([f"#tag{slug}x{number}" for number in range(TAGS)])
        title = f'title = "Campaign {slug}"\ntimezone = "Asia/Damascus"\nhashtags = {tags}\n'
        (home / "campaigns" / f"{slug}.toml").write_text(title)


async def fill(store: Store, told: Campaign, posts_a_day: int) -> None:
    """Store the posts of all days until now, on a Friday four times as many, and a run a day."""
    dice = random.Random(told.slug)
    now = datetime.now(UTC).replace(microsecond=0)
    begun = now - timedelta(days=DAYS)
    await runs.declare(store, told.slug, {name: name for name in PLATFORMS}, begun)
    for platform in PLATFORMS:
        for day in range(DAYS):
            since = begun + timedelta(days=day)
            many = posts_a_day * (4 if since.weekday() == 4 else 1)
            seen = [post(dice, told, since, number, many) for number in range(many)]
            await ingest.write(store, batch(told, platform, Window(begun, since + timedelta(days=1)), seen))
        await runs.add(store, a_run(told.slug, platform, now))


def a_run(slug: str, platform: str, now: datetime) -> Run:
    return Run(campaign=slug, source=platform, platform=platform, started_at=now, seconds=1, outcome=Outcome.OK)


def post(dice: random.Random, told: Campaign, since: datetime, number: int, many: int) -> Sighting:
    counts = Counts(dice.randrange(5000), dice.randrange(90), dice.randrange(40), dice.randrange(20), dice.randrange(9))
    return Sighting(
        id=f"{since:%j}-{number}",
        created=int(since.timestamp()) + number * 86_400 // many,
        subjects=told.subjects([dice.choice(told.families).tag]),
        counts=counts,
        author=f"u{dice.randrange(3000)}",
        followers=dice.randrange(10_000),
    )


def batch(told: Campaign, platform: str, covered: Window, seen: Sequence[Sighting]) -> Batch:
    """Return a day's posts as a collector writes them."""
    until = int(covered.end.timestamp())
    return Batch(
        campaign=told.slug,
        zone=told.zone,
        platform=platform,
        source=platform,
        kind="posts",
        observed=until,
        now=until,
        sightings=seen,
        walk="all",
        standing=Standing({}, (covered,)),
    )


async def answers(process: asyncio.subprocess.Process) -> None:
    """Wait until the daemon collects: from then on it answers."""
    async with asyncio.timeout(PATIENCE):
        while process.stderr and (line := await process.stderr.readline()):
            if line.startswith(b"{") and json.loads(line).get("event") == "collecting":
                return
    raise SystemExit("the daemon ended before it answered")


async def drained(process: asyncio.subprocess.Process) -> None:
    """Read what the daemon says, so that it never waits for a reader."""
    while process.stderr and await process.stderr.readline():
        pass
