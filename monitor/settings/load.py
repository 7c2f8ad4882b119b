"""Read the operator's folder: everything that is wrong is said at once, each with its file, its place and its cure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from monitor.errors import Problem, SettingsError
from monitor.fetch.client import Client
from monitor.model.source import SourceSettings
from monitor.settings.advice import advice, unknown
from monitor.settings.campaigns import campaign, slug_of
from monitor.settings.files import File, Place, read, refused
from monitor.settings.findings import Findings
from monitor.settings.schema import CampaignFile, Monitor, Settings, Watched
from monitor.settings.secret import variable, variables, with_secrets
from monitor.sources import platforms

Rows = TypeVar("Rows", bound=BaseModel)

OTHER_VARIABLES = frozenset({"MONITOR_CONFIG"})
"""Variables that are no secrets: where the folder is."""


def load(folder: Path, env: Mapping[str, str]) -> Settings:
    """Return the settings that stand in `folder`, or raise SettingsError with all its problems."""
    if not folder.is_dir():
        raise refused(folder, "no such folder; name yours with --config, or begin one with `monitor new`")
    found = Findings()
    monitor = found.attempt(_monitor, folder / "monitor.toml", env)
    files = sorted(path for path in (folder / "campaigns").glob("*.toml") if not path.name.startswith("."))
    if not files:
        found.problems += refused(folder / "campaigns", "holds no campaign; write one with `monitor new`").problems
    campaigns = [watched for path in files if (watched := found.attempt(_watched, path, env))]
    found.problems += _twice(campaigns)
    if len(campaigns) == len(files):
        found.problems += _unknown_variables(campaigns, env)
    found.raise_any()
    return Settings(monitor or Monitor(), tuple(campaigns))


def checked(table: type[Rows], rows: Mapping[str, Any], file: File, at: Place = ()) -> Rows:
    """Return `rows` as a table, or raise all that is wrong with them; `at` is where in the file they stand."""
    try:
        return table.model_validate_json(json.dumps(rows, default=str))  # JSON: strict, yet a list may be a tuple
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise SettingsError(
            [file.problem((*at, *fault["loc"]), advice(table, dict(fault))) for fault in faults]
        ) from None


def _monitor(path: Path, env: Mapping[str, str]) -> Monitor | None:
    file, found = read(path) if path.exists() else File(path), Findings()
    monitor = found.attempt(checked, Monitor, with_secrets(Monitor, file, env, found), file)
    found.raise_any()
    return monitor


def _watched(path: Path, env: Mapping[str, str]) -> Watched | None:
    file, found = read(path), Findings()
    rows = found.attempt(checked, CampaignFile, {k: v for k, v in file.content.items() if k != "sources"}, file)
    slug = found.attempt(_slug, file, rows)
    described = found.attempt(campaign, rows, slug or "", file) if rows else None
    sources = tuple(_sources(file, slug or path.stem, env, found))
    found.raise_any()
    return Watched(described, sources, path) if described else None


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
    name = _name(checked(table, rows, file, at))
    filled = with_secrets(table, file, env, found, at=at, named=(slug, name))
    source = found.attempt(checked, table, {**filled, "name": name}, file, at)
    found.raise_any()
    return source


def _name(source: SourceSettings) -> str:
    """Return what the source is called: it makes up a name from its settings where the operator gave none."""
    return platforms()[source.platform].Source(source, cast("Client", None)).name


def _no_platform(written: object) -> str:
    if isinstance(written, str):
        return f'"{written}" {unknown(written, platforms())}'
    return f"is missing; write platform = with one of {', '.join(platforms())}"


def _twice(campaigns: Sequence[Watched]) -> Iterator[Problem]:
    """Yield a problem for every campaign whose slug an earlier file has already."""
    first: dict[str, Watched] = {}
    for watched in campaigns:
        other = first.setdefault(watched.campaign.slug, watched)
        if other is not watched:
            advice = f'"{watched.campaign.slug}" is also the slug of {other.file}; give one of them another'
            yield Problem(str(watched.file), "slug", advice)


def _unknown_variables(campaigns: Sequence[Watched], env: Mapping[str, str]) -> Iterator[Problem]:
    known = {*OTHER_VARIABLES, *variables(Monitor)}
    for watched in campaigns:
        for source in watched.sources:
            known |= set(variables(type(source), (watched.campaign.slug, source.name)))
    for name in sorted(env):
        if name.startswith(variable("")) and name not in known:
            yield Problem("", name, f"this variable {unknown(name, known)}")
