from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.errors import RateLimited
from monitor.fetch.pocket import Pocket
from monitor.model.account import Allowance
from tests.people import NOON

SEARCHES = Allowance("searches", 100)
DOLLARS = Allowance("dollars a day", 2.0, unit="dollars")


@pytest.fixture
def pocket():
    return Pocket(Simulated(NOON))


async def test_what_is_taken_is_no_longer_left(pocket):
    await pocket.take({SEARCHES: 30})
    assert await pocket.left(SEARCHES) == 70


async def test_too_much_of_one_takes_nothing_of_the_other(pocket):
    with pytest.raises(RateLimited):
        await pocket.take({SEARCHES: 1, DOLLARS: 2.5})
    assert await pocket.left(SEARCHES) == 100


async def test_who_asks_for_too_much_hears_when_there_is_more(pocket):
    with pytest.raises(RateLimited, match="searches") as refusal:
        await pocket.take({SEARCHES: 101})
    assert refusal.value.retry_after == 12 * 3600


async def test_the_next_period_begins_with_everything(pocket):
    await pocket.take({SEARCHES: 100})
    await pocket.clock.sleep(12 * 3600)
    assert await pocket.left(SEARCHES) == 100


async def test_what_was_not_used_can_be_given_back(pocket):
    await pocket.take({SEARCHES: 100})
    await pocket.give_back({SEARCHES: 40})
    assert await pocket.left(SEARCHES) == 40


async def test_a_note_is_recalled_until_its_time_is_over(pocket):
    await pocket.keep("session", "token", seconds=timedelta(hours=1).total_seconds())
    assert await pocket.recall("session") == "token"
    await pocket.clock.sleep(3600)
    assert await pocket.recall("session") is None
