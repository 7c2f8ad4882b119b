"""The options that several verbs have, and how an option is refused."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class Language(StrEnum):
    """The languages that the terminal speaks."""

    EN = "en"
    AR = "ar"


Config = Annotated[
    Path,
    typer.Option("--config", metavar="DIR", envvar="MONITOR_CONFIG", help="The folder of monitor.toml and campaigns/."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
InLanguage = Annotated[Language, typer.Option("--language", help="The language of the sentences.")]

CONFIG = Path("config")
"""Where the settings are looked for, below the folder the command is started in."""


class ShowsFirst(TyperGroup):
    """The verbs below a verb, of which `show` may be left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        is_named = bool(args) and args[0] in {*self.commands, "--help"}
        return super().parse_args(ctx, args if is_named else ["show", *args])


def checked(check: Callable[[str], str], written: str, option: str | None = None) -> str:
    """Return what was written after an option as `check` returns it; its ValueError is a matter of usage."""
    try:
        return check(written)
    except ValueError as error:
        raise typer.BadParameter(f'"{written}" {error}', param_hint=option) from error
