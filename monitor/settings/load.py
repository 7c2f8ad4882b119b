"""Read the operator's folder: everything that is wrong is said at once, each with its file, its place and its cure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, SecretStr, ValidationError

from monitor.errors import SettingsError
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.outlet import Outlets
from monitor.model.source import SourceSettings
from monitor.settings.across import same_slugs, unknown_campaigns, unknown_variables
from monitor.settings.address import address_fault
from monitor.settings.advice import advice, unknown
from monitor.settings.campaigns import campaign, slug_of
from monitor.settings.files import File, Place, leaves, read, refused
from monitor.settings.findings import Findings
from monitor.settings.outlets import outlets
from monitor.settings.schema import CampaignFile, Monitor, Settings, Watched
from monitor.settings.secret import missing, with_secrets
from monitor.settings.shape import kinds_at, required_secrets
from monitor.sources import platforms

Rows = TypeVar("Rows", bound=BaseModel)

_TEXTS = {Path: "path_type", SecretStr: "string_type", str: "string_type"}


def load(folder: Path, env: Mapping[str, str]) -> Settings:
    """Return the settings that stand in `folder`, or raise SettingsError with all its problems."""
    if not folder.is_dir():
        raise refused(folder, "no such folder; name yours with --config, or begin one with `monitor new`")
    found = Findings()
    file = found.attempt(_optional, folder / "monitor.toml") or File(folder / "monitor.toml")
    monitor = _monitor(file, env, found) or Monitor()
    paths = sorted(path for path in (folder / "campaigns").glob("*.toml") if not path.name.startswith("."))
    if not paths:
        found.problems += refused(folder / "campaigns", "holds no campaign; write one with `monitor new`").problems
    table = found.attempt(outlets, folder) or Outlets()
    campaigns = [watched for path in paths if (watched := found.attempt(_campaign, path, env, table))]
    found.problems += same_slugs(campaigns)
    if len(campaigns) == len(paths):
        found.problems += unknown_campaigns(monitor, file, campaigns)
        found.problems += unknown_variables(campaigns, env)
    found.raise_any()
    return Settings(monitor, tuple(campaigns))


def described(file: File, env: Mapping[str, str]) -> Watched:
    """Return the campaign that one file describes, or raise all that is wrong with it."""
    found = Findings()
    rows = found.attempt(checked, CampaignFile, {k: v for k, v in file.content.items() if k != "sources"}, file)
    slug = found.attempt(_slug, file, rows) or file.path.stem
    described = found.attempt(campaign, rows, slug, file) if rows else None
    sources = tuple(_sources(file, slug, env, found))
    found.raise_any()
    return Watched(cast("Campaign", described), sources, file.path)


def checked(table: type[Rows], rows: Mapping[str, Any], file: File, at: Place = ()) -> Rows:
    """Return `rows` as a table, or raise all that is wrong with them; `at` is where in the file they stand."""
    try:
        read = table.model_validate_json(json.dumps(rows, default=str))  # JSON: strict, yet a list may be a tuple
        faults: list[dict[str, Any]] = []
    except ValidationError as error:
        read = None
        faults = [dict(fault) for fault in error.errors(include_input=False, include_url=False)]
    faults += _dates(table, rows, {fault["loc"] for fault in faults})
    if read is None or faults:
        raise SettingsError([file.problem((*at, *_place(fault)), advice(table, fault)) for fault in faults])
    return read


def _dates(table: type[BaseModel], rows: Mapping[str, Any], known: set[Place]) -> Iterator[dict[str, Any]]:
    """Yield a fault for every date where text is wanted, as JSON made text of it; `known` places are faulty already."""
    for place, value in leaves(rows):
        kinds = kinds_at(table, place)
        if isinstance(value, date | time) and date not in kinds and place not in known:
            wanted = next((wanted for kind, wanted in _TEXTS.items() if kind in kinds), None)
            yield from [{"type": wanted, "loc": place, "msg": ""}] if wanted else []


def _place(fault: Mapping[str, Any]) -> Place:
    return [step for step in fault["loc"] if step != "[key]"]  # a wrong key of a dict is pointed at like its value


def _optional(path: Path) -> File | None:
    return read(path) if path.exists() else None


def _monitor(file: File, env: Mapping[str, str], found: Findings) -> Monitor | None:
    rows = with_secrets(Monitor, file, env, found)
    url = rows["redis"].get("url") if isinstance(rows.get("redis"), dict) else None
    if isinstance(url, str) and not url.startswith(("redis://", "rediss://", "unix://")):
        found.add(file, ("redis", "url"), 'write an address of Redis, such as "redis://localhost:6379/0"')
    return found.attempt(checked, Monitor, rows, file)


def _campaign(path: Path, env: Mapping[str, str], table: Outlets) -> Watched:
    watched = described(read(path), env)
    return replace(watched, campaign=replace(watched.campaign, outlets=table))


def _slug(file: File, rows: CampaignFile | None) -> str:
    if rows and rows.slug:
        return rows.slug
    made = slug_of(file.path.stem)
    if rows and made != file.path.stem:
        advice = f'the file\'s name is no slug; rename it to {made or "save-aleppo"}.toml, or write slug = "…"'
        raise SettingsError([file.problem(("slug",), advice)])
    return made


def _sources(file: File, slug: str, env: Mapping[str, str], found: Findings) -> Iterator[SourceSettings]:
    tables = file.content.get("sources", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        found.add(file, ("sources",), "write each source as a table of its own below a line [[sources]]")
        return
    names: dict[str, int] = {}
    for index in range(len(tables)):
        source = found.attempt(_source, file, ("sources", index), slug, env)
        if source is None:
            continue
        if source.name in names:
            advice = f'"{source.name}" is also the name of sources[{names[source.name]}]; give one a name of its own'
            found.add(file, ("sources", index, "name"), advice)
        names.setdefault(source.name, index)
        yield source


def _source(file: File, at: tuple[str, int], slug: str, env: Mapping[str, str]) -> SourceSettings | None:
    rows = file.content[at[0]][at[1]]
    kind = rows.get("platform")
    if not (isinstance(kind, str) and kind in platforms()):
        raise SettingsError([file.problem((*at, "platform"), _no_platform(kind))])
    found, table = Findings(), platforms()[kind].Settings
    named = checked(table, rows | dict.fromkeys(required_secrets(table) - rows.keys(), "given later"), file, at)
    for key, value in named:
        found.add(file, (*at, key), address_fault(value) if isinstance(value, str) and "://" in value else None)
    found.raise_any()
    name = _name(named)
    filled = with_secrets(table, file, env, found, at=at, named=(slug, name))
    found.raise_any()
    for key, cure in missing(table, filled, (slug, name)):
        found.add(file, (*at, key), cure)
    found.raise_any()
    return checked(table, {**filled, "name": name}, file, at)


def _name(source: SourceSettings) -> str:
    """Return what the source is called: it makes up a name from its settings where the operator gave none."""
    return platforms()[source.platform].Source(source, cast("Client", None)).name


def _no_platform(written: object) -> str:
    if isinstance(written, str):
        return f'"{written}" {unknown(written, platforms())}'
    names = ", ".join(f'"{name}"' for name in platforms())
    return f"{'is missing' if written is None else 'is not text'}; write one of {names}"
