"""`monitor demo`: two weeks of a small invented world, collected, stored, mailed and checked against the truth."""

import asyncio
import json
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from monitor import log
from monitor.cli.brief import shown
from monitor.cli.options import AsJson
from monitor.cli.watching import Ending, Told, at_its_end, live
from monitor.demo import plan as plans
from monitor.demo.plan import ZONE, Plan, Trouble
from monitor.demo.row import Row
from monitor.errors import StoreError
from monitor.store.programs import Program, programs

PLACES = ("5 min", "hour", "day")
"""The three resolutions a total is stored at, in the order of a row's values."""


def demo(
    *,
    trouble: Annotated[
        str, typer.Option(metavar="NAMES", help=f"How the world misbehaves: all, or some of {', '.join(Trouble)}.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=28, help="How many days the world lasts.")] = 14,
    seed: Annotated[int, typer.Option(help="Another number is another world.")] = 2016,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show the page at the world's last moment instead, until Ctrl-C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Watch a small invented world for two weeks: no network, no keys, no settings.

    It takes about a minute and a half on two cores.

    The real collectors, store, trends and digest run against servers on this machine. It ends with a table of what is
    true in that world beside what was stored: it must agree exactly, else the exit code is 1. With --json, the table
    as one line.
    """
    if serve and as_json:
        raise typer.BadParameter("--json prints the table, and --serve shows the page instead of it: give one of them")
    plan = Plan(days=days, seed=seed, troubles=_troubles(trouble))
    check_redis(next(programs(), None))
    log.configure(level="CRITICAL")
    signal.signal(signal.SIGTERM, _leave)
    with _folder(keep_mails=not (serve or as_json)) as folder, _progress(plan, silent=as_json, serve=serve) as told:
        if serve:
            asyncio.run(_serve(plan, folder, told))
            return
        ending = asyncio.run(live(plan, folder, told))
    show(ending, as_json=as_json)
    finish(ending)


def check_redis(program: Program | None) -> None:
    """Raise StoreError when this machine has no Redis that could be started for a demo."""
    if program is None:
        raise StoreError(
            "the demo starts a Redis with time series of its own, and this machine has none: "
            "install the monitor with its extra `server` (pip install '.[server]' in its folder; Linux x86-64), "
            "or put a redis-server 8 on the PATH"
        )


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End as by Ctrl-C when a supervisor says stop: no folder and no Redis stays behind."""
    raise KeyboardInterrupt


@contextmanager
def _folder(*, keep_mails: bool) -> Iterator[Path]:
    """Hand out a fresh folder; of a demo that came to its end the mails stay, of any other nothing."""
    folder = Path(tempfile.mkdtemp(prefix="monitor-demo-"))
    with ExitStack() as left_over:
        left_over.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder
        if keep_mails:
            left_over.pop_all()
            shutil.rmtree(folder / "redis")


def show(ending: Ending, *, as_json: bool) -> None:
    """Print how a demo ended."""
    if as_json:
        typer.echo(_line(ending))
    else:
        _show(ending)


def finish(ending: Ending) -> None:
    """Leave with 1 when the table does not agree."""
    if not ending.equal:
        raise typer.Exit(1)


async def _serve(plan: Plan, folder: Path, told: Told) -> None:
    """Answer browsers on this machine as the daemon would at the end of a world.

    Counters settle only afterwards: what is heard then would lie after the page's clock.
    """
    from monitor.daemon.home import served
    from monitor.web.health import Facts
    from monitor.web.metrics import Metrics
    from monitor.web.pages import server
    from monitor.web.server import Settings

    async with at_its_end(plan, folder, told) as (_, watch):

        async def facts() -> Facts:
            return Facts(now=watch.monitor.clock.now(), leading=True)

        listening = socket.create_server(("127.0.0.1", 0))
        typer.echo(f"The page: http://127.0.0.1:{listening.getsockname()[1]}/  (Ctrl-C ends it)", err=True)
        serving = server(served(lambda: watch.monitor, facts, Metrics()), Settings())
        with suppress(asyncio.CancelledError):
            await serving.serve(sockets=[listening])


def _troubles(names: str) -> frozenset[Trouble]:
    try:
        return plans.troubles(names)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--trouble") from error


@contextmanager
def _progress(plan: Plan, *, silent: bool, serve: bool) -> Iterator[Told]:
    """Show on standard error where the world is and how much of it was found."""
    counted = TextColumn("{task.fields[found]:,} mentions")
    columns = (TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=silent) as bar:
        rounds = len([*plan.rounds(), *(() if serve else plan.settling())])
        task = bar.add_task("", total=rounds, found=0)
        found = 0

        def told(moment: datetime, new: int) -> None:
            nonlocal found
            found += new
            here = moment.astimezone(ZoneInfo(ZONE))
            phase = f"{here:%a %d %b %Y %H:%M}" if moment <= plan.end else "counters settle     "
            bar.update(task, advance=1, description=phase, found=found)

        yield told


def _line(ending: Ending) -> str:
    rows = [row for one in ending.rows for row in _flat(one)]
    return json.dumps({"rows": rows, "equal": ending.equal}, ensure_ascii=False)


def _flat(row: Row) -> Iterator[dict[str, object]]:
    """Yield the total as the days tell it, under its own name, then as the finer cells do; bounds as the two."""
    if row.bounds:
        yield {"metric": row.metric, "true": row.true, "stored": row.stored}
        return
    *finer, day = row.stored
    yield {"metric": row.metric, "true": row.true, "stored": day}
    for place, stored in zip(PLACES, finer, strict=False):
        yield {"metric": f"{row.metric} by {place}", "true": row.true, "stored": stored}


def _show(ending: Ending) -> None:
    console = Console(highlight=False)
    console.print(shown(ending.brief))
    mails = len(list(ending.mail.parent.glob("*.eml")))
    console.print(f"\nDigests mailed: {mails}. The last one: {ending.mail}\n", soft_wrap=True)
    totals = [row for row in ending.rows if not row.detail]
    details = [row for row in ending.rows if row.detail]
    console.print("What is true in that world, and what was stored at each resolution:")
    console.print(_table([*totals, *(row for row in details if not row.equal)]))
    agree = sum(row.equal for row in details)
    console.print(
        Text(f"{agree} of {len(details)} totals of hashtags, spellings, outlets and single cells agree as well.")
    )
    for line in _spent(ending):
        console.print(Text(line))
    verdict = Text("True and stored agree exactly.", "bold green")
    console.print(verdict if ending.equal else Text("True and stored do not agree.", "bold red"))


def _spent(ending: Ending) -> Iterator[str]:
    """Yield what the keys have used by our ledger, and what X says that it costs."""
    if ending.spent:
        yield "\nWhat the keys have used by the monitor's ledger, in the periods in which the demo ends:"
        yield from (f"  {line}" for line in ending.spent)
        yield f"  X itself charges ${ending.charged:,.3f} this month.\n"


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for head in ("true", *(f"by {place}" for place in PLACES)):
        table.add_column(head, justify="right")
    table.add_column("")
    for row in rows:
        stored = _stored(row)
        wrong = Text("" if row.equal else "≠", "red")
        name = row.metric if "#" in row.metric else row.metric.replace("_", " ")
        table.add_row(Text(name), Text(f"{row.true:,}"), *stored, wrong)
    return table


def _stored(row: Row) -> list[Text]:
    """Return the cells of a row; what has one value, by the hour or as a whole, stands alone, and so do bounds."""
    if row.bounds:
        told = " to ".join(map(_number, row.stored))
        return [Text(), Text(told, "" if row.equal else "red"), Text()]
    cells = [Text(_number(value), "" if value == row.true else "red") for value in row.stored]
    return cells if len(cells) == len(PLACES) else [Text(), *cells, Text()]


def _number(value: int | None) -> str:
    return "nothing" if value is None else f"{value:,}"
