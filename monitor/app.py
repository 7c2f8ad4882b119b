"""Builds the parts from the settings: the only room that knows all of them; every command stands on `opened`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx

from monitor import log
from monitor.archive.evidence import Evidence
from monitor.archive.reading import Archive
from monitor.archive.retention import Purge
from monitor.clock import Clock, System
from monitor.collect.accounts import Course, courses, spendings
from monitor.collect.collector import collect
from monitor.collect.ear import Heard
from monitor.collect.naming import named
from monitor.collect.page import Assignment
from monitor.collect.polls import Followed
from monitor.collect.wire import Collector, Wire, collectors
from monitor.errors import MonitorError, StoreError, instead
from monitor.fetch.client import http
from monitor.model.campaign import Campaign
from monitor.model.run import Run
from monitor.model.spending import Spending
from monitor.settings.key import privacy_key
from monitor.settings.schema import Settings, Watched
from monitor.sources.polls import places
from monitor.store import embedded, runs
from monitor.store import store as stores
from monitor.store.store import Store

_logger = log.get("app")


@dataclass(frozen=True)
class Monitor:
    """The parts, put together. `server` is the private Redis, where there is one."""

    settings: Settings
    store: Store
    wire: Wire
    collectors: tuple[Collector, ...]
    polls: tuple[Followed, ...] = ()
    server: embedded.Server | None = None

    @property
    def clock(self) -> Clock:
        return self.wire.clock

    @property
    def campaigns(self) -> tuple[Campaign, ...]:
        return tuple(watched.campaign for watched in self.settings.campaigns)

    def campaign(self, slug: str) -> Campaign:
        """Return the campaign with this slug; raises MonitorError that says which are near."""
        return self.settings.watched(slug).campaign

    def collectors_of(self, slug: str, source: str | None = None) -> tuple[Collector, ...]:
        """Return all collectors of a campaign, or the one of a source; raises MonitorError where it has none."""
        campaign = self.campaign(slug)
        by_name = {c.source.name: c for c in self.collectors if c.campaign.slug == campaign.slug}
        if source is None:
            return tuple(by_name.values())
        if source not in by_name:
            raise MonitorError(f"no source is called {source}; {instead(source, by_name)}")
        return (by_name[source],)

    async def declare(self) -> None:
        """Tell the store which sources are configured, so that one that is not heard of counts as a gap."""
        for campaign in self.campaigns:
            own = [c.source for c in self.collectors if c.campaign.slug == campaign.slug]
            platforms_of = {source.name: source.platform for source in own}
            walks = {source.name: [walk.name for walk in source.walks(campaign)] for source in own}
            await runs.declare(self.store, campaign.slug, platforms_of, self.clock.now(), walks)

    async def collect(self, collector: Collector, heard: Heard | None = None) -> Run:
        """Run one collector once, by the monitor's clock; `heard` is what a hub heard of it since its last run."""
        source, campaign, client = collector.source, collector.campaign, collector.client
        limits, witness = collector.limits, self._witness(campaign)
        return await collect(
            self.store, source, campaign, self.clock, limits=limits, meter=client, heard=heard, witness=witness
        )

    def listeners(self) -> list[Assignment]:
        """Return every source of every campaign as a hub takes it."""
        return [
            Assignment(self.store, one.source, one.campaign, self.clock, self._witness(one.campaign))
            for one in self.collectors
        ]

    def _witness(self, campaign: Campaign) -> Evidence | None:
        return Evidence(self.settings.monitor.archive.folder) if campaign.evidence else None

    async def spendings(self, *collectors: Collector) -> list[Spending]:
        """Return what the accounts of some collectors, else of all, have used of their allowances."""
        asked = [(one.campaign.slug, one.settings) for one in collectors or self.collectors]
        return await spendings(self.store, asked, self.clock.now())

    async def courses(self) -> list[Course]:
        """Return how all accounts were used, as far back as that is kept."""
        asked = [(one.campaign.slug, one.settings) for one in self.collectors]
        return await courses(self.store, asked, self.clock.now())

    def rebuilt(self, settings: Settings) -> "Monitor":
        """Return the monitor with other campaigns and sources; what stayed the same is taken over as it is."""
        before = {collector.key: collector for collector in self.collectors}
        now = {collector.key: collector for collector in _collectors(settings, self.store, self.wire)}
        same = {key: before[key] for key in now if before.get(key) == now[key]}
        polls = tuple(_polls(settings, self.store, self.wire))
        return replace(self, settings=settings, collectors=tuple((now | same).values()), polls=polls)


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Monitor]:
    """Build everything, starting or joining the private Redis where no other is set; close it all at the end."""
    async with opened_store(settings) as (store, server), built(settings, store, clock) as monitor:
        yield replace(monitor, server=server)


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[tuple[Store, embedded.Server | None]]:
    """Connect to the store of the settings; the last to leave a private one stops it."""
    async with started(settings) as server, connected(settings, server) as store:
        yield store, server


@asynccontextmanager
async def started(
    settings: Settings, given_up: Callable[[], bool] = lambda: False
) -> AsyncIterator[embedded.Server | None]:
    """Start or join the private Redis where no other is set; raises embedded.GivenUp when `given_up` says so first."""
    redis = settings.monitor.redis
    if redis.url:
        yield None
        return
    server = await asyncio.to_thread(embedded.start, redis.folder, given_up=given_up)
    try:
        yield server
    finally:
        await asyncio.to_thread(server.stop)


@asynccontextmanager
async def connected(settings: Settings, server: embedded.Server | None) -> AsyncIterator[Store]:
    """Connect to the private Redis that was started, or to the one of the settings."""
    redis = settings.monitor.redis
    url = redis.url.get_secret_value() if redis.url else server.url if server else ""
    async with stores.opened(url, redis.prefix, privacy_key(settings.monitor.privacy)) as store:
        yield _with_older(store, settings)


def _with_older(store: Store, settings: Settings) -> Store:
    """Return the store with the archive of the settings behind it."""
    return replace(store, older=Archive(settings.monitor.archive.folder))


@asynccontextmanager
async def built(
    settings: Settings,
    store: Store,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Monitor]:
    """Put a monitor together around a store that is open already."""
    store = _with_older(store, settings)
    async with http(settings.monitor.fetch.contact, transport) as pool:
        wire = Wire(pool, clock or System())
        settings = await watched(settings, store, wire.clock.now()) or settings
        collectors, polls = tuple(_collectors(settings, store, wire)), tuple(_polls(settings, store, wire))
        yield Monitor(settings, store, wire, collectors, polls)


def purging(settings: Settings, store: Store, now: datetime, *, dry: bool = False) -> Purge:
    """Return what is to be kept how long, as the operator wrote it."""
    rules = settings.monitor
    days = timedelta(days=rules.digest.keep_days)
    return Purge(store, rules.retention, rules.archive.folder, now, mails_for=days, dry=dry)


async def watched(settings: Settings, store: Store, now: datetime) -> Settings | None:
    """Return the settings with the names that polls give to campaigns now; None while the store does not answer."""
    try:
        campaigns = [await _with_names(one, store, now) if one.polls else one for one in settings.campaigns]
    except StoreError as error:
        _logger.info("the names of polls are not known", problem=str(error))
        return None
    return replace(settings, campaigns=tuple(campaigns))


async def _with_names(one: Watched, store: Store, now: datetime) -> Watched:
    return replace(one, campaign=await named(store, one.campaign, [poll.poll for poll in one.polls], now))


def _collectors(settings: Settings, store: Store, wire: Wire) -> Iterator[Collector]:
    for one in settings.campaigns:
        yield from collectors(one.campaign, one.sources, settings.monitor.collect, store, wire)


def _polls(settings: Settings, store: Store, wire: Wire) -> Iterator[Followed]:
    for watched in settings.campaigns:
        for poll in watched.polls:
            if poll.at.off is None:
                place = places()[poll.at.platform]
                client = wire.client(place.spacing, store, poll.at)
                quickest = timedelta(minutes=poll.at.quickest_minutes)
                source = place.Source(poll.at, client)
                yield Followed(store, watched.campaign.slug, poll.poll, source, wire.clock, quickest, poll.keep, poll)
