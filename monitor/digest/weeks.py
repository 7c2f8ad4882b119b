"""From the store to the week of a naming poll that a brief tells: the newest that was seen of those around it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.collect.cycle import awaited
from monitor.model.poll import Poll
from monitor.model.poll_week import PollWeek
from monitor.model.race import Cycle
from monitor.model.window import Window
from monitor.store import polls
from monitor.store.store import Store
from monitor.trends import poll_week


async def week(store: Store, slug: str, poll: Poll, window: Window) -> PollWeek:
    """Return the week of a poll that a brief of `window` tells, with its flags and what happened since it began."""
    cycle = _told(await polls.cycles(store, slug, poll.name), poll, window)
    tallies = await polls.tallies(store, slug, poll.name, cycle.day)
    return poll_week.week(cycle, tallies, opens_at(cycle, poll), window.start)


def opens_at(cycle: Cycle, poll: Poll) -> datetime:
    """Return when the poll of a week usually opens."""
    return poll.window(cycle.day).start


def _told(found: list[Cycle], poll: Poll, window: Window) -> Cycle:
    """Return the newest cycle that was seen, of the days from the window's first to the one after its end."""
    first = window.start.astimezone(ZoneInfo(poll.zone)).date()
    last = poll.named_day(max(window.end - timedelta(seconds=1), window.start))
    fitting = [cycle for cycle in found if first <= cycle.day <= last]
    return polls.newest(fitting) or awaited(poll, last)
