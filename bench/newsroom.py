"""A newsroom that has watched fifty campaigns for forty days: a real daemon on this machine, with a full store."""

import json
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from bench.crowd import a_day, batch
from bench.daemon import daemon, write_rules
from monitor import app
from monitor.model.campaign import Campaign
from monitor.model.run import Outcome, Run
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


@dataclass(frozen=True)
class Newsroom:
    """Where the daemon answers, its process, and its settings."""

    url: str
    pid: int
    home: Path

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
        await told.until("summed up", CAMPAIGNS, PATIENCE)
        yield Newsroom(f"http://127.0.0.1:{port}", process.pid, home)


def write_settings(home: Path, port: int) -> None:
    """Write the settings of the daemon and its campaigns."""
    write_rules(home, f"port = {port}")
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
            seen = [one for since in days for one in a_day(dice, told, since, on_a_day(since, posts_a_day))]
            await ingest.write(store, batch(told, platform, Window(begun, days[-1] + timedelta(days=1)), seen))
        await runs.add(store, a_run(told.slug, platform, now))


def a_run(slug: str, platform: str, now: datetime) -> Run:
    return Run(campaign=slug, source=platform, platform=platform, started_at=now, seconds=1, outcome=Outcome.OK)


def on_a_day(since: datetime, posts_a_day: int) -> int:
    return posts_a_day * (4 if since.weekday() == FRIDAY else 1)
