"""What page, API and exports stand on: campaigns by name and briefs that several ask for, made once (`web.kept`)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from monitor.alerts.silencing import Known
from monitor.clock import Clock
from monitor.collect.missed import reports
from monitor.collect.report import Report
from monitor.digest import gather, longer
from monitor.errors import listing, nearest
from monitor.model.brief import Brief, Compared
from monitor.model.campaign import Campaign
from monitor.model.spending import Spending
from monitor.model.window import Window, is_whole_days
from monitor.store.store import Store
from monitor.web.kept import STALE, Kept
from monitor.web.problem import Problem
from monitor.web.span import LENGTHS, STEP
from monitor.words.voice import message

ANOTHER = message("no campaign is called like this; did you mean {name}?")
NO_CAMPAIGN = message("no campaign is called like this; there are: {names}")
MOST = 400  # briefs in memory: some hundred kilobytes each

Gather = Callable[[Store, Campaign, Window, datetime], Awaitable[Brief]]


class House(Protocol):
    """What the daemon that serves a page tells about itself: its settings may change while it runs."""

    def campaigns(self) -> Sequence[Campaign]:
        """Return what is watched now."""
        ...

    def asked(self, campaign: str) -> Sequence[tuple[Report, timedelta]]:
        """Return the sources that are configured for a campaign, and how often each is asked."""
        ...

    def rest(self, campaign: str, poll: str) -> timedelta | None:
        """Return how long a naming poll is left alone after a look, at least; None where nobody looks."""
        ...

    def silenceable(self) -> Known:
        """Return what a silence may name."""
        ...

    def has_rules(self) -> bool:
        """Tell whether any rule of alerts is set, so that something is looked for."""
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
    _briefs: Kept[tuple[Campaign, Window | timedelta], Brief] = field(init=False)
    _longer: Kept[tuple[Campaign, Window], tuple[Compared, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._briefs, self._longer = Kept(self.clock, MOST), Kept(self.clock, MOST)

    def campaign(self, slug: str) -> Campaign:
        """Return the campaign with this slug; raise Problem 404 that says which are near."""
        known = {campaign.slug: campaign for campaign in self.house.campaigns()}
        if slug in known:
            return known[slug]
        if near := nearest(slug, known):
            raise Problem(HTTPStatus.NOT_FOUND, ANOTHER, named={"name": near})
        raise Problem(HTTPStatus.NOT_FOUND, NO_CAMPAIGN, named={"names": listing(known) or "-"})

    async def brief(self, campaign: Campaign, window: Window, *, at_most: timedelta = STALE) -> Brief:
        """Return the brief of a window, as it was at most so long ago.

        Of the last hours or days that is the brief of a window that ended some minutes before: who looks every minute
        never waits because a step is over.
        """
        is_moving = window.length in LENGTHS.values() and self.clock.now() - window.end < STEP
        return await self._briefs.get(
            (campaign, window.length if is_moving else window),
            lambda: self.gather(self.store, campaign, window, self.clock.now()),
            at_most=at_most,
        )

    async def day_brief(self, campaign: Campaign, window: Window) -> Brief:
        """Return the same; where it is of whole days, with the week and the month that end with them, as in mails."""
        if not is_whole_days(window, campaign.zone):
            return await self.brief(campaign, window)
        until = min(window.end, self.clock.now())
        told, compared = await asyncio.gather(
            self.brief(campaign, window),
            self._longer.get(
                (campaign, longer.days_before(until, campaign.zone, 1)),
                lambda: longer.compared(self.store, campaign, until, self.clock.now()),
            ),
        )
        return told.model_copy(update={"compared": compared})

    async def reports(self, campaign: Campaign) -> list[Report]:
        """Return how each source of a campaign is doing."""
        return await reports(self.store, campaign, self.house.asked(campaign.slug), self.clock.now())
