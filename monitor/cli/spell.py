"""`monitor spell`: the spellings that people type for a hashtag, and those that a campaign's posts carry."""

import asyncio
import json
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from monitor.cli.options import CONFIG, AsJson, Config
from monitor.cli.stored import stored
from monitor.errors import Problem, SettingsError
from monitor.model.latin import twins
from monitor.model.spelling import capitalised, fold, proposals, spelled, stretched, visible
from monitor.settings.hashtag import fault


def spell(
    hashtags: Annotated[
        list[str] | None, typer.Argument(metavar="HASHTAG", help="One or more, quoted: '#أنقذوا_حلب'.")
    ] = None,
    *,
    seen: Annotated[
        str | None, typer.Option(metavar="CAMPAIGN", help="Show what its posts carry and its file does not list.")
    ] = None,
    config: Config = CONFIG,
    as_json: AsJson = False,
) -> None:
    """Show the spellings that people type for a hashtag; with --seen, those that a campaign's posts carry unlisted.

    Platforms search letter by letter, and people do not type so.

    List in a campaign's file which of them to ask for. Those that fold alike are counted together in any case.

    No file is changed: the lines to paste are printed.
    """
    if bool(hashtags) == bool(seen):
        raise SettingsError([Problem("", "", "name hashtags, or a campaign: monitor spell --seen CAMPAIGN")])
    if seen:
        _seen(seen, config, as_json=as_json)
    else:
        _proposed(hashtags or [], as_json=as_json)


def snippet(hashtags: list[str]) -> str:
    """Return the table [spellings] of a campaign's file with every proposal; what is rarer stands in comments."""
    lines = ["[spellings]"]
    for hashtag in hashtags:
        lines.append(f'"{_written(hashtag)}" = {_listed(proposals(hashtag), hashtag)}')
        if guesses := _rarer(hashtag):
            lines.append(f"# rarer, some of them guesses: {_listed(guesses, hashtag)}")
    return "\n".join(lines)


def _seen(campaign: str, config: Config, *, as_json: bool) -> None:
    from monitor.cli import unlisted  # proposals need no store, and start sooner without

    unlisted.show(asyncio.run(unlisted.found(stored(config), campaign)), as_json=as_json)


def _proposed(hashtags: list[str], *, as_json: bool) -> None:
    if problems := [Problem("", "", advice) for hashtag in hashtags if (advice := fault(hashtag))]:
        raise SettingsError(problems)
    if as_json:
        typer.echo(json.dumps([_family(hashtag) for hashtag in hashtags], ensure_ascii=False))
        return
    console = Console()
    for hashtag in hashtags:
        console.print(_table(hashtag))
    typer.echo("Platforms are asked for listed spellings only, also of those that are always counted together.")
    typer.echo(f"\nFor the campaign's file; keep those that you have seen in use:\n\n{snippet(hashtags)}")


def _rarer(hashtag: str) -> list[str]:
    """Return what few people type: the tag stretched, and its twins in the other letters."""
    common = {spelled(hashtag), *proposals(hashtag)}
    return [form for form in (*twins(hashtag), stretched(hashtag)) if form not in common]


def _written(hashtag: str) -> str:
    return f"#{visible(hashtag).strip().lstrip('#')}"


def _listed(forms: Iterable[str], hashtag: str) -> str:
    return json.dumps([f"#{capitalised(form, hashtag)}" for form in forms], ensure_ascii=False)


def _family(hashtag: str) -> dict[str, object]:
    forms = {
        kind: [{"spelling": f"#{capitalised(form, hashtag)}", "folded": fold(form)} for form in found]
        for kind, found in (("proposals", proposals(hashtag)), ("rarer", _rarer(hashtag)))
    }
    return {"hashtag": hashtag, "spelling": f"#{spelled(hashtag)}", "folded": fold(hashtag), **forms}


def _table(hashtag: str) -> Table:
    table = Table("typed", "is counted as", "together with it", title=_written(hashtag), title_justify="left")
    key = fold(hashtag)
    table.add_row(_written(hashtag), key, "-")
    for form in (*proposals(hashtag), *(rarer := _rarer(hashtag))):
        said = "yes, always" if fold(form) == key else "only when listed"
        typed = f"#{capitalised(form, hashtag)}"
        table.add_row(
            typed, fold(form), f"{said}; rarer" if form in rarer else said, style="dim" if form in rarer else ""
        )
    return table
