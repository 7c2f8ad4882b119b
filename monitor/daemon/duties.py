"""What the daemon that holds the lease has to do: collect, sum up every hour, mail the digest when it is due."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from monitor import log
from monitor.app import Monitor, purging
from monitor.archive.purge import purge
from monitor.archive.writing import keep
from monitor.collect import polls
from monitor.collect.activity import activity
from monitor.collect.listen import Hub
from monitor.collect.naming import weeks
from monitor.collect.polls import Followed
from monitor.collect.report import job_key
from monitor.collect.schedule import Job, next_beat
from monitor.collect.wire import Collector
from monitor.daemon.alarm import Alarm
from monitor.daemon.went import Went
from monitor.digest import daily, gather
from monitor.digest.mail import door
from monitor.errors import ArchiveError
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.store import briefs, runs
from monitor.store.redis import forget_history
from monitor.web.health import Due
from monitor.web.metrics import Metrics

HOURLY = timedelta(hours=1)
DAILY = timedelta(days=1)
DIGEST_EVERY = timedelta(minutes=1)  # how late a mail may be; asking whether one is due costs a few reads
HEARTBEAT_EVERY = timedelta(minutes=1)
POLLS_EVERY = timedelta(seconds=10)  # looks are due to the minute; asking whether one is costs a few reads
SPREAD = timedelta(seconds=2)  # over which runs that are overdue begin
AFTER_FIRST_RUNS = timedelta(seconds=15)  # the first summaries wait for them
SUMMED_UP_WITHIN = timedelta(seconds=20)  # then they begin over so long, or longer where there are many
A_SUMMARY = timedelta(seconds=0.5)  # of a core, with some to spare

_logger = log.get("daemon")


class Duties:
    """The jobs of a monitor and what is remembered from one run to the next."""

    def __init__(self, monitor: Monitor, metrics: Metrics) -> None:
        self.monitor = monitor
        self._metrics = metrics
        self._went = Went(monitor.clock.now())
        self._unwritten: str | None = None
        self._hub = Hub(monitor.clock)
        self.alarm = Alarm(monitor)
        self.looked = asyncio.Event()
        """Somebody looked at a poll: its names may be others now."""

    async def begin(self) -> dict[str, Job]:
        """Remember how the last runs went, whoever made them, and return what is to do now."""
        self._went.since = self.monitor.clock.now()
        await self.monitor.declare()
        for campaign in self.monitor.campaigns:
            states = await runs.states(self.monitor.store, campaign.slug)
            self._metrics.remember(campaign.slug, states)
            for state in states:
                if state.runs:
                    self._went.note(state.runs[0])
        self._metrics.spent(await self.monitor.spendings())
        await self._show_polls()
        return dict(self._jobs(self._went))

    async def change(self, monitor: Monitor) -> dict[str, Job]:
        """Go on with other campaigns and sources; what changed runs soon."""
        gone = {c.key: c for c in self.monitor.collectors}.keys() - {c.key for c in monitor.collectors}
        for collector in self.monitor.collectors:
            if collector.key in gone:
                self._metrics.forget(collector.campaign.slug, collector.source.name, collector.source.platform)
                self._went.forget(collector)
        self._metrics.forget_accounts()
        self.monitor = monitor
        self.alarm.become(monitor)
        await monitor.declare()
        self._metrics.spent(await monitor.spendings())
        await self._show_polls()
        return dict(self._jobs(Went(self._went.since)))

    async def listen(self) -> None:
        """Listen for the campaigns and sources there are now, each channel on one connection."""
        await self._hub.become(self.monitor.listeners())

    async def rest(self, *, grace: float) -> None:
        """Listen to nothing more; what was heard is stored within `grace` seconds."""
        await asyncio.gather(self._hub.stop(grace=grace), self.alarm.rest(grace=grace))

    def dues(self) -> tuple[Due, ...]:
        """Return when each source was last asked; before its first run, since when it is watched."""
        return tuple(map(self._went.due, self.monitor.collectors))

    def notes(self) -> tuple[str, ...]:
        """Return what is wrong that no failure of a source tells."""
        return (*self._went.blind(), *([f"nothing is archived: {self._unwritten}"] if self._unwritten else ()))

    def _jobs(self, went: Went) -> Iterator[tuple[str, Job]]:
        """Yield every job; who ran lately goes on in the usual rhythm, the others begin at once."""
        now = self.monitor.clock.now()
        for collector in self.monitor.collectors:
            first = None if went.ran_lately(collector, now) else next_beat(collector.key, SPREAD, now)
            do = partial(self._collect, collector)
            yield (
                job_key(collector.campaign.slug, collector.source.name),
                Job(collector.every, do, what=collector, first=first, line=collector.line),
            )
        for followed in self.monitor.polls:
            yield (
                f"poll/{followed.key}",
                Job(POLLS_EVERY, partial(self._look, followed), what=followed.wanted, first=now),
            )
        for campaign in self.monitor.campaigns:
            key, do = f"brief/{campaign.slug}", partial(self.sum_up, campaign)
            within = max(SUMMED_UP_WITHIN, A_SUMMARY * len(self.monitor.campaigns))
            first = next_beat(key, within, now + AFTER_FIRST_RUNS)
            yield key, Job(HOURLY, do, what=campaign, first=first, line="brief", heavy=True)
        if self.monitor.settings.monitor.digest.recipients:
            yield "digest", Job(DIGEST_EVERY, self._send, first=now + AFTER_FIRST_RUNS)
        if self.monitor.settings.monitor.alerts.heartbeat_url is not None:
            yield "heartbeat", Job(HEARTBEAT_EVERY, self.alarm.beat, first=now)
        if self.monitor.settings.monitor.archive.enabled:
            yield "archive", Job(HOURLY, self._archive, first=now + AFTER_FIRST_RUNS)
        yield "purge", Job(DAILY, self._purge, first=now + AFTER_FIRST_RUNS)
        if self.monitor.server is not None:  # another Redis rewrites its file when its owner says so
            forget = partial(forget_history, self.monitor.store.redis)
            yield "history", Job(DAILY, forget, first=now + AFTER_FIRST_RUNS)

    async def _collect(self, collector: Collector) -> None:
        if self._went.is_parked(collector, self.monitor.clock.now()):
            return
        heard = self._hub.heard(collector.campaign.slug, collector.source.name)
        run = await self.monitor.collect(collector, heard)
        self._metrics.ran(run)
        self._metrics.spent(await self.monitor.spendings(collector))
        self._went.note(run)
        self.alarm.stir(run.campaign)

    async def _look(self, followed: Followed) -> None:
        """Look at a poll if it is time, with what people post under its names beside it."""
        due, now, store = await polls.due(followed), self.monitor.clock.now(), self.monitor.store
        if due > now:
            return
        campaign = self.monitor.campaign(followed.campaign)
        week = next(iter(await weeks(store, campaign.slug, [followed.poll], now)), None)
        if await polls.look(followed, await activity(store, campaign, week, now) if week else None):
            self.looked.set()
            self.alarm.stir(followed.campaign)
        await self._show_polls()

    async def _show_polls(self) -> None:
        self._metrics.polls.clear()
        for followed in self.monitor.polls:
            cycle = await polls.current(followed.store, followed.campaign, followed.poll, self.monitor.clock.now())
            self._metrics.polls.show(followed.campaign, cycle)

    async def sum_up(self, campaign: Campaign) -> None:
        """Publish what the last day brought, for other programs to read."""
        now = self.monitor.clock.now()
        brief = await gather.brief(self.monitor.store, campaign, Window(now - timedelta(days=1), now), now)
        await briefs.publish(self.monitor.store, brief.model_dump_json(), campaign.slug)
        _logger.info("summed up", campaign=campaign.slug, state=brief.state.value)

    async def _archive(self) -> None:
        """Write what the store lets go of soon; what the folder does not take is tried again in an hour."""
        monitor = self.monitor
        folder, slugs = monitor.settings.monitor.archive.folder, [one.slug for one in monitor.campaigns]
        try:
            await keep(monitor.store, folder, slugs, monitor.clock.now())
        except ArchiveError as error:
            self._unwritten = str(error)
            raise
        self._unwritten = None

    async def _purge(self) -> None:
        """Remove what is to be kept no longer."""
        monitor = self.monitor
        gone = await purge(purging(monitor.settings, monitor.store, monitor.clock.now()))
        if gone:
            _logger.info("purged", **{kind.replace(" ", "_"): many for kind, many in gone.items()})

    async def _send(self) -> None:
        """Send every mail that is due and was not sent: this also catches up after the daemon was down."""
        rules, monitor = self.monitor.settings.monitor, self.monitor
        way, url = door(rules.mail), rules.web.reachable_at
        await daily.send_due(monitor.store, monitor.campaigns, rules.digest, way, monitor.clock, public_url=url)
