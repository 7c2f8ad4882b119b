"""The brief of a day with what takes longer to see: 7 days against 7, and 30 against 30, read once for both."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.digest import gather
from monitor.fetch.beside import beside
from monitor.model.brief import Brief, Compared, Stretch
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution, Window, local_day
from monitor.store import beyond, headlines, runs
from monitor.store.store import Store
from monitor.trends.breaks import parted
from monitor.trends.facts import Facts
from monitor.trends.totals import totals

LENGTHS = (7, 30)  # days


async def brief(store: Store, campaign: Campaign, window: Window, now: datetime) -> Brief:
    """Return the brief of a day, and how the weeks and the month that end with it compare."""
    told, longer = await asyncio.gather(
        gather.brief(store, campaign, window, now), compared(store, campaign, min(window.end, now), now)
    )
    return told.model_copy(update={"compared": longer})


async def compared(store: Store, campaign: Campaign, until: datetime, now: datetime) -> tuple[Compared, ...]:
    """Return the totals of the last whole days of a campaign before `until`, each held against as many days before."""
    longest = await _facts(store, campaign, days_before(until, campaign.zone, max(LENGTHS)), now)
    return tuple([await _compared(store, longest, until, days) for days in LENGTHS])


def days_before(until: datetime, zone: str, days: int) -> Window:
    """Return so many whole local days, the last of them over at `until`."""
    midnight = until.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    last = local_day(midnight - timedelta(seconds=1), zone)
    return Window(local_day(last.start, zone, days_before=days - 1).start, last.end)


async def _compared(store: Store, longest: Facts, until: datetime, days: int) -> Compared:
    campaign, now = longest.campaign, longest.now
    reach = await beyond.reach(store.older, campaign.slug, now)
    spans, _ = gather.cut(days_before(until, campaign.zone, days), campaign.zone, reach)
    people = await gather.Reader(store, campaign, now).authors(longest.social, spans)
    told = await beside(totals, parted(replace(longest, windows=spans, authors=people)))
    return Compared(days=days, window=Stretch(start=spans.now.start, end=spans.now.end), totals=told)


async def _facts(store: Store, campaign: Campaign, window: Window, now: datetime) -> Facts:
    """Read what totals are made of; the longest window holds the shorter ones."""
    reach = await beyond.reach(store.older, campaign.slug, now)
    spans, fine = gather.cut(window, campaign.zone, reach)
    read = gather.Reader(store, campaign, now)
    known, press, social = await read.sides()
    cells, days, nothing, outlets, states, titles = await asyncio.gather(
        read.frame([WHOLE], known, gather.COUNTED, spans.hull, fine),
        read.frame([WHOLE], social, gather.POTENTIAL, spans.hull, Resolution.DAY),
        read.frame([], known, [], spans.hull, Resolution.DAY),
        read.frame(await read.subjects("outlet"), sorted(press), [Metric.ARTICLES], spans.hull, fine),
        runs.states(store, campaign.slug),
        headlines.within(store, campaign.slug, spans.hull),
    )
    known_of = {"press": press, "sources": states, "headlines": titles}
    return Facts(campaign, spans, now, cells, cells, days, nothing, outlets, **known_of)
