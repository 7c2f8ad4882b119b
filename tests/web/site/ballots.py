"""A race in the store as a daemon would have left it: every look, a flag with two of them, a name that is an attack."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.model.poll import Tally
from monitor.model.race import Cycle, Look
from monitor.store import polls
from monitor.store.store import Store
from tests.digest import races

SCRIPT = "<script>alert('x')</script>"


def attacked(hours: float) -> Tally:
    """Return a look at a poll whose third name and whose question are scripts."""
    told = {SCRIPT if name == races.BREAD else name: votes for name, votes in races.counts(hours).items()}
    return replace(races.look(hours, told), question=SCRIPT)


async def keep(store: Store, looks: Sequence[Tally], cycle: Cycle) -> None:
    """Store looks, the last one with how the week stands; flags then hold two of these looks."""
    for tally in looks:
        await polls.keep(store, "aleppo", cycle, tally)


def flagged(cycle: Cycle, looks: Sequence[Tally]) -> Cycle:
    """Return the week with a flag between its last two looks."""
    before, after = (Look(at=tally.at, digest=tally.digest) for tally in looks[-2:])
    flag = races.FLAG.model_copy(update={"before": before, "after": after, "at": after.at})
    return cycle.model_copy(update={"events": (*cycle.events, flag)})


async def running(store: Store) -> list[Tally]:
    """Store a race that is open, an hour before its end."""
    looks = races.looked(23)
    await keep(store, looks, flagged(races.OPEN, looks))
    return looks
