"""`monitor check`: whether the settings are right, and with --live, whether everybody answers."""

import asyncio
import json
import os
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.probes import Answer, answers
from monitor.errors import Problem, SettingsError
from monitor.settings.load import load
from monitor.settings.schema import Settings, Watched
from monitor.settings.warnings import warnings

Facts = dict[str, Any]


def check(
    *,
    config: Config = CONFIG,
    live: Annotated[bool, typer.Option("--live", help="Ask each source, Redis and the mail server once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the settings; with --live, ask each source once. Nothing is collected or stored.

    Ends with 0 when all is well, 1 when somebody did not answer, 2 when the settings have problems.
    """
    try:
        settings = load(config, os.environ)
    except SettingsError as error:
        if as_json:
            typer.echo(json.dumps({"problems": [_plain(problem) for problem in error.problems]}, ensure_ascii=False))
            raise typer.Exit(2) from error
        raise
    facts = outline(settings)
    if not as_json:
        _show(facts)
    answered = asyncio.run(_ask(settings, quiet=as_json)) if live else []
    if as_json:
        typer.echo(json.dumps(facts | ({"live": list(map(asdict, answered))} if live else {}), ensure_ascii=False))
    if not all(answer.ok for answer in answered):
        raise typer.Exit(1)


def outline(settings: Settings) -> Facts:
    """Return what the settings come to, in plain values: campaigns, their sources, warnings."""
    return {
        "problems": [],
        "warnings": [_plain(said) for said in warnings(settings)],
        "campaigns": [_campaign(watched) for watched in settings.campaigns],
    }


def _plain(said: Problem) -> Facts:
    return asdict(said)


def _campaign(watched: Watched) -> Facts:
    campaign = watched.campaign
    return {
        "slug": campaign.slug,
        "title": campaign.title,
        "timezone": campaign.zone,
        "hashtags": [f"#{family.tag}" for family in campaign.families],
        "spellings": len(campaign.spellings),
        "words": [phrase.text for phrase in campaign.phrases],
        "sources": [
            source.model_dump(include={"name", "platform", "every_minutes"}) | {"off": source.off}
            for source in watched.sources
        ],
        "polls": [{"name": one.poll.name, "platform": one.at.platform, "off": one.at.off} for one in watched.polls],
    }


async def _ask(settings: Settings, *, quiet: bool) -> list[Answer]:
    answered = []
    async for answer in answers(settings):
        answered.append(answer)
        if not quiet:
            typer.echo(f"{'ok    ' if answer.ok else 'FAILED'} {answer.whom}: {answer.said}")
    return answered


def _show(facts: Facts) -> None:
    console = Console(highlight=False)
    for campaign in facts["campaigns"]:
        console.print(_table(campaign))
    for said in facts["warnings"]:
        console.print("[yellow]note[/]", escape(f"{said['file']}: {said['place']} {said['advice']}"))
    sources = [source for campaign in facts["campaigns"] for source in campaign["sources"]]
    on = sum(source["off"] is None for source in sources)
    many = len(facts["campaigns"])
    console.print(f"The settings are fine. Campaigns: {many}; sources: {on} of {len(sources)} are asked.")


def _table(campaign: Facts) -> Table:
    title = f"{campaign['title']} ({campaign['slug']}, {campaign['timezone']})"
    tags = f"{', '.join(campaign['hashtags'])}: {campaign['spellings']} spellings"
    terms = f"{tags}; words: {', '.join(campaign['words'])}"
    table = Table("source", "platform", "asked", title=escape(title), caption=escape(terms), title_justify="left")
    for source in campaign["sources"]:
        asked = source["off"] or _rhythm(source["every_minutes"])
        table.add_row(source["name"], source["platform"], f"[dim]{asked}[/]" if source["off"] else asked)
    for poll in campaign["polls"]:
        asked = f"[dim]{poll['off']}[/]" if poll["off"] else "every 30 minutes, denser towards its end"
        table.add_row(f"poll {poll['name']}", poll["platform"], asked)
    return table


def _rhythm(minutes: float) -> str:
    return "every minute" if minutes == 1 else f"every {minutes:g} minutes"
