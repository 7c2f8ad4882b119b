"""One machine of an operator: a folder of settings, and daemons started on it, as processes or in this one."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from monitor.daemon.orders import Orders
from monitor.daemon.service import live
from monitor.daemon.watch import Watch
from monitor.settings.load import load
from monitor.store.store import Store

PATIENCE = 30.0  # seconds until a test gives up on a daemon

_MONITOR = """
[redis]
{redis}
[privacy]
folder = "{home}"
[collect]
lease_seconds = {lease}
[web]
port = {port}
[mail]
outbox = "{home}/outbox"
[archive]
folder = "{home}/archive"
[log]
json_lines = true
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Daemon:
    """A running `monitor run`; `log` are the events it has written so far."""

    process: asyncio.subprocess.Process
    log: list[dict[str, Any]] = field(default_factory=list)

    async def says(self, event: str, **facts: Any) -> dict[str, Any]:
        """Wait until it writes this event with these facts, counting from the last one waited for."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while line := await self.process.stderr.readline():
                entry = _entry(line)
                self.log.append(entry)
                if entry.get("event") == event and facts.items() <= entry.items():
                    return entry
        raise AssertionError(f"it ended without saying {event}: {self.log}")

    async def ends(self, number: signal.Signals | None = None) -> int:
        """Send a signal, if any, and return the exit code."""
        if number is not None:
            self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            _, rest = await self.process.communicate()
        self.log += map(_entry, rest.splitlines())
        return self.process.returncode or 0


def _entry(line: bytes) -> dict[str, Any]:
    if not line.startswith(b"{"):
        return {"event": line.decode()}
    entry: dict[str, Any] = json.loads(line)
    return entry


class Machine:
    """Settings in a folder of their own; every daemon that was started is stopped in the end."""

    def __init__(self, home: Path, *, redis: str | None = None, lease: float = 2.0) -> None:
        self.home, self.config = home, home / "config"
        (self.config / "campaigns").mkdir(parents=True)
        self.port = _free_port()
        redis = redis or f'folder = "{home}/redis"'
        (self.config / "monitor.toml").write_text(_MONITOR.format(home=home, redis=redis, lease=lease, port=self.port))

    def campaign(self, slug: str, server: str, *, minutes: float = 60, title: str = "Save") -> Path:
        """Write the file of a campaign that watches the tag named like itself."""
        file = self.config / "campaigns" / f"{slug}.toml"
        source = f'platform = "mastodon"\nname = "town"\nserver = "{server}"\nevery_minutes = {minutes}\n'
        file.write_text(f'title = "{title}"\nhashtags = ["#{slug}"]\n[[sources]]\n{source}')
        return file

    @asynccontextmanager
    async def alive(self, store: Store) -> AsyncIterator[Watch]:
        """Let a daemon live in this process, on a store that is open; it is told to stop at the end."""
        watch, orders = Watch(self.config, {}, load(self.config, {})), Orders()
        living = asyncio.create_task(live(watch, orders, store))
        try:
            yield watch
        finally:
            orders.stop.set()
            async with asyncio.timeout(10):
                await living

    @asynccontextmanager
    async def daemon(self) -> AsyncIterator[Daemon]:
        """Start a daemon; it is killed at the end if it still runs."""
        async with self.command("run") as daemon:
            yield daemon

    @asynccontextmanager
    async def command(self, *words: str) -> AsyncIterator[Daemon]:
        """Start any command on the settings of this machine."""
        words = ("-m", "monitor", *words, "--config", str(self.config))
        env = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *words,
            env=env,
            cwd=self.home,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield Daemon(process)
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()

    async def said(self, *words: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and what it printed."""
        async with self.command(*words) as command, asyncio.timeout(PATIENCE):
            out, err = await command.process.communicate()
            return command.process.returncode or 0, (out + err).decode()

    async def ask(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    async def is_said_to_be(self, role: str) -> None:
        """Wait until /healthz says that a daemon is in this role."""
        async with asyncio.timeout(PATIENCE):
            while (await self.ask("/healthz")).json()["role"] != role:
                pass
