"""The digests of one morning: each campaign is read once, drawn once per language, rendered once per voice."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain
from zoneinfo import ZoneInfo

from monitor.charts import numbers, race
from monitor.digest import longer
from monitor.digest.catch_up import caught_up
from monitor.digest.layout import STANDARD, Layout
from monitor.digest.naming import is_drawn
from monitor.digest.render import Rendered, draft, subject
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.poll_week import PollWeek
from monitor.model.window import Window, local_day
from monitor.store.store import Store
from monitor.words.voice import Voice

AT_ONCE = 3  # campaigns that are read side by side: while one waits for the store another is summed up

Gather = Callable[[Store, Campaign, Window, datetime], Awaitable[Brief]]
Draw = Callable[[Brief, Voice], bytes]
DrawRace = Callable[[PollWeek, str, Voice], bytes]


def day_of(campaign: Campaign, day: date) -> Window:
    """Return the calendar day `day` of a campaign: days begin at the campaign's own midnight."""
    return local_day(datetime.combine(day, time(12), ZoneInfo(campaign.zone)), campaign.zone)


@dataclass
class Edition:
    """What is told at one moment; `gather` reads a brief, `draw` and `draw_race` make its charts."""

    store: Store
    now: datetime
    gather: Gather = longer.brief
    draw: Draw = numbers.png
    draw_race: DrawRace = race.png
    layout: Layout = STANDARD
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # readers at the same moment share what one had made
    _briefs: dict[tuple[str, date], Brief] = field(default_factory=dict)
    _charts: dict[tuple[str, date, str], bytes] = field(default_factory=dict)
    _rendered: dict[tuple[tuple[str, ...], date, Voice, tuple[date, ...]], Rendered] = field(default_factory=dict)

    async def content(
        self, campaigns: Sequence[Campaign], day: date, voice: Voice, before: tuple[date, ...] = ()
    ) -> Rendered:
        """Return the mail about the `day` of these campaigns, at least one, and the days `before` in a line each."""
        key = (tuple(campaign.slug for campaign in campaigns), day, voice, before)
        async with self._turn:
            if key not in self._rendered:
                made = await self._made(campaigns, day, voice)
                lines = [await self._line(campaigns, one, voice) for one in before]
                self._rendered[key] = caught_up(made, lines, voice)
        return self._rendered[key]

    async def _line(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> str:
        briefs = [await self._brief(campaign, day) for campaign in campaigns]
        return f"{voice.day(briefs[0].window.start, briefs[0].zone)}: {subject(briefs, voice)}"

    async def _made(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> Rendered:
        few = asyncio.Semaphore(AT_ONCE)
        briefs = await asyncio.gather(*(self._in_turn(few, campaign, day) for campaign in campaigns))
        mail = draft(briefs, voice, self.layout)
        seen = [brief for brief in briefs if brief.campaign in mail.in_full]
        drawn = await asyncio.gather(*(self._pictures(brief, day, voice) for brief in seen))
        return mail.finished(dict(chain.from_iterable(drawn)))

    async def _in_turn(self, few: asyncio.Semaphore, campaign: Campaign, day: date) -> Brief:
        async with few:
            return await self._brief(campaign, day)

    async def _brief(self, campaign: Campaign, day: date) -> Brief:
        key = (campaign.slug, day)
        if key not in self._briefs:
            self._briefs[key] = await self.gather(self.store, campaign, day_of(campaign, day), self.now)
        return self._briefs[key]

    async def _pictures(self, brief: Brief, day: date, voice: Voice) -> list[tuple[str, bytes]]:
        """Return the charts of a campaign, each with its name."""
        letters, slug, found = f"{voice.locale} {voice.digits}", brief.campaign, []
        if _is_drawable(brief):
            found.append((slug, await self._drawn((slug, day, letters), self.draw, brief, voice)))
        for week in brief.polls:
            if is_drawn(week, brief):
                name = f"{slug}.{week.picture}"
                found.append((name, await self._drawn((name, day, letters), self.draw_race, week, brief.zone, voice)))
        return found

    async def _drawn(self, key: tuple[str, date, str], draw: Callable[..., bytes], *shown: object) -> bytes:
        if key not in self._charts:
            self._charts[key] = await beside(draw, *shown)
        return self._charts[key]


def _is_drawable(brief: Brief) -> bool:
    """Tell whether a chart would show anything but a gap."""
    return any(point.value is not None for line in brief.lines for point in line.points)
