"""What the daemon serves, and what it tells page and API about itself: its campaigns and sources as they are now."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from fastapi import FastAPI

from monitor.alerts.silencing import Known
from monitor.app import Monitor
from monitor.collect.report import Report
from monitor.daemon.alerting import known, watched
from monitor.model.campaign import Campaign
from monitor.model.spending import Spending
from monitor.web.api import PREFIX, api
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.leaving import router
from monitor.web.metrics import Metrics
from monitor.web.pages import Ask, pages
from monitor.web.site import site


def served(monitor: Callable[[], Monitor], facts: Ask, metrics: Metrics) -> FastAPI:
    """Return everything the daemon answers; `monitor` is the one of the moment."""
    store, clock, web = monitor().store, monitor().clock, monitor().settings.monitor.web
    desk, gate = Desk(store, clock, Home(monitor)), Gate(store, clock, is_behind_proxy=web.is_behind_proxy)
    app = pages(facts, metrics, router(store, clock), watcher=gate.watcher)
    app.mount(PREFIX, api(desk, gate, web.cors))
    app.mount("/", site(desk, gate))
    return app


class Home:
    """The monitor of the moment, for `web.desk.House`; settings may change while the page is open."""

    def __init__(self, monitor: Callable[[], Monitor]) -> None:
        self._monitor = monitor

    def campaigns(self) -> Sequence[Campaign]:
        """Return what is watched now, with the names that polls gave it."""
        return self._monitor().campaigns

    def asked(self, campaign: str) -> Sequence[tuple[Report, timedelta]]:
        """Return the sources of a campaign, also those that are off, and how often each is asked."""
        own = (one for one in self._monitor().settings.campaigns if one.campaign.slug == campaign)
        return [
            (Report.of(campaign, source), timedelta(minutes=source.every_minutes))
            for one in own
            for source in one.sources
        ]

    def rest(self, campaign: str, poll: str) -> timedelta | None:
        """Return how long a naming poll is left alone after a look, at least; None where it is off."""
        own = (one for one in self._monitor().settings.campaigns if one.campaign.slug == campaign)
        asked = (one.at for watch in own for one in watch.polls if one.poll.name == poll and one.at.off is None)
        return next((timedelta(minutes=at.quickest_minutes) for at in asked), None)

    def silenceable(self) -> Known:
        """Return what a silence may name."""
        return known(self._monitor())

    def has_rules(self) -> bool:
        """Tell whether any rule is set, of the house or of one campaign."""
        return any(one.rules for one in watched(self._monitor()))

    async def spendings(self) -> list[Spending]:
        """Return what all accounts have used of their allowances."""
        return await self._monitor().spendings()
