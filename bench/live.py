"""Open pages: what two hundred viewers cost who keep a page open in a newsroom of fifty campaigns.

The daemon and its Redis share one core; figures begin when it has made its first briefs. `quiet_core_percent` is what
they compute while nobody looks, `viewers_core_percent` what the viewers add while nothing changes: connections, pings
and looks at the store. `change_cpu_ms` is one change (a silence begins), told to all of them, after which each asks for
its page again within three seconds; `core_percent` is all of it with a change a minute, the most that a page of
campaigns is told.
"""

import asyncio
import os
import random
import tempfile
import time
from pathlib import Path

import httpx

from bench.newsroom import Newsroom, newsroom
from bench.show import flags, show
from bench.web import computed

VIEWERS = 200
POSTS_A_DAY = 4  # of each campaign: open pages do not depend on it
HERD = 3.0  # seconds, as in static/live.js
MINUTE_MS = 60_000.0
QUIET, RESTED = 3.0, 5  # percent of a core, and how often in a row
TARGETS = {"core_percent": "< 10"}


class Audience:
    """Two hundred browsers with the page of alerts open; `behind` have not seen the last change."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._connected = 0
        self.is_there, self.is_content = asyncio.Event(), asyncio.Event()
        self.behind: set[int] = set()

    async def view(self, number: int) -> None:
        """Keep a page open."""
        async with self._client.stream("GET", "/events?of=alerts") as answer:
            self._connected += 1
            if self._connected == VIEWERS:
                self.is_there.set()
            async for line in answer.aiter_lines():
                if line == "event: changed":
                    await self._refresh(number)

    async def _refresh(self, number: int) -> None:
        await asyncio.sleep(random.uniform(0, HERD))
        (await self._client.get("/alerts")).raise_for_status()
        self.behind.discard(number)
        if not self.behind:
            self.is_content.set()


async def percent(served: Newsroom, seconds: float) -> float:
    """Return which part of a core is computed."""
    before, begun = computed(served.pid), time.perf_counter()
    await asyncio.sleep(seconds)
    return 100 * (computed(served.pid) - before) / (time.perf_counter() - begun)


async def change(served: Newsroom, audience: Audience, client: httpx.AsyncClient) -> float:
    """Begin a silence; return what that costs until everybody sees it, in milliseconds."""
    before = computed(served.pid)
    audience.behind = set(range(VIEWERS))
    audience.is_content.clear()
    wish = {"everything": True, "length": f"{random.randrange(10, 1000)}m"}
    (await client.post("/api/v1/silences", json=wish)).raise_for_status()
    await asyncio.wait_for(audience.is_content.wait(), 60)
    return 1e3 * (computed(served.pid) - before)


async def settled(served: Newsroom) -> None:
    """Wait until the daemon has made its first briefs, which it does unhurriedly."""
    rested = 0
    for _ in range(100):
        rested = rested + 1 if 0 <= await percent(served, 4) < QUIET else 0
        if rested == RESTED:
            return
    raise SystemExit("the daemon does not come to rest")


async def watched(served: Newsroom, seconds: float) -> dict[str, float]:
    await settled(served)
    quiet = await percent(served, seconds)
    limits = httpx.Limits(max_connections=2 * VIEWERS, max_keepalive_connections=2 * VIEWERS, keepalive_expiry=2)
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=60, limits=limits) as client,
        asyncio.TaskGroup() as group,
    ):
        audience = Audience(client)
        viewing = [group.create_task(audience.view(number)) for number in range(VIEWERS)]
        await audience.is_there.wait()
        open_pages = await percent(served, seconds) - quiet
        told = await change(served, audience, client)
        for one in viewing:
            one.cancel()
    return {
        "quiet_core_percent": quiet,
        "viewers_core_percent": open_pages,
        "change_cpu_ms": told,
        "core_percent": max(open_pages, 0) + 100 * told / MINUTE_MS,
    }


async def measure(*, quick: bool) -> dict[str, float]:
    core = min(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as home:
        async with newsroom(Path(home), POSTS_A_DAY, core) as served:
            return await watched(served, 10 if quick else 60)


if __name__ == "__main__":
    options = flags(__doc__)
    title = f"live: {VIEWERS} open pages"
    show(title, asyncio.run(measure(quick=options.quick)), TARGETS, as_json=options.json)
