"""Known posts are asked again while their counters still grow: the ladder says which, the budget how many."""

from dataclasses import dataclass
from datetime import datetime

from monitor.collect import page
from monitor.collect.observe import observe
from monitor.errors import SourceError
from monitor.store import ladder


@dataclass(frozen=True, slots=True)
class Budget:
    """How many posts may be asked again in one run, and until when a new call may begin."""

    posts: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of asking again, how many posts were due and have to wait, and what it ended with."""

    kept: page.Kept = page.Kept()  # noqa: RUF009 - frozen
    waiting: int = 0
    trouble: SourceError | None = None


async def refresh(given: page.Assignment, budget: Budget) -> Refreshed:
    """Ask for the posts that are due, fast growers first; every mark asked climbs, known to the platform or not."""
    kept, asked, source, clock = page.Kept(), 0, given.source, given.clock
    if source.again_at_once == 0 or not budget.posts:
        return Refreshed()
    due = await ladder.due(given.store, given.campaign.slug, source.name, now=int(clock.now().timestamp()))
    while clock.now() < budget.until:
        size = min(source.again_at_once or 0, page.AT_ONCE)  # a source short of money takes fewer, at last none
        marks = due[asked : min(asked + size, budget.posts)]
        if not marks:
            break
        try:
            posts = await source.again(marks)
        except SourceError as error:
            return Refreshed(kept, len(due) - asked, error)
        now = clock.now()
        kept += await page.write(given, observe(given.campaign, posts, now=now), now, page.Along(asked=marks))
        asked += len(marks)
    return Refreshed(kept, len(due) - asked)
