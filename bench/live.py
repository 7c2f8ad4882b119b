"""Two hundred browsers that keep the overview open: what they cost while nothing changes, and with a change a minute.

A part of `python -m bench.web`.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bench.newsroom import Newsroom

VIEWERS = 200
HERD = 3.0  # seconds, as in static/live.js
MINUTE = 60.0
PATIENCE = 60.0


class Audience:
    """Browsers with the overview open; `behind` have not seen the last change."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._connected = 0
        self.is_there, self.is_content = asyncio.Event(), asyncio.Event()
        self.behind: set[int] = set()

    async def view(self, number: int) -> None:
        """Keep a page open."""
        async with self._client.stream("GET", "/events?of=") as answer:
            self._connected += 1
            if self._connected == VIEWERS:
                self.is_there.set()
            async for line in answer.aiter_lines():
                if line == "event: changed":
                    await self._refresh(number)

    async def _refresh(self, number: int) -> None:
        await asyncio.sleep(random.uniform(0, HERD))
        (await self._client.get("/")).raise_for_status()
        self.behind.discard(number)
        if not self.behind:
            self.is_content.set()


async def share(served: Newsroom, seconds: float) -> float:
    """Return which part of a core is computed meanwhile."""
    before, begun = served.computed(), time.perf_counter()
    await asyncio.sleep(seconds)
    return (served.computed() - before) / (time.perf_counter() - begun)


async def change(served: Newsroom, audience: Audience) -> float:
    """Have a source answer; return the seconds that are computed until everybody has fetched the page anew."""
    before = served.computed()
    audience.behind = set(range(VIEWERS))
    audience.is_content.clear()
    await served.stir()
    async with asyncio.timeout(PATIENCE):
        await audience.is_content.wait()
    return served.computed() - before


@asynccontextmanager
async def watching(served: Newsroom) -> AsyncIterator[Audience]:
    """Open the page in every browser, and close them all."""
    limits = httpx.Limits(max_connections=2 * VIEWERS, max_keepalive_connections=2 * VIEWERS, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=served.url, timeout=PATIENCE, limits=limits) as client:
        audience = Audience(client)
        viewing = [asyncio.create_task(audience.view(number)) for number in range(VIEWERS)]
        try:
            await asyncio.wait_for(audience.is_there.wait(), PATIENCE)
            yield audience
        finally:
            for one in viewing:
                one.cancel()
            await asyncio.gather(*viewing, return_exceptions=True)


async def watched(served: Newsroom, seconds: float) -> dict[str, float]:
    """Return what open pages cost, as shares of a core."""
    alone = await share(served, seconds)
    async with watching(served) as audience:
        quiet = await share(served, seconds)
        changed = await change(served, audience)
    added = max(quiet - alone, 0)
    return {"nobody_core": alone, "viewers_quiet_core": added, "viewers_core": added + changed / MINUTE}
