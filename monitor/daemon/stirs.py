"""What stirs in each campaign, found once for all who tell of it."""

import asyncio
from datetime import datetime, timedelta

from monitor.app import Monitor
from monitor.digest.stirred import stir
from monitor.model.brief import Stir
from monitor.model.campaign import Campaign
from monitor.model.window import Window

ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)


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
