"""`monitor backtest`: what the detector would have told, over stored history or a file of numbers."""

import asyncio
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from monitor import app
from monitor.cli import backtest_rule
from monitor.cli.backtest_history import history, subject_of
from monitor.cli.backtest_shown import Played, shown, told, write
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.stored import stored
from monitor.imports import measured
from monitor.model.campaign import Campaign
from monitor.model.zone import checked_zone
from monitor.settings.schema import Settings
from monitor.trends.rule import Rule


class Metric(StrEnum):
    """What can be played again."""

    POSTS = "posts"
    IMPRESSIONS = "impressions"
    ENGAGEMENT = "engagement"
    ARTICLES = "articles"


class Sensitivity(StrEnum):
    """How easily people are told."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def backtest(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[CAMPAIGN|FILE.csv]", help="All campaigns, one, or a table timestamp,value."),
    ] = None,
    *,
    metric: Annotated[Metric, typer.Option(help="Which stored number.")] = Metric.POSTS,
    spelling: Annotated[str | None, typer.Option(help="One hashtag of the campaign, or one of its spellings.")] = None,
    days: Annotated[int, typer.Option(min=1, max=399, help="How many days of stored history, up to now.")] = 90,
    sensitivity: Annotated[Sensitivity, typer.Option(help="How easily people are told.")] = Sensitivity.MEDIUM,
    rule: Annotated[
        str | None, typer.Option(metavar="NAME", help="A rule of your alerts, of any kind: what would it have sent?")
    ] = None,
    zone: Annotated[str, typer.Option(help="Of a file: the clock of its days, and of times without a zone.")] = "UTC",
    scores: Annotated[Path | None, typer.Option(metavar="OUT.csv", help="Write what was found of every row.")] = None,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Print which alerts there would have been, over stored history or a file, and how many a month.

    Nothing is sent. Each row is judged by those before it alone, as it would have been at its time.
    """
    is_file = what is not None and _is_file(what)
    if rule is not None:
        if is_file or scores is not None:
            raise typer.BadParameter(
                "--rule plays stored history, and tells of messages: it takes no file, no --scores"
            )
        asyncio.run(_by_rule(stored(config), what, rule, days, as_json=as_json))
        return
    if what is not None and is_file:
        played = [_file(Path(what), zone, Rule.of(sensitivity))]
    else:
        wanted = Wanted(what, metric.value, spelling, days)
        played = asyncio.run(_stored(stored(config), wanted, Rule.of(sensitivity)))
    if scores is not None:
        write(scores, played)
    if as_json:
        typer.echo(json.dumps({"sensitivity": sensitivity.value, "results": [told(one) for one in played]}))
        return
    for one in played:
        Console(highlight=False).print(shown(one, f"sensitivity {sensitivity.value}"))


async def _by_rule(settings: Settings, campaign: str | None, rule: str, days: int, *, as_json: bool) -> None:
    """Print what a rule of alerts would have sent."""
    async with app.opened(settings) as monitor:
        sent = await backtest_rule.played(monitor, rule, campaign, days)
        if as_json:
            typer.echo(json.dumps({"rule": rule, "results": [backtest_rule.told(one) for one in sent]}))
            return
        for one in sent:
            Console(highlight=False).print(backtest_rule.shown(one, monitor))


def _is_file(what: str) -> bool:
    """Tell a file from a campaign, which has a slug."""
    return Path(what).exists() or any(sign in what for sign in "./\\")


def _file(path: Path, zone: str, rule: Rule) -> Played:
    try:
        table = measured.read(path, checked_zone(zone))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from error
    return Played.of(path.name, table.series, zone, rule, written=table.written, doubts=table.doubts)


@dataclass(frozen=True)
class Wanted:
    """Which stored series: of one campaign or all, which number, of which spelling, how far back."""

    campaign: str | None
    number: str
    spelling: str | None
    days: int


async def _stored(settings: Settings, wanted: Wanted, detector: Rule) -> list[Played]:
    async with app.opened(settings) as monitor:
        chosen = monitor.campaigns if wanted.campaign is None else [monitor.campaign(wanted.campaign)]
        return [await _campaign(monitor, campaign, wanted, detector) for campaign in chosen]


async def _campaign(monitor: app.Monitor, campaign: Campaign, wanted: Wanted, detector: Rule) -> Played:
    found = await history(monitor, campaign, wanted.number, subject_of(campaign, wanted.spelling), wanted.days)
    name = f"{campaign.slug}, {wanted.spelling or 'all'}: {wanted.number} by the hour"
    return Played.of(name, found.series, campaign.zone, detector, doubts=found.doubts)
