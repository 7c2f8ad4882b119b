"""How much of an allowance is used, and where that leads."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.account import Allowance, Period
from monitor.model.spending import Spending, spending
from tests.people import NOON

SEARCHES = Allowance("searches", 100)
DOLLARS = Allowance("dollars a month", 50.0, "dollars", Period.MONTH)


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
