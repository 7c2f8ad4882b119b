"""Whom a channel wants to hear, and when it is quiet."""

from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.alerts.channels import hours
from tests.alerts.cases import channel, desk
from tests.people import NOON

DAMASCUS = {"timezone": "Asia/Damascus", "quiet": "22:00-07:00"}


def at(hour: int, minute: int = 0, day: int = 29) -> datetime:
    """Return a moment by the clock of Damascus, which was three hours ahead."""
    return datetime(2016, 4, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


@pytest.mark.parametrize(("moment", "until"), [
    (at(21, 59), None), (at(22), at(7, day=30)), (at(23, 59), at(7, day=30)), (at(3), at(7)), (at(7), None),
])  # fmt: skip
def test_quiet_hours_over_midnight_end_in_the_morning(moment: datetime, until: datetime | None):
    assert desk(**DAMASCUS).quiet_until(moment) == until


def test_quiet_hours_of_a_day_end_on_it():
    assert desk(quiet="11:00-13:30").quiet_until(NOON) == NOON + timedelta(hours=1.5)


def test_who_has_no_quiet_hours_is_never_quiet():
    assert desk().quiet_until(NOON) is None


def test_quiet_hours_end_on_the_clock_where_the_clock_changes():
    before = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight in Berlin; at two it is three
    until = desk(timezone="Europe/Berlin", quiet="22:00-07:00").quiet_until(before)
    assert until is not None
    assert until.astimezone(UTC) == datetime(2026, 3, 29, 5, tzinfo=UTC)


@pytest.mark.parametrize(("limits", "wanted"), [
    ({}, True), ({"campaigns": ("aleppo",)}, True), ({"campaigns": ("buses",)}, False),
    ({"least": "warning"}, True), ({"least": "critical"}, False),
])  # fmt: skip
def test_a_channel_takes_its_campaigns_and_what_is_severe_enough(limits, wanted):
    assert desk(**limits).wants("aleppo", ("aleppo",), "warning") is wanted


def test_what_belongs_to_nobody_goes_to_all():
    assert desk(campaigns=("buses",)).wants("*", (), "info")


def test_quiet_hours_are_two_times_of_day():
    assert hours("22:00 - 07:30") == (time(22), time(7, 30))


@pytest.mark.parametrize(
    "written", ["", "22", "22:00", "22:00-", "25:00-26:00", "a-b", "22:00-23:00-24:00", "22:00+01:00-23:00"]
)
def test_anything_else_is_answered_in_words(written: str):
    with pytest.raises(ValueError, match="write two times of day"):
        hours(written)


def test_secrets_are_shown_nowhere():
    one = channel()
    assert "both sides" not in f"{one!r}{one}{one.model_dump_json()}"
