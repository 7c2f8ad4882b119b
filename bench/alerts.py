"""How soon an alert arrives: from the stored observation to a signed webhook and an SMTP server on loopback.

Twenty campaigns of ten rules each (200) with three weeks of history; the daemon's two loops run as they do there. In
half of the campaigns something happens one after the other (`alone`), in the other half at the same moment (`at once`).
Finding out why, and the chart in the mail, are part of the time. Words go first: `reasoned` is the share of messages
for which a reason was looked for in time, `drawn` the share of mails with a chart. `look_ms` is one look at a campaign
of ten rules in which nothing happens.
"""

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from bench.show import flags, fresh_store, show
from monitor import log
from monitor.alerts.channels import Channel
from monitor.alerts.rules import Drop, FirstOutlet, Rule, Source, Spike, Threshold
from monitor.alerts.settings import Settings as Alerts
from monitor.app import Monitor
from monitor.clock import System
from monitor.collect.wire import Wire
from monitor.daemon.alarm import HAND_OVER_EVERY, LOOK_EVERY, Alarm
from monitor.digest.mail import Settings as Mail
from monitor.fetch.client import http
from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Counts
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.settings.schema import Monitor as Rules
from monitor.settings.schema import Settings, Watched
from monitor.store import ingest, runs
from monitor.store.store import Store

CAMPAIGNS, QUICK_CAMPAIGNS = 20, 6
DAYS, AN_HOUR, SURGE = 21, 4, 200  # of history; posts an hour, and what happens
AT_ONCE = 4000  # posts in one write
WITHIN = 60.0  # seconds until an alert counts as lost
NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=DAYS)
TARGETS = {"webhook_alone_p95_s": "< 5", "mail_alone_p95_s": "< 5", "webhook_at_once_p95_s": "", "lost": "0"}
TARGETS |= {"webhook_p95_s": "< 5", "mail_p95_s": "< 5"}


@dataclass
class Ends:
    """Both receivers, and when each campaign arrived there."""

    webhook: dict[str, float] = field(default_factory=dict)
    mail: dict[str, float] = field(default_factory=dict)
    reasoned: int = 0
    drawn: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        told = (await reader.readexactly(length)).decode()
        self.reasoned += '"crowd":{' in told  # counted with the reasons
        self._note(self.webhook, told)
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        writer.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)
        self.drawn += any(mail.iter_attachments())
        self._note(self.mail, str(mail["Subject"]))
        return "250 taken"

    @staticmethod
    def _note(where: dict[str, float], text: str) -> None:
        for number in range(CAMPAIGNS):
            if f"Campaign {number:02}" in text:
                where.setdefault(f"c{number:02}", time.perf_counter())


@asynccontextmanager
async def receivers(ends: Ends) -> AsyncIterator[tuple[int, int]]:
    """Serve both on free ports."""
    loop = asyncio.get_running_loop()
    hook = await asyncio.start_server(ends.talk, "127.0.0.1", 0)
    post = await loop.create_server(lambda: SMTP(ends, loop=loop, hostname="bench"), "127.0.0.1", 0)
    try:
        yield hook.sockets[0].getsockname()[1], post.sockets[0].getsockname()[1]
    finally:
        hook.close()
        post.close()


def campaign(number: int) -> Campaign:
    tags = (f"tag{number}a", f"tag{number}b")
    return Campaign(
        f"c{number:02}", f"Campaign {number:02}", "Asia/Damascus", tuple(Family(tag, (tag,)) for tag in tags)
    )


def rules(told: Campaign) -> tuple[Rule, ...]:
    tags = [family.tag for family in told.families]
    return (
        Spike(on="spike"),
        Spike(on="spike", metric="impressions", sensitivity="low"),
        Spike(on="spike", hashtag=tags[0], sensitivity="high"),
        Spike(on="spike", hashtag=tags[1]),
        Drop(on="drop"),
        Drop(on="drop", metric="articles"),
        Threshold(on="threshold", hours=24, above=1e6),
        Threshold(on="threshold", hours=24, below=1, metric="articles"),
        FirstOutlet(on="first-outlet"),
        Source(on="source"),
    )


def posts(told: Campaign, count: int, since: datetime, until: datetime, name: str) -> list[Sighting]:
    dice, start = random.Random(told.slug), since.timestamp()
    step = (until - since).total_seconds() / count
    return [
        Sighting(
            f"{name} {number}",
            int(start + number * step),
            told.subjects([dice.choice(told.families).tag]),
            Counts(dice.randrange(900), 1, 1, 1, 1),
            author=f"u{dice.randrange(500)}",
        )
        for number in range(count)
    ]


async def write(store: Store, told: Campaign, seen: Sequence[Sighting], until: datetime) -> None:
    at, standing = int(until.timestamp()), Standing({}, (Window(SINCE, until),))
    for first in range(0, len(seen), AT_ONCE):
        part = seen[first : first + AT_ONCE]
        await ingest.write(
            store,
            Batch(told.slug, told.zone, "mastodon", "mastodon", "posts", at, at, part, walk="all", standing=standing),
        )


def monitor(store: Store, wire: Wire, campaigns: Sequence[Campaign], ports: tuple[int, int]) -> Monitor:
    hook = Channel(name="hook", url=SecretStr(f"http://127.0.0.1:{ports[0]}/"), secret=SecretStr("0123456789abcdef"))
    desk = Channel(name="desk", address="desk@example.org", language="ar", timezone="Asia/Damascus")
    mail = Mail(host="127.0.0.1", port=ports[1], security="none")
    told = Rules(alerts=Alerts(channels=(hook, desk)), mail=mail)
    watched = tuple(Watched(one, (), Path(), (), rules(one)) for one in campaigns)
    return Monitor(Settings(told, watched), store, wire, ())


async def looks(alarm: Alarm) -> None:
    while True:
        await _wait(alarm.stirred, LOOK_EVERY)
        await alarm.look()


async def hands(alarm: Alarm) -> None:
    while True:
        await _wait(alarm.filled, HAND_OVER_EVERY)
        await alarm.hand_over()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


async def surge(store: Store, alarm: Alarm, told: Campaign) -> float:
    """Let something happen in a campaign, and return when it was stored."""
    now = datetime.now(UTC)
    await write(store, told, posts(told, SURGE, now - timedelta(minutes=9), now, "surge"), now)
    stored = time.perf_counter()
    alarm.stir(told.slug)
    return stored


async def arrived(ends: Ends, slugs: Sequence[str]) -> None:
    """Wait until all alerts are there, or too late."""
    until = time.perf_counter() + WITHIN
    while time.perf_counter() < until and not all(slug in ends.webhook and slug in ends.mail for slug in slugs):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def measured(count: int) -> dict[str, float]:
    ends, campaigns = Ends(), [campaign(number) for number in range(count)]
    async with fresh_store() as store, receivers(ends) as ports, http("") as pool:
        for told in campaigns:
            await runs.declare(store, told.slug, {"mastodon": "mastodon"}, SINCE)
            await write(store, told, posts(told, DAYS * 24 * AN_HOUR, SINCE, NOW, "usual"), NOW)
        alarm = Alarm(monitor(store, Wire(pool, System()), campaigns, ports))
        quiet = [seconds async for seconds in quiet_looks(alarm, campaigns)]
        loops = [asyncio.create_task(looks(alarm)), asyncio.create_task(hands(alarm))]
        half, stored = count // 2, {}
        for told in campaigns[:half]:
            stored[told.slug] = await surge(store, alarm, told)
            await arrived(ends, [told.slug])
        for told in campaigns[half:]:
            stored[told.slug] = await surge(store, alarm, told)
        await arrived(ends, [told.slug for told in campaigns])
        for loop in loops:
            loop.cancel()
    return dict(figures(ends, stored, [one.slug for one in campaigns[:half]], quiet))


async def quiet_looks(alarm: Alarm, campaigns: Sequence[Campaign]) -> AsyncIterator[float]:
    for told in campaigns:
        begun = time.perf_counter()
        alarm.stir(told.slug)
        await alarm.look()
        yield time.perf_counter() - begun


def figures(
    ends: Ends, stored: dict[str, float], alone: Sequence[str], quiet: Sequence[float]
) -> Iterator[tuple[str, float]]:
    yield "rules", float(len(stored) * 10)
    for name, times in (("webhook", ends.webhook), ("mail", ends.mail)):
        took = {slug: times[slug] - begun for slug, begun in stored.items() if slug in times}
        yield f"{name}_p95_s", p95(list(took.values()))
        yield f"{name}_alone_p95_s", p95([seconds for slug, seconds in took.items() if slug in alone])
        yield f"{name}_at_once_p95_s", p95([seconds for slug, seconds in took.items() if slug not in alone])
    yield "reasoned", ends.reasoned / len(stored)
    yield "drawn", ends.drawn / len(stored)
    yield "look_ms", statistics.median(quiet) * 1e3
    yield "lost", float(sum(slug not in times for slug in stored for times in (ends.webhook, ends.mail)))


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else float("nan")


def main() -> None:
    asked = flags(__doc__ or "")
    log.configure(level="ERROR")
    found = asyncio.run(measured(QUICK_CAMPAIGNS if asked.quick else CAMPAIGNS))
    show("From stored to told", found, TARGETS, as_json=asked.json)


if __name__ == "__main__":
    main()
