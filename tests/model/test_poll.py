import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.model.option import option_key
from monitor.model.poll import Option, Poll, Tally, Votes, Weekly
from monitor.model.words import Phrase

FRIDAY = date(2012, 4, 13)
POLL = Poll("fridays", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24), questions=(Phrase("اسم الجمعة"),))


def test_the_poll_of_a_friday_opens_on_tuesday_evening_and_closes_when_wednesday_ends():
    window = POLL.window(FRIDAY)
    assert window.start == datetime(2012, 4, 10, 15, tzinfo=UTC)
    assert window.end == datetime(2012, 4, 11, 21, tzinfo=UTC)


def test_a_poll_that_opens_on_the_day_it_closes_lasts_a_week():
    weekly = Poll("weekly", "UTC", opens=Weekly(2, 12), closes=Weekly(2, 12))
    assert weekly.window(FRIDAY).length == timedelta(days=7)


def test_in_the_night_the_clocks_change_a_poll_still_closes_at_local_midnight():
    changing = Poll("spring", "Europe/Berlin", opens=Weekly(5, 18), closes=Weekly(6, 3), names=6)
    assert changing.window(date(2026, 3, 29)).end == datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "day"), [(0, 13), (24 * 3, 13), (24 * 3 + 23, 20)])
def test_a_poll_names_the_next_friday_of_its_zone(hours, day):
    tuesday = datetime(2012, 4, 10, 0, tzinfo=UTC)
    assert POLL.named_day(tuesday + timedelta(hours=hours)) == date(2012, 4, day)


def test_a_poll_is_known_by_its_question():
    assert POLL.asks("ما اسم الجمعه القادمة؟ اسم الجمعة")
    assert not POLL.asks("Which colour?")


def test_a_place_that_tells_no_question_is_known_by_its_address():
    assert POLL.asks("")


SAME = [
    "جمعة أنقذوا حلب",
    "أنقذوا حلب",
    "«جمعة أنقذوا حلب»",
    "1- جمعة انقذوا حلب",
    "🔥 انقذوا حلب!",
    "٣) أَنْقِذُوا حَلَب",
    "جمعة أنقذوا حلب | Save Aleppo Friday",
]


@pytest.mark.parametrize("label", SAME)
def test_the_same_name_in_another_writing_is_the_same_option(label):
    assert option_key(label) == option_key(SAME[0])


@pytest.mark.parametrize("label", ["Friday of Rage", "the Friday of the Rage", "friday rage", "2. Friday of Rage"])
def test_friday_of_is_no_part_of_a_name(label):
    assert option_key(label) == "rage"


@pytest.mark.parametrize(("one", "other"), [("جمعة الغضب", "جمعة الصمود"), ("Friday", "Of"), ("1", "2"), ("👍", "👎")])
def test_two_names_stay_two_options(one, other):
    assert option_key(one) != option_key(other)


def test_votes_that_are_told_have_no_room_between_their_bounds():
    assert Votes.exactly(750, 1500) == Votes(750, low=750, high=750, share=0.5)
    assert Votes.exactly(None, 1500) == Votes()


def test_a_tally_is_proven_by_the_hash_of_what_was_shown():
    tally = Tally("x", datetime(2012, 4, 10, tzinfo=UTC), "?", (Option.of("a"),), (Votes.exactly(3, 4),), raw=b"page")
    assert tally.digest == hashlib.sha256(b"page").hexdigest()
    assert tally.by_key["a"].share == 0.75


@pytest.mark.parametrize("label", ["1️⃣ الأمل", "① جمعة الأمل", "1️⃣0️⃣ الأمل", "١) الأمل", "🔟 جمعة الأمل"])
def test_a_number_that_leads_in_a_list_makes_no_other_option(label):
    assert option_key(label) == option_key("الأمل")


def test_options_of_nothing_but_numbers_stay_apart():
    assert option_key("1️⃣") != option_key("2️⃣")
