"""A book: the sheets that were asked for and the method note, read from the store once, written in any format."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from monitor.alerts import board
from monitor.errors import MonitorError
from monitor.exports import listed, measured, series, widths
from monitor.exports.asked import Asked, Format, What
from monitor.exports.desk import Desk
from monitor.exports.note import Note, note
from monitor.exports.series import Gap, Split
from monitor.exports.sheet import Sheet
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.poll import Tally
from monitor.model.race import Cycle
from monitor.model.rise import GAINS, largest
from monitor.model.window import Resolution, Window
from monitor.store import alerts as stored_alerts
from monitor.store import causes, headlines, polls
from monitor.words.voice import Voice

MOST_POINTS = 2_500_000  # a daemon holds them in memory, some sixty bytes each
MANY_LINES = 20  # a split may have: platforms, languages
MOST_POSTS = 50  # of each metric


@dataclass(frozen=True)
class Book:
    """What an export is made of."""

    campaign: Campaign
    brief: Brief
    sheets: tuple[Sheet, ...]
    note: Note
    voice: Voice


async def read(desk: Desk) -> Book:
    """Read the sheets that were asked for; a report is told by the brief alone."""
    found = await _blind(desk)
    told = note(desk.campaign, desk.brief, found, desk.asked.voice)
    sheets = [await SHEETS[what](desk) for what in _wanted(desk.asked)]
    return Book(desk.campaign, desk.brief, tuple(sheets), told, desk.asked.voice)


def _wanted(asked: Asked) -> Sequence[What]:
    if asked.format is Format.REPORT:
        return ()
    return [*SHEETS] if asked.wanted is What.ALL else [asked.wanted]


async def _width(desk: Desk) -> Resolution:
    """Return the width of the cells: as wished, else so that they are few and all still kept."""
    asked = desk.asked
    return asked.resolution or await widths.chosen(desk.store, desk.campaign.slug, asked.window, desk.now)


def be_bearable(asked: Asked, campaign: Campaign, width: Resolution) -> None:
    """Raise MonitorError when a wish would fill the memory."""
    lines = {Split.SPELLING: len(campaign.spellings), Split.NONE: 1}.get(asked.split, MANY_LINES)
    if asked.window.length.total_seconds() / width.seconds * lines * len(asked.metrics) > MOST_POINTS:
        advice = "ask for a wider resolution, a shorter window, or fewer metrics"
        raise MonitorError(f"these may be more than {MOST_POINTS:,} points: {advice}")


async def _blind(desk: Desk) -> tuple[Gap, ...]:
    return await series.gaps(desk.store, desk.campaign, desk.window, await _width(desk), desk.now)


async def _series(desk: Desk) -> Sheet:
    asked, width = desk.asked, await _width(desk)
    be_bearable(asked, desk.campaign, width)
    found = [
        await series.read(desk.store, desk.campaign, metric, asked.window, width, asked.split, desk.now)
        for metric in asked.metrics
    ]
    return await beside(measured.series, found, desk.campaign.zone, asked.voice)


async def _posts(desk: Desk) -> Sheet:
    kept = Window(max(desk.window.start, desk.window.end - causes.KEPT), desk.window.end)
    rises = await causes.largest(desk.store, desk.campaign.slug, kept)
    found = {metric: largest(rises, metric, kept, MOST_POSTS) for metric in GAINS}
    return listed.posts(found, desk.campaign.zone)


async def _polls(desk: Desk) -> Sheet:
    async def looks(cycle: Cycle) -> tuple[Cycle, list[Tally]]:
        return cycle, await polls.tallies(desk.store, desk.campaign.slug, cycle.poll, cycle.day)

    told = await asyncio.gather(*(looks(week.cycle) for week in desk.brief.polls))
    return listed.polls(told, desk.campaign.zone)


async def _headlines(desk: Desk) -> Sheet:
    found = await headlines.within(desk.store, desk.campaign.slug, desk.window)
    return listed.headlines(found, desk.campaign.zone)


async def _gaps(desk: Desk) -> Sheet:
    return listed.gaps(await _blind(desk), desk.campaign.zone, desk.asked.voice)


async def _alerts(desk: Desk) -> Sheet:
    told = await board.board(desk.store, desk.now, most=stored_alerts.HISTORY_KEPT)
    ours = (one.about([desk.campaign.slug]) for one in reversed(told.history) if one.at in desk.window)
    return listed.alerts(ours, desk.campaign.zone)


def _told(sheet: Callable[[Brief], Sheet]) -> Callable[[Desk], Awaitable[Sheet]]:
    """Return how a sheet is read that the brief alone tells."""

    async def read_it(desk: Desk) -> Sheet:
        return sheet(desk.brief)

    return read_it


async def _spikes(desk: Desk) -> Sheet:
    return listed.spikes(desk.brief, desk.asked.voice)


SHEETS: dict[What, Callable[[Desk], Awaitable[Sheet]]] = {
    What.TOTALS: _told(measured.totals),
    What.SERIES: _series,
    What.SPIKES: _spikes,
    What.REASONS: _told(listed.reasons),
    What.SHARES: _told(measured.shares),
    What.POSTS: _posts,
    What.POLLS: _polls,
    What.HEADLINES: _headlines,
    What.STORIES: _told(listed.stories),
    What.SOURCES: _told(listed.sources),
    What.GAPS: _gaps,
    What.ALERTS: _alerts,
}
"""How each sheet is read, in the order in which they stand in a workbook."""
