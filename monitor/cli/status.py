"""`monitor status`: how each source is doing, while the daemon runs or not."""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor import app, log
from monitor.cli import status_files, status_polls, status_readers
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.status_files import FileReport
from monitor.cli.status_polls import PollReport
from monitor.cli.status_readers import ReaderReport
from monitor.clock import System
from monitor.collect.accounts import spendings
from monitor.collect.missed import reports
from monitor.collect.report import Report
from monitor.collect.unlisted import hint, unlisted
from monitor.digest import allowances, asking, trial
from monitor.errors import MonitorError
from monitor.model.spending import Spending
from monitor.model.table import Record
from monitor.settings.load import load
from monitor.settings.schema import Settings, Watched
from monitor.store import leases
from monitor.store.store import Store
from monitor.words.voice import voice

Unlisted = dict[str, tuple[str, ...]]
"""By campaign, the outlets that stand in no table."""

MOST_NAMED = 3  # sources that share an account
LONG_NAME = 18  # characters of a source's name that are kept on one line even in a narrow terminal
ENGLISH = voice("en")
NO_DAEMON = "No daemon is running: nothing is collected until you start one with `monitor run`."


def status(*, config: Config = CONFIG, as_json: AsJson = False) -> None:
    """Show how each source is doing: its last run and outcome, its next run, quota and gaps, and what keys used."""
    log.configure(level="ERROR")
    settings = load(config, os.environ)
    _need_something_stored(settings)
    now = System().now()
    daemon, reports, spent, unknown, followed, files, told_to = asyncio.run(_found(settings, now))
    if as_json:
        lists: dict[str, Sequence[Record]] = {
            "sources": reports, "imported": files, "polls": followed, "allowances": spent,
            "readers": told_to,
        }  # fmt: skip
        plain = {name: [one.model_dump(mode="json") for one in found] for name, found in lists.items()}
        told = {"daemon": daemon, **plain, "unlisted_outlets": unknown}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    console = Console()
    for watched in settings.campaigns:
        own = [report for report in reports if report.campaign == watched.campaign.slug]
        console.print(_table(watched, own, now, running=daemon is not None))
        for report in own:
            if said := asking.remarks(report, ENGLISH):
                console.print(f"{report.source}: {said}", style="dim", markup=False, highlight=False)
        read = [one for one in files if one.campaign == watched.campaign.slug]
        for said in status_files.remarks(read, ZoneInfo(watched.campaign.zone)):
            console.print(said, markup=False, highlight=False)
        if said := hint(unknown[watched.campaign.slug]):
            console.print(said, style="dim", markup=False, highlight=False)
        _show_polls(console, watched, followed, now, running=daemon is not None)
        console.print()
    for line in _allowances(spent, now, settings.campaigns[0].campaign.zone if settings.campaigns else "UTC"):
        console.print(line, markup=False, highlight=False)
    for said in trial.troubles(settings.monitor.digest.templates):
        console.print(said, style="yellow", markup=False, highlight=False)
    for said in status_readers.remarks(told_to, settings.campaigns[0].campaign.zone if settings.campaigns else "UTC"):
        console.print(said, markup=False, highlight=False)
    console.print(NO_DAEMON if daemon is None else f"The daemon {daemon} collects.", markup=False, highlight=False)


def _need_something_stored(settings: Settings) -> None:
    redis = settings.monitor.redis
    if redis.url is None and not (redis.folder / "users.lock").exists():
        raise MonitorError(f"nothing was ever collected here ({redis.folder} is empty): start `monitor run`")


def _show_polls(
    console: Console, watched: Watched, followed: list[PollReport], now: datetime, *, running: bool
) -> None:
    own = [report for report in followed if report.campaign == watched.campaign.slug]
    if own:
        console.print(status_polls.table(own, now, watched.campaign.zone, running=running))
    for said in status_polls.remarks(own):
        console.print(said, style="dim", markup=False, highlight=False)


async def _found(
    settings: Settings, now: datetime
) -> tuple[str | None, list[Report], list[Spending], Unlisted, list[PollReport], list[FileReport], list[ReaderReport]]:
    asked = [(one.campaign.slug, source) for one in settings.campaigns for source in one.sources if source.off is None]
    async with app.opened_store(settings) as (store, _):
        found = [report for watched in settings.campaigns for report in await _reports(store, watched, now)]
        unknown = {one.campaign.slug: await unlisted(store, one.campaign) for one in settings.campaigns}
        followed = [one for watched in settings.campaigns for one in await status_polls.reports(store, watched, now)]
        told_to = await status_readers.reports(store, settings, now)
        files = await status_files.reports(store, [watched.campaign.slug for watched in settings.campaigns])
        return await leases.holder(store), found, await spendings(store, asked, now), unknown, followed, files, told_to


async def _reports(store: Store, watched: Watched, now: datetime) -> list[Report]:
    asked = [
        (Report.of(watched.campaign.slug, source), timedelta(minutes=source.every_minutes))
        for source in watched.sources
    ]
    return await reports(store, watched.campaign, asked, now)


def _table(watched: Watched, reports: list[Report], now: datetime, *, running: bool) -> Table:
    title = f"{watched.campaign.title} ({watched.campaign.slug}; times of {watched.campaign.zone})"
    table = Table(title=escape(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(
        "source", overflow="fold", min_width=min(LONG_NAME, max((len(r.source) for r in reports), default=0))
    )
    for name in ("outcome", "last run", "next run", "new", "quota", "gaps (7 d)"):
        table.add_column(name, justify="right" if name in {"new", "quota"} else "left", overflow="fold")
    here = now.astimezone(ZoneInfo(watched.campaign.zone))
    for report in reports:
        table.add_row(
            escape(report.source),
            _outcome(report),
            _moment(report.last_run, here),
            _moment(report.next_run if running else None, here),
            _shown(report.new),
            _shown(report.quota_left),
            _sum(report) if report.outcome else "-",
        )
    return table


def _allowances(spent: list[Spending], now: datetime, zone: str) -> Iterator[str]:
    """Yield a line for each allowance, below a line that says whose it is."""
    here = voice("en", zone)
    for (platform, sources), own in groupby(spent, key=lambda one: (one.platform, one.sources)):
        named = ", ".join(sources[:MOST_NAMED]) + (" …" if len(sources) > MOST_NAMED else "")
        yield f"Allowances at {platform} (for {named}; times of {zone}):"
        yield from (f"  {allowances.sentence(one, here, now)}" for one in own)
        yield ""


def _outcome(report: Report) -> str:
    if report.off:
        return "[dim]off[/]"
    if report.outcome is None:
        return "[yellow]not asked yet[/]"
    return f"[{'green' if report.outcome.is_up else 'red'}]{report.outcome}[/]"


def _moment(moment: datetime | None, here: datetime) -> str:
    """Return a time as it is read `here`, with its day when that is another one."""
    if moment is None:
        return "-"
    local = moment.astimezone(here.tzinfo)
    return local.strftime("%H:%M" if local.date() == here.date() else "%d.%m. %H:%M")


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _sum(report: Report) -> str:
    """Return how many gaps there are and how long they are together."""
    if report.never_up:
        return asking.gaps(report, ENGLISH)
    if not report.gaps:
        return "none"
    minutes = round(sum((gap.end - gap.start for gap in report.gaps), timedelta(0)) / timedelta(minutes=1))
    return f"{len(report.gaps)}, {minutes // 60}:{minutes % 60:02} h"
