"""`monitor archive`: what lies in the archive, whether it is whole, and writing what is due now."""

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from monitor import app, log
from monitor.archive.partitions import Partition
from monitor.archive.report import faults, holdings
from monitor.archive.writing import keep
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.stored import stored
from monitor.errors import ArchiveError
from monitor.settings.load import load

archive = typer.Typer(no_args_is_help=True, help="Show and check the archive of older series and of evidence.")


@archive.command()
def status(*, config: Config = CONFIG, as_json: AsJson = False) -> None:
    """Show what lies there: days, rows and size by campaign and kind."""
    folder = _folder(config)
    found = holdings(folder)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], default=str))
        return
    if not found:
        typer.echo(f"{folder} holds nothing yet: five minutes come there after 9 days, hours after 370")
        return
    typer.echo(f"{folder} (days of UTC)")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("campaign", "kind", "from", "to"):
        table.add_column(name, no_wrap=name != "campaign", overflow="fold")
    for name in ("days", "files", "rows", "waiting", "MB"):
        table.add_column(name, justify="right")
    for one in found:
        numbers = (one.days, one.files, one.rows, one.waiting)
        ends = (str(one.first or "-"), str(one.last or "-"))
        table.add_row(one.campaign, one.kind, *ends, *(f"{each:,}" for each in numbers), f"{one.size / 1e6:,.2f}")
    Console().print(table)
    for problem in [problem for one in found for problem in one.broken]:
        typer.echo(problem, err=True)


@archive.command()
def write(*, config: Config = CONFIG) -> None:
    """Write what is due, as the daemon does every hour; both at once do no harm."""
    log.configure(level="WARNING")
    settings = stored(config)

    async def written() -> list[Partition]:
        async with app.opened(settings) as monitor:
            slugs = [campaign.slug for campaign in monitor.campaigns]
            return await keep(monitor.store, settings.monitor.archive.folder, slugs, monitor.clock.now())

    made = asyncio.run(written())
    typer.echo(f"{len(made)} files written" if made else "nothing is due")


@archive.command()
def verify(*, config: Config = CONFIG) -> None:
    """Compare every file with the hash in its name, and every item of evidence with its own."""
    folder = _folder(config)
    found = list(faults(folder))
    problems = [problem for problem in found if problem]
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise ArchiveError(f"{len(problems)} of {len(found):,} files are not what was written")
    typer.echo(f"{len(found):,} files are what was written")


def _folder(config: Path) -> Path:
    return load(config, os.environ).monitor.archive.folder
