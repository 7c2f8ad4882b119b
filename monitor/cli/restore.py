"""`monitor restore`: puts a copy back, and proves that it is what was copied."""

import asyncio
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from monitor import app, log
from monitor.archive.copied import SETTINGS, Manifest, checked
from monitor.archive.folders import NotEmpty, Places, key_in, missing, put_back
from monitor.archive.restore import Restored
from monitor.archive.restore import restore as put_all_back
from monitor.cli.backup import places, told
from monitor.cli.options import CONFIG, Config
from monitor.clock import System
from monitor.errors import MonitorError, StoreError
from monitor.settings.key import privacy_key
from monitor.settings.load import load
from monitor.settings.schema import Privacy, Settings
from monitor.store.keys import Keys
from monitor.store.redis import connect, problems
from monitor.store.store import Store


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `monitor backup` made.", exists=True)],
    *,
    into_prefix: Annotated[
        str | None, typer.Option(metavar="NAME", help="Put it beside a store that is in use, under this prefix.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only read it from end to end and tell what it holds.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Put a copy back into an empty place and compare every series with what was copied.

    Settings are put back only where there are none. Nothing is changed where something is there already.
    """
    log.configure(level="ERROR")
    manifest = checked(file)
    typer.echo(f"copied on {manifest.made_at:%Y-%m-%d %H:%M} UTC: {told(manifest)}")
    if check:
        return
    wrote = _settings(file, manifest, config)
    settings = _beside(load(config, os.environ), into_prefix)
    done = asyncio.run(_restored(file, manifest, settings, places(settings, config)))
    typer.echo(_said(done, settings, config if wrote else None, beside=into_prefix is not None))


def _settings(file: Path, manifest: Manifest, config: Path) -> bool:
    """Put the settings back where there are none; return whether they are those of the copy."""
    try:
        names = missing(manifest, SETTINGS, config)
    except NotEmpty:
        return False
    put_back(file, SETTINGS, config, names)
    return True


def _beside(settings: Settings, prefix: str | None) -> Settings:
    """Return settings with another prefix and an archive of its own."""
    if prefix is None:
        return settings
    if not re.fullmatch("[a-z0-9]{1,20}", prefix):
        raise typer.BadParameter(f'"{prefix}" is no prefix; write at most 20 small letters and digits')
    rules = settings.monitor
    redis = rules.redis.model_copy(update={"prefix": prefix})
    folder = rules.archive.folder
    archive = rules.archive.model_copy(update={"folder": folder.with_name(f"{folder.name}-{prefix}")})
    return replace(settings, monitor=rules.model_copy(update={"redis": redis, "archive": archive}))


async def _restored(file: Path, manifest: Manifest, settings: Settings, there: Places) -> Restored:
    secret = _secret(file, settings.monitor.privacy, there)
    url = settings.monitor.redis.url
    async with app.started(settings) as server, connect(_address(url, server.url if server else "")) as redis:
        if wrong := await problems(redis):
            raise StoreError("\n".join(wrong))
        store = Store(redis, Keys(settings.monitor.redis.prefix), secret)
        return await put_all_back(store, file, manifest, there, System().now())


def _address(url: SecretStr | None, own: str) -> str:
    return url.get_secret_value() if url else own


def _secret(file: Path, privacy: Privacy, there: Places) -> bytes:
    """Return what ids are hashed with: by the key that is here, else by that of the copy. None is made anew."""
    if there.key is None or there.key.exists():
        return privacy_key(privacy)
    key = key_in(file)
    if key is None:
        raise MonitorError(f"this copy holds no privacy key: put the one it was made with at {there.key}")
    return privacy_key(privacy.model_copy(update={"key": SecretStr(key.decode().strip())}))


def _said(done: Restored, settings: Settings, wrote: Path | None, *, beside: bool) -> str:
    keys, series = sum(done.keys.values()), f"{done.series:,} series compared, all {done.samples:,} samples are there"
    lines = [f"back again: {keys:,} keys; {series}; {done.files:,} files of the archive"]
    if done.over:
        lines.append(f"{done.over:,} keys were left out: the time they are kept for is over")
    lines.append(
        f"settings: those of the copy, in {wrote}" if wrote else "settings: yours, those of the copy were not needed"
    )
    rules = settings.monitor
    if beside:
        lines.append(
            f'to look at it: prefix = "{rules.redis.prefix}" in [redis], folder = "{rules.archive.folder}" in [archive]'
        )
    return "\n".join(lines)
