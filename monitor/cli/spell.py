"""`monitor spell`: the spellings that people type for a hashtag."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from monitor.cli.options import AsJson
from monitor.errors import Problem, SettingsError
from monitor.model.spelling import fold, proposals, spelled
from monitor.settings.hashtag import fault


def spell(
    hashtags: Annotated[list[str], typer.Argument(metavar="HASHTAG...", help="One or more, quoted: '#أنقذوا_حلب'.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show the spellings that people type for a hashtag.

    Platforms search letter by letter, and people do not type so.

    List in a campaign's file which of them to ask for. Those that fold alike are counted together in any case.
    """
    if problems := [Problem("", "", advice) for hashtag in hashtags if (advice := fault(hashtag))]:
        raise SettingsError(problems)
    if as_json:
        typer.echo(json.dumps([_family(hashtag) for hashtag in hashtags], ensure_ascii=False))
        return
    console = Console()
    for hashtag in hashtags:
        console.print(_table(hashtag))
    typer.echo(f"\nFor the campaign's file; keep those that you have seen in use:\n\n{snippet(hashtags)}")


def snippet(hashtags: list[str]) -> str:
    """Return the table [spellings] of a campaign's file with every proposal."""
    rows = ((f"#{tag.strip().lstrip('#')}", [f"#{form}" for form in proposals(tag)]) for tag in hashtags)
    return "\n".join(["[spellings]", *(f'"{tag}" = {json.dumps(forms, ensure_ascii=False)}' for tag, forms in rows)])


def _family(hashtag: str) -> dict[str, object]:
    forms = [{"spelling": f"#{form}", "folded": fold(form)} for form in proposals(hashtag)]
    return {"hashtag": hashtag, "spelling": f"#{spelled(hashtag)}", "folded": fold(hashtag), "proposals": forms}


def _table(hashtag: str) -> Table:
    table = Table("typed", "is counted as", "together with it", title=hashtag, title_justify="left")
    key = fold(hashtag)
    table.add_row(f"#{spelled(hashtag)}", key, "-")
    for form in proposals(hashtag):
        table.add_row(f"#{form}", fold(form), "by itself" if fold(form) == key else "only when listed")
    return table
