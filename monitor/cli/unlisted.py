"""Spellings that a campaign's posts carry and its file does not list, with the lines to paste into the file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import typer
from rich.console import Console
from rich.table import Table

from monitor import app
from monitor.digest import terms
from monitor.digest.words import PASTE
from monitor.model.akin import family_of
from monitor.model.brief import Seen
from monitor.model.campaign import Campaign
from monitor.model.spelling import capitalised, spelled, visible
from monitor.model.window import Window
from monitor.settings.schema import Settings
from monitor.store import runs, seen
from monitor.words.voice import voice

LOOKED_BACK = timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """What was seen of a campaign in the months since a day, most posts first; and whether anything was collected."""

    campaign: Campaign
    rows: Sequence[Seen]
    since: datetime
    is_collected: bool


async def found(settings: Settings, slug: str) -> Found:
    """Return what was seen in the months of the last 31 days."""
    async with app.opened(settings) as monitor:
        campaign, now = monitor.campaign(slug), monitor.clock.now()
        since = now - LOOKED_BACK
        met = await seen.within(monitor.store, slug, Window(since, now), campaign.zone)
        return Found(campaign, listed(campaign, met), since, bool(await runs.states(monitor.store, slug)))


def listed(campaign: Campaign, met: dict[str, int]) -> list[Seen]:
    """Return what of it is still a spelling of the campaign's and still not listed."""
    owned = [(family, name, posts) for name, posts in met.items() if (family := family_of(campaign, name))]
    rows = [
        Seen(spelling=f"#{capitalised(name, family.tag)}", family=family.hashtag, posts=posts)
        for family, name, posts in owned
    ]
    return sorted(rows, key=lambda row: (-row.posts, row.spelling))


def show(told: Found, *, as_json: bool) -> None:
    """Print what was seen, and the lines to paste."""
    campaign, rows = told.campaign, told.rows
    if as_json:
        typer.echo(json.dumps([row.model_dump() for row in rows], ensure_ascii=False))
        return
    if not told.is_collected:
        way = "start `monitor run`, or bring files in with `monitor import`"
        typer.echo(f"Nothing was collected for {campaign.slug} yet: {way}.")
        return
    if not rows:
        typer.echo(f"Since {told.since:%Y-%m-%d}, no spelling was seen that {campaign.slug} does not list.")
        return
    table = Table("also seen", "in", "like", title=campaign.title, title_justify="left")
    for row in rows:
        table.add_row(visible(row.spelling), terms.estimated(row.posts, voice("en")), visible(row.family))
    Console().print(table)
    typer.echo(f"\n{advice(campaign, rows)}")


def advice(campaign: Campaign, rows: Sequence[Seen], words: str = PASTE) -> str:
    """Return the lines of [spellings] with what was seen in them: each line whole, to take the place of the old one."""
    lines = []
    for family in campaign.families:
        more = [row.spelling for row in rows if row.family == family.hashtag]
        if more:
            known = [
                f"#{capitalised(spelling, family.tag)}"
                for spelling in family.spellings
                if spelling != spelled(family.tag)
            ]
            lines.append(f'"{family.hashtag}" = {json.dumps([*known, *more], ensure_ascii=False)}')
    return "\n".join([words, "", "[spellings]", *lines])
