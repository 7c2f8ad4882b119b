"""The naming polls in `monitor status`: where each stands, when it was seen, and when it is looked at next."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from monitor.collect.cycle import awaited
from monitor.collect.looks import next_look
from monitor.collect.polls import current
from monitor.model.poll import Poll
from monitor.model.race import Cycle, Stage
from monitor.model.table import Record
from monitor.settings.polls import WatchedPoll
from monitor.settings.schema import Watched
from monitor.store.store import Store
from monitor.words.voice import harmless

WEEK = timedelta(days=7)
COLOURS = {Stage.OPEN: "green", Stage.CLOSING: "yellow", Stage.MISSED: "red"}


class PollReport(Record):
    """One poll: `off` says why it is not looked at; `in_vain` why its last look showed nothing."""

    campaign: str
    poll: str
    platform: str
    day: date
    stage: Stage
    off: str | None = None
    last_look: datetime | None = None
    next_look: datetime | None = None
    in_vain: str | None = None
    remark: str | None = None


async def reports(store: Store, watched: Watched, now: datetime) -> list[PollReport]:
    """Return how each poll of a campaign is doing."""
    slug = watched.campaign.slug
    return [_report(slug, one, await current(store, slug, one.poll, now), now) for one in watched.polls]


def _report(slug: str, watched: WatchedPoll, cycle: Cycle, now: datetime) -> PollReport:
    off = watched.at.off
    return PollReport(
        campaign=slug,
        poll=watched.poll.name,
        platform=watched.at.platform,
        day=cycle.day,
        stage=cycle.stage,
        off=off,
        last_look=cycle.last_look.at if cycle.last_look else None,
        next_look=None if off else due(cycle, watched.poll, now, timedelta(minutes=watched.at.quickest_minutes)),
        in_vain=cycle.looked_in_vain,
        remark=cycle.remark,
    )


def due(cycle: Cycle, poll: Poll, now: datetime, quickest: timedelta) -> datetime | None:
    """Return when this week's poll or the next one is looked at."""
    weeks = (cycle, awaited(poll, cycle.day + WEEK))
    moments = (next_look(week, poll, now, quickest=quickest) for week in weeks)
    return min((max(moment, now) for moment in moments if moment is not None), default=None)


def table(found: Sequence[PollReport], now: datetime, zone: str, *, running: bool) -> Table:
    """Return a row for each poll; nothing is looked at next while no daemon is running."""
    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("naming poll", "of", "at", "stage", "last look", "next look"):
        shown.add_column(name, overflow="fold")
    here = now.astimezone(ZoneInfo(zone))
    for report in found:
        colour = COLOURS.get(report.stage)
        stage = "[dim]off[/]" if report.off else f"[{colour}]{report.stage}[/]" if colour else report.stage
        next_one = moment(report.next_look if running else None, here)
        last = moment(report.last_look, here)
        shown.add_row(escape(report.poll), f"{report.day:%a %d.%m.}", report.platform, stage, last, next_one)
    return shown


def remarks(found: Sequence[PollReport]) -> Iterator[str]:
    """Yield what is worth a line of its own below the table."""
    for report in found:
        vain = f"the last look was in vain: {harmless(report.in_vain)}" if report.in_vain else ""
        said = report.off or "; ".join(filter(None, (vain, report.remark)))
        if said:
            yield f"{report.poll}: {said}"


def moment(told: datetime | None, here: datetime) -> str:
    """Return a time as it is read `here`, with its day when that is another one."""
    if told is None:
        return "-"
    local = told.astimezone(here.tzinfo)
    return local.strftime("%H:%M" if local.date() == here.date() else "%d.%m. %H:%M")
