"""How `monitor status` shows to people what it found."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from monitor.cli import status_files, status_polls, status_readers
from monitor.cli.status_files import FileReport
from monitor.cli.status_polls import PollReport, moment
from monitor.cli.status_readers import ReaderReport
from monitor.collect.report import Report
from monitor.collect.unlisted import hint
from monitor.digest import allowances, asking, trial
from monitor.model.spending import Spending
from monitor.model.table import Record
from monitor.settings.schema import Settings, Watched
from monitor.words.voice import voice

MOST_NAMED = 3  # sources that share an account
LONG_NAME = 18  # characters of a source's name that are kept on one line even in a narrow terminal
ENGLISH = voice("en")
NO_DAEMON = "No daemon is running: nothing is collected until you start one with `monitor run`."


class Status(Record):
    """How everything is doing at one moment; `daemon` is the one that collects, None while none runs."""

    daemon: str | None
    sources: list[Report]
    imported: list[FileReport]
    polls: list[PollReport]
    allowances: list[Spending]
    readers: list[ReaderReport]
    unlisted_outlets: dict[str, tuple[str, ...]]  # by campaign, those that stand in no table


def shown(found: Status, settings: Settings, now: datetime) -> Iterator[RenderableType]:
    """Yield what is printed: campaign by campaign, then what they share, and at last whether a daemon runs."""
    for watched in settings.campaigns:
        yield from _campaign(found, watched, now)
    yield from map(Text, _allowances(found.allowances, now, settings.zone))
    yield from (Text(said, "yellow") for said in trial.troubles(settings.monitor.digest.templates))
    yield from map(Text, status_readers.remarks(found.readers, settings.zone))
    yield Text(NO_DAEMON if found.daemon is None else f"The daemon {found.daemon} collects.")


def _campaign(found: Status, watched: Watched, now: datetime) -> Iterator[RenderableType]:
    slug, zone, running = watched.campaign.slug, watched.campaign.zone, found.daemon is not None
    sources = [one for one in found.sources if one.campaign == slug]
    polls = [one for one in found.polls if one.campaign == slug]
    files = [one for one in found.imported if one.campaign == slug]
    yield _table(watched, sources, now, running=running)
    for report in sources:
        if said := asking.remarks(report, ENGLISH):
            yield Text(f"{report.source}: {said}", "dim")
    yield from map(Text, status_files.remarks(files, ZoneInfo(zone)))
    if said := hint(found.unlisted_outlets[slug]):
        yield Text(said, "dim")
    if polls:
        yield status_polls.table(polls, now, zone, running=running)
    yield from (Text(said, "dim") for said in status_polls.remarks(polls))
    yield ""


def _table(watched: Watched, reports: list[Report], now: datetime, *, running: bool) -> Table:
    title = f"{watched.campaign.title} ({watched.campaign.slug}; times of {watched.campaign.zone})"
    table = Table(title=escape(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(
        "source", overflow="fold", min_width=min(LONG_NAME, max((len(r.source) for r in reports), default=0))
    )
    for name in ("outcome", "last run", "next run", "new", "quota", "gaps (7 d)"):
        table.add_column(name, justify="right" if name in {"new", "quota"} else "left", overflow="fold")
    here = now.astimezone(ZoneInfo(watched.campaign.zone))
    for report in reports:
        table.add_row(
            escape(report.source),
            _outcome(report),
            moment(report.last_run, here),
            moment(report.next_run if running else None, here),
            _shown(report.new),
            _shown(report.quota_left),
            _sum(report) if report.outcome else "-",
        )
    return table


def _allowances(spent: list[Spending], now: datetime, zone: str) -> Iterator[str]:
    """Yield a line for each allowance, below a line that says whose it is."""
    here = voice("en", zone)
    for (platform, sources), own in groupby(spent, key=lambda one: (one.platform, one.sources)):
        named = ", ".join(sources[:MOST_NAMED]) + (" …" if len(sources) > MOST_NAMED else "")
        yield f"Allowances at {platform} (for {named}; times of {zone}):"
        yield from (f"  {allowances.sentence(one, here, now)}" for one in own)
        yield ""


def _outcome(report: Report) -> str:
    if report.off:
        return "[dim]off[/]"
    if report.outcome is None:
        return "[yellow]not asked yet[/]"
    return f"[{'green' if report.outcome.is_up else 'red'}]{report.outcome}[/]"


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _sum(report: Report) -> str:
    """Return how many gaps there are and how long they are together."""
    if report.never_up:
        return asking.gaps(report, ENGLISH)
    if not report.gaps:
        return "none"
    minutes = round(sum((gap.end - gap.start for gap in report.gaps), timedelta(0)) / timedelta(minutes=1))
    return f"{len(report.gaps)}, {minutes // 60}:{minutes % 60:02} h"
