from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from monitor.digest.due import due_day
from monitor.digest.edition import day_of
from monitor.digest.recipient import Recipient, Settings
from monitor.model.campaign import Campaign

SATURDAY_SEVEN = datetime(2016, 4, 30, 4, tzinfo=UTC)  # 07:00 in Damascus
FRIDAY = date(2016, 4, 29)
DESK = Recipient(address="desk@example.org", timezone="Asia/Damascus")


def test_from_the_hour_on_yesterday_is_due():
    assert DESK.yesterday(SATURDAY_SEVEN) == FRIDAY
    assert DESK.yesterday(SATURDAY_SEVEN + timedelta(hours=16, minutes=59)) == FRIDAY


def test_before_the_hour_it_is_still_the_day_before():
    assert DESK.yesterday(SATURDAY_SEVEN - timedelta(seconds=1)) == FRIDAY - timedelta(days=1)


def test_midnight_of_the_next_day_is_still_waiting_for_the_hour():
    assert DESK.yesterday(SATURDAY_SEVEN + timedelta(hours=18)) == FRIDAY


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize("hour", [0, 2, 3, 7, 23])
def test_a_year_has_one_mail_a_day_through_every_clock_change(zone: str, hour: int):
    reader = Recipient(address="a@example.org", timezone=zone, hour=hour)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    seen = [reader.yesterday(start + timedelta(minutes=30 * step)) for step in range(366 * 48)]
    assert seen == sorted(seen)
    assert len(set(seen)) in {366, 367}


MIDNIGHTS = ["Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Santiago", "Asia/Tehran", "Asia/Gaza"]
"""Where clocks are changed at midnight: once a year there is none, and once there are two."""


@pytest.mark.parametrize("zone", MIDNIGHTS)
def test_where_a_midnight_does_not_exist_no_day_is_left_out_or_told_twice(zone: str):
    here = Campaign(slug="here", title="Here", zone=zone, families=())
    reader = Recipient(address="a@example.org", timezone=zone, hour=0)
    start = datetime(2024, 1, 2, 12, tzinfo=UTC)
    told = [due_day(reader, [here], start + timedelta(hours=step)) for step in range(366 * 24)]
    changes = [(before, after) for before, after in pairwise(told) if before != after]
    assert all(after - before == timedelta(days=1) for before, after in changes)
    assert len(changes) == 366


@pytest.mark.parametrize("zone", MIDNIGHTS)
def test_days_lie_one_after_the_other_through_every_clock_change(zone: str):
    here = Campaign(slug="here", title="Here", zone=zone, families=())
    days = [day_of(here, date(2024, 1, 1) + timedelta(days=number)) for number in range(366)]
    assert all(before.end == after.start for before, after in pairwise(days))
    assert {day.length for day in days} <= {timedelta(hours=hours) for hours in (23, 24, 25)}


def test_an_hour_that_is_left_out_comes_when_the_clock_is_past_it():
    reader = Recipient(address="a@example.org", timezone="Europe/Berlin", hour=2)
    assert reader.due_at(date(2024, 3, 30)).astimezone(UTC) == datetime(2024, 3, 31, 1, tzinfo=UTC)


def test_only_mornings_that_are_named_have_a_mail():
    reader = Recipient(address="a@example.org", days=("saturday", "thursday"))
    week = [FRIDAY + timedelta(days=number) for number in range(7)]
    assert [day for day in week if reader.is_told_of(day)] == [FRIDAY, date(2016, 5, 4)]
    assert all(DESK.is_told_of(day) for day in week)


@pytest.mark.parametrize("wrong", [{"days": ("Saturday",)}, {"days": ("sat",)}, {"pause": "yes"}, {"days": "friday"}])
def test_days_are_names_and_pause_is_a_switch(wrong: dict[str, object]):
    with pytest.raises(ValidationError):
        Recipient(address="a@b.org", **wrong)


def test_without_campaigns_a_reader_wants_all():
    assert DESK.wants("anything")
    assert not Recipient(address="a@b.org", campaigns=("bus-fares",)).wants("save-aleppo")


def test_a_reader_is_spoken_to_in_language_zone_and_digits():
    reader = Recipient(address="a@b.org", language="ar", timezone="Asia/Damascus", digits="arabic")
    assert reader.voice.clock(SATURDAY_SEVEN) == "٠٧:٠٠"
    assert reader.voice.is_rtl


@pytest.mark.parametrize(
    "address",
    [
        "desk",
        "desk@",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "Desk <a@example.org>",
        "a@b..org",
        "ä@example.org",
        "",
    ],
)
def test_an_address_that_could_break_a_header_is_refused(address: str):
    with pytest.raises(ValidationError, match="plain mail address"):
        Recipient(address=address)


@pytest.mark.parametrize(
    ("language", "words"), [("xx", "has no words yet"), ("ar-XX", "ar-EG"), ("en-", "ar-EG"), ("", "no words")]
)
def test_a_language_without_words_is_refused(language: str, words: str):
    with pytest.raises(ValidationError, match=words):
        Recipient(address="a@b.org", language=language)


def test_an_unknown_zone_or_hour_is_refused():
    for wrong in ({"timezone": "Damascus"}, {"hour": 24}, {"digits": "roman"}):
        with pytest.raises(ValidationError):
            Recipient(address="a@b.org", **wrong)


def test_an_address_is_listed_once():
    with pytest.raises(ValidationError, match="one mail a day"):
        Settings(recipients=(DESK, Recipient(address="Desk@Example.org")))
