"""Seven days against seven and thirty against thirty, from the real store."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.digest import gather, longer
from monitor.model.window import Window
from monitor.store.store import Store
from tests.digest.test_gather import ALL, DAY, NOW, cover, seen, store_all
from tests.people import ADA, ALEPPO, BEA

MONTHS = Window(NOW - timedelta(days=70), NOW)


def posts(*days_ago: float) -> list:
    return [seen(number, 24 - 24 * days) for number, days in enumerate(days_ago)]


async def told(store: Store, name: str = "posts", now: datetime = NOW):
    """Return a total over 7 and over 30 days."""
    weeks, months = (await longer.brief(store, ALEPPO, DAY, now)).compared
    return [next(total for total in held.totals if total.name == name) for held in (weeks, months)]


async def test_a_brief_of_a_day_carries_the_week_and_the_month_that_end_with_it(store: Store):
    await store_all(store, posts(0.5, 3, 6.9, 7.1, 20, 29.9, 30.1, 59), covered=MONTHS)
    week, month = await told(store)
    assert (week.now.value, week.before.value) == (3, 1)
    assert (month.now.value, month.before.value) == (6, 2)
    assert (week.change, month.change) == (2.0, 2.0)


async def test_its_numbers_are_those_of_a_brief_of_seven_days(store: Store):
    await store_all(store, posts(0.5, 3, 6.9, 7.1, 20), covered=MONTHS)
    (week, *_) = (await longer.brief(store, ALEPPO, DAY, NOW)).compared
    window = Window(week.window.start, week.window.end)
    same = await gather.brief(store, ALEPPO, window, NOW)
    assert week.totals == same.totals


async def test_weeks_before_the_watch_began_are_not_known(store: Store):
    await store_all(store, posts(0.5, 3), covered=ALL)
    week, month = await told(store)
    assert (week.now.value, week.now.partial) == (2, False)
    assert (month.now.partial, month.before.value, month.change) == (True, None, None)


async def test_people_are_counted_once_over_all_days(store: Store):
    sightings = [seen(number, 24 - 24 * number - 1, author=ADA if number % 2 else BEA) for number in range(6)]
    await store_all(store, sightings, covered=MONTHS)
    week, month = await told(store, "authors")
    assert (week.now.value, month.now.value) == (2, 2)


async def test_a_source_that_was_blind_for_days_makes_a_lower_bound(store: Store):
    await store_all(store, posts(0.5), covered=Window(MONTHS.start, NOW - timedelta(days=4)))
    await cover(store, "mastodon", [], Window(NOW - timedelta(days=1), NOW))
    week, _ = await told(store)
    assert week.now.partial


async def test_a_day_that_is_not_over_is_left_out(store: Store):
    await store_all(store, posts(0.5, 3), covered=MONTHS)
    noon = NOW - timedelta(hours=12)
    found = (await longer.brief(store, ALEPPO, DAY, noon)).compared[0].window
    assert (found.start, found.end) == (DAY.start - timedelta(days=7), DAY.start)


@pytest.mark.parametrize(("days", "hours"), [(7, 7 * 24 - 1), (30, 30 * 24 - 1)])
def test_whole_days_stay_whole_over_a_clock_change(days: int, hours: int):
    window = longer.days_before(datetime(2024, 4, 1, 22, tzinfo=UTC), "Europe/Berlin", days)
    assert (window.end, window.length) == (datetime(2024, 4, 1, 22, tzinfo=UTC), timedelta(hours=hours))
