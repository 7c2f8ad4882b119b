"""`monitor collect`: one run, now."""

import asyncio
import os
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor import app, log
from monitor.app import Monitor
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.collect.wire import Collector
from monitor.errors import MonitorError
from monitor.model.run import Run
from monitor.settings.load import load
from monitor.settings.schema import Settings
from monitor.store import runs


def collect(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The slug of a campaign.")],
    *,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Only this source of it.")] = None,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Collect once, now, and stop. A daemon may be running meanwhile: nothing is counted twice.

    Ends with 0 when every source answered, 1 when one did not.
    """
    log.configure(level="ERROR")
    done = asyncio.run(_collected(load(config, os.environ), campaign, source))
    if as_json:
        typer.echo(f"[{', '.join(run.model_dump_json() for run in done)}]")
    else:
        _show(done)
    if not all(run.outcome.is_up for run in done):
        raise typer.Exit(1)


async def _collected(settings: Settings, slug: str, source: str | None) -> list[Run]:
    async with app.opened(settings) as monitor:
        wanted = monitor.collectors_of(slug, source)
        if not wanted:
            raise MonitorError(f"{slug} has no source that may be asked; `monitor check` says why")
        await monitor.declare()
        return list(await asyncio.gather(*(_run(monitor, collector) for collector in wanted)))


async def _run(monitor: Monitor, collector: Collector) -> Run:
    """Ask one source, unless its server asked to be left alone for longer: then return that run again."""
    states = await runs.states(monitor.store, collector.campaign.slug)
    last = next((state.runs[0] for state in states if state.name == collector.source.name and state.runs), None)
    if last and last.retry_at and last.retry_at > monitor.clock.now():
        wait = f"not asked: the server wants to be left alone until {last.retry_at:%Y-%m-%d %H:%M} UTC"
        return last.model_copy(update={"message": wait, "read": 0, "kept": 0, "new": 0, "refused": 0, "calls": 0})
    return await monitor.collect(collector)


def _show(done: list[Run]) -> None:
    console = Console()
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("source", "outcome", "read", "kept", "new", "left out", "calls", "seconds"):
        table.add_column(name, justify="left" if name in {"source", "outcome"} else "right", overflow="fold")
    for run in done:
        numbers = (run.read, run.kept, run.new, run.refused, run.calls)
        colour = "green" if run.outcome.is_up else "red"
        table.add_row(escape(run.source), f"[{colour}]{run.outcome}[/]", *map(str, numbers), f"{run.seconds:.1f}")
    console.print(table)
    for run in done:
        if run.message:
            console.print(f"{run.source}: {run.message}", style="dim", markup=False, highlight=False)
