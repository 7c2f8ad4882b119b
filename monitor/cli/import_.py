"""`monitor import`: posts from a file people have, whatever tool or platform wrote it."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from monitor import app
from monitor.cli.imported import Rejects, posts, words
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.clock import System
from monitor.collect.observe import observe
from monitor.errors import MonitorError
from monitor.imports.job import Job
from monitor.imports.load import load as load_file
from monitor.imports.recognise import Asked
from monitor.imports.report import Report
from monitor.model.campaign import Campaign
from monitor.settings.load import load
from monitor.settings.mapping import mapping as column_mapping
from monitor.settings.schema import Settings


def import_(
    file: Annotated[Path, typer.Argument(exists=True, help="What was exported; also packed (.gz, .zip).")],
    *,
    campaign: Annotated[str, typer.Option(metavar="SLUG", help="The campaign to count them for.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, tell what would happen.")] = False,
    form: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="What it is, where it is not recognised.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(metavar="TOML", exists=True, dir_okay=False, help="What the columns of a table are.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Where it is not UTF-8, such as windows-1256.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Begin anew instead of where a break was.")] = False,
    also_watched: Annotated[
        bool,
        typer.Option("--also-watched", help="Bring in old days that were watched too: only if the posts are others."),
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where to note what could not be taken; by default beside the file.")
    ] = None,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Bring in posts from a file: of twarc, an X archive, 4CAT, CrowdTangle, Mastodon, Bluesky, or any table.

    The same file may be imported again: nothing counts twice. An import that broke goes on where it was.

    X's terms forbid monitoring protests: read docs/sources.md first. docs/imports.md tells what is read.
    """
    settings = load(config, os.environ)
    asked = _asked(form, mapping, encoding)
    noted = Rejects(rejects or (None if dry_run else file.with_name(f"{file.name}.rejects.jsonl")))
    how = partial(Job, restart=restart, also_watched=also_watched, asked=asked)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    order = _Order(settings.watched(campaign).campaign, file, how, dry_run=dry_run)
    try:
        report = asyncio.run(_load(settings, order, noted))
    except KeyboardInterrupt:
        raise MonitorError("stopped; the same command goes on from here") from None
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str, ensure_ascii=False))
    else:
        _print(words(report, noted, dry_run=dry_run))
    _check(report, file)


def _asked(form: str | None, mapping: Path | None, encoding: str | None) -> Asked:
    if form and mapping:
        raise typer.BadParameter("a mapping says what the columns are: leave out --format, or --mapping")
    return Asked(form, column_mapping(mapping) if mapping else None, encoding)


@dataclass(frozen=True)
class _Order:
    """What is to be imported, for whom and how."""

    campaign: Campaign
    file: Path
    job: Callable[..., Job]
    dry_run: bool


def _print(lines: Sequence[str]) -> None:
    Console(highlight=False, soft_wrap=True).print(escape("\n".join(lines)))


def _check(report: Report, file: Path) -> None:
    """Raise what a script must hear of, though it was reported."""
    if report.damaged:
        raise MonitorError(f"{file.name}: {report.damaged}; what came before counts ({posts(report.read)})")
    if report.rejected and not report.read and not report.resumed:
        reason = max(report.rejected, key=lambda reason: report.rejected[reason])
        raise MonitorError(f"nothing of {file.name} could be read as {report.format}: {reason}")


async def _load(settings: Settings, order: _Order, noted: Rejects) -> Report:
    """Load the file with a bar on standard error, which stays away where nobody looks."""
    now, size = System().now(), order.file.stat().st_size
    columns = ("[progress.description]{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    async with AsyncExitStack() as stack:
        stack.callback(noted.close)
        store = None if order.dry_run else (await stack.enter_async_context(app.opened_store(settings)))[0]
        console = Console(stderr=True)
        bar = stack.enter_context(Progress(*columns, console=console, transient=True, disable=not console.is_terminal))
        task = bar.add_task(escape(order.file.name), total=size)
        job = order.job(
            path=order.file,
            campaign=order.campaign,
            observe=partial(observe, order.campaign, now=now, observed_for=None),
            now=now,
            at=lambda read: bar.update(task, completed=read),
            reject=noted.add,
            goes_on=noted.go_on,
        )
        return await load_file(job, store)
