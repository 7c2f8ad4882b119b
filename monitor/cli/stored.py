"""The settings of a command that reads what was stored: where nothing ever was, that is said and nothing is made."""

import os
from pathlib import Path

import typer

from monitor.errors import MonitorError
from monitor.settings.load import load, readable
from monitor.settings.schema import Settings


def stored(config: Path) -> Settings:
    """Return the settings of a folder in which the monitor ran, or raise MonitorError that there is no store."""
    return with_store(load(config, os.environ))


def readable_store(config: Path) -> Settings:
    """Return what is right of the settings and warn of the rest: for what must go on although somebody made a slip."""
    settings, problems = readable(config, os.environ)
    if problems:
        wrong = "\n".join(map(str, problems))
        typer.echo(f"warning: this part of the settings is left out, correct it soon\n{wrong}\n", err=True)
    return with_store(settings)


def with_store(settings: Settings) -> Settings:
    """Return the settings as they are, or raise MonitorError that their store was never begun."""
    if lacking := lacks(settings):
        raise MonitorError(lacking)
    return settings


def lacks(settings: Settings) -> str | None:
    """Return what is missing that every store has from its first day, and what to do; None when all is there."""
    advice = "start this in the folder of `monitor run`, or start that first"
    redis, privacy = settings.monitor.redis, settings.monitor.privacy
    if redis.url is None and not (redis.folder / "users.lock").exists():
        return f"there is no store at {redis.folder.absolute()}: {advice}"
    key = privacy.folder / "privacy.key"
    if privacy.key is None and not key.exists():
        return f"no store is read without its privacy key, and there is none at {key.absolute()}: {advice}"
    return None
