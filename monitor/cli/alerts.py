"""`monitor alerts`: what goes on, what was told, and how to have silence for a while."""

import asyncio
import os
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from monitor import app, log
from monitor.alerts import board, silencing
from monitor.alerts.board import Board
from monitor.alerts.finding import Finding, Kind, Message, Parcel, Silence
from monitor.alerts.rules import HOUSE
from monitor.alerts.silencing import PARTS, Wish
from monitor.alerts.text import Speaker
from monitor.cli import alerts_shown
from monitor.cli.options import CONFIG, AsJson, Config, ShowsFirst
from monitor.cli.stored import readable_store
from monitor.daemon.alerting import doors, known, speaker
from monitor.daemon.stirs import Stirs
from monitor.errors import MonitorError
from monitor.settings.advice import unknown
from monitor.settings.load import load
from monitor.settings.schema import Settings

alerts = typer.Typer(cls=ShowsFirst, help="Show what goes on, what is muted and what was told; silence it for a while.")


@alerts.command()
def show(
    *,
    history: Annotated[int, typer.Option(min=0, max=1000, help="How many messages, back from the newest.")] = 10,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show active alerts, silences and the last messages; `monitor alerts` is enough."""
    log.configure(level="ERROR")
    settings = readable_store(config)
    shown, speaking = asyncio.run(_board(settings, history))
    if as_json:
        typer.echo(shown.model_dump_json())
    else:
        alerts_shown.show(shown, speaking)


@alerts.command()
def silence(
    match: Annotated[
        list[str], typer.Argument(metavar="MATCH...", help="campaign=SLUG, rule=NAME, source=NAME; or all.")
    ],
    *,
    length: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 30m, 2h, 3d.")],
    because: Annotated[str, typer.Option(help="Why, for those who wonder.")] = "",
    config: Config = CONFIG,
) -> None:
    """Send nothing of what matches for a while; it is still looked for."""
    wish = Wish(matched(match), _lasts(length), because)
    one = asyncio.run(_silenced(readable_store(config), wish))
    typer.echo(f"silence {one.id} until {one.until:%Y-%m-%d %H:%M} UTC; end it with: monitor alerts unsilence {one.id}")


@alerts.command()
def unsilence(
    names: Annotated[list[str], typer.Argument(metavar="ID...", help="As `monitor alerts` shows them; or all.")],
    *,
    config: Config = CONFIG,
) -> None:
    """End silences before their time."""
    ended = asyncio.run(_unsilenced(readable_store(config), names))
    typer.echo(f"{ended} ended")


@alerts.command("test")
def try_(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="Its name in the settings.")],
    *,
    config: Config = CONFIG,
) -> None:
    """Send a test to one channel, now; leave with 1 when it was not taken."""
    log.configure(level="CRITICAL")
    typer.echo(asyncio.run(_tested(load(config, os.environ), channel)))


def matched(words: Sequence[str]) -> dict[str, str]:
    """Return what a silence covers; nothing in it fits everything."""
    if list(words) == ["all"]:
        return {}
    parts = [word.partition("=") for word in words]
    wrong = next(
        (word for word, (name, _, value) in zip(words, parts, strict=True) if name not in PARTS or not value), None
    )
    if wrong is not None:
        raise typer.BadParameter(f'"{wrong}" matches nothing; write campaign=SLUG, rule=NAME or source=NAME, or all')
    return {name: value for name, _, value in parts}


def _lasts(written: str) -> timedelta:
    try:
        return silencing.lasts(written)
    except MonitorError as error:
        raise typer.BadParameter(str(error)) from error


async def _board(settings: Settings, most: int) -> tuple[Board, Speaker]:
    async with app.opened(settings) as monitor:
        return await board.board(monitor.store, monitor.clock.now(), most=most), speaker(monitor)


async def _silenced(settings: Settings, wish: Wish) -> Silence:
    async with app.opened(settings) as monitor:
        now = monitor.clock.now()
        on = [one.finding for one in (await board.board(monitor.store, now, most=0)).active]
        return await silencing.begin(monitor.store, wish, known(monitor).and_of(on), now)


async def _unsilenced(settings: Settings, names: Sequence[str]) -> int:
    async with app.opened(settings) as monitor:
        return await silencing.end(monitor.store, names)


async def _tested(settings: Settings, name: str) -> str:
    channels = {one.name: one for one in settings.monitor.alerts.channels}
    if not channels:
        raise MonitorError("there is no channel yet; name one in monitor.toml, [[alerts.channels]]")
    if name not in channels:
        raise MonitorError(f"the channel {name} {unknown(name, channels)}")
    async with app.opened(settings) as monitor:
        now = monitor.clock.now()
        told = Finding(key="test", campaign=HOUSE, rule="test", kind=Kind.TEST, severity="info", at=now, name="test")
        message = Message(id=secrets.token_hex(16), scope=HOUSE, group="test", at=now, new=(told,))
        parcel = Parcel(id=message.id, channel=name, messages=(message,), made=now)
        return await doors(monitor, Stirs(monitor)).send(channels[name], parcel)
