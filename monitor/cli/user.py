"""`monitor user`: who may sign in at the page."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from monitor import app
from monitor.app import Monitor
from monitor.cli.options import CONFIG, AsJson, Config, checked
from monitor.cli.stored import stored
from monitor.errors import MonitorError
from monitor.model.person import Role, User, checked_name
from monitor.settings.load import load
from monitor.settings.schema import Settings
from monitor.store import people
from monitor.web.passwords import hashed

_T = TypeVar("_T")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")]

user = typer.Typer(no_args_is_help=True, help="Say who may sign in at the page.")


@user.command()
def add(
    name: Name,
    *,
    role: Annotated[Role, typer.Option(help="An operator may also silence alerts.")] = Role.READER,
    config: Config = CONFIG,
) -> None:
    """Let somebody sign in. The password is asked for, or read from standard input where that is no terminal."""
    new = named(name)

    async def added(monitor: Monitor) -> None:
        if await people.user(monitor.store, new):
            raise MonitorError(f"{new} may sign in already: `monitor user password {new}` changes the password")
        made = User(name=new, role=role, password=hashed(_password()), made_at=monitor.clock.now())
        await people.put_user(monitor.store, made)

    with_monitor(load(config, os.environ), added)
    typer.echo(f"{new} may sign in as {role}")


@user.command()
def password(name: Name, *, config: Config = CONFIG) -> None:
    """Change somebody's password; whoever was signed in with the old one is signed out."""

    async def changed(monitor: Monitor) -> None:
        known = await people.user(monitor.store, name)
        if known is None:
            raise MonitorError(f"no user is called {name}: `monitor user list` shows who there is")
        await people.put_user(monitor.store, known.model_copy(update={"password": hashed(_password())}))

    with_monitor(stored(config), changed)
    typer.echo(f"the password of {name} is changed")


@user.command("list")
def list_(*, as_json: AsJson = False, config: Config = CONFIG) -> None:
    """Show who may sign in."""
    known = with_monitor(stored(config), lambda monitor: people.users(monitor.store))
    if as_json:
        typer.echo(f"[{','.join(one.model_dump_json(exclude={'password'}) for one in known)}]")
        return
    for one in known:
        typer.echo(f"{one.name}  {one.role}  since {one.made_at:%Y-%m-%d}")
    if not known:
        typer.echo("nobody: the page is open on this machine, and nowhere else")


@user.command()
def remove(name: Name, *, config: Config = CONFIG) -> None:
    """Let somebody sign in no more, and end their sessions."""
    with_monitor(stored(config), lambda monitor: people.drop_user(monitor.store, name))
    typer.echo(f"{name} may not sign in any more")


def with_monitor(settings: Settings, work: Callable[[Monitor], Awaitable[_T]]) -> _T:
    """Do something with a monitor that is opened for it."""

    async def done() -> _T:
        async with app.opened(settings) as monitor:
            return await work(monitor)

    return asyncio.run(done())


def named(name: str) -> str:
    """Return a name that fits a person or a token, or leave with what is wrong with it."""
    return checked(checked_name, name)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
