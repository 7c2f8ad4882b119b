"""What page, API and exports stand on: campaigns by name and briefs that several ask for, made once.

A brief that is asked for again is answered from memory for a minute; after that the old one is answered at once
while a new one is made, for five minutes more. So a wall of screens costs what one screen costs.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from http import HTTPStatus
from typing import Protocol

from monitor import log
from monitor.clock import Clock
from monitor.collect.missed import reports
from monitor.collect.report import Report
from monitor.digest import gather
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.spending import Spending
from monitor.model.window import Window
from monitor.store.store import Store
from monitor.web.problem import Problem

FRESH, STALE = timedelta(minutes=1), timedelta(minutes=6)
MOST = 400  # briefs in memory: some hundred kilobytes each

_logger = log.get("web")

Gather = Callable[[Store, Campaign, Window, datetime], Awaitable[Brief]]


class House(Protocol):
    """What the daemon that serves a page tells about itself: its settings may change while it runs."""

    def campaigns(self) -> Sequence[Campaign]:
        """Return what is watched now."""
        ...

    def asked(self, campaign: str) -> Sequence[tuple[Report, timedelta]]:
        """Return the sources that are configured for a campaign, and how often each is asked."""
        ...

    async def spendings(self) -> list[Spending]:
        """Return what all accounts have used of their allowances."""
        ...


@dataclass
class Desk:
    """The campaigns of the moment, and what was found about them. `gather` reads a brief."""

    store: Store
    clock: Clock
    house: House
    gather: Gather = gather.brief
    _kept: dict[tuple[Campaign, Window], tuple[datetime, Brief]] = field(default_factory=dict)
    _making: dict[tuple[Campaign, Window], asyncio.Task[Brief]] = field(default_factory=dict)

    def campaign(self, slug: str) -> Campaign:
        """Return the campaign with this slug; raise Problem 404 that says which are near."""
        known = {campaign.slug: campaign for campaign in self.house.campaigns()}
        if slug in known:
            return known[slug]
        near = get_close_matches(slug[:60], known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(known)[:20]) or 'none'}"
        raise Problem(HTTPStatus.NOT_FOUND, f"no campaign is called like this; {advice}")

    async def brief(self, campaign: Campaign, window: Window) -> Brief:
        """Return the brief of a window, as it was at most some minutes ago."""
        key = (campaign, window)
        if key in self._kept:
            made_at, brief = self._kept[key]
            age = self.clock.now() - made_at
            if age >= FRESH:
                self._make(campaign, window)
            if age < STALE:
                return brief
        return await asyncio.shield(self._make(campaign, window))

    async def reports(self, campaign: Campaign) -> list[Report]:
        """Return how each source of a campaign is doing."""
        return await reports(self.store, campaign, self.house.asked(campaign.slug), self.clock.now())

    def _make(self, campaign: Campaign, window: Window) -> asyncio.Task[Brief]:
        key = (campaign, window)
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._made(campaign, window))
            self._making[key].add_done_callback(lambda made: self._ended(key, made))
        return self._making[key]

    async def _made(self, campaign: Campaign, window: Window) -> Brief:
        now = self.clock.now()
        brief = await self.gather(self.store, campaign, window, now)
        self._kept.pop((campaign, window), None)
        self._kept[campaign, window] = now, brief
        while len(self._kept) > MOST:
            self._kept.pop(next(iter(self._kept)))
        return brief

    def _ended(self, key: tuple[Campaign, Window], made: asyncio.Task[Brief]) -> None:
        self._making.pop(key, None)
        if not made.cancelled() and (error := made.exception()):
            _logger.warning("a brief could not be made", campaign=key[0].slug, problem=repr(error))
