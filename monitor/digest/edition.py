"""The digests of one morning: each campaign is read once, drawn once per language, rendered once per voice."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from itertools import chain
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from monitor import log
from monitor.charts import numbers, race
from monitor.digest import longer
from monitor.digest.catch_up import caught_up
from monitor.digest.layout import STANDARD, Layout
from monitor.digest.naming import is_drawn
from monitor.digest.render import Rendered, draft, subject
from monitor.errors import MonitorError
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.poll_week import PollWeek
from monitor.model.window import Window, local_day
from monitor.store.store import Store
from monitor.words.voice import Voice

READ = 2  # campaigns at a time: while one waits for the store another is summed up
DRAWN = 1  # charts at a time: one process draws, and a hand that waits for it could sum up
WRITTEN = 2  # mails at a time: while one is drawn another is read

_Key = TypeVar("_Key", bound=Hashable)
_Made = TypeVar("_Made")

Gather = Callable[[Store, Campaign, Window, datetime], Awaitable[Brief]]
Draw = Callable[[Brief, Voice], bytes]
DrawRace = Callable[[PollWeek, str, Voice], bytes]
_Drawing = Callable[[], Awaitable[bytes]]

_logger = log.get("digest")


def day_of(campaign: Campaign, day: date) -> Window:
    """Return the calendar day `day` of a campaign: days begin at the campaign's own midnight."""
    return local_day(datetime.combine(day, time(12), ZoneInfo(campaign.zone)), campaign.zone)


@dataclass
class _Once(Generic[_Key, _Made]):
    """What is made once: who asks for it meanwhile waits for it, and makes it if that failed; so many at a time."""

    hands: asyncio.Semaphore
    _made: dict[_Key, _Made] = field(default_factory=dict)
    _turns: defaultdict[_Key, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def get(self, key: _Key, make: Callable[[], Awaitable[_Made]]) -> _Made:
        """Return what `key` stands for, which `make` makes if nobody has."""
        async with self._turns[key]:
            if key not in self._made:
                async with self.hands:
                    self._made[key] = await make()
        return self._made[key]


def _once(hands: int) -> Callable[[], _Once[_Key, _Made]]:
    return lambda: _Once(asyncio.Semaphore(hands))


@dataclass
class Edition:
    """What is told at one moment; `gather` reads a brief, `draw` and `draw_race` make its charts.

    While the charts of one mail are drawn, the campaigns of another are read.
    """

    store: Store
    now: datetime
    gather: Gather = longer.brief
    draw: Draw = numbers.png
    draw_race: DrawRace = race.png
    layout: Layout = STANDARD
    _briefs: _Once[tuple[str, date], Brief] = field(default_factory=_once(READ))
    _charts: _Once[tuple[str, date, str], bytes] = field(default_factory=_once(DRAWN))
    _mails: _Once[tuple[tuple[str, ...], date, Voice, tuple[date, ...]], Rendered] = field(
        default_factory=_once(WRITTEN)
    )

    async def content(
        self, campaigns: Sequence[Campaign], day: date, voice: Voice, before: tuple[date, ...] = ()
    ) -> Rendered:
        """Return the mail about the `day` of these campaigns, at least one, and the days `before` in a line each."""
        key = (tuple(campaign.slug for campaign in campaigns), day, voice, before)
        return await self._mails.get(key, partial(self._written, campaigns, day, voice, before))

    async def _written(
        self, campaigns: Sequence[Campaign], day: date, voice: Voice, before: tuple[date, ...]
    ) -> Rendered:
        made = await self._made(campaigns, day, voice)
        return caught_up(made, [await self._line(campaigns, one, voice) for one in before], voice)

    async def _line(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> str:
        briefs = [await self._brief(campaign, day) for campaign in campaigns]
        return f"{voice.day(briefs[0].window.start, briefs[0].zone)}: {subject(briefs, voice)}"

    async def _made(self, campaigns: Sequence[Campaign], day: date, voice: Voice) -> Rendered:
        briefs = await asyncio.gather(*(self._brief(campaign, day) for campaign in campaigns))
        mail = draft(briefs, voice, self.layout)
        seen = [brief for brief in briefs if brief.campaign in mail.in_full]
        drawn = await asyncio.gather(*(self._pictures(brief, day, voice) for brief in seen))
        return mail.finished(dict(chain.from_iterable(drawn)))

    async def _brief(self, campaign: Campaign, day: date) -> Brief:
        window = day_of(campaign, day)
        return await self._briefs.get(
            (campaign.slug, day), partial(self.gather, self.store, campaign, window, self.now)
        )

    async def _pictures(self, brief: Brief, day: date, voice: Voice) -> list[tuple[str, bytes]]:
        """Return the charts of a campaign, each with its name."""
        letters, slug, wanted = f"{voice.locale} {voice.digits}", brief.campaign, list[tuple[str, _Drawing]]()
        if _is_drawable(brief):
            wanted.append((slug, partial(beside, self.draw, brief, voice)))
        for week in brief.polls:
            if is_drawn(week, brief):
                wanted.append((f"{slug}.{week.picture}", partial(beside, self.draw_race, week, brief.zone, voice)))
        found = [(name, await self._drawn((name, day, letters), draw)) for name, draw in wanted]
        return [(name, png) for name, png in found if png is not None]

    async def _drawn(self, key: tuple[str, date, str], draw: _Drawing) -> bytes | None:
        """Return a chart, None where it can not be drawn: what the mail says must not wait for that."""
        try:
            return await self._charts.get(key, draw)
        except MonitorError as error:
            _logger.warning("a digest goes without a chart", chart=key[0], problem=str(error))
            return None


def _is_drawable(brief: Brief) -> bool:
    """Tell whether a chart would show anything but a gap."""
    return any(point.value is not None for line in brief.lines for point in line.points)
