"""The web: how fast API and page answer in a newsroom of fifty campaigns, at twenty requests a second on one core.

The daemon and its Redis share one core, the readers' process has another. Every address is asked once before, as on a
wall screen that was there yesterday. Then requests leave at fixed moments, whatever became of those before them;
`…_p95_ms` is from that moment to the last byte. `…_cpu_ms` is what daemon and Redis computed for each of them, which
tells the same on a machine that others use meanwhile: at twenty a second, 50 ms would be the whole core.

`viewers_core` is the share of a core that 200 pages kept open cost by their events alone, while a source of one of the
campaigns answers every five seconds; what they ask for again then is an ordinary request.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

import httpx
import psutil

from bench.newsroom import SLUGS, Newsroom, newsroom
from bench.show import flags, show

RATE = 20  # requests a second
LIMIT_MS = 150.0
API = "/api/v1"


def of_each(path: str) -> tuple[str, ...]:
    """Return an address for every campaign."""
    return tuple(path.format(slug=slug) for slug in SLUGS)


ROWS: Mapping[str, Sequence[str]] = {
    "api_campaigns": (f"{API}/campaigns",),
    "api_brief_24h": of_each(f"{API}/campaigns/{{slug}}/brief?last=24h"),
    "api_brief_30d": of_each(f"{API}/campaigns/{{slug}}/brief?last=30d"),
    "api_series_24h": of_each(f"{API}/campaigns/{{slug}}/series?last=24h&resolution=5m&split=platform"),
    "api_series_30d": of_each(f"{API}/campaigns/{{slug}}/series?last=30d&resolution=1h"),
    "api_coverage_30d": of_each(f"{API}/campaigns/{{slug}}/coverage?last=30d&resolution=1h"),
    "api_sources": of_each(f"{API}/campaigns/{{slug}}/sources"),
    "api_alerts": (f"{API}/alerts",),
    "metrics": ("/metrics",),
    "page_overview": ("/",),
    "page_campaign_30d": of_each("/campaigns/{slug}?last=30d"),
    "page_sources": ("/sources",),
}
"""What is asked for, by the name of its figures."""

VIEWERS, SETTLE = 200, 5.0  # pages kept open, and seconds until all of them are
TARGETS = {f"{name}_p95_ms": f"< {LIMIT_MS:g}" for name in ROWS} | {"viewers_core": "< 0.1"}


async def ask(client: httpx.AsyncClient, path: str, begun: float) -> float:
    """Return how long an answer took, in milliseconds from when it was due."""
    answer = await client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text[:200]}")
    return (time.perf_counter() - begun) * 1e3


async def asked(url: str, paths: Sequence[str], rounds: int) -> list[float]:
    """Ask at a steady rate, each request at its moment; with no rounds, each address once, one after the other."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=600, limits=limits) as client:
        if not rounds:
            return [await ask(client, path, time.perf_counter()) for path in paths]
        begun, tasks = time.perf_counter(), []
        async with asyncio.TaskGroup() as group:
            for number, path in enumerate(islice(cycle(paths), rounds)):
                due = begun + number / RATE
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                tasks.append(group.create_task(ask(client, path, due)))
    return [task.result() for task in tasks]


def in_a_process_of_its_own(url: str, paths: Sequence[str], rounds: int) -> list[float]:
    return asyncio.run(asked(url, paths, rounds))


def computed(pid: int) -> float:
    """Return the seconds that a process and those it began have computed."""
    times = [one.cpu_times() for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    return sum(one.user + one.system for one in times)


async def row(served: Newsroom, readers: ProcessPoolExecutor, name: str, rounds: int) -> dict[str, float]:
    """Return the figures of one row."""
    ask_all = partial(asyncio.get_running_loop().run_in_executor, readers, in_a_process_of_its_own, served.url)
    await ask_all(ROWS[name], 0)
    before = computed(served.pid)
    took = await ask_all(ROWS[name], rounds)
    return {
        f"{name}_p50_ms": statistics.median(took),
        f"{name}_p95_ms": statistics.quantiles(took, n=20)[-1],
        f"{name}_cpu_ms": (computed(served.pid) - before) * 1e3 / rounds,
    }


async def viewed(served: Newsroom, readers: ProcessPoolExecutor, seconds: float) -> dict[str, float]:
    """Return what open pages cost, and how many events each was told."""
    loop = asyncio.get_running_loop()
    views = loop.run_in_executor(readers, looking, served.url, SETTLE + seconds + 1)
    await asyncio.sleep(SETTLE)
    before, begun = computed(served.pid), time.perf_counter()
    await served.stir(seconds)
    share = (computed(served.pid) - before) / (time.perf_counter() - begun)
    return {"viewers_core": share, "viewers_events": await views / VIEWERS}


def looking(url: str, seconds: float) -> int:
    return asyncio.run(looked(url, seconds))


async def looked(url: str, seconds: float) -> int:
    """Keep pages open and return how many events came."""
    limits = httpx.Limits(max_connections=VIEWERS)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as client:
        views = [asyncio.create_task(events(client, seconds)) for _ in range(VIEWERS)]
        return sum(await asyncio.gather(*views))


async def events(client: httpx.AsyncClient, seconds: float) -> int:
    heard = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), client.stream("GET", "/events") as answer:
            async for line in answer.aiter_lines():
                heard += line.startswith("event:")
    return heard


async def measure(*, quick: bool) -> dict[str, float]:
    cores = sorted(os.sched_getaffinity(0))
    figures: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory(prefix="monitor-bench-") as home,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as readers,
    ):
        async with newsroom(Path(home), 24 if quick else 120, cores[0]) as served:
            for name in ROWS:
                figures |= await row(served, readers, name, 40 if quick else 300)
            figures |= await viewed(served, readers, 10.0 if quick else 60.0)
    return figures


if __name__ == "__main__":
    options = flags(__doc__)
    show(
        "web: 50 campaigns, 20 requests a second",
        asyncio.run(measure(quick=options.quick)),
        TARGETS,
        as_json=options.json,
    )
