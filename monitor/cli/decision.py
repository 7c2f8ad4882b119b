"""`monitor poll decide`: which name was taken, as the operator saw it announced."""

import asyncio
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated

import typer

from monitor import app
from monitor.cli.options import CONFIG, Config
from monitor.cli.stored import stored
from monitor.collect.cycle import decided
from monitor.digest import race
from monitor.errors import MonitorError
from monitor.model.campaign import Campaign
from monitor.model.option import option_key, option_keys
from monitor.model.poll import Poll
from monitor.model.race import Cycle, Stage
from monitor.settings.schema import Settings
from monitor.store import polls
from monitor.words.voice import voice

LIKE = 0.85  # of 1: how much alike a name must be to be taken for an option's; five letters forgive none
RUNNING = frozenset({Stage.AWAITED, Stage.OPEN, Stage.CLOSING, Stage.MISSED})


def decide(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's slug.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that was taken, in any writing.")],
    *,
    week: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The day it names; else the newest.")
    ] = None,
    poll: Annotated[str | None, typer.Option(metavar="POLL", help="Which poll, where there are several.")] = None,
    new: Annotated[bool, typer.Option("--new", help="Take a name that was not among the options.")] = False,
    config: Config = CONFIG,
) -> None:
    """Say which name was taken: the one with most votes is confirmed by it, any other overturns the poll.

    What was said stays, whatever the poll shows later; say it again to change it.
    """
    where, cycle = asyncio.run(_decided(stored(config), campaign, name, week, poll, new=new))
    typer.echo(race.news(cycle, voice("en", where.zone)))


async def _decided(
    settings: Settings, slug: str, name: str, week: datetime | None, poll: str | None, *, new: bool
) -> tuple[Campaign, Cycle]:
    async with app.opened(settings) as monitor:
        campaign = monitor.campaign(slug)
        own = _meant(campaign, poll)
        kept = await polls.cycles(monitor.store, slug, own.name)
        found = [cycle for cycle in kept if week is None or cycle.day == week.date()]
        now = monitor.clock.now()
        after = decided(*_chosen(found, name, now, new=new), now, name)
        await polls.put(monitor.store, slug, after)
        return campaign, after


def _meant(campaign: Campaign, name: str | None) -> Poll:
    """Return the poll of that name, or the only one there is."""
    fitting = [own for own in campaign.polls if name in {None, own.name}]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(own.name for own in campaign.polls) or "none"
    raise MonitorError(f"say which poll with --poll; {campaign.slug} has: {names}")


def _chosen(found: list[Cycle], name: str, now: datetime, *, new: bool) -> tuple[Cycle, str]:
    cycle = polls.newest(found)
    if cycle is None or cycle.standing is None:
        raise MonitorError("no poll was seen of which a name could be taken; `monitor poll` shows what is known")
    if cycle.stage in RUNNING and (cycle.closes_at is None or now < cycle.closes_at):
        raise MonitorError(f"the poll for {cycle.day} is still open; say so when it is over")
    return cycle, key_of(cycle, name, new=new)


def key_of(cycle: Cycle, name: str, *, new: bool = False) -> str:
    """Return which option a name means: the same in another writing, else the most alike; else say which there are."""
    lines = cycle.standing.lines if cycle.standing else ()
    known = {key: line.key for line in lines for key in (line.key, *option_keys(line.label))}
    keys = option_keys(name)
    same = next((known[key] for key in keys if key in known), None)
    if same is not None or new:
        return same or option_key(name)
    near = get_close_matches(keys[0], known, n=1, cutoff=LIKE)
    if near:
        return known[near[0]]
    labels = ", ".join(line.label for line in lines) or "none"
    raise MonitorError(f"no option is called {name}; there are: {labels}; if it was none of them, add --new")
