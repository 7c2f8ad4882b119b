"""A daemon with many campaigns and nothing to do: how much memory it holds, and how much of a core it takes.

Each campaign has one feed on a loopback server of its own, asked once an hour. The daemon is measured after its first
runs, when nothing is due: with `quick` before the first summaries are made, else after them.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from bench.daemon import daemon, write_rules

CAMPAIGNS = 100
PATIENCE = 120.0  # seconds for the first runs of all campaigns

_FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Quiet</title></channel></rss>'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
_CAMPAIGN = """
title = "Campaign {number}"
words = ["aleppo"]
hashtags = ["#aleppo{number}"]
[[sources]]
platform = "feeds"
url = "http://127.0.0.{number}:{port}/feed.xml"
outlet = "Outlet {number}"
every_minutes = 60.0
"""


async def idle_daemon(*, quick: bool) -> dict[str, float]:
    """Return the daemon's resident memory (MB), its share of one core, and the memory of its private Redis."""
    with tempfile.TemporaryDirectory(prefix="monitor-idle-") as home:
        async with feeds() as port:
            write_settings(Path(home), port)
            async with daemon(Path(home)) as (process, told):
                await told.until("collected" if quick else "summed up", CAMPAIGNS, PATIENCE)
                return await watched(process.pid, 6.0 if quick else 30.0)


@asynccontextmanager
async def feeds() -> AsyncIterator[int]:
    """One port on a hundred loopback addresses, with an empty feed behind each."""
    first = await asyncio.start_server(_serve, "127.0.0.1", 0)
    port = first.sockets[0].getsockname()[1]
    others = await asyncio.start_server(_serve, [f"127.0.0.{number}" for number in range(2, CAMPAIGNS + 1)], port)
    async with first, others:
        yield port


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_ANSWER % (len(_FEED), _FEED))
    writer.close()


def write_settings(home: Path, port: int) -> None:
    """Write the settings of a hundred campaigns, without the page."""
    write_rules(home, "enabled = false")
    for number in range(1, CAMPAIGNS + 1):
        (home / "campaigns" / f"c{number}.toml").write_text(_CAMPAIGN.format(number=number, port=port))


async def watched(pid: int, seconds: float) -> dict[str, float]:
    process = psutil.Process(pid)
    before, start = process.cpu_times(), time.perf_counter()
    await asyncio.sleep(seconds)
    after, took = process.cpu_times(), time.perf_counter() - start
    private = [one for one in psutil.process_iter(["name", "ppid"]) if one.info["ppid"] == pid]
    return {
        "daemon_rss_mb": process.memory_info().rss / 1e6,
        "daemon_cpu_share": (after.user + after.system - before.user - before.system) / took,
        "daemon_redis_rss_mb": sum(one.memory_info().rss for one in private) / 1e6,
    }
