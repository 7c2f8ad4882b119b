"""From the store to a brief: read what it is made of, in few round trips, and let the trends speak."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from monitor import sources
from monitor.collect.names import Voted
from monitor.digest import crowd, friday, weeks
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.mention import Reported
from monitor.model.metric import COUNTERS, ENGAGEMENT, WHOLE, Metric, family_subject
from monitor.model.poll import Poll
from monitor.model.poll_week import PollWeek
from monitor.model.series import Frame
from monitor.model.window import Resolution, Window, bucket, cells, local_day
from monitor.store import beyond, causes, headlines, reported, runs, seen, series, spreads
from monitor.store.beyond import Reach
from monitor.store.store import Store
from monitor.trends import shares, summary
from monitor.trends.compare import Windows, windows
from monitor.trends.facts import Authors, Facts

HISTORY = timedelta(weeks=9, hours=2)
"""How far before the window the usual level looks back."""

LONGEST_BY_HOUR = timedelta(days=62)
"""Longer windows of whole days are summed from days, which the store keeps for ever and reads faster."""

CAUSES = timedelta(days=15)
"""How far before the window what explains a spike looks back: two weeks and a spike."""

POTENTIAL = (Metric.POTENTIAL_LOW, Metric.POTENTIAL_HIGH)
COUNTED = (Metric.POSTS, Metric.MEASURED_POSTS, *COUNTERS, Metric.ARTICLES)
WATCHED = (Metric.POSTS, Metric.MEASURED_POSTS, Metric.IMPRESSIONS, *ENGAGEMENT, Metric.ARTICLES)
DRIVING = (Metric.POSTS, Metric.IMPRESSIONS)


async def brief(store: Store, campaign: Campaign, window: Window, now: datetime) -> Brief:
    """Return the brief of one campaign in the part of `window` that has passed at `now`.

    What is too old to be told apart by five minutes (by the hour) begins and ends on a full hour (at midnight).
    """
    passed = Window(window.start, max(window.start, min(window.end, now)))
    told = await beside(summary.brief, await facts(store, campaign, passed, now))
    return await crowd.counted(store, campaign, told)


async def facts(store: Store, campaign: Campaign, window: Window, now: datetime) -> Facts:
    """Read everything that a brief of `window` is made of."""
    reach = await beyond.reach(store.older, campaign.slug, now)
    spans, fine = cut(window, campaign.zone, reach)
    window = spans.now
    read = Reader(store, campaign, now)
    known, press, social = await read.sides()
    oldest = min(spans.hull.start, window.start - HISTORY)
    past = Window(min(max(oldest, reach.since(Resolution.HOUR, window.end)), window.end), window.end)
    days = Window(local_day(spans.hull.start, campaign.zone).start, window.end)
    tags, tongues, papers = await asyncio.gather(
        read.subjects("tag"), read.subjects("language"), read.subjects("outlet", "region", "country")
    )
    spelled = [subject for subject in tags if subject in shares.named_spellings(campaign)]
    frames = asyncio.gather(
        read.frame([WHOLE], known, COUNTED, spans.hull, fine),
        read.frame([WHOLE], known, WATCHED, past, Resolution.HOUR),
        read.frame([WHOLE], social, POTENTIAL, days, Resolution.DAY),
        read.frame(spelled, social, [Metric.POSTS], spans.hull, fine),
        read.frame([*papers, *tongues], sorted(press), [Metric.ARTICLES], spans.hull, fine),
    )
    regions = [subject for subject in papers if subject.startswith(shares.REGION)]
    parts = asyncio.gather(
        read.frame(tongues, social, [Metric.POSTS], spans.hull, fine),
        read.frame([*spelled, *tongues], social, DRIVING, past, Resolution.HOUR),
        read.frame([*regions, *tongues], sorted(press), [Metric.ARTICLES], past, Resolution.HOUR),
    )
    around = read.around(known, social, spans, fine)
    spread = spreads.within(store, campaign.slug, spans.now, campaign.zone)
    found = await asyncio.gather(frames, parts, around, read.causes(window), spread)
    whole, (spoken, by_part, printed), others, why, days_spread = found
    told = replace(Facts(campaign, spans, now, *whole), press=press, tongues=spoken, parts=by_part, press_parts=printed)
    return replace(told, spreads=days_spread, **others, **why)


def cut(window: Window, zone: str, reach: Reach) -> tuple[Windows, Resolution]:
    """Return what is compared, and the cells it is summed from: as fine as they are still kept."""
    for width in (Resolution.FIVE_MINUTES, Resolution.HOUR):
        spans = windows(_rounded(window, width, zone), zone)
        fine = grain(spans, zone, reach)
        if fine is not None:
            return spans, fine
    return windows(_rounded(window, Resolution.DAY, zone), zone), Resolution.DAY


def grain(spans: Windows, zone: str, reach: Reach) -> Resolution | None:
    """Return the best cells that cut all compared windows and are still kept; None when there are none."""
    ends = {moment for span in (spans.now, spans.before, spans.week_before) for moment in (span.start, span.end)}
    order = [Resolution.HOUR, Resolution.FIVE_MINUTES, Resolution.DAY]
    if spans.now.length > LONGEST_BY_HOUR:
        order = [Resolution.DAY, Resolution.HOUR, Resolution.FIVE_MINUTES]
    kept = (width for width in order if spans.hull.start > reach.since(width, spans.hull.end))
    return next((width for width in kept if all(_cuts(width, moment, zone) for moment in ends)), None)


def _cuts(width: Resolution, moment: datetime, zone: str) -> bool:
    """Tell whether a cell begins at a moment; the five minutes that hold it are near enough."""
    if width is Resolution.FIVE_MINUTES:
        return True
    return bucket(int(moment.timestamp()), width, zone) == moment.timestamp()


def _rounded(window: Window, width: Resolution, zone: str) -> Window:
    """Return the window from cell to cell, at least one."""
    if width is Resolution.FIVE_MINUTES:
        return window
    starts = cells(Window(window.start, window.end + timedelta(hours=26)), width, zone)
    last = max(start for start in starts if start <= max(window.end, starts[1]))
    return Window(starts[0], last)


@dataclass(frozen=True)
class Reader:
    """The store as one campaign sees it at one moment."""

    store: Store
    campaign: Campaign
    now: datetime

    async def frame(
        self,
        subjects: Sequence[str],
        platforms: Sequence[str],
        metrics: Sequence[Metric],
        window: Window,
        resolution: Resolution,
    ) -> Frame:
        return await series.frame(
            self.store,
            self.campaign.slug,
            subjects=subjects,
            platforms=platforms,
            metrics=metrics,
            window=window,
            resolution=resolution,
            zone=self.campaign.zone,
            now=self.now,
        )

    async def sides(self) -> tuple[list[str], frozenset[str], list[str]]:
        """Return all platforms, those that bring articles, and the others, which bring posts."""
        known = await series.platforms(self.store, self.campaign.slug)
        press = frozenset(name for name in known if sources.is_press(name))
        return known, press, [name for name in known if name not in press]

    async def subjects(self, *kinds: str) -> list[str]:
        found = await asyncio.gather(*(series.subjects(self.store, self.campaign.slug, kind) for kind in kinds))
        return [subject for subjects in found for subject in subjects]

    async def around(
        self, platforms: Sequence[str], social: Sequence[str], spans: Windows, resolution: Resolution
    ) -> dict[str, Any]:
        """Return what is no frame of the whole campaign, by its name in `Facts`."""
        store, slug = self.store, self.campaign.slug
        people, states, titles, (told, ours), unlisted, followed = await asyncio.gather(
            self.authors(social, spans),
            runs.states(store, slug),
            headlines.within(store, slug, spans.hull),
            self.reported(platforms, spans, resolution),
            seen.within(store, slug, spans.now, self.campaign.zone),
            asyncio.gather(*(self.week(poll, spans.now) for poll in self.campaign.polls)),
        )
        found = {"authors": people, "sources": states, "headlines": titles}
        return found | {"reported": told, "beside": ours, "unlisted": unlisted, "polls": followed}

    async def causes(self, window: Window) -> dict[str, Any]:
        """Return what is kept by the hour to explain a spike of the window, by its name in `Facts`."""
        span = Window(max(window.start - CAUSES, window.end - causes.KEPT), window.end)
        asked = (causes.tags, causes.largest, causes.people_by_hour)
        tags, largest, people = await asyncio.gather(*(ask(self.store, self.campaign.slug, span) for ask in asked))
        return {"tags": tags, "largest": largest, "people_by_hour": people}

    async def week(self, poll: Poll, window: Window) -> PollWeek:
        """Return how a poll stands, and once it closed, what became of the name."""
        told = await weeks.week(self.store, self.campaign.slug, poll, window)
        became = await friday.report(self.store, self.campaign, Voted(poll, told.cycle), window.end, self.now)
        return told.model_copy(update={"friday": became})

    async def reported(
        self, platforms: Sequence[str], spans: Windows, resolution: Resolution
    ) -> tuple[Mapping[str, Sequence[Reported]], Frame | None]:
        """Return what platforms count themselves, and what we counted of the same hashtags there."""
        own = [WHOLE, *(family_subject(family.key) for family in self.campaign.families)]
        asked = [*own, *await self.subjects("index")]
        told = await reported.within(self.store, self.campaign.slug, asked, platforms, spans.now)
        counted = (Metric.POSTS, Metric.ARTICLES)
        return told, await self.frame(own, sorted(told), counted, spans.hull, resolution) if told else None

    async def authors(self, platforms: Sequence[str], spans: Windows) -> Authors:
        windows_read = (spans.now, spans.before, spans.week_before)
        return Authors(*await asyncio.gather(*(self._authors(platforms, span) for span in windows_read)))

    async def _authors(self, platforms: Sequence[str], window: Window) -> int:
        return await series.authors(self.store, self.campaign.slug, WHOLE, platforms, window, self.campaign.zone)
