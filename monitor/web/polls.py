"""Naming polls for page and API: which one is meant, one week of it with what became of its name, and all weeks."""

from datetime import date, datetime, timedelta
from http import HTTPStatus

from monitor.collect.cycle import awaited
from monitor.collect.looks import next_look
from monitor.collect.names import Voted
from monitor.collect.polls import current
from monitor.digest import friday
from monitor.digest.weeks import opens_at
from monitor.errors import listing
from monitor.model.campaign import Campaign
from monitor.model.poll import Poll, Tally
from monitor.model.poll_week import PollWeek
from monitor.model.race import Cycle
from monitor.store import polls
from monitor.trends import poll_week
from monitor.web.desk import Desk
from monitor.web.problem import Problem
from monitor.words.voice import message

NO_POLL = message("{campaign} has no poll of this name; there are: {names}")
NOT_FOLLOWED = message("no poll of {poll} was followed for {day}")
MOST_WEEKS = 60
"""The most that are shown of a poll: more than a year."""


def meant(desk: Desk, slug: str, name: str) -> tuple[Campaign, Poll]:
    """Return a campaign's poll by its name; raise Problem 404 that says which there are."""
    campaign = desk.campaign(slug)
    known = {poll.name: poll for poll in campaign.polls}
    if name not in known:
        named = {"campaign": slug, "names": listing(known) or "-"}
        raise Problem(HTTPStatus.NOT_FOUND, NO_POLL, named=named)
    return campaign, known[name]


async def all_weeks(desk: Desk, campaign: Campaign, own: Poll) -> list[Cycle]:
    """Return the last weeks of a poll, newest first, the one that is awaited among them."""
    found = await polls.cycles(desk.store, campaign.slug, own.name, MOST_WEEKS)
    coming = await current(desk.store, campaign.slug, own, desk.clock.now())
    return found if any(one.day == coming.day for one in found) else [coming, *found]


async def week(desk: Desk, campaign: Campaign, own: Poll, day: date) -> tuple[PollWeek, list[Tally]]:
    """Return a week with all that happened in it, and its looks; raise Problem 404 where none was followed."""
    found = await polls.cycle(desk.store, campaign.slug, own.name, day)
    now = desk.clock.now()
    if found is None and day != own.named_day(now):
        raise Problem(HTTPStatus.NOT_FOUND, NOT_FOLLOWED, named={"poll": own.name, "day": str(day)})
    cycle = found or awaited(own, day)
    looks = await polls.tallies(desk.store, campaign.slug, own.name, day)
    opens = opens_at(cycle, own)
    told = poll_week.week(cycle, looks, opens, min(opens, cycle.opened_at or opens))
    became = await friday.report(desk.store, campaign, Voted(own, cycle), now, now)
    return told.model_copy(update={"friday": became}), looks


def due(desk: Desk, campaign: Campaign, own: Poll, cycle: Cycle) -> datetime | None:
    """Return when a week is looked at next; None when it is over, or nobody looks."""
    now, rest = desk.clock.now(), desk.house.rest(campaign.slug, own.name)
    if rest is None or cycle.day < own.named_day(now - timedelta(days=7)):
        return None
    moment = next_look(cycle, own, now, quickest=rest)
    return moment and max(moment, now)
