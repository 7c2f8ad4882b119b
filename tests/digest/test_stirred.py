"""What an alert tells and draws is what the brief of the same hours tells and draws."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.digest import gather
from monitor.digest.stirred import stir
from monitor.model.finding import Cause
from monitor.model.window import Window
from monitor.store.store import Store
from tests.alerts.street import posts, printed, stored, usual
from tests.digest.races import POLL
from tests.people import ALEPPO, NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY = Window(NOON - 24 * HOUR, NOON)


@pytest.fixture
async def street(store: Store) -> Store:
    """Return a store in which one of two platforms jumps, and outlets print at the same time."""
    await stored(store, usual(4))
    await stored(store, [*usual(4), *posts(90, NOON - MINUTE)], source="telegram")
    await printed(store, *((f"outlet {number}", 0.01 * number) for number in range(1, 30)))
    return store


async def test_what_stirs_is_what_the_brief_tells(street: Store):
    brief, found = await gather.brief(street, ALEPPO, DAY, NOON), await stir(street, ALEPPO, DAY)
    assert brief.spikes
    assert (found.spikes, found.lines, found.window) == (brief.spikes, brief.lines, brief.window)


async def test_why_it_stirs_is_found(street: Store):
    found = await stir(street, ALEPPO, DAY)
    drivers = {driver.cause: driver.name for spike in found.spikes for driver in spike.drivers}
    assert drivers[Cause.PLATFORM] == "telegram"


async def test_the_polls_of_what_stirs_are_those_of_the_brief(street: Store):
    voting = replace(ALEPPO, polls=(POLL,))
    brief, found = await gather.brief(street, voting, DAY, NOON), await stir(street, voting, DAY)
    assert [week.cycle for week in found.polls] == [week.cycle for week in brief.polls]
    assert [week.cycle.poll for week in found.polls] == [POLL.name]


async def test_a_campaign_of_which_nothing_is_known_stirs_nowhere(store: Store):
    assert (await stir(store, ALEPPO, DAY)).spikes == ()
