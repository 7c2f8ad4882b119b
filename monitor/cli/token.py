"""`monitor token`: keys for programs that read the API."""

import os
from datetime import timedelta
from typing import Annotated

import typer

from monitor.app import Monitor
from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.stored import stored
from monitor.cli.user import named, with_monitor
from monitor.model.person import Scope
from monitor.settings.load import load
from monitor.store import people

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for.")]

token = typer.Typer(no_args_is_help=True, help="Make and remove keys for programs that read the API.")


@token.command()
def add(
    name: Name,
    *,
    scope: Annotated[list[Scope] | None, typer.Option(help="What it is good for; may be repeated.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it is good for; else for ever.")] = None,
    config: Config = CONFIG,
) -> None:
    """Make a token and print its key, once: it is sent as `Authorization: Bearer KEY`."""
    new, scopes = named(name), tuple(dict.fromkeys(scope or [Scope.READ]))

    async def made(monitor: Monitor) -> str:
        now = monitor.clock.now()
        return await people.make_token(monitor.store, new, scopes, now, now + timedelta(days=days) if days else None)

    typer.echo(with_monitor(load(config, os.environ), made))


@token.command("list")
def list_(*, as_json: AsJson = False, config: Config = CONFIG) -> None:
    """Show which tokens there are; their keys are not kept."""
    known = with_monitor(stored(config), lambda monitor: people.tokens(monitor.store))
    if as_json:
        typer.echo(f"[{','.join(one.model_dump_json(exclude={'digest'}) for one in known)}]")
        return
    for one in known:
        end = f"until {one.until:%Y-%m-%d}" if one.until else "without end"
        typer.echo(f"{one.name}  {', '.join(one.scopes)}  since {one.made_at:%Y-%m-%d}  {end}")
    if not known:
        typer.echo("no tokens: `monitor token add NAME` makes one")


@token.command()
def remove(name: Name, *, config: Config = CONFIG) -> None:
    """Make a token worthless."""
    with_monitor(stored(config), lambda monitor: people.drop_token(monitor.store, name))
    typer.echo(f"the token {name} is worth nothing any more")
