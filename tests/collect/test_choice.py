from datetime import UTC, datetime, timedelta

from monitor.collect.choice import choose
from monitor.collect.cycle import awaited
from tests.collect.week import DAY, POLL, QUESTION, seen, stood
from tests.trends.polls import CLOSES, OPENED, tally


def test_of_several_polls_the_one_whose_question_fits_is_taken():
    shown = [seen(1, question="Which colour?"), seen(1, place="poll/2", question=QUESTION)]
    assert choose(POLL, DAY, shown).tally.place == "poll/2"


def test_last_weeks_poll_is_not_taken_for_this_weeks():
    old = seen(-7 * 24, closes_at=CLOSES - timedelta(weeks=1))
    assert choose(POLL, DAY, [old]) is None
    assert choose(POLL, DAY - timedelta(weeks=1), [old])


def test_a_poll_without_an_end_is_known_by_its_beginning():
    assert choose(POLL, DAY, [seen(1, closes_at=None, opened_at=OPENED)])
    assert choose(POLL, DAY, [seen(1, closes_at=None, opened_at=OPENED - timedelta(weeks=1))]) is None


def test_a_poll_that_is_posted_on_friday_is_for_the_next_one():
    friday = datetime(2012, 4, 13, 17, tzinfo=UTC)
    assert choose(POLL, DAY + timedelta(weeks=1), [seen(80, closes_at=None, opened_at=friday)])
    assert choose(POLL, DAY, [seen(80, closes_at=None, opened_at=friday)]) is None
    assert choose(POLL, DAY, [seen(50, closes_at=None, opened_at=friday - timedelta(days=1))])


def test_a_page_without_dates_is_last_weeks_poll_until_its_options_change():
    last_week = stood(seen(-7 * 24, closes_at=None), cycle=awaited(POLL, DAY - timedelta(weeks=1)))
    same = seen(-24, closes_at=None)
    fresh = tally(1, {"الأمل": 0, "الوفاء": 0})
    assert choose(POLL, DAY, [same], last_week) is None
    assert choose(POLL, DAY, [fresh], last_week)


def test_a_page_with_none_of_the_options_shows_another_poll():
    cycle = stood(seen(1, closes_at=None))
    other = tally(2, {"الأمل": 90, "الوفاء": 80})
    assert choose(POLL, DAY, [other], cycle) is None
    assert choose(POLL, DAY, [tally(2, {"الغضب": 90, "الوفاء": 80})], cycle)


def test_two_polls_of_one_week_are_told():
    assert choose(POLL, DAY, [seen(2, place="poll/2"), seen(1)]).others == 1


def test_a_poll_that_ends_on_friday_in_utc_but_thursday_at_home_names_this_friday():
    late = datetime(2012, 4, 12, 20, 59, tzinfo=UTC)
    assert choose(POLL, DAY, [seen(1, closes_at=late)])
