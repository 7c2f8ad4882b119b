"""The monitor's parts put to work on a world of the demo, on a simulated clock: as the daemon would, unhurried."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from monitor import app
from monitor.cli.looking import Looking
from monitor.clock import Simulated
from monitor.demo import contests
from monitor.demo.cast import CAMPAIGN
from monitor.demo.causes import causes
from monitor.demo.lines import Lines
from monitor.demo.places import places
from monitor.demo.plan import ZONE, Plan
from monitor.demo.poll_places import poll_places
from monitor.demo.row import Row
from monitor.demo.stage import Stage, make, stage
from monitor.demo.tally import tally
from monitor.digest import allowances, daily, gather, mail
from monitor.digest.recipient import Recipient
from monitor.digest.recipient import Settings as Digest
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.settings.polls import WatchedPoll
from monitor.settings.schema import Monitor, Privacy, Settings, Watched
from monitor.store.polls import KEEP
from monitor.store.redis import Settings as Redis
from monitor.words.voice import voice

READER = Recipient(address="desk@newsroom.example", timezone=ZONE)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
MORNING = timedelta(hours=READER.hour)
Told = Callable[[datetime, int], None]
"""Hears after every round where the world is and how many mentions were new."""


@dataclass(frozen=True)
class Ending:
    """How a demo ended: the brief of the world's last week, the last mail, the table, and what its keys have used.

    `spent` says it in sentences, `charged` is what X says it costs this month, in dollars.
    """

    brief: Brief
    mail: Path
    rows: Sequence[Row]
    spent: Sequence[str] = ()
    charged: float = 0.0

    @property
    def equal(self) -> bool:
        return all(row.equal for row in self.rows)


async def live(plan: Plan, folder: Path, told: Told = lambda _moment, _new: None) -> Ending:
    """Put a world on, watch it to its end and until its counters have settled, and compare."""
    async with at_its_end(plan, folder, told) as (on, watch):
        monitor = watch.monitor
        week = Window(max(plan.start, plan.end - WEEK), plan.end)
        brief = await gather.brief(monitor.store, watch.campaign, week, monitor.clock.now())
        await watch.follow(plan.settling())
        now = monitor.clock.now()
        rows = [*await tally(monitor.store, on.world, now), *causes(on.world, brief)]
        speaks = voice("en", ZONE)
        spent = [
            f"{one.platform}: {allowances.sentence(one, speaks, now)}" for one in await monitor.spendings() if one.used
        ]
        return Ending(brief, last_mail(folder), rows, spent, on.charged())


@asynccontextmanager
async def at_its_end(plan: Plan, folder: Path, told: Told) -> AsyncIterator[tuple[Stage, "Watch"]]:
    """Put a world on and watch it to its last moment: nothing that is known then lies after its clock."""
    clock = Simulated(plan.start)
    async with watching(plan, folder, clock) as (on, monitor):
        watch = Watch(monitor, clock, plan, told)
        await watch.follow(plan.rounds())
        yield on, watch


@asynccontextmanager
async def watching(plan: Plan, folder: Path, clock: Simulated) -> AsyncIterator[tuple[Stage, app.Monitor]]:
    """Put a world on stage, and a monitor of it beside; its store and mails live in the folder."""
    async with stage(make(plan), clock) as on:
        settings = _settings(on, folder)
        async with app.opened_store(settings) as (store, _), app.built(settings, store, clock, Lines()) as monitor:
            await monitor.declare()
            yield on, monitor


class Watch:
    """Does on the simulated clock what the daemon does on the real one: every source in its rhythm, a mail a day."""

    def __init__(self, monitor: app.Monitor, clock: Simulated, plan: Plan, told: Told) -> None:
        self._looking = Looking(monitor, clock, monitor.settings, contests.over(plan))
        self._clock, self._plan, self._told = clock, plan, told

    @property
    def monitor(self) -> app.Monitor:
        """The monitor with the names that it watches by now."""
        return self._looking.monitor

    @property
    def campaign(self) -> Campaign:
        return self.monitor.campaign(CAMPAIGN.slug)

    async def follow(self, moments: Iterator[datetime]) -> None:
        """Live through these moments."""
        for moment in moments:
            await self._looking.until(moment)
            self._clock.move_to(moment)
            self._told(moment, await self._collect(moment))
            await self._post()

    async def _collect(self, moment: datetime) -> int:
        """Run what is due, side by side, and after the end of the world everything; return how much was new."""
        all_due, since = moment > self._plan.end, moment - self._plan.start
        due = [one for one in self.monitor.collectors if all_due or not since % one.every]
        return sum(run.new for run in await asyncio.gather(*map(self.monitor.collect, due)))

    async def _post(self) -> None:
        """Send what is due: a mail every morning, from the world's second day to the morning after its last."""
        monitor, now = self.monitor, self._clock.now()
        if self._plan.start + DAY + MORNING <= now <= self._plan.end + DAY:
            rules = monitor.settings.monitor
            way = mail.door(rules.mail)
            await daily.send_due(monitor.store, monitor.campaigns, rules.digest, way, monitor.clock)


def last_mail(folder: Path) -> Path:
    """Return the mail that was written last; the names begin with the day."""
    return max((folder / "outbox").glob("*.eml"))


def _settings(on: Stage, folder: Path) -> Settings:
    """Return what an operator would have written, with a private Redis and an outbox in the folder."""
    monitor = Monitor(
        redis=Redis(folder=folder / "redis"),
        privacy=Privacy(key=SecretStr(secrets.token_hex(32))),
        digest=Digest(recipients=(READER,)),
        mail=mail.Settings(outbox=folder / "outbox"),
    )
    polls = tuple(WatchedPoll(poll, at, KEEP) for poll, at in poll_places(on))
    campaign = replace(CAMPAIGN, polls=tuple(one.poll for one in polls))
    return Settings(monitor, (Watched(campaign, places(on), folder / "demo.toml", polls),))
