"""The digests of one morning: each campaign is read once, drawn once per language, and rendered once per voice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from monitor import charts
from monitor.digest import gather
from monitor.digest.render import Rendered, rendered
from monitor.digest.voice import Voice
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.window import Window, local_day
from monitor.store.store import Store

Gather = Callable[[Store, Campaign, Window, datetime], Awaitable[Brief]]
Draw = Callable[[Brief, str], bytes]


def day_of(campaign: Campaign, day: date) -> Window:
    """Return the calendar day `day` of a campaign: days begin at the campaign's own midnight."""
    return local_day(datetime.combine(day, time(12), ZoneInfo(campaign.zone)), campaign.zone)


@dataclass
class Edition:
    """What is told at one moment; `gather` reads a brief and `draw` its chart."""

    store: Store
    now: datetime
    gather: Gather = gather.brief
    draw: Draw = charts.png
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # readers at the same moment share what one had made
    _briefs: dict[tuple[str, date], Brief] = field(default_factory=dict)
    _charts: dict[tuple[str, date, str], bytes] = field(default_factory=dict)
    _rendered: dict[tuple[tuple[str, ...], date, Voice], Rendered] = field(default_factory=dict)

    async def content(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> Rendered:
        """Return the mail about the `day` of these campaigns, at least one, in a voice."""
        key = (tuple(campaign.slug for campaign in campaigns), day, voice)
        async with self._turn:
            if key not in self._rendered:
                self._rendered[key] = await self._made(campaigns, day, voice)
        return self._rendered[key]

    async def _made(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> Rendered:
        briefs = [await self._brief(campaign, day) for campaign in campaigns]
        plain = rendered(briefs, voice, {})  # drawing takes longer than rendering twice
        seen = [brief for brief in briefs if brief.campaign in plain.in_full and _is_drawable(brief)]
        pictures = {brief.campaign: await self._chart(brief, day, voice.language) for brief in seen}
        return rendered(briefs, voice, pictures)

    async def _brief(self, campaign: Campaign, day: date) -> Brief:
        key = (campaign.slug, day)
        if key not in self._briefs:
            self._briefs[key] = await self.gather(self.store, campaign, day_of(campaign, day), self.now)
        return self._briefs[key]

    async def _chart(self, brief: Brief, day: date, language: str) -> bytes:
        key = (brief.campaign, day, language)
        if key not in self._charts:
            self._charts[key] = await asyncio.to_thread(self.draw, brief, language)
        return self._charts[key]


def _is_drawable(brief: Brief) -> bool:
    """Tell whether a chart would show anything but a gap."""
    return any(point.value is not None for line in brief.lines for point in line.points)
