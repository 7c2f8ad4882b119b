"""One verb, one file; `main` is the command `monitor`, the table below lists its verbs.

Only the module of the verb that is run is imported, so `monitor --help` stays quick. A verb is a function with typer
options in its signature; its docstring is its help. It may raise MonitorError: the words go to standard error.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module, metadata
from io import TextIOWrapper
from typing import Annotated, NamedTuple, cast

import typer

from monitor.cli.wording import Worded
from monitor.errors import MonitorError, SettingsError


class Verb(NamedTuple):
    """Where a verb is written (`monitor/cli/FILE.py`, one function or more verbs under that name), what it does."""

    file: str
    does: str


VERBS = {
    "run": Verb("run", "Start the daemon: collect, watch, and mail the daily digest."),
    "check": Verb("check", "Check the settings; with --live, ask each source once."),
    "new": Verb("new", "Write a new campaign file from flags or a few questions."),
    "spell": Verb("spell", "Show the spellings that people type for a hashtag."),
    "tags": Verb("tags", "Show which hashtags a platform sees in a text, line by line."),
    "status": Verb("status", "Show how each source is doing."),
    "collect": Verb("collect", "Collect once, now, and stop."),
    "backtest": Verb("backtest", "Print which alerts there would have been, over stored history or a CSV."),
    "brief": Verb("brief", "Print what was found about a campaign."),
    "export": Verb("export", "Write the numbers of a campaign to a file: CSV, XLSX, Parquet, JSON, charts, a report."),
    "poll": Verb("poll", "Show how the naming polls stand; try a page, say which name was taken."),
    "digest": Verb("digest", "Send the daily digest now, or preview it."),
    "readers": Verb("readers", "Show who gets the digest, who left, and bring them back."),
    "alerts": Verb("alerts", "Show what goes on and what was told; silence alerts for a while."),
    "import": Verb("import_", "Bring in posts from a file: twarc, 4CAT, an archive, any table."),
    "archive": Verb("archive", "Show and check the archive of older series and of evidence."),
    "backup": Verb("backup", "Copy everything into one file, while the daemon runs or not."),
    "restore": Verb("restore", "Put a copy back, and compare every series."),
    "purge": Verb("purge", "Remove what is kept no longer, a whole campaign, or a reader."),
    "user": Verb("user", "Say who may sign in at the page."),
    "token": Verb("token", "Make and remove keys for programs that read the API."),
    "telegram-login": Verb("telegram_login", "Sign in to Telegram once, for exact counters; off unless you want it."),
    "demo": Verb("demo", "Watch a small invented world for 14 days, in about a minute and a half."),
}

FAILED, WRONG_SETTINGS = 1, 2


def verb_function(name: str) -> Callable[..., object]:
    """Import the file of a verb and return its function."""
    return cast("Callable[..., object]", getattr(import_module(f"monitor.cli.{VERBS[name].file}"), VERBS[name].file))


def main(words: Sequence[str] | None = None, load: Callable[[str], Callable[..., object]] = verb_function) -> None:
    """Run the command line and leave with 0 (fine), 1 (an error in words) or 2 (settings or usage)."""
    words = list(sys.argv[1:] if words is None else words)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # Arabic on a terminal that has no letters for it
    wanted = next((word for word in words if word in VERBS), None)
    try:
        application(wanted, load)(words, prog_name="monitor")
    except SettingsError as error:
        _leave(error, WRONG_SETTINGS)
    except MonitorError as error:
        _leave(error, FAILED)


def application(wanted: str | None = None, load: Callable[[str], Callable[..., object]] = verb_function) -> typer.Typer:
    """Return the command line with every verb listed, and the one that is `wanted` ready to run."""
    app = typer.Typer(cls=Worded, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_globals)
    for name, verb in VERBS.items():
        if name != wanted:
            app.command(name, help=verb.does)(_listed_only)
        elif isinstance(found := load(name), typer.Typer):
            app.add_typer(found, name=name, short_help=verb.does)
        else:
            app.command(name, short_help=verb.does)(found)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"monitor {metadata.version('campaign-monitor')}")
        raise typer.Exit


def _globals(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Watch campaigns: hashtags and the press, counted exactly, told in a daily digest."""


def _listed_only() -> None:
    """Stand in the help for a verb that was not asked for; never runs."""


def _leave(error: MonitorError, code: int) -> None:
    typer.echo(str(error) or type(error).__name__, err=True)
    sys.exit(code)
