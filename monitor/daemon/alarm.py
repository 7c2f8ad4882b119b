"""Alerts while the daemon runs: what changed is looked at at once, and what is to be told is handed over beside it."""

import asyncio
from datetime import datetime, timedelta

import httpx

from monitor import log
from monitor.alerts import dispatch
from monitor.alerts.doors import Doors
from monitor.alerts.finding import Message
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import HOUSE
from monitor.alerts.text import Speaker, Words
from monitor.app import Monitor
from monitor.charts import numbers
from monitor.charts import race as course
from monitor.digest import gather, race, why
from monitor.digest.mail import door
from monitor.errors import StoreError
from monitor.fetch.beside import beside
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.race import FLAGS, Cycle, Event
from monitor.model.window import Window
from monitor.words.voice import Voice, voice

LOOK_EVERY = 20.0  # seconds between two looks at everything: cool-downs end, and silence has no run that tells it
HAND_OVER_EVERY = 5.0  # seconds until what waits for another try is tried
ONE_DAY = timedelta(days=1)
HEARTBEAT_WITHIN = 10.0  # seconds

_logger = log.get("alerts")


def rounds(monitor: Monitor) -> Rounds:
    """Return what looks at the campaigns of a monitor by all of its rules."""
    rules = monitor.settings.monitor.alerts
    watched = [Watched(one.campaign, (*rules.rules, *one.alerts)) for one in monitor.settings.campaigns]

    async def explain(campaign: Campaign, now: datetime) -> Brief:
        return await gather.brief(monitor.store, campaign, Window(now - ONE_DAY, now), now)

    return Rounds(monitor.store, rules, monitor.clock, watched, explain)


def speaker(monitor: Monitor) -> Speaker:
    """Return what says findings in English, on the clock of UTC: for the terminal."""
    return Speaker(voice("en"), {campaign.slug: campaign for campaign in monitor.campaigns}, WORDS)


def doors(monitor: Monitor) -> Doors:
    """Return the ways out of a monitor, with the digest's words and charts."""

    async def draw(message: Message, spoken: Voice) -> bytes | None:
        if message.scope == HOUSE:
            return None
        now = monitor.clock.now()
        campaign = monitor.campaign(message.scope)
        brief = await gather.brief(monitor.store, campaign, Window(now - ONE_DAY, now), now)
        if message.group == "numbers":
            return await beside(numbers.png, brief, spoken)
        week = next((one for one in brief.polls if any(one.cycle.poll == each.name for each in message.findings)), None)
        return await beside(course.png, week, brief.zone, spoken) if week and week.courses else None

    campaigns = {campaign.slug: campaign for campaign in monitor.campaigns}
    way = door(monitor.settings.monitor.mail)
    return Doors(monitor.wire.http, way, monitor.clock, campaigns, WORDS, draw)


def _race(cycle: Cycle, event: Event | None, voice: Voice) -> str:
    """Return what happened in a poll and how it stands, in the words of the digest."""
    happened = (
        [] if event is None else [race.flag(event, voice) if event.kind in FLAGS else f"{race.event(event, voice)}."]
    )
    return " ".join((f"{race.title(cycle, voice)}:", *happened, race.news(cycle, voice)))


WORDS = Words(why=why.sentence, race=_race)


class Alarm:
    """What stirred since the last look, and the two things that are done about it, side by side."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._slugs: set[str] = set()
        self.stirred = asyncio.Event()
        """A run or a look at a poll ended: a rule may hold now."""
        self.filled = asyncio.Event()
        """There is something to hand over."""

    def become(self, monitor: Monitor) -> None:
        """Go on with other campaigns, rules and channels."""
        self._monitor = monitor

    def stir(self, campaign: str) -> None:
        """Have a campaign looked at soon."""
        self._slugs.add(campaign)
        self.stirred.set()

    async def look(self) -> None:
        """Look at the campaigns that stirred, or at all and the house where nothing did."""
        stirred, self._slugs = self._slugs, set()
        self.stirred.clear()
        looking = rounds(self._monitor)
        for one in looking.watched:
            if one.rules and (not stirred or one.campaign.slug in stirred):
                await self._guarded(one.campaign.slug, looking, one)
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
        """Hand over what is due."""
        self.filled.clear()
        monitor = self._monitor
        channels = monitor.settings.monitor.alerts.channels
        try:
            await dispatch.deliver(monitor.store, channels, doors(monitor).send, monitor.clock)
        except StoreError as error:
            _logger.warning("alerts wait", problem=str(error))

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
