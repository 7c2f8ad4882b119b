"""The morning's mails: 20 campaigns of 10 hashtags over 30 days, for 50 readers in two languages and five time zones.

Half of the readers get all campaigns, the others four of them each. `run_s` is the whole round through
monitor.digest.daily into a folder: briefs with their longer comparisons, charts, mails, ledger; `run_cpu_s` is what it
takes of the processor, start of Python and the process that draws included. `first_ms` is the longest of the first
mails of a language and a choice of campaigns, which read and draw; `next_ms` the median of those that are written anew
for another clock, `next_worst_ms` the longest of them; what two readers read alike is written once. Memory is the most
that the sending process ever held and the most that the one that draws ever held, as if both were at once. Filling the
store is not counted.
"""

import asyncio
import math
import random
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from multiprocessing import get_context
from pathlib import Path

import psutil

from bench.crowd import a_day, batch
from bench.show import flags, show
from monitor import log
from monitor.clock import Simulated
from monitor.digest import daily
from monitor.digest.due import due_day
from monitor.digest.edition import Edition
from monitor.digest.letter import Envelope, letter
from monitor.digest.mail import Settings as Outbox
from monitor.digest.mail import door
from monitor.digest.recipient import Recipient
from monitor.digest.recipient import Settings as Rules
from monitor.model.campaign import Campaign, Family
from monitor.model.window import Window
from monitor.store import embedded, ingest, runs
from monitor.store.ledger import State
from monitor.store.store import Store, opened

CAMPAIGNS, TAGS, DAYS, READERS = 20, 10, 30, 50
PLATFORMS = ("mastodon", "telegram")
ZONES = ("Asia/Damascus", "Europe/Berlin", "UTC", "Asia/Beirut", "Europe/Istanbul")
START = datetime(2016, 3, 30, 21, tzinfo=UTC)  # midnight in Damascus
NOW = START + timedelta(days=DAYS, hours=14)
MEGABYTE = 1e6
TARGETS = {
    "run_s": "< 20",
    "memory_mb": "< 400",
    "largest_html_kb": "< 100",
    "next_ms": "< 100",
    "next_worst_ms": "< 100",
}


def campaign(number: int) -> Campaign:
    families = tuple(Family(f"tag{number}x{tag}", (f"tag{number}x{tag}", f"Tag{number}x{tag}_")) for tag in range(TAGS))
    title = {"ar": f"الحملة {number}"}
    return Campaign(f"c{number:02}", f"Campaign {number}", "Asia/Damascus", families, titles=title)


def readers(campaigns: Sequence[Campaign]) -> tuple[Recipient, ...]:
    """Return readers of whom every second gets everything, in two languages."""
    slugs = [one.slug for one in campaigns] * 2
    return tuple(
        Recipient(
            address=f"reader{number}@example.org",
            language="ar" if number // 2 % 2 else "en",
            timezone=ZONES[number % len(ZONES)],
            campaigns=tuple(slugs[number % CAMPAIGNS :][:4]) if number % 2 else (),
        )
        for number in range(READERS)
    )


async def fill(store: Store, told: Campaign, posts_a_day: int) -> None:
    """Store the posts of all days of a campaign, on a Friday four times as many."""
    dice = random.Random(told.slug)
    await runs.declare(store, told.slug, {name: name for name in PLATFORMS}, START)
    for platform in PLATFORMS:
        for day in range(DAYS):
            since = START + timedelta(days=day)
            many = posts_a_day * (4 if (since + timedelta(hours=12)).weekday() == 4 else 1)
            watched = Window(START, since + timedelta(days=1))
            await ingest.write(store, batch(told, platform, watched, a_day(dice, told, since, many)))


async def one_by_one(store: Store, campaigns: Sequence[Campaign]) -> tuple[dict[str, list[float]], list[int]]:
    """Return how long each mail takes, the first of each language apart, and how large their HTML is."""
    edition, sizes = Edition(store, NOW), []
    took: dict[str, list[float]] = {"first": [], "next": []}
    seen: set[tuple[object, ...]] = set()
    for reader in readers(campaigns):
        begun = time.perf_counter()
        told = [one for one in campaigns if reader.wants(one.slug)]
        content = await edition.content(told, due_day(reader, told, NOW), reader.voice)
        mail: EmailMessage = letter(content, Envelope("m@example.org", reader.address, "<1@example.org>", NOW))
        mail.as_bytes()
        choice = reader.language, reader.campaigns
        if (*choice, reader.timezone) not in seen:
            took["next" if choice in seen else "first"].append((time.perf_counter() - begun) * 1e3)
        seen |= {choice, (*choice, reader.timezone)}
        sizes.append(len(content.html.encode()))
    return took, sizes


async def whole_run(store: Store, campaigns: Sequence[Campaign], outbox: Path) -> float:
    begun = time.perf_counter()
    way, rules = door(Outbox(outbox=outbox)), Rules(recipients=readers(campaigns))
    tried = await daily.send_due(store, campaigns, rules, way, Simulated(NOW))
    took = time.perf_counter() - begun
    if [delivery.state for delivery in tried] != [State.SENT] * READERS:
        raise SystemExit(f"not all mails were sent: {tried}")
    return took


async def measured(url: str, outbox: Path) -> dict[str, float]:
    campaigns = [campaign(number) for number in range(CAMPAIGNS)]
    async with opened(url) as store:
        run = await whole_run(store, campaigns, outbox)
        used = sum(sum(one.cpu_times()[:2]) for one in ours())
        took, sizes = await one_by_one(store, campaigns)
    return {
        "run_s": run,
        "run_cpu_s": used,
        "memory_mb": sum(most_held(one) for one in ours()) / MEGABYTE,
        "first_ms": max(took["first"]),
        "next_ms": statistics.median(took["next"]),
        "next_worst_ms": max(took["next"]),
        "largest_html_kb": max(sizes) / 1000,
    }


def ours() -> list[psutil.Process]:
    """Return this process and those it began."""
    return [psutil.Process(), *psutil.Process().children(recursive=True)]


def most_held(one: psutil.Process) -> float:
    """Return the most bytes that a process ever held at once."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{one.pid}/status").read_text())
    return int(told[1]) * 1024 if told else math.nan


def in_a_process_of_its_own(url: str, outbox: str) -> dict[str, float]:
    log.configure(level="ERROR")
    figures = asyncio.run(measured(url, Path(outbox)))
    return figures | {"largest_mail_kb": max(path.stat().st_size for path in Path(outbox).glob("*.eml")) / 1000}


async def measure(*, posts_a_day: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as home, embedded.start(Path(home) / "redis") as server:
        async with opened(server.url) as store:
            for number in range(CAMPAIGNS):
                await fill(store, campaign(number), posts_a_day)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            return other.submit(in_a_process_of_its_own, server.url, f"{home}/outbox").result()


if __name__ == "__main__":
    options = flags(__doc__)
    figures = asyncio.run(measure(posts_a_day=24 if options.quick else 120))
    show("digest: 20 campaigns, 50 readers", figures, TARGETS, as_json=options.json)
