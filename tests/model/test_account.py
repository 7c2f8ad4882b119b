from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.model.account import Allowance, Period

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def window(period: Period, now: datetime = NOON, zone: str = "UTC"):
    return Allowance("searches", 100, period=period, zone=zone).window(now)


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [(Period.DAY, (3, 11), (3, 12)), (Period.WEEK, (3, 9), (3, 16)), (Period.MONTH, (3, 1), (4, 1))],
)
def test_a_period_begins_at_a_midnight_and_ends_at_the_next(period, first, after):
    assert window(period).start == datetime(2026, *first, tzinfo=UTC)
    assert window(period).end == datetime(2026, *after, tzinfo=UTC)


def test_december_is_followed_by_january():
    assert window(Period.MONTH, datetime(2026, 12, 31, 23, tzinfo=UTC)).end == datetime(2027, 1, 1, tzinfo=UTC)


def test_days_begin_where_the_platform_lives():
    before_midnight = datetime(2026, 3, 11, 6, tzinfo=UTC)
    assert window(Period.DAY, before_midnight, "America/Los_Angeles").start == datetime(2026, 3, 10, 7, tzinfo=UTC)


def test_a_day_in_which_the_clocks_change_has_23_hours():
    changing = datetime(2026, 3, 8, 20, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert window(Period.DAY, changing, "America/Los_Angeles").length == timedelta(hours=23)


@pytest.mark.parametrize("period", Period)
def test_every_moment_lies_in_its_period(period):
    for day in range(800):
        now = NOON + timedelta(days=day, hours=day % 24)
        found = window(period, now, "Europe/Berlin")
        assert found.start <= now < found.end
