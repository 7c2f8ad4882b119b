"""A real `monitor run` in a process of its own, and what it says."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_MONITOR = """
[redis]
folder = "{home}/redis"
[privacy]
folder = "{home}"
[mail]
outbox = "{home}/outbox"
[archive]
folder = "{home}/archive"
[web]
{web}
[log]
json_lines = true
"""


class Told:
    """What the daemon says: one reader hears it from the first line to the last, so the daemon never waits for one."""

    def __init__(self, said: asyncio.StreamReader) -> None:
        self._said = said
        self._heard: defaultdict[str, set[str]] = defaultdict(set)  # by event, the campaigns
        self._last = ""
        self._has_ended = False
        self._news = asyncio.Condition()

    async def hear(self) -> None:
        """Listen until the daemon has ended."""
        async for line in self._said:
            self._last = line.decode(errors="replace").strip()
            entry = json.loads(line) if line.startswith(b"{") else {}
            async with self._news:
                self._heard[entry.get("event", "")].add(entry.get("campaign", ""))
                self._news.notify_all()
        async with self._news:
            self._has_ended = True
            self._news.notify_all()

    async def until(self, event: str, campaigns: int, patience: float) -> None:
        """Wait until an event was told of so many campaigns, so many seconds at most."""
        async with asyncio.timeout(patience), self._news:
            await self._news.wait_for(lambda: self._has_ended or len(self._heard[event]) >= campaigns)
        if self._has_ended:
            raise SystemExit(f"the daemon ended before it had {event}: {self._last}")


def write_rules(home: Path, web: str) -> None:
    """Write settings whose files all lie in a folder; `web` is what stands in [web]."""
    (home / "campaigns").mkdir()
    (home / "monitor.toml").write_text(_MONITOR.format(home=home, web=web))


@asynccontextmanager
async def daemon(home: Path, core: int | None = None) -> AsyncIterator[tuple[asyncio.subprocess.Process, Told]]:
    """Run a daemon, on one `core` alone where that is said; it has ended afterwards, and its Redis with it."""
    command = (sys.executable, "-m", "monitor", "run", "--config", str(home))
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})  # before it starts its Redis, which inherits it
    if process.stderr is None:
        raise RuntimeError("the daemon has no voice")
    told = Told(process.stderr)
    hearing = asyncio.create_task(told.hear())
    try:
        yield process, told
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await hearing
