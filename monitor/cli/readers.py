"""`monitor readers`: who gets the digest, who left, and how they come back."""

import asyncio
from typing import Annotated

import typer

from monitor import app, log
from monitor.cli import status_readers
from monitor.cli.options import CONFIG, Config
from monitor.cli.stored import stored
from monitor.clock import System
from monitor.digest.recipient import Recipient
from monitor.errors import MonitorError, instead
from monitor.settings.schema import Settings
from monitor.store import readers as kept


def readers(
    *,
    resume: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Send mails again to who left or was refused.")
    ] = None,
    config: Config = CONFIG,
) -> None:
    """Show who gets the daily digest, how far today's mails are, who left, and whose address takes no mails."""
    log.configure(level="ERROR")
    settings = stored(config)
    if not settings.monitor.digest.recipients:
        raise MonitorError("nobody gets the digest yet; name readers in monitor.toml, [[digest.recipients]]")
    if resume is not None:
        typer.echo(asyncio.run(_resumed(settings, _reader(settings, resume))))
        return
    for line in asyncio.run(_lines(settings)):
        typer.echo(line)


async def _lines(settings: Settings) -> list[str]:
    async with app.opened_store(settings) as (store, _):
        found = await status_readers.reports(store, settings, System().now())
    return list(status_readers.lines(found, settings.zone))


def _reader(settings: Settings, address: str) -> Recipient:
    known = {recipient.address.casefold(): recipient for recipient in settings.monitor.digest.recipients}
    if found := known.get(address.casefold()):
        return found
    raise MonitorError(f"{address} is no reader in monitor.toml; {instead(address.casefold(), known)}")


async def _resumed(settings: Settings, recipient: Recipient) -> str:
    async with app.opened_store(settings) as (store, _):
        before = await kept.serve_again(store, kept.reader(store, recipient.address))
    if before.is_served:
        told = "is paused in monitor.toml: take the line away there" if recipient.pause else "was not paused"
        return f"{recipient.address} {told}"
    why = "had unsubscribed: be sure that they want it" if before.unsubscribed else "had been refused"
    return f"{recipient.address} gets mails again; {why}"
