"""Which week of a naming poll a brief tells."""

from dataclasses import replace
from datetime import date, timedelta

from monitor.digest import gather
from monitor.digest.weeks import week
from monitor.model.race import Cycle, Stage
from monitor.model.window import Window
from monitor.store import polls
from tests.digest.races import AWAITED, CONFIRMED, DAY, HOUR, OPEN, OPENS, POLL, counts, look
from tests.people import ALEPPO

ONE_DAY = timedelta(days=1)
TUESDAY = Window(OPENS - 18 * HOUR, OPENS + 6 * HOUR)


def day(number: int) -> Window:
    """The local day so many days after Tuesday."""
    return TUESDAY.shifted(number * ONE_DAY)


async def told(store, window, *cycles: Cycle):
    for cycle in cycles:
        await polls.put(store, "save-aleppo", cycle)
    return await week(store, "save-aleppo", POLL, window)


async def test_before_anything_is_seen_the_coming_friday_is_awaited(store):
    found = await told(store, day(0))
    assert (found.cycle.day, found.cycle.stage, found.courses) == (DAY, Stage.AWAITED, ())
    assert found.opens_at == OPENS


async def test_on_its_friday_a_poll_is_still_told_and_on_saturday_the_next_one_is_awaited(store):
    assert (await told(store, day(3), CONFIRMED)).cycle.stage is Stage.CONFIRMED
    after = await told(store, day(4), CONFIRMED)
    assert (after.cycle.day, after.cycle.stage) == (date(2016, 5, 6), Stage.AWAITED)


async def test_a_brief_of_a_week_tells_the_poll_that_was_seen_and_not_the_one_to_come(store):
    coming = AWAITED.model_copy(update={"day": DAY + 7 * ONE_DAY})
    seen = await told(store, Window(TUESDAY.start, TUESDAY.start + 7 * ONE_DAY), CONFIRMED, coming)
    assert seen.cycle.day == DAY


async def test_a_brief_of_long_ago_tells_its_own_poll(store):
    later = CONFIRMED.model_copy(update={"day": DAY + 7 * ONE_DAY})
    assert (await told(store, day(1), OPEN, later)).cycle.day == DAY


async def test_the_course_of_the_race_comes_from_the_looks(store):
    for hours in (1, 2, 3):
        await polls.keep(store, "save-aleppo", OPEN, look(hours, counts(hours)))
    found = await told(store, day(0))
    assert [len(course.points) for course in found.courses] == [3, 3, 3, 3]


async def test_a_brief_carries_the_polls_of_its_campaign(store):
    await polls.put(store, ALEPPO.slug, OPEN)
    watched = replace(ALEPPO, polls=(POLL,))
    brief = await gather.brief(store, watched, day(1), OPENS + 30 * HOUR)
    assert [one.cycle.standing for one in brief.polls] == [OPEN.standing]
    assert (await gather.brief(store, ALEPPO, day(1), OPENS + 30 * HOUR)).polls == ()
