"""What the store knows of a campaign's polls, as the names that it is watched under."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from monitor.collect.names import Voted, watched
from monitor.model.campaign import Campaign
from monitor.model.poll import Poll
from monitor.store import polls
from monitor.store.store import Store

_WEEK = timedelta(days=7)


async def named(store: Store, campaign: Campaign, voted: Sequence[Poll], now: datetime) -> Campaign:
    """Return a campaign, as its file has it, with the names of its polls that are looked for at `now`."""
    return watched(campaign, await weeks(store, campaign.slug, voted, now), now)


async def weeks(store: Store, campaign: str, voted: Sequence[Poll], now: datetime) -> list[Voted]:
    """Return the weeks of some polls whose names may be looked for at `now`, the newest first."""
    asked = [(poll, day) for poll in voted for day in _days(poll, now)]
    found = [(poll, await polls.cycle(store, campaign, poll.name, day)) for poll, day in asked]
    return [Voted(poll, cycle) for poll, cycle in found if cycle is not None]


def _days(poll: Poll, now: datetime) -> Iterator[date]:
    """Yield the coming day and those before it whose names are still looked for."""
    coming = poll.named_day(now)
    for back in range(poll.days // _WEEK.days + 2):
        yield coming - back * _WEEK
