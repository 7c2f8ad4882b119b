"""`monitor poll`: how the naming polls stand, with the proof of every number; a page tried; a name decided."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from monitor import app
from monitor.app import Monitor
from monitor.cli import decision, race, trial
from monitor.cli.options import CONFIG, AsJson, Config, InLanguage, Language, ShowsFirst
from monitor.cli.stored import stored
from monitor.collect import polls as following
from monitor.collect.cycle import awaited
from monitor.errors import MonitorError
from monitor.model.campaign import Campaign
from monitor.model.poll import Poll, Tally
from monitor.model.race import Cycle
from monitor.settings.schema import Settings
from monitor.store import polls
from monitor.words.voice import voice

NONE = "no naming poll is followed; docs/polls.md says how one is declared"
Found = TypeVar("Found")
Ask = Callable[[Monitor, Campaign, Poll], Awaitable[Found]]


class CampaignPoll(Cycle):
    """A week's poll and whose it is; `monitor poll --json` prints a list of them (docs/polls.schema.json)."""

    campaign: str


@dataclass(frozen=True)
class Shown:
    """The weeks of one poll that are printed, the newest that was seen first; `coming` is the one after it."""

    campaign: Campaign
    cycles: tuple[Cycle, ...]
    now: datetime
    coming: Cycle | None = None


poll = typer.Typer(cls=ShowsFirst, help="Show how the naming polls stand; try a page, say which name was taken.")
poll.command("try")(trial.try_)
poll.command("decide")(decision.decide)


@poll.command()
def show(
    campaign: Annotated[
        str | None, typer.Argument(metavar="CAMPAIGN", help="A campaign's slug; without one, all.")
    ] = None,
    *,
    week: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The week whose poll names this day.")
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=500, help="How many weeks, back from the newest.")] = 1,
    looks: Annotated[bool, typer.Option("--looks", help="List every look, with the SHA-256 of its proof.")] = False,
    snapshot: Annotated[str | None, typer.Option(metavar="SHA256", help="Write what a look was read from.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Where --snapshot is written.")] = None,
    language: InLanguage = Language.EN,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show who leads, by how much, what may still happen and what looks odd; `monitor poll CAMPAIGN` is enough.

    With --json, a list as docs/polls.schema.json describes it.
    """
    settings, day = stored(config), week.date() if week else None
    if snapshot:
        _write(asyncio.run(_snapshot(settings, campaign, snapshot)), to)
    elif looks:
        _list([look for own in asyncio.run(_looks(settings, campaign, day)) for look in own], as_json=as_json)
    else:
        _show(asyncio.run(_weeks(settings, campaign, day, weeks)), language, as_json=as_json)


async def _each(settings: Settings, slug: str | None, ask: Ask[Found]) -> list[Found]:
    """Return what `ask` finds for every poll of a campaign, or of all."""
    async with app.opened(settings) as monitor:
        wanted = (monitor.campaign(slug),) if slug else monitor.campaigns
        followed = [(campaign, own) for campaign in wanted for own in campaign.polls]
        if not followed:
            raise MonitorError(f"{slug}: {NONE}" if slug else NONE)
        return [await ask(monitor, campaign, own) for campaign, own in followed]


async def _weeks(settings: Settings, slug: str | None, day: date | None, most: int) -> list[Shown]:
    async def ask(monitor: Monitor, campaign: Campaign, own: Poll) -> Shown:
        store, now = monitor.store, monitor.clock.now()
        if day is not None:
            named = named_by(own, day)
            kept = await polls.cycle(store, campaign.slug, own.name, named)
            return Shown(campaign, (kept or awaited(own, named),), now)
        found = await polls.cycles(store, campaign.slug, own.name, limit=most + 1)
        coming = await following.current(store, campaign.slug, own, now)
        newest = polls.newest(found) or coming
        kept_weeks = [one for one in found if one.day < newest.day]
        return Shown(campaign, (newest, *kept_weeks[: most - 1]), now, coming if coming.day > newest.day else None)

    return await _each(settings, slug, ask)


async def _looks(settings: Settings, slug: str | None, day: date | None) -> list[list[Tally]]:
    async def ask(monitor: Monitor, campaign: Campaign, own: Poll) -> list[Tally]:
        newest = polls.newest(await polls.cycles(monitor.store, campaign.slug, own.name))
        named = named_by(own, day) if day else newest.day if newest else own.named_day(monitor.clock.now())
        return await polls.tallies(monitor.store, campaign.slug, own.name, named)

    return await _each(settings, slug, ask)


async def _snapshot(settings: Settings, slug: str | None, digest: str) -> bytes:
    if slug is None:
        raise MonitorError("say whose proof it is: monitor poll CAMPAIGN --snapshot SHA256")
    async with app.opened(settings) as monitor:
        return await polls.snapshot(monitor.store, monitor.campaign(slug).slug, digest)


def named_by(own: Poll, day: date) -> date:
    """Return the day that the poll of a day's week names."""
    return own.named_day(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def _show(found: list[Shown], language: str, *, as_json: bool) -> None:
    if as_json:
        told = [
            CampaignPoll(campaign=one.campaign.slug, **dict(cycle)).model_dump_json()
            for one in found
            for cycle in one.cycles
        ]
        typer.echo(f"[{', '.join(told)}]")
        return
    console = Console(highlight=False)
    for one in found:
        speaking = voice(language, one.campaign.zone)
        console.print(race.shown(one.cycles[0], speaking, one.now))
        others = [*([one.coming] if one.coming else []), *one.cycles[1:]]
        if others:
            console.print(race.history(others, speaking))


def _list(looks: list[Tally], *, as_json: bool) -> None:
    rows = [
        {"at": look.at.isoformat(), "total": look.total, "state": look.state, "sha256": look.digest} for look in looks
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        typer.echo(
            f"{row['at']:32} {row['total'] if row['total'] is not None else '-':>9} {row['state']:7} {row['sha256']}"
        )


def _write(proof: bytes, to: Path | None) -> None:
    if to is None:
        sys.stdout.buffer.write(proof)
        sys.stdout.buffer.flush()
        return
    try:
        to.write_bytes(proof)
    except OSError as error:
        raise MonitorError(f"{to} can not be written: {error.strerror}") from error
    typer.echo(f"{len(proof):,} bytes: {to}")
