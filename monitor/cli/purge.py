"""`monitor purge`: removes what is to be kept no longer, a whole campaign, or what is known of a reader."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from monitor import app, log
from monitor.archive import forget
from monitor.archive.purge import Gone
from monitor.archive.purge import purge as remove
from monitor.cli.options import CONFIG, Config
from monitor.cli.stored import stored
from monitor.clock import System
from monitor.errors import MonitorError
from monitor.settings.schema import Settings
from monitor.store.redis import forget_history
from monitor.store.store import Store

WORDS = {
    "causes": "hours of what explains spikes, by key",
    "authors": "counts of authors",
    "spellings": "counts of unlisted spellings",
    "mails": "notes of who got a mail",
    "kept mails": "mails as they were sent",
    "series": "days in series",
    "archive": "files of older series",
    "evidence": "files of evidence",
    "headlines": "headlines",
    "polls": "weeks of polls",
    "runs": "runs of sources",
    "briefs": "briefs",
    "alerts": "alerts told and silences",
}


def purge(
    *,
    campaign: Annotated[
        str | None, typer.Option(metavar="SLUG", help="Remove this campaign whole; its file must be gone already.")
    ] = None,
    person: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Remove what is known of a reader of the digest.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing, tell what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = CONFIG,
) -> None:
    """Remove what [retention] says is over, as the daemon does once a day; or a whole campaign, or a reader."""
    if campaign and person:
        raise typer.BadParameter("--campaign and --person go one at a time")
    log.configure(level="ERROR")
    settings = stored(config)
    if campaign:
        typer.echo(asyncio.run(_campaign(settings, campaign, dry=dry_run, yes=yes)))
    elif person:
        typer.echo(asyncio.run(_person(settings, person, dry=dry_run, yes=yes)))
    else:
        typer.echo(said(asyncio.run(_over(settings, dry=dry_run)), dry=dry_run))


def said(gone: Gone, *, dry: bool) -> str:
    """Return what went, a line for each kind of it."""
    lines = [f"{many:,} {WORDS[kind]}" for kind, many in gone.items()]
    return "\n".join(["would go:" if dry else "gone:", *lines]) if lines else "nothing is over"


async def _over(settings: Settings, *, dry: bool) -> Gone:
    async with app.opened_store(settings) as (store, _):
        gone = await remove(app.purging(settings, store, System().now(), dry=dry))
        await _forget_history(store, needed=bool(gone) and not dry)
        return gone


async def _campaign(settings: Settings, slug: str, *, dry: bool, yes: bool) -> str:
    watched = {one.campaign.slug: one.file for one in settings.campaigns}
    if slug in watched:
        raise MonitorError(
            f"{slug} is still watched: move {watched[slug]} away first, or it would be collected again from the start"
        )
    archive = settings.monitor.archive.folder
    async with app.opened_store(settings) as (store, _):
        there = await forget.known(store, archive)
        if slug not in there:
            gone = ", ".join(sorted(there - watched.keys())) or "only those that are watched"
            raise MonitorError(f"nothing is kept of a campaign {slug}; there are: {gone}")
        many, files = await forget.keys_of(store, slug), _files(archive / slug)
        what = f"{many:,} keys and {files:,} files of {slug}, with its alerts and the kept mails that tell of it"
        if dry:
            return f"would go: {what}"
        _ask(f"This removes {what}, for good. Do it?", yes=yes)
        await forget.campaign(store, archive, slug)
        await _forget_history(store)
        return f"gone: {what}"


async def _person(settings: Settings, address: str, *, dry: bool, yes: bool) -> str:
    named = [one.address for one in settings.monitor.digest.recipients]
    named += [one.address for one in settings.monitor.alerts.channels if one.address]
    if address.casefold() in map(str.casefold, named):
        raise MonitorError(f"{address} is still named in monitor.toml: take it out first, or mails go on")
    outbox = settings.monitor.mail.outbox
    async with app.opened_store(settings) as (store, _):
        many = await forget.person(store, address, outbox, dry=True)
        if not many:
            return f"nothing is known of {address}"
        if dry:
            return f"would go: {many:,} notes and mails of {address}"
        _ask(f"This removes {many:,} notes and mails, also that they wanted no mails. Do it?", yes=yes)
        await forget.person(store, address, outbox)
        await _forget_history(store)
    return f"gone: {many:,} notes and mails of {address}"


async def _forget_history(store: Store, *, needed: bool = True) -> None:
    """Have the server write its file anew, which holds what was removed until then."""
    if needed:
        await forget_history(store.redis)


def _files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0


def _ask(question: str, *, yes: bool) -> None:
    if not yes and not typer.confirm(question):
        raise MonitorError("nothing was removed")
