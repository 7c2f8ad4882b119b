"""What alerts take from a monitor: its rules, what a silence may name, its words, and its ways out."""

import asyncio

from monitor.alerts.doors import Doors
from monitor.alerts.finding import Kind, Message
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import HOUSE, Budget, Source
from monitor.alerts.silencing import Known
from monitor.alerts.text import Speaker
from monitor.app import Monitor
from monitor.charts import numbers
from monitor.charts import race as course
from monitor.daemon.stirs import Stirs
from monitor.digest.mail import door
from monitor.fetch.beside import beside
from monitor.model.brief import Stir
from monitor.web.sentences import WORDS
from monitor.words.voice import Voice, voice

SHARED = {Kind.BLIND, Kind.SILENT, Kind.BUDGET}
"""What is found of sources and allowances, which belong to no single campaign."""


def rounds(monitor: Monitor, stirs: Stirs) -> Rounds:
    """Return what looks at the campaigns of a monitor by all of its rules."""
    return Rounds(monitor.store, monitor.settings.monitor.alerts, monitor.clock, watched(monitor), stirs.of)


def watched(monitor: Monitor) -> list[Watched]:
    """Return every campaign with the rules that hold for it: those of the house and its own."""
    rules = monitor.settings.monitor.alerts.rules
    return [Watched(one.campaign, (*rules, *one.alerts)) for one in monitor.settings.campaigns]


def known(monitor: Monitor) -> Known:
    """Return what a silence may name."""
    rules = {rule for one in watched(monitor) for rule in one.rules}
    own = {*Kind, *(rule.called for rule in rules if not isinstance(rule, Source | Budget))} - SHARED - {Kind.TEST}
    shared = {*SHARED, *(rule.called for rule in rules)} - own
    return Known(
        campaigns={campaign.slug for campaign in monitor.campaigns},
        rules=own | shared,
        sources={name for one in monitor.collectors for name in (one.source.name, one.source.platform)},
        of_all=shared,
    )


def speaker(monitor: Monitor) -> Speaker:
    """Return what says findings in English, on the clock of UTC: for the terminal."""
    return Speaker(voice("en"), {campaign.slug: campaign for campaign in monitor.campaigns}, WORDS)


def doors(monitor: Monitor, stirs: Stirs, words_first: float | None = None) -> Doors:
    """Return the ways out of a monitor, with the digest's words, and with charts until a time of the loop's clock."""

    async def draw(message: Message, spoken: Voice) -> bytes | None:
        if message.scope == HOUSE:
            return None
        async with asyncio.timeout_at(words_first):
            return await drawn(message, spoken)

    async def drawn(message: Message, spoken: Voice) -> bytes | None:
        found = await stirs.of(monitor.campaign(message.scope), monitor.clock.now())
        if message.group == "numbers":
            return await beside(numbers.png, told_lines(found, message), spoken)
        week = next((one for one in found.polls if any(one.cycle.poll == each.name for each in message.findings)), None)
        return await beside(course.png, week, found.zone, spoken) if week and week.courses else None

    campaigns = {campaign.slug: campaign for campaign in monitor.campaigns}
    way = door(monitor.settings.monitor.mail)
    return Doors(monitor.wire.http, way, monitor.clock, campaigns, WORDS, draw)


def told_lines(found: Stir, message: Message) -> Stir:
    """Return what stirs, with the lines of what a message tells of."""
    names = {one.name for one in message.findings}
    lines = tuple(line for line in found.lines if line.name in names)
    return found.model_copy(update={"lines": lines or found.lines[:1]})
