"""`monitor import`: posts from a file people have, such as twarc's JSON lines of X."""

import asyncio
import json
import os
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

from monitor import app
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.clock import System
from monitor.collect.observe import observe
from monitor.errors import MonitorError
from monitor.imports.lines import Rejected
from monitor.imports.load import Job, Report
from monitor.imports.load import load as load_file
from monitor.model.campaign import Campaign
from monitor.settings.load import load
from monitor.settings.schema import Settings


@dataclass
class Rejects:
    """The file of what could not be taken; it is made when there is something to write."""

    path: Path
    file: TextIO | None = None

    def add(self, rejected: Rejected) -> None:
        if self.file is None:
            try:
                self.file = self.path.open("w", encoding="utf-8")
            except OSError as error:
                raise MonitorError(
                    f"{self.path} cannot be written ({error.strerror}); name another: --rejects"
                ) from error
        self.file.write(json.dumps(asdict(rejected)) + "\n")

    def close(self) -> None:
        if self.file:
            self.file.close()


def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines, also packed (.gz).")],
    *,
    campaign: Annotated[str, typer.Option(metavar="SLUG", help="The campaign to count them for.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, only count.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where to note what could not be taken; by default beside the file.")
    ] = None,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Bring in posts of X from a file, in pages or flattened, as twarc writes them.

    The same file may be imported again: nothing counts twice.

    X's terms forbid monitoring protests: read docs/sources.md first.
    """
    settings = load(config, os.environ)
    noted = Rejects(rejects or file.with_name(f"{file.name}.rejects.jsonl"))
    report = asyncio.run(_load(settings, _campaign(settings, campaign), file, noted, dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(asdict(report), default=str, ensure_ascii=False))
    else:
        Console(highlight=False).print(escape("\n".join(_words(report, noted, dry_run=dry_run))))
    if report.rejected and not report.read:
        raise MonitorError(f"nothing of {file.name} could be read; is it made of JSON lines, as twarc writes them?")


def _campaign(settings: Settings, slug: str) -> Campaign:
    by_slug = {watched.campaign.slug: watched.campaign for watched in settings.campaigns}
    if slug not in by_slug:
        raise MonitorError(f"no campaign is called {slug}; there are: {', '.join(by_slug) or 'none'}")
    return by_slug[slug]


async def _load(settings: Settings, campaign: Campaign, file: Path, noted: Rejects, *, dry_run: bool) -> Report:
    """Load the file with a bar on standard error, which stays away where nobody looks."""
    now, size = System().now(), file.stat().st_size  # noqa: ASYNC240 - nobody else waits
    columns = ("[progress.description]{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
    async with AsyncExitStack() as stack:
        stack.callback(noted.close)
        store = None if dry_run else (await stack.enter_async_context(app.opened_store(settings)))[0]
        console = Console(stderr=True)
        bar = stack.enter_context(Progress(*columns, console=console, transient=True, disable=not console.is_terminal))
        task = bar.add_task(escape(file.name), total=size)
        job = Job(
            path=file,
            campaign=campaign,
            observe=partial(observe, campaign, now=now, observed_for=None),
            now=now,
            at=lambda read: bar.update(task, completed=read),
            reject=noted.add,
        )
        return await load_file(job, store)


def _words(report: Report, noted: Rejects, *, dry_run: bool) -> list[str]:
    span = (
        f", {report.first:%Y-%m-%d %H:%M} to {report.last:%Y-%m-%d %H:%M} UTC" if report.first and report.last else ""
    )
    lines = [
        f"{report.read:,} posts read{span}",
        f"{report.kept:,} name the campaign; impressions are told for {report.measured:,}",
        "nothing was written: --dry-run" if dry_run else f"{report.new:,} are new; {report.raised:,} counters rose",
    ]
    if report.refused:
        lines.append(f"{report.refused:,} left out: in the future, or before the campaign began")
    lines += [
        f"{many:,} could not be taken: {reason}"
        for reason, many in sorted(report.rejected.items(), key=lambda pair: -pair[1])
    ]
    return [*lines, f"see {noted.path}"] if report.rejected else lines
