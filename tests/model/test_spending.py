"""How much of an allowance is used, and where that leads."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.model.account import Allowance, Period
from monitor.model.spending import Spending, sentence, spending
from tests.people import NOON

SEARCHES = Allowance("searches", 100)
DOLLARS = Allowance("dollars a month", 50.0, "dollars", Period.MONTH)
HERE = NOON.astimezone(ZoneInfo("Asia/Damascus"))


def spent(allowance: Allowance, used: float, *, hours: float | None = 6) -> Spending:
    since = None if hours is None else NOON - timedelta(hours=hours)
    return spending(allowance, used, since, NOON, account="x-1", platform="x")


def test_a_pace_that_is_slow_enough_leads_to_an_amount_at_the_end() -> None:
    found = spent(SEARCHES, 30)
    assert (found.expected, found.runs_out_at) == (90, None)
    assert found.renewed_at == datetime(2016, 4, 30, tzinfo=UTC)


def test_a_pace_that_is_too_fast_runs_out_before_the_end() -> None:
    found = spent(SEARCHES, 60)
    assert (found.expected, found.runs_out_at) == (180, NOON + timedelta(hours=4))


def test_the_pace_is_that_since_the_first_use_not_since_the_beginning_of_the_period() -> None:
    assert spent(DOLLARS, 1, hours=24).expected == pytest.approx(2.5)


@pytest.mark.parametrize("hours", [None, 0.5])
def test_what_was_spent_in_too_short_a_time_tells_no_pace(hours: float | None) -> None:
    found = spent(SEARCHES, 60, hours=hours)
    assert (found.used, found.expected, found.runs_out_at) == (60, None, None)


def test_what_is_used_up_is_used_up_however_young() -> None:
    assert spent(SEARCHES, 100, hours=0.1).runs_out_at == NOON


def test_an_allowance_of_nothing_is_used_up() -> None:
    assert spent(Allowance("searches", 0), 0, hours=None).runs_out_at == NOON


@pytest.mark.parametrize(
    ("used", "hours", "said"),
    [
        (30, 6, "searches: 30 of 100 calls today; about 90 calls by the end of the day at this pace"),
        (60, 6, "searches: 60 of 100 calls today; runs out at 19:00 at this pace"),
        (100, 6, "searches: 100 of 100 calls today; used up, renewed on 30.04. at 03:00"),
        (60, 0.5, "searches: 60 of 100 calls today"),
        (0, 6, "searches: 0 of 100 calls today"),
    ],
)
def test_it_is_said_in_one_line(used: float, hours: float, said: str) -> None:
    assert sentence(spent(SEARCHES, used, hours=hours), HERE) == said


def test_money_is_told_as_money() -> None:
    said = sentence(spent(DOLLARS, 12.4, hours=24 * 15), HERE)
    assert said == "dollars a month: $12.40 of $50 this month; about $13.64 by the end of the month at this pace"


def test_large_amounts_are_legible() -> None:
    assert "1,200 of 3,000 posts" in sentence(spent(Allowance("posts", 3000, "posts"), 1200), HERE)
