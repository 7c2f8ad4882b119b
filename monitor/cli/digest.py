"""`monitor digest`: send what is due now, or look at a mail first."""

import asyncio
import secrets
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor import app, log
from monitor.app import Monitor
from monitor.cli.options import CONFIG, Config, checked
from monitor.cli.stored import stored
from monitor.digest import daily, preview
from monitor.digest.daily import Delivery
from monitor.digest.due import due_day
from monitor.digest.edition import Edition
from monitor.digest.layout import Layout
from monitor.digest.leaving import link
from monitor.digest.letter import Envelope
from monitor.digest.mail import door
from monitor.digest.recipient import Recipient
from monitor.digest.render import Rendered
from monitor.errors import MonitorError
from monitor.model.address import checked_address, domain
from monitor.model.campaign import Campaign
from monitor.settings.schema import LIKELY, Settings
from monitor.store.ledger import State
from monitor.words.language import checked_language

PREVIEWS = Path("var/preview")
NOBODY = "preview@localhost.example"
NEEDS_A_MAIL = "belongs to --preview or --send-test: what is due goes out as monitor.toml says"


class Opened(StrEnum):
    """What a preview is opened with."""

    NONE = "none"
    BROWSER = "browser"


@dataclass(frozen=True)
class Wish:
    """One mail outside the daily rounds: for whom, about what, and the `folder` it goes to instead of the reader."""

    address: str | None
    language: str | None
    slugs: tuple[str, ...]
    day: date | None
    folder: Path | None


def digest(
    *,
    as_preview: Annotated[bool, typer.Option("--preview", help="Write the mail to files; send nothing.")] = False,
    opened: Annotated[
        Opened, typer.Option("--open", help="Show the preview, or only print where it is.")
    ] = Opened.NONE,
    send_test: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Send one mail to this address, now.")
    ] = None,
    campaign: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Only this campaign; may be repeated.")
    ] = None,
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it tells of, not yesterday.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="The language of the mail: en, ar, or such as ar-EG.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help=f"The folder of the preview, not {PREVIEWS}.")] = None,
    config: Config = CONFIG,
) -> None:
    """Send every digest that is due now and was not sent. The daemon does this by itself.

    With --preview, write one mail as .eml, .html and .txt and print where they are; with --send-test, send it once.
    A test to a reader of monitor.toml is in the language and about the campaigns of that reader.
    """
    if as_preview and send_test:
        raise typer.BadParameter("--preview and --send-test are two things; write one of them")
    own = {"--campaign": campaign, "--day": day, "--language": language}
    _none_without(as_preview or send_test, own, NEEDS_A_MAIL)
    _none_without(as_preview, {"--to": to, "--open": opened is not Opened.NONE}, "belongs to --preview")
    log.configure(level="ERROR")
    wish = Wish(
        None if send_test is None else checked(checked_address, send_test, "--send-test"),
        None if language is None else checked(checked_language, language, "--language"),
        tuple(dict.fromkeys(campaign or ())),
        day.date() if day else None,
        (to or PREVIEWS) if as_preview else None,
    )
    settings = stored(config)
    if as_preview or send_test is not None:
        _print(asyncio.run(_tried(settings, wish)), opened)
    else:
        _show(asyncio.run(_sent(settings)))


def _none_without(main: object, given: Mapping[str, object], words: str) -> None:
    named = [name for name, value in given.items() if value]
    if named and not main:
        raise typer.BadParameter(f"{named[0]} {words}")


async def _sent(settings: Settings) -> list[Delivery]:
    rules = settings.monitor
    if not rules.digest.recipients:
        raise MonitorError("nobody gets the digest yet; name readers in monitor.toml, [[digest.recipients]]")
    async with app.opened(settings) as monitor:
        url, way = rules.web.reachable_at, door(rules.mail)
        return await daily.send_due(monitor.store, monitor.campaigns, rules.digest, way, monitor.clock, public_url=url)


async def _tried(settings: Settings, wish: Wish) -> Sequence[object]:
    """Make one mail outside the daily rounds: into a folder, or to the reader where there is none."""
    async with app.opened(settings) as monitor:
        if not monitor.campaigns:
            raise MonitorError("there is no campaign to tell of; `monitor new` writes one")
        reader = _reader(settings, wish, monitor.campaigns[0].zone)
        slugs = wish.slugs or [campaign.slug for campaign in monitor.campaigns if reader.wants(campaign.slug)]
        return await _made(monitor, [monitor.campaign(slug) for slug in slugs], reader, wish)


def _reader(settings: Settings, wish: Wish, zone: str) -> Recipient:
    """Return who the mail is for: the reader of this address, else somebody where the campaign is."""
    address = wish.address or NOBODY
    known = [one for one in settings.monitor.digest.recipients if one.address.casefold() == address.casefold()]
    reader = known[0] if known else Recipient(address=address, timezone=zone)
    return reader if wish.language is None else reader.model_copy(update={"language": wish.language})


async def _made(monitor: Monitor, campaigns: Sequence[Campaign], reader: Recipient, wish: Wish) -> Sequence[object]:
    rules, now = monitor.settings.monitor, monitor.clock.now()
    mail, told = door(rules.mail), _day(campaigns, reader, wish.day, now)
    if wish.folder is None:
        await mail.probe()  # nobody tries a test again: what is to be corrected is said first
    edition = Edition(monitor.store, now, layout=Layout(rules.digest.templates, rules.digest.methods))
    content: Rendered = await edition.content(campaigns, told, reader.voice)
    identity, url = f"<{secrets.token_hex(16)}@{domain(mail.sender)}>", rules.web.reachable_at
    leave = link(url, monitor.store, reader.address, reader.language) if url else None
    envelope = Envelope(mail.sender, reader.address, identity, now, mail.reply_to, leave)
    if wish.folder is None:
        return [await mail.send(preview.trial(content, envelope, reader.voice))]
    return preview.previewed(content, envelope, wish.folder, f"digest-{told}-{reader.language}")


def _day(campaigns: Sequence[Campaign], reader: Recipient, wanted: date | None, now: datetime) -> date:
    """Return the day that is told, by default the latest that is over everywhere."""
    if wanted is None:
        return due_day(reader, campaigns, now)
    if wanted > now.astimezone(ZoneInfo(reader.timezone)).date():
        raise MonitorError(f"{wanted} has not come yet; choose today or a day before, as in --day {now:%Y-%m-%d}")
    if wanted.year not in LIKELY:
        raise MonitorError(f"{wanted} is too long ago; write a day of the years from {LIKELY[0]} on")
    return wanted


def _print(told: Sequence[object], opened: Opened = Opened.NONE) -> None:
    for words in told:
        typer.echo(words)
    pages = [path for path in told if isinstance(path, Path) and path.suffix == ".html"]
    if opened is Opened.BROWSER and not all(webbrowser.open(page.resolve().as_uri()) for page in pages):
        raise MonitorError("no browser was found; open the .html by hand")


def _show(tried: Sequence[Delivery]) -> None:
    """Print what became of each mail; leave with 1 when one was not taken."""
    if not tried:
        typer.echo("nothing is due: every mail of today was sent, or waits for its hour")
        return
    for delivery in tried:
        typer.echo(f"{delivery.address}  {delivery.day}  {delivery.state}  {delivery.note}")
    if any(delivery.state is not State.SENT for delivery in tried):
        raise typer.Exit(1)
