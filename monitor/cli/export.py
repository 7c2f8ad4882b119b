"""`monitor export`: the numbers of a campaign as a file, for a spreadsheet, for programs, for paper."""

import asyncio
import secrets
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor import app, log
from monitor.cli.options import CONFIG, Config, checked
from monitor.cli.stored import stored
from monitor.digest import gather
from monitor.errors import MonitorError
from monitor.exports.asked import STANDARD, Asked, Format, What
from monitor.exports.files import File
from monitor.exports.files import export as exported
from monitor.exports.series import Split
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.window import Resolution
from monitor.settings.schema import Settings
from monitor.web.span import Last, span
from monitor.words.language import checked_language
from monitor.words.voice import Digits, voice

STDOUT = "-"
MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]
READABLE = frozenset({Format.CSV, Format.JSON, Format.SVG, Format.REPORT})


Means = Callable[[Campaign, datetime], Asked]
"""From the campaign, whose clock the options may mean, and the moment, to what is asked for."""


def export(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's slug, such as save-aleppo.")],
    *,
    what: Annotated[What | None, typer.Option(help="Which sheets; series, or all where one file holds it.")] = None,
    format: Annotated[Format, typer.Option(help="What kind of file.")] = Format.XLSX,  # noqa: A002
    metric: Annotated[list[Metric] | None, typer.Option(help="Which series; may be repeated.")] = None,
    split: Annotated[Split, typer.Option(help="By what series are split.")] = Split.NONE,
    resolution: Annotated[Resolution | None, typer.Option(help="The width of a cell; chosen by itself.")] = None,
    last: Annotated[Last | None, typer.Option(help="Up to now: 24h when nothing is said.")] = None,
    start: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="On the campaign's clock.")] = None,
    end: Annotated[datetime | None, typer.Option(formats=MOMENTS, help="Not included; now when left out.")] = None,
    language: Annotated[str, typer.Option("--lang", "--language", help="Of headings and notes: en, ar.")] = "en",
    digits: Annotated[Digits, typer.Option(help="The digits of texts; numbers stay numbers.")] = "western",
    chart: Annotated[str, typer.Option(help="Which chart, for png and svg.")] = "numbers",
    bom: Annotated[bool, typer.Option("--bom", help="Mark a CSV as UTF-8, for old programs.")] = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    config: Config = CONFIG,
) -> None:
    """Write the numbers of a campaign to a file: series, totals, spikes and their reasons, polls, headlines, gaps.

    The file is called by campaign, sheet and days unless --output says otherwise. Each carries the method note.
    """
    log.configure(level="ERROR")
    spoken = checked(checked_language, language, "--lang")

    def asked(watched: Campaign, now: datetime) -> Asked:
        window = span(watched, now, last, start, end)
        speaking = voice(spoken, watched.zone, digits)
        series = tuple(dict.fromkeys(metric or STANDARD))
        return Asked(format, window, speaking, what, series, split, resolution, chart, bom)

    made = asyncio.run(_made(stored(config), campaign, asked))
    if output == STDOUT:
        _print(made, is_text=format in READABLE)
    else:
        typer.echo(_keep(made, Path(output or made.name), over=force))


async def _made(settings: Settings, slug: str, asked: Means) -> File:
    async with app.opened(settings) as monitor:
        campaign, now = monitor.campaign(slug), monitor.clock.now()
        wish = asked(campaign, now)
        brief = await gather.brief(monitor.store, campaign, wish.window, now)
        return await exported(monitor.store, campaign, brief, wish, now)


def _print(made: File, *, is_text: bool) -> None:
    """Write a file to standard output, but none that would upset a terminal."""
    if sys.stdout.isatty() and not is_text:
        made.body.close()
        raise MonitorError(f"{made.name} is not to be read on a terminal: write --output {made.name}")
    for part in made.parts():
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def _keep(made: File, path: Path, *, over: bool) -> Path:
    """Write a file so that nobody ever finds half of one; return where it is."""
    try:
        with made.body:
            if path.is_dir():
                raise MonitorError(f"{path} is a folder: name a file in it with --output")
            if path.exists() and not over:
                raise MonitorError(f"{path} is there already: write --force, or another --output")
            _write_aside(made, path)
    except OSError as error:
        raise MonitorError(f"{path} can not be written ({error.strerror}): name another --output") from error
    return path


def _write_aside(made: File, path: Path) -> None:
    """Write a file under another name and rename it; on the way nothing is left behind."""
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
    with aside.open("xb") as file:
        try:
            file.writelines(made.parts())
            aside.replace(path)
        except BaseException:
            aside.unlink()
            raise
