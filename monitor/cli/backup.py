"""`monitor backup`: one file with everything, to be kept elsewhere."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from monitor import app, log
from monitor.archive import copies
from monitor.archive.copied import Manifest
from monitor.archive.folders import Places
from monitor.cli.options import CONFIG, Config
from monitor.cli.stored import stored
from monitor.clock import System
from monitor.settings.schema import Settings


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; in a folder one named by the time.")],
    *,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave out the privacy key, users, tokens and sessions.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Copy the store, the archive, the settings and the privacy key into one file, while the daemon runs or not.

    The file is as secret as the place it comes from: only its owner may read it. `monitor restore` puts it back.
    """
    log.configure(level="ERROR")
    settings, now = stored(config), System().now()
    named = file / f"monitor-{now:%Y-%m-%dT%H%M%S}Z.tar.gz" if file.is_dir() else file

    async def copied() -> Manifest:
        async with app.opened_store(settings) as (store, _):
            return await copies.backup(store, places(settings, config), named, now, with_secrets=not without_secrets)

    made = asyncio.run(copied())
    size = named.stat().st_size / 1e6
    typer.echo(f"{named}: {size:.1f} MB, {told(made)}{', without secrets' if without_secrets else ''}")


def places(settings: Settings, config: Path) -> Places:
    """Return where everything lies that is not in Redis."""
    rules = settings.monitor
    key = rules.privacy.folder / "privacy.key"
    return Places(
        settings=config,
        archive=rules.archive.folder,
        key=None if rules.privacy.key else key,
        apart=(rules.redis.folder, rules.mail.outbox, key),
    )


def told(manifest: Manifest) -> str:
    """Return in a few words what a copy holds."""
    keys = sum(manifest.keys.values())
    series = f"{manifest.series:,} of them series with {manifest.samples:,} samples"
    return f"{keys:,} keys ({series}), {manifest.files:,} files of the archive"
