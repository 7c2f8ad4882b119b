"""`monitor status`: how each source is doing, while the daemon runs or not."""

import asyncio
import json
from datetime import datetime, timedelta

import typer
from rich.console import Console

from monitor import app, log
from monitor.cli import status_files, status_polls, status_readers
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.status_shown import Status, shown
from monitor.cli.stored import stored
from monitor.clock import System
from monitor.collect.accounts import spendings
from monitor.collect.missed import reports
from monitor.collect.report import Report
from monitor.collect.unlisted import unlisted
from monitor.settings.schema import Settings, Watched
from monitor.store import leases
from monitor.store.store import Store


def status(*, config: Config = CONFIG, as_json: AsJson = False) -> None:
    """Show how each source is doing: its last run and outcome, its next run, quota and gaps, and what keys used."""
    log.configure(level="ERROR")
    settings = stored(config)
    now = System().now()
    found = asyncio.run(_found(settings, now))
    if as_json:
        typer.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
        return
    console = Console()
    for part in shown(found, settings, now):
        console.print(part)


async def _found(settings: Settings, now: datetime) -> Status:
    campaigns = settings.campaigns
    asked = [(one.campaign.slug, source) for one in campaigns for source in one.sources if source.off is None]
    async with app.opened_store(settings) as (store, _):
        return Status(
            daemon=await leases.holder(store),
            sources=[report for one in campaigns for report in await _reports(store, one, now)],
            imported=await status_files.reports(store, [one.campaign.slug for one in campaigns]),
            polls=[report for one in campaigns for report in await status_polls.reports(store, one, now)],
            allowances=await spendings(store, asked, now),
            readers=await status_readers.reports(store, settings, now),
            unlisted_outlets={one.campaign.slug: await unlisted(store, one.campaign) for one in campaigns},
        )


async def _reports(store: Store, watched: Watched, now: datetime) -> list[Report]:
    asked = [
        (Report.of(watched.campaign.slug, source), timedelta(minutes=source.every_minutes))
        for source in watched.sources
    ]
    return await reports(store, watched.campaign, asked, now)
