"""Alerts while the daemon runs: what changed is looked at at once, and what is to be told is handed over beside it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import httpx

from monitor import log
from monitor.alerts import dispatch
from monitor.alerts.channels import Channel
from monitor.alerts.finding import Message
from monitor.alerts.rounds import Rounds, Watched
from monitor.alerts.rules import HOUSE
from monitor.app import Monitor
from monitor.charts.painter import PAINTER
from monitor.daemon.alerting import doors, rounds
from monitor.daemon.stirs import Stirs
from monitor.errors import MonitorError, StoreError
from monitor.fetch.beside import beside

LOOK_EVERY = 20.0  # seconds between two looks at everything: cool-downs end, and silence has no run that tells it
HAND_OVER_EVERY = 5.0  # seconds until what waits for another try is tried
DRAWN_WITHIN = 1.0  # seconds for all charts that one channel waits for: where much happens at once, words go first
AT_ONCE = 12  # campaigns that are looked at side by side
HEARTBEAT_WITHIN = 10.0  # seconds

_logger = log.get("alerts")


class Alarm:
    """What stirred since the last look, and the two things that are done about it, side by side.

    `prepare` begins what draws charts.
    """

    def __init__(self, monitor: Monitor, *, prepare: Callable[[], None] = PAINTER.begin) -> None:
        self._monitor, self._prepare = monitor, prepare
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
        await self._be_ready_to_draw()
        looking = rounds(self._monitor, self._stirs)
        wanted = [one for one in looking.watched if one.rules and (not stirred or one.campaign.slug in stirred)]
        room = asyncio.Semaphore(AT_ONCE)

        async def seen(one: Watched) -> None:
            async with room:
                await self._guarded(one.campaign.slug, looking.look(one))

        await asyncio.gather(*map(seen, wanted))
        if not stirred:
            await self._guarded(HOUSE, looking.end_unsought())
        if not stirred and any(one.rules for one in looking.watched):
            await self._guarded(HOUSE, self._house(looking))

    async def _be_ready_to_draw(self) -> None:
        """Begin what draws, where a chart may be wanted: it takes a second, and news shall not wait for it."""
        channels = self._monitor.settings.monitor.alerts.channels
        if not any(channel.images and channel.url is None for channel in channels):
            return
        try:
            await beside(self._prepare)
        except MonitorError as error:
            _logger.warning("alerts go without charts", problem=str(error))

    async def _house(self, looking: Rounds) -> Sequence[Message]:
        return await looking.look_at_house(await self._monitor.spendings())

    async def _guarded(self, scope: str, look: Awaitable[Sequence[Message] | None]) -> None:
        """Look at one scope; what goes wrong with it keeps no other from being looked at."""
        try:
            messages = await look
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
