"""A newsroom that has watched fifty campaigns for forty days: a real daemon on this machine, with a full store."""

import asyncio
import json
import os
import random
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

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
AT_ONCE = 10  # days that are written together
FRIDAY = 4
PLATFORMS = ("mastodon", "telegram")
SLUGS = tuple(f"c{number:02}" for number in range(CAMPAIGNS))
PATIENCE = 300.0  # seconds until the daemon has summed up every campaign, which it does unhurriedly

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


class Told:
    """What the daemon says: one reader hears it from the first line to the last, so the daemon never waits for one."""

    def __init__(self, said: asyncio.StreamReader) -> None:
        self._said = said
        self._heard: Counter[str] = Counter()
        self._last = ""
        self._has_ended = False
        self._news = asyncio.Condition()

    async def hear(self) -> None:
        """Listen until the daemon has ended."""
        async for line in self._said:
            self._last = line.decode(errors="replace").strip()
            async with self._news:
                self._heard[json.loads(line)["event"] if line.startswith(b"{") else ""] += 1
                self._news.notify_all()
        async with self._news:
            self._has_ended = True
            self._news.notify_all()

    async def until(self, event: str, times: int = 1) -> None:
        """Wait until an event was told so many times."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self._has_ended or self._heard[event] >= times)
        if self._has_ended:
            raise SystemExit(f"the daemon ended before it had {event}: {self._last}")


@dataclass(frozen=True)
class Newsroom:
    """Where the daemon answers, its process, its settings, and what it says."""

    url: str
    pid: int
    home: Path
    told: Told

    async def stir(self) -> None:
        """Have a source of a campaign answer, as collectors do all the time."""
        async with app.opened_store(load(self.home, {})) as (store, _):
            await runs.add(store, a_run(random.choice(SLUGS), PLATFORMS[0], datetime.now(UTC)))

    def computed(self) -> float:
        """Return the seconds that the daemon and its Redis have computed."""
        daemon = psutil.Process(self.pid)
        times = [one.cpu_times() for one in (daemon, *daemon.children(recursive=True))]
        return float(sum(one.user + one.system for one in times))


@asynccontextmanager
async def newsroom(home: Path, posts_a_day: int, core: int | None = None) -> AsyncIterator[Newsroom]:
    """Fill a store and serve it, first summaries made; with `core`, daemon and Redis share that one."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    write_settings(home, port)
    async with app.opened_store(load(home, {})) as (store, _):
        for one in load(home, {}).campaigns:
            await fill(store, one.campaign, posts_a_day)
    async with daemon(home, core) as (process, told):
        await told.until("summed up", CAMPAIGNS)
        yield Newsroom(f"http://127.0.0.1:{port}", process.pid, home, told)


@asynccontextmanager
async def daemon(home: Path, core: int | None) -> AsyncIterator[tuple[asyncio.subprocess.Process, Told]]:
    """Run a daemon; whatever happens, it has ended afterwards, and its Redis with it."""
    command = (sys.executable, "-m", "monitor", "run", "--config", str(home))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})  # before it starts its Redis, which inherits it
    if process.stderr is None:
        raise RuntimeError("the daemon has no voice")
    told = Told(process.stderr)
    hearing = asyncio.create_task(told.hear())
    try:
        yield process, told
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await hearing


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
        for first in range(0, DAYS, AT_ONCE):
            days = [begun + timedelta(days=day) for day in range(first, first + AT_ONCE)]
            seen = [one for since in days for one in a_day(dice, told, since, posts_a_day)]
            await ingest.write(store, batch(told, platform, Window(begun, days[-1] + timedelta(days=1)), seen))
        await runs.add(store, a_run(told.slug, platform, now))


def a_run(slug: str, platform: str, now: datetime) -> Run:
    return Run(campaign=slug, source=platform, platform=platform, started_at=now, seconds=1, outcome=Outcome.OK)


def a_day(dice: random.Random, told: Campaign, since: datetime, posts_a_day: int) -> list[Sighting]:
    many = posts_a_day * (4 if since.weekday() == FRIDAY else 1)
    return [post(dice, told, since, number, many) for number in range(many)]


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
