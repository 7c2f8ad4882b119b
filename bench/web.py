"""The web: how fast page and API answer in a newsroom of fifty campaigns, at twenty requests a second on one core.

The daemon and its Redis share one core; whoever asks, and the browser, have the others. Figures begin when the daemon
has summed up every campaign. Every address is asked once before, as on a wall screen that was there yesterday. Then
requests leave at fixed moments, whatever became of those before them: `…_p50_ms` and `…_p95_ms` are from that moment to
the last byte, `…_cpu_ms` is what daemon and Redis computed for each, which tells the same on a machine that others use
meanwhile: at twenty a second, 50 ms would be the whole core. `beside_cold_p95_ms` is the overview, while fifty briefs
that nobody asked for before are wanted at once.

`…_paint_ms` is the first contentful paint in Chromium (median and worst), `…_sent_kb` and `…_raw_kb` what it fetched
for the page, packed and unpacked, without the library of charts. `viewers_quiet_core` is the share of a core that 200
open pages add while nothing changes, `viewers_core` the same with a change a minute, after which all fetch the page;
`nobody_core` is the daemon's own work. `load` is how many processes wanted a core in the last minute, ours among them.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

import httpx

from bench.live import watched
from bench.newsroom import SLUGS, Newsroom, newsroom
from bench.paint import painted
from bench.show import flags, show

RATE = 20  # requests a second
API = "/api/v1"


def of_each(path: str) -> tuple[str, ...]:
    """Return an address for every campaign."""
    return tuple(path.format(slug=slug) for slug in SLUGS)


ROWS: Mapping[str, Sequence[str]] = {
    "overview": ("/",),
    "campaign_30d": of_each("/campaigns/{slug}?last=30d"),
    "sources": ("/sources",),
    "api_campaigns": (f"{API}/campaigns",),
    "api_brief_24h": of_each(f"{API}/campaigns/{{slug}}/brief?last=24h"),
    "api_brief_30d": of_each(f"{API}/campaigns/{{slug}}/brief?last=30d"),
    "api_series_24h": of_each(f"{API}/campaigns/{{slug}}/series?last=24h&resolution=5m&split=platform"),
    "api_series_30d": of_each(f"{API}/campaigns/{{slug}}/series?last=30d&resolution=1h"),
    "api_coverage_30d": of_each(f"{API}/campaigns/{{slug}}/coverage?last=30d&resolution=1h"),
    "api_sources": of_each(f"{API}/campaigns/{{slug}}/sources"),
    "api_alerts": (f"{API}/alerts",),
    "metrics": ("/metrics",),
}
"""What is asked for, by the name of its figures."""

COLD = of_each(f"{API}/campaigns/{{slug}}/brief?last=7d")
PATIENCE = 120.0
IN_TIME, AT_ONCE, LIGHT = "< 150", "< 1,000", "< 300"
TARGETS = {
    "overview_p50_ms": IN_TIME,
    "overview_p95_ms": IN_TIME,
    "campaign_30d_p95_ms": IN_TIME,
    "beside_cold_p95_ms": IN_TIME,
    "overview_cpu_ms": "< 25",
    "campaign_30d_cpu_ms": "< 25",
    "overview_paint_ms": AT_ONCE,
    "campaign_30d_paint_ms": AT_ONCE,
    "overview_sent_kb": LIGHT,
    "campaign_30d_sent_kb": LIGHT,
    "viewers_quiet_core": "< 0.1",
    "viewers_core": "< 0.1",
}


async def ask(client: httpx.AsyncClient, path: str, begun: float) -> float:
    """Return how long an answer took, in milliseconds from when it was due."""
    answer = await client.get(path)
    if answer.status_code != httpx.codes.OK:
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text[:200]}")
    return (time.perf_counter() - begun) * 1e3


async def asked(client: httpx.AsyncClient, paths: Sequence[str], rounds: int) -> list[float]:
    """Ask at a steady rate, each request at its moment."""
    begun, tasks = time.perf_counter(), []
    async with asyncio.TaskGroup() as group:
        for number, path in enumerate(islice(cycle(paths), rounds)):
            due = begun + number / RATE
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            tasks.append(group.create_task(ask(client, path, due)))
    return [task.result() for task in tasks]


async def row(served: Newsroom, client: httpx.AsyncClient, name: str, rounds: int) -> dict[str, float]:
    """Return the figures of one row."""
    for path in ROWS[name]:
        await ask(client, path, time.perf_counter())
    before = served.computed()
    took = await asked(client, ROWS[name], rounds)
    return {
        f"{name}_p50_ms": statistics.median(took),
        f"{name}_p95_ms": statistics.quantiles(took, n=20)[-1],
        f"{name}_cpu_ms": (served.computed() - before) * 1e3 / rounds,
    }


async def beside_cold(client: httpx.AsyncClient, rounds: int) -> dict[str, float]:
    """Return how the overview is answered while fifty briefs are made, and when the last of these is there."""
    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        cold = [group.create_task(ask(client, path, begun)) for path in COLD]
        took = await asked(client, ROWS["overview"], rounds)
    p95 = statistics.quantiles(took, n=20)[-1]
    return {"beside_cold_p95_ms": p95, "cold_last_ms": max(one.result() for one in cold)}


def cores() -> int | None:
    """Leave the first core to the daemon and take the others; None, and say so, where that can not be."""
    with suppress(AttributeError, OSError):
        first, *others = sorted(os.sched_getaffinity(0))
        if others:
            os.sched_setaffinity(0, others)
            return first
    print("this machine does not part its cores: daemon, asking process and browser share all of them", file=sys.stderr)
    return None


async def measure(*, quick: bool) -> dict[str, float]:
    rounds, figures = 40 if quick else 300, dict[str, float]()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    with tempfile.TemporaryDirectory(prefix="monitor-bench-") as home:
        async with newsroom(Path(home), 4 if quick else 120, cores()) as served:
            async with httpx.AsyncClient(base_url=served.url, timeout=PATIENCE, limits=limits) as client:
                for name in ROWS:
                    print(f"asking for {name}", file=sys.stderr)
                    figures |= await row(served, client, name, rounds)
                figures |= await beside_cold(client, rounds)
            figures |= await painted(served.url, 3 if quick else 10)
            figures |= await watched(served, 10.0 if quick else 60.0)
    return figures | {"load": os.getloadavg()[0]}


if __name__ == "__main__":
    options = flags(__doc__)
    title = f"web: {len(SLUGS)} campaigns, {RATE} requests a second"
    show(title, asyncio.run(measure(quick=options.quick)), TARGETS, as_json=options.json)
