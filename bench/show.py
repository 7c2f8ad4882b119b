"""What all benchmarks share: their two flags, a private Redis of their own, and a table or one line of JSON."""

import argparse
import json
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.lifeline import bound
from monitor.store import embedded
from monitor.store.store import Store, opened


def flags(about: str, **choices: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; `choices` are further options, each with what may be chosen.

    From here on a benchmark that is told to end does so in order, as one that is interrupted: with what it began.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, at most 40 seconds")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line instead of a table")
    for name, each in choices.items():
        parser.add_argument(f"--{name}", choices=each, help="only this one")
    return parser.parse_args()


def show(
    title: str, figures: Mapping[str, float], wanted: Mapping[str, str], *, as_json: bool, about: str | None = None
) -> None:
    """Print the figures; `wanted` says beside which a target is written, `about` what JSON is told apart by."""
    if as_json:
        named = {"about": about} if about else {}
        print(json.dumps({**named, **{name: round(value, 3) for name, value in figures.items()}}))
        return
    table = Table(title=title)
    for column in ("figure", "measured", "target"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.0f}" if value >= 1000 else f"{value:,.3g}", wanted.get(name, ""))
    Console().print(table)


@asynccontextmanager
async def fresh_store() -> AsyncIterator[Store]:
    """A private server on an empty folder, append-only file on, that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="monitor-bench-") as folder,
        embedded.start(Path(folder)) as server,
        bound(server),
    ):
        async with opened(server.url) as store:
            yield store
