"""Read the operator's folder: everything that is wrong is said at once, each with its file, its place and its cure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from monitor.errors import Problem, SettingsError
from monitor.fetch.client import Client
from monitor.model.outlet import Outlets
from monitor.model.source import SourceSettings
from monitor.settings import alerts
from monitor.settings.across import same_slugs, unknown_campaigns, unknown_platforms, unknown_variables
from monitor.settings.campaigns import campaign, families, slug_of
from monitor.settings.files import File, read, refused
from monitor.settings.findings import Findings
from monitor.settings.outlets import outlets
from monitor.settings.place import checked, chosen, place
from monitor.settings.polls import polls
from monitor.settings.schema import CampaignFile, Monitor, Settings, Watched, Whereabouts
from monitor.settings.secret import Variables, variable, with_secrets
from monitor.sources import platforms
from monitor.sources.feeds import Settings as Feed

NO_OUTLET = 'is missing, and outlets.csv does not know this site; write outlet = "…", or add a line there'


def load(folder: Path, env: Mapping[str, str]) -> Settings:
    """Return the settings that stand in `folder`, or raise SettingsError with all its problems."""
    settings, problems = _read(folder, env)
    if problems:
        raise SettingsError(problems)
    return settings


def readable(folder: Path, env: Mapping[str, str]) -> tuple[Settings, Sequence[Problem]]:
    """Return what is right of the settings in `folder`, and what is wrong with the rest, which is left out.

    Raises SettingsError for what says where the store is: no other may be taken for it.
    """
    path = folder / "monitor.toml"
    file = _optional(path) or File(path)
    found, rows = Findings(), {key: value for key, value in file.content.items() if key in Whereabouts.model_fields}
    narrowed = replace(file, content=rows)
    filled = with_secrets(Whereabouts, narrowed, Variables(env), found)
    found.attempt(checked, Whereabouts, filled, narrowed)
    found.raise_any()
    return _read(folder, env)


def _read(folder: Path, env: Mapping[str, str]) -> tuple[Settings, Sequence[Problem]]:
    """Return the settings and every problem, each once; what has one is not among them."""
    if not folder.is_dir():
        raise refused(folder, "no such folder; name yours with --config, or begin one with `monitor new`")
    found, variables = Findings(), Variables(env)
    file = found.attempt(_optional, folder / "monitor.toml") or File(folder / "monitor.toml")
    monitor = _monitor(file, variables, found)
    paths = sorted(path for path in (folder / "campaigns").glob("*.toml") if not path.name.startswith("."))
    if not paths:
        found.problems += refused(folder / "campaigns", "holds no campaign; write one with `monitor new`").problems
    table = outlets(folder, found)
    campaigns = [_linking(one, monitor) for path in paths if (one := _campaign(path, variables, table, found))]
    found.problems += same_slugs(campaigns)
    found.problems += unknown_platforms(monitor, file)
    if len(campaigns) == len(paths):
        found.problems += unknown_campaigns(monitor, file, campaigns)
    found.problems += unknown_variables(variables)
    return Settings(monitor, tuple(campaigns)), tuple(dict.fromkeys(found.problems))


def described(file: File, env: Variables, found: Findings, table: Outlets) -> Watched | None:
    """Return the campaign that one file describes, None when it is not known; what is wrong is added to `found`."""
    apart = {"sources", "polls", "alerts"}
    rows = found.attempt(checked, CampaignFile, {k: v for k, v in file.content.items() if k not in apart}, file)
    slug = found.attempt(_slug, file, rows) or file.path.stem
    listed = families(file, found)
    described = found.attempt(campaign, rows, slug, listed, file) if rows else None
    sources = tuple(_sources(file, slug, env, found, table))
    followed = tuple(polls(file, slug, rows.timezone if rows else "UTC", env, found))
    if described is None:
        return None
    whole = replace(described, outlets=table, polls=tuple(one.poll for one in followed))
    ruled = tuple(alerts.rules(file, ("alerts",), found, whole))
    return Watched(whole, sources, file.path, followed, ruled)


def _linking(watched: Watched, monitor: Monitor) -> Watched:
    """Return a campaign that knows of which accounts posts may be linked to, and who counts otherwise since when."""
    public_from = monitor.privacy.public_from_followers
    return replace(watched, campaign=replace(watched.campaign, public_from=public_from, breaks=monitor.breaks))


def _optional(path: Path) -> File | None:
    return read(path) if path.exists() else None


def _monitor(file: File, env: Variables, found: Findings) -> Monitor:
    rows = with_secrets(Monitor, file, env, found)
    given = rows["alerts"] if isinstance(rows.get("alerts"), dict) else {}
    url = rows["redis"].get("url") if isinstance(rows.get("redis"), dict) else None
    if isinstance(url, str) and not url.startswith(("redis://", "rediss://", "unix://")):
        found.add(file, ("redis", "url"), 'write an address of Redis, such as "redis://localhost:6379/0"')
    apart = {key: value for key, value in given.items() if key not in alerts.APART} if given else {}
    rows |= {"alerts": apart} if given else {}
    read = found.attempt(checked, Monitor, rows, file) or _sound(rows, file)
    return read.model_copy(update={"alerts": alerts.whole(read.alerts, file, env, found)})


def _sound(rows: Mapping[str, object], file: File) -> Monitor:
    """Return the tables that nothing is wrong with, the others as if nobody had written them."""
    tables = [Findings().attempt(checked, Monitor, {key: value}, file) for key, value in rows.items()]
    right = [(key, table) for key, table in zip(rows, tables, strict=True) if table]
    return Monitor().model_copy(update={key: getattr(table, key) for key, table in right})


def _campaign(path: Path, env: Variables, table: Outlets, found: Findings) -> Watched | None:
    file = found.attempt(read, path)
    if file is None:
        env.unread.add(variable())
    return described(file, env, found, table) if file else None


def _slug(file: File, rows: CampaignFile | None) -> str:
    written = rows.slug if rows else file.content.get("slug")
    if isinstance(written, str) and written:
        return written
    made = slug_of(file.path.stem)
    if rows and made != file.path.stem:
        advice = f'the file\'s name is no slug; rename it to {made or "save-aleppo"}.toml, or write slug = "…"'
        raise SettingsError([file.problem(("slug",), advice)])
    return made


def _sources(file: File, slug: str, env: Variables, found: Findings, known: Outlets) -> Iterator[SourceSettings]:
    tables = file.content.get("sources", [])
    if not (isinstance(tables, list) and all(isinstance(table, dict) for table in tables)):
        found.add(file, ("sources",), "write each source as a table of its own below a line [[sources]]")
        return
    names: dict[str, int] = {}
    for index, rows in enumerate(tables):
        source = found.attempt(_source, file, ("sources", index), slug, env, found)
        name = source.name if source else rows.get("name")
        if isinstance(source, Feed) and not (source.outlet or known.of(source.url)):
            found.add(file, ("sources", index, "outlet"), NO_OUTLET)
        if isinstance(name, str) and name in names:
            advice = f'"{name}" is also the name of sources[{names[name]}]; give one a name of its own'
            found.add(file, ("sources", index, "name"), advice)
        if isinstance(name, str) and name:
            names.setdefault(name, index)
        if source:
            yield source
        else:
            env.unread.add(variable(slug))


def _source(file: File, at: tuple[str, int], slug: str, env: Variables, found: Findings) -> SourceSettings | None:
    rows = file.content[at[0]][at[1]]
    table = platforms()[chosen(rows, platforms(), file, at)].Settings
    return place(file, at, table, env=env, called=lambda source: (slug, _name(source)), found=found, named=True)


def _name(source: SourceSettings) -> str:
    """Return what the source is called: it makes up a name from its settings where the operator gave none."""
    return platforms()[source.platform].Source(source, cast("Client", None)).name
