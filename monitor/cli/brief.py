"""`monitor brief`: what was found about a campaign, in the terminal."""

import asyncio
from datetime import UTC, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor import app
from monitor.cli.brief_all import all_as_json, overview
from monitor.cli.options import CONFIG, AsJson, Config, InLanguage, Language
from monitor.cli.stored import stored
from monitor.cli.unlisted import advice
from monitor.digest import gather, words
from monitor.digest.figures import Figure
from monitor.digest.outline import method, outline
from monitor.digest.section import Row, Section
from monitor.model.brief import Brief, State
from monitor.model.campaign import Campaign
from monitor.model.spelling import visible
from monitor.model.window import Window
from monitor.settings.schema import Settings
from monitor.words.voice import Voice

COLOURS = {State.SPIKE: "red", State.RISING: "green", State.FALLING: "yellow", State.BLIND: "magenta"}
BAR = 12  # characters of a share of 100 %


def brief(
    campaign: Annotated[
        str | None, typer.Argument(metavar="CAMPAIGN", help="The campaign's slug, such as save-aleppo.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All campaigns beside each other.")] = False,
    days: Annotated[int, typer.Option(min=1, max=365, help="How many days, up to now.")] = 7,
    language: InLanguage = Language.EN,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Print what was found about a campaign: its numbers, what they are compared with, and when we were blind.

    With --json, one object as docs/brief.schema.json describes it; with --all, these under `briefs`, and `voices`.
    """
    if every == (campaign is not None):
        raise typer.BadParameter("name one campaign, or write --all")
    gathered = asyncio.run(_gather(stored(config), campaign, days))
    if every:
        _show_all([found for _, found in gathered], language, as_json=as_json)
        return
    ((watched, found),) = gathered
    if as_json:
        typer.echo(found.model_dump_json())
        return
    Console(highlight=False).print(shown(found, language))
    if found.seen:
        typer.echo(f"\n{advice(watched, found.seen, words.pasting(language, found))}")


def _show_all(briefs: list[Brief], language: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(all_as_json(briefs))
    else:
        Console(highlight=False).print(overview(briefs, language))


async def _gather(settings: Settings, slug: str | None, days: int) -> list[tuple[Campaign, Brief]]:
    """Read a campaign, or all, and the brief of its last days, to the same minute of the first of them."""
    async with app.opened(settings) as monitor:
        chosen, now = monitor.campaigns if slug is None else (monitor.campaign(slug),), monitor.clock.now()
        found = []
        for campaign in chosen:
            start = (now.astimezone(ZoneInfo(campaign.zone)) - timedelta(days=days)).astimezone(UTC)
            found.append((campaign, await gather.brief(monitor.store, campaign, Window(start, now), now)))
        return found


def shown(found: Brief, language: str = "en") -> RenderableType:
    """Return a brief as it is printed: the verdict, the numbers, what moved them, and how the sources did."""
    voice = words.spoken(language, found)
    told = outline(found, voice)
    verdict = Text(visible(told.verdict), style=f"bold {COLOURS.get(found.state, '')}".strip())
    sections = [_section(section) for section in told.sections]
    untold = [Text(visible(told.untold), style="dim")] if told.untold else []
    note = Text(visible(method([told], voice)), style="dim")
    return Group(verdict, Text(), _figures(told.figures, voice), *untold, *sections, note)


def _figures(figures: tuple[Figure, ...], voice: Voice) -> Table:
    """Return one row per number; what it is compared with heads the columns."""
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    references = list(dict.fromkeys(held.reference for figure in figures for held in figure.comparisons))
    heads = ["", "", *(head for reference in references for head in (visible(reference), "")), ""]
    for number, head in enumerate(heads):
        is_number = 0 < number < len(heads) - 1
        table.add_column(head, justify="right" if is_number else "left", overflow="fold")  # a number is never cut off
    for figure in figures:
        held = {one.reference: (one.value, one.change) for one in figure.comparisons}
        compared = [part for reference in references for part in held.get(reference, ("", ""))]
        said = [figure.label, figure.now, *compared, voice.strung(filter(None, (figure.kind, figure.parts)))]
        table.add_row(*(Text(visible(part)) for part in said))
    return table


def _section(section: Section) -> RenderableType:
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in section.rows:
        table.add_row(*_row(row))
    return Padding(Group(Text(visible(section.title), style="bold"), table), (1, 0, 0, 0))


def _row(row: Row) -> tuple[Text, ...]:
    text, note = Text(visible(row.text)), Text(visible(row.note), style="dim")
    return (text, note) if row.share is None else (text, Text("█" * round(row.share * BAR), style="blue"), note)
