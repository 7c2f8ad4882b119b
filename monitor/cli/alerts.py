"""`monitor alerts`: what goes on, what was told, and how to have silence for a while."""

import asyncio
import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor import app, log
from monitor.alerts import board, silencing
from monitor.alerts.board import Board
from monitor.alerts.finding import Active, Finding, Kind, Message, Parcel, Silence
from monitor.alerts.rules import HOUSE
from monitor.alerts.silencing import PARTS, Wish
from monitor.alerts.text import Speaker
from monitor.cli.options import CONFIG, AsJson, Config, ShowsFirst
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
    settings = load(config, os.environ)
    shown, speaking = asyncio.run(_board(settings, history))
    if as_json:
        typer.echo(shown.model_dump_json())
    else:
        _print(shown, speaking)


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
    one = asyncio.run(_silenced(load(config, os.environ), wish))
    typer.echo(f"silence {one.id} until {one.until:%Y-%m-%d %H:%M} UTC; end it with: monitor alerts unsilence {one.id}")


@alerts.command()
def unsilence(
    names: Annotated[list[str], typer.Argument(metavar="ID...", help="As `monitor alerts` shows them; or all.")],
    *,
    config: Config = CONFIG,
) -> None:
    """End silences before their time."""
    ended = asyncio.run(_unsilenced(load(config, os.environ), names))
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
        return await silencing.begin(monitor.store, wish, known(monitor), monitor.clock.now())


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


def _print(shown: Board, speaking: Speaker) -> None:
    console = Console(highlight=False)
    console.print(_active(shown.active, speaking) if shown.active else "nothing goes on")
    for one in shown.silences:
        covers = " ".join(f"{part}={value}" for part in PARTS if (value := getattr(one, part))) or "all"
        console.print(Text(f"silence {one.id}: {covers} until {_moment(one.until)} UTC  {one.because}"))
    if shown.waiting:
        console.print(f"{shown.waiting} on their way: not taken yet, or held for the end of quiet hours")
    for told in shown.history:
        parts = (
            ("", told.new),
            ("still: ", told.again),
            ("over: ", told.over),
            ("ended by the settings: ", told.ended),
        )
        for word, findings in parts:
            for finding in findings:
                console.print(Text(f"{_moment(told.at)}  {finding.campaign}  {word}{speaking.sentence(finding)}"))
    if shown.active or shown.history:
        console.print(speaking.clock())


def _active(active: Sequence[Active], speaking: Speaker) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("since", "severity", "rule", "campaign", "what", "told"):
        table.add_column(heading)
    for one in active:
        told = one.muted.value if one.muted else _moment(one.told) if one.told else "waits"
        finding, sentence = one.finding, speaking.sentence(one.finding)
        row = (_moment(one.since), finding.severity, finding.rule, finding.campaign, sentence, told)
        table.add_row(*map(Text, row))
    return table


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
