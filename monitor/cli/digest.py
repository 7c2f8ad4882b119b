"""`monitor digest`: send what is due now, or look at a mail first."""

import asyncio
import os
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor import app, log
from monitor.app import Monitor
from monitor.cli.options import CONFIG, Config
from monitor.digest import daily, preview
from monitor.digest.daily import Delivery
from monitor.digest.edition import Edition
from monitor.digest.letter import Envelope, domain
from monitor.digest.mail import door
from monitor.digest.recipient import Recipient
from monitor.digest.render import Rendered
from monitor.errors import MonitorError
from monitor.model.address import checked_address
from monitor.model.campaign import Campaign
from monitor.settings.load import load
from monitor.settings.schema import Settings
from monitor.store.ledger import State
from monitor.words.language import checked_language

PREVIEWS = Path("var/preview")
NOBODY = "preview@localhost.example"


def digest(
    *,
    as_preview: Annotated[bool, typer.Option("--preview", help="Write the mail to files; send nothing.")] = False,
    send_test: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Send one mail to this address, now.")
    ] = None,
    campaign: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only this campaign; may be repeated.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it tells of, not yesterday.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of the mail: en, ar, or such as ar-EG.")] = "en",
    to: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the preview.")] = PREVIEWS,
    config: Config = CONFIG,
) -> None:
    """Send every digest that is due now and was not sent. The daemon does this by itself.

    With --preview, write one mail as .eml, .html and .txt and print where they are; with --send-test, send it once.
    """
    log.configure(level="ERROR")
    settings = load(config, os.environ)
    if not as_preview and send_test is None:
        _show(asyncio.run(_sent(settings)))
        return
    reader = _reader(send_test or NOBODY, language)
    wanted = day.date() if day else None
    for words in asyncio.run(_tried(settings, reader, campaign or [], wanted, None if send_test else to)):
        typer.echo(words)


def _reader(address: str, language: str) -> Recipient:
    """Return who the mail is for."""
    return Recipient(address=_option(checked_address, address), language=_option(checked_language, language))


def _option(check: Callable[[str], str], written: str) -> str:
    """Return an option as it was checked; what is wrong with it is a matter of usage."""
    try:
        return check(written)
    except ValueError as error:
        raise typer.BadParameter(f'"{written}" {error}') from error


async def _sent(settings: Settings) -> list[Delivery]:
    rules = settings.monitor
    if not rules.digest.recipients:
        raise MonitorError("nobody gets the digest yet; name readers in monitor.toml, [[digest.recipients]]")
    async with app.opened(settings) as monitor:
        readers, way = rules.digest.recipients, door(rules.mail)
        return await daily.send_due(monitor.store, monitor.campaigns, readers, way, monitor.clock)


async def _tried(
    settings: Settings, reader: Recipient, slugs: Sequence[str], day: date | None, folder: Path | None
) -> Sequence[object]:
    """Make one mail outside the daily rounds: into a folder, or to the reader where there is none."""
    async with app.opened(settings) as monitor:
        campaigns = tuple(map(monitor.campaign, slugs)) if slugs else monitor.campaigns
        if not campaigns:
            raise MonitorError("there is no campaign to tell of; `monitor new` writes one")
        reader = reader.model_copy(update={"timezone": campaigns[0].zone})
        return await _made(monitor, campaigns, reader, day, folder)


async def _made(
    monitor: Monitor, campaigns: Sequence[Campaign], reader: Recipient, day: date | None, folder: Path | None
) -> Sequence[object]:
    now, mail = monitor.clock.now(), door(monitor.settings.monitor.mail)
    if day and day > now.astimezone(ZoneInfo(reader.timezone)).date():
        raise MonitorError(f"{day} has not come yet; choose today or a day before, as in --day {now:%Y-%m-%d}")
    told = day or daily.due_day(reader, campaigns, now)
    content: Rendered = await Edition(monitor.store, now).content(campaigns, told, reader.voice)
    identity = f"<{secrets.token_hex(16)}@{domain(mail.sender)}>"
    envelope = Envelope(mail.sender, reader.address, identity, now)
    if folder is None:
        return [await mail.send(preview.trial(content, envelope, reader.voice))]
    return preview.previewed(content, envelope, folder, f"digest-{told}-{reader.language}")


def _show(tried: Sequence[Delivery]) -> None:
    """Print what became of each mail; leave with 1 when one was not taken."""
    if not tried:
        typer.echo("nothing is due: every mail of today was sent, or waits for its hour")
        return
    for delivery in tried:
        typer.echo(f"{delivery.address}  {delivery.day}  {delivery.state}  {delivery.note}")
    if any(delivery.state is not State.SENT for delivery in tried):
        raise typer.Exit(1)
