"""Alerts while the daemon runs: what changed is looked at at once, and what is to be told is handed over beside it."""

import asyncio
from datetime import datetime, timedelta

import httpx

from monitor import log
from monitor.alerts import dispatch
from monitor.alerts.channels import Channel
from monitor.alerts.doors import Doors
from monitor.alerts.finding import Kind, Message
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import HOUSE, Budget, Source
from monitor.alerts.silencing import Known
from monitor.alerts.text import Speaker
from monitor.app import Monitor
from monitor.charts import numbers
from monitor.charts import race as course
from monitor.charts.painter import PAINTER
from monitor.digest.mail import door
from monitor.digest.stirred import stir
from monitor.errors import StoreError
from monitor.fetch.beside import beside
from monitor.model.brief import Stir
from monitor.model.campaign import Campaign
from monitor.model.window import Window
from monitor.web.sentences import WORDS
from monitor.words.voice import Voice, voice

LOOK_EVERY = 20.0  # seconds between two looks at everything: cool-downs end, and silence has no run that tells it
HAND_OVER_EVERY = 5.0  # seconds until what waits for another try is tried
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)
DRAWN_WITHIN = 1.0  # seconds for all charts that one channel waits for: where much happens at once, words go first
AT_ONCE = 12  # campaigns that are looked at side by side
HEARTBEAT_WITHIN = 10.0  # seconds
SHARED = {Kind.BLIND, Kind.SILENT, Kind.BUDGET}
"""What is found of sources and allowances, which belong to no single campaign."""

_logger = log.get("alerts")


class Stirs:
    """What stirs in each campaign, found once a minute at most: what tells why is also what is drawn."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._found: dict[str, tuple[datetime, asyncio.Task[Stir]]] = {}
        self._turn = asyncio.Lock()

    async def of(self, campaign: Campaign, now: datetime) -> Stir:
        """Return what stirs in a campaign, not older than a minute; it is found for the next if this one gives up."""
        begun, found = self._found.get(campaign.slug, (now, None))
        if found is None or abs(now - begun) > ONE_MINUTE or _failed(found):
            found = asyncio.create_task(self._stir(campaign, now))
            found.add_done_callback(_failed)  # whoever asked may have given up: nobody else looks at it
            self._found[campaign.slug] = now, found
        return await asyncio.shield(found)

    async def _stir(self, campaign: Campaign, now: datetime) -> Stir:
        async with self._turn:  # side by side all would be late
            return await stir(self._monitor.store, campaign, Window(now - ONE_DAY, now))

    async def rest(self) -> None:
        """Find nothing more."""
        tasks = [found for _, found in self._found.values()]
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _failed(found: asyncio.Task[Stir]) -> bool:
    return found.done() and (found.cancelled() or found.exception() is not None)


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


class Alarm:
    """What stirred since the last look, and the two things that are done about it, side by side."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._slugs: set[str] = set()
        self._stirs = Stirs(monitor)
        self._lines: dict[str, asyncio.Task[None]] = {}
        self._calls = 0
        self.stirred = asyncio.Event()
        """A run or a look at a poll ended: a rule may hold now."""
        self.filled = asyncio.Event()
        """There is something to hand over."""

    def become(self, monitor: Monitor) -> None:
        """Go on with other campaigns, rules and channels."""
        self._monitor, self._stirs = monitor, Stirs(monitor)

    def stir(self, campaign: str) -> None:
        """Have a campaign looked at soon."""
        self._slugs.add(campaign)
        self.stirred.set()

    async def look(self) -> None:
        """Look at the campaigns that stirred, or at all and the house where nothing did."""
        stirred, self._slugs = self._slugs, set()
        self.stirred.clear()
        if any(channel.images and channel.url is None for channel in self._monitor.settings.monitor.alerts.channels):
            await beside(PAINTER.begin)  # its start takes a second: nobody shall wait for it when something is told
        looking = rounds(self._monitor, self._stirs)
        wanted = [one for one in looking.watched if one.rules and (not stirred or one.campaign.slug in stirred)]
        room = asyncio.Semaphore(AT_ONCE)

        async def seen(one: Watched) -> None:
            async with room:
                await self._guarded(one.campaign.slug, looking, one)

        await asyncio.gather(*map(seen, wanted))
        if not stirred and any(one.rules for one in looking.watched):
            await self._guarded(HOUSE, looking)

    async def _guarded(self, scope: str, looking: Rounds, one: Watched | None = None) -> None:
        """Look at one scope; what goes wrong with it keeps no other from being looked at."""
        try:
            if one is not None:
                messages = await looking.look(one)
            else:
                messages = await looking.look_at_house(await self._monitor.spendings())
        except StoreError as error:
            _logger.warning("alerts were not looked at", scope=scope, problem=str(error))
        except Exception:  # the edge of a look: a bug in one rule must silence no other campaign
            _logger.exception("alerts failed unexpectedly", scope=scope)
        else:
            if messages:
                self.filled.set()

    async def hand_over(self) -> None:
        """Have every channel hand over what is due; a slow one keeps no other waiting."""
        self.filled.clear()
        self._calls += 1
        channels = self._monitor.settings.monitor.alerts.channels
        try:
            await dispatch.drop(self._monitor.store, channels)
        except StoreError as error:
            _logger.warning("alerts wait", problem=str(error))
            return
        for channel in channels:
            if channel.name not in self._lines:
                line = asyncio.create_task(self._line(channel), name=channel.name)
                self._lines[channel.name] = line
                line.add_done_callback(lambda done: self._lines.pop(done.get_name(), None))

    async def rest(self, *, grace: float) -> None:
        """Hand over nothing more; what is under way has `grace` seconds to end."""
        lines = list(self._lines.values())
        if lines:
            await asyncio.wait(lines, timeout=grace)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, self._stirs.rest(), return_exceptions=True)

    async def _line(self, channel: Channel) -> None:
        """Hand over what is due on one channel, and again while it was called meanwhile."""
        call, words_first = -1, asyncio.get_running_loop().time() + DRAWN_WITHIN
        while call != self._calls:
            call, monitor = self._calls, self._monitor
            try:
                ways = doors(monitor, self._stirs, words_first)
                await dispatch.deliver(monitor.store, channel, ways.send, monitor.clock)
            except StoreError as error:
                _logger.warning("alerts wait", channel=channel.name, problem=str(error))

    async def beat(self) -> None:
        """Tell the address of the dead-man's switch that all is well; silence is what it listens for."""
        url = self._monitor.settings.monitor.alerts.heartbeat_url
        if url is None:
            return
        try:
            answer = await self._monitor.wire.http.get(url.get_secret_value(), timeout=HEARTBEAT_WITHIN)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            _logger.warning("heartbeat not taken", problem=type(error).__name__)  # no more: the address is a secret
        else:
            if not answer.is_success:
                _logger.warning("heartbeat not taken", status=answer.status_code)
