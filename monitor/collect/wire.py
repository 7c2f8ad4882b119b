"""What asks the sources of a campaign: each with its limits, all on one connection pool."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from monitor.clock import Clock
from monitor.collect.accounts import account_of, place_of
from monitor.collect.collector import Limits
from monitor.collect.schedule import Settings
from monitor.fetch.client import Client
from monitor.fetch.throttle import Hosts
from monitor.model.campaign import Campaign
from monitor.model.poll_source import PollSettings
from monitor.model.source import Source, SourceSettings
from monitor.sources import platforms
from monitor.store import accounts
from monitor.store.store import Store


@dataclass(frozen=True)
class Collector:
    """One source of one campaign, ready to be asked. Two are equal when the operator wrote the same."""

    campaign: Campaign
    settings: SourceSettings
    limits: Limits
    source: Source = field(compare=False)
    client: Client = field(compare=False)

    @property
    def key(self) -> str:
        return f"{self.campaign.slug}/{self.source.name}"

    @property
    def line(self) -> str:
        """Where it asks: those who ask the same server stand in one line."""
        return place_of(self.settings)

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.settings.every_minutes)


@dataclass(frozen=True)
class Wire:
    """What asks other people's servers: one connection pool, one waiting line per host, one clock."""

    http: httpx.AsyncClient
    clock: Clock
    hosts: Hosts = field(default_factory=Hosts)

    def client(self, spacing: float, store: Store, asked: SourceSettings | PollSettings) -> Client:
        """Return what asks one place on its account, so many seconds between two calls to one host."""
        account = accounts.Account(store, account_of(store, asked), self.clock)
        return Client(self.http, self.clock, self.hosts, spacing=spacing, account=account)


def collectors(
    campaign: Campaign, sources: Iterable[SourceSettings], rules: Settings, store: Store, wire: Wire
) -> Iterator[Collector]:
    """Yield a collector for each source of a campaign that may be asked."""
    for settings in sources:
        if settings.off is None:
            platform = platforms()[settings.platform]
            client = wire.client(platform.spacing, store, settings)
            look_back = timedelta(days=rules.look_back_days)
            limits = Limits(look_back=look_back, seconds=rules.run_seconds, again=settings.refresh_budget)
            yield Collector(campaign, settings, limits, platform.Source(settings, client), client)
