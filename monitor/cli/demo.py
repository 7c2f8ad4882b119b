"""`monitor demo`: two weeks of a small invented world, collected, stored, mailed and checked against the truth."""

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor import app, log
from monitor.cli.brief import shown
from monitor.cli.options import AsJson
from monitor.clock import Simulated
from monitor.demo.cast import CAMPAIGN
from monitor.demo.places import places
from monitor.demo.plan import ZONE, Plan, Trouble, troubles
from monitor.demo.stage import Stage, make, stage
from monitor.demo.tally import Row, tally
from monitor.digest import daily, gather, mail
from monitor.digest.recipient import Recipient
from monitor.digest.recipient import Settings as Digest
from monitor.model.brief import Brief
from monitor.model.window import Window
from monitor.settings.schema import Monitor, Privacy, Settings, Watched
from monitor.store.redis import Settings as Redis

READER = Recipient(address="desk@newsroom.example", timezone=ZONE)
WEEK = timedelta(days=7)
Told = Callable[[datetime, int], None]
"""Hears after every round where the world is and how many mentions were new."""


@dataclass(frozen=True)
class Ending:
    """How a demo ended: the brief of its last week, its last mail, and the table."""

    brief: Brief
    mail: Path | None
    rows: Sequence[Row]

    @property
    def equal(self) -> bool:
        return all(row.equal for row in self.rows)


def demo(
    *,
    trouble: Annotated[
        str, typer.Option(metavar="NAMES", help=f"How the world misbehaves: {', '.join(Trouble)}, or all.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=28, help="How many days the world lasts.")] = 14,
    seed: Annotated[int, typer.Option(help="Another number is another world.")] = 2016,
    as_json: AsJson = False,
) -> None:
    """Watch a small invented world for two weeks, in a minute: no network, no keys, no settings.

    Real collectors, store, trends and digest run against servers on this machine. At the end stands a table of what is
    true in that world and what was stored; it must agree exactly, else the exit code is 1.
    """
    log.configure(level="CRITICAL")
    plan = Plan(days=days, seed=seed, troubles=_troubles(trouble))
    folder = Path(tempfile.mkdtemp(prefix="monitor-demo-"))
    with _progress(plan, quiet=as_json) as told:
        ending = asyncio.run(perform(plan, folder, told))
    _say(ending, as_json=as_json)
    if not ending.equal:
        raise typer.Exit(1)


async def perform(plan: Plan, folder: Path, told: Told = lambda _moment, _new: None) -> Ending:
    """Put a world on, watch it to its end and until its counters have settled, and compare."""
    clock = Simulated(plan.start)
    async with _watching(plan, folder, clock) as (on, monitor):
        await monitor.declare()
        for moment in plan.rounds():
            clock.move_to(moment)
            told(moment, await _round(monitor))
            await _post(monitor, plan)
        end = clock.now()
        brief = await gather.brief(monitor.store, CAMPAIGN, Window(plan.end - WEEK, plan.end), end)
        for moment in plan.settling():
            clock.move_to(moment)
            told(moment, await _round(monitor))
            await _post(monitor, plan)
        return Ending(brief, _last_mail(folder), await tally(monitor.store, on.world, clock.now()))


@asynccontextmanager
async def _watching(plan: Plan, folder: Path, clock: Simulated) -> AsyncIterator[tuple[Stage, app.Monitor]]:
    async with (
        stage(make(plan), clock) as on,
        app.opened(_settings(on, folder), clock=clock) as monitor,
    ):
        yield on, monitor


def _settings(on: Stage, folder: Path) -> Settings:
    """Return what an operator would have written, with a private Redis and an outbox in the folder."""
    monitor = Monitor(
        redis=Redis(folder=folder / "redis"),
        privacy=Privacy(key=SecretStr(secrets.token_hex(32))),
        digest=Digest(recipients=(READER,)),
        mail=mail.Settings(outbox=folder / "outbox"),
    )
    return Settings(monitor, (Watched(CAMPAIGN, places(on), folder / "demo.toml"),))


async def _round(monitor: app.Monitor) -> int:
    """Collect every source once, one after the other so that the same world is always seen alike."""
    return sum([(await monitor.collect(collector)).new for collector in monitor.collectors])


async def _post(monitor: app.Monitor, plan: Plan) -> None:
    """Send what is due: a mail every morning, from the second day of the world to the morning after its last."""
    now = monitor.clock.now()
    if plan.start + timedelta(days=1) <= now <= plan.end + timedelta(days=1):
        way = mail.door(monitor.settings.monitor.mail)
        await daily.send_due(monitor.store, monitor.campaigns, monitor.settings.monitor.digest.recipients, way, now)


def _last_mail(folder: Path) -> Path | None:
    mails = sorted((folder / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime)
    return mails[-1] if mails else None


def _progress(plan: Plan, quiet: bool):
    from contextlib import contextmanager
    @contextmanager
    def cm():
        import time
        t=[time.time()]
        def told(moment, new):
            if moment.hour==21: print(moment, new, round(time.time()-t[0],1), flush=True)
        yield told
    return cm()

def _troubles(names): return troubles(names)

def _say(ending, as_json):
    Console().print(shown(ending.brief))
    for row in ending.rows: print(row.equal, row)
    print(ending.mail)
