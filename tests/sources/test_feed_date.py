"""Dates in Arabic words, as outlets write them."""

from datetime import UTC, datetime

import pytest

from tests.sources.test_feeds import published


@pytest.mark.parametrize(
    "date",
    [
        "١٤ تشرين الثاني ٢٠٢٥ - ٩:٣٠ م",
        "14 نوفمبر 2025 21:30",
        "الجمعة، 14 نوفمبر/تشرين الثاني 2025، 21:30",
        "21:30 - 14 نونبر 2025",
        "14 تشرين الثاني (نوفمبر) 2025 09:30 مساءً",
        "14 نوفمبر 2025 21:30:00 بتوقيت غرينتش",
        "14 نوفمبر 2025 23:30 +0200",
        "23 جمادى الأولى 1447 هـ - 14 نوفمبر 2025 21:30",
    ],
)
def test_dates_in_arabic_words_are_read(date: str) -> None:
    assert published(date) == datetime(2025, 11, 14, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "number"),
    [
        ("كانون الثاني", 1), ("شباط", 2), ("آذار", 3), ("نيسان", 4), ("أيار", 5), ("حزيران", 6), ("تموز", 7), ("آب", 8),
        ("أيلول", 9), ("تشرين الأول", 10), ("تشرين الثاني", 11), ("كانون الأول", 12), ("يناير", 1), ("فبراير", 2),
        ("مارس", 3), ("أبريل", 4), ("مايو", 5), ("يونيو", 6), ("يوليو", 7), ("أغسطس", 8), ("سبتمبر", 9),
        ("أكتوبر", 10), ("نوفمبر", 11), ("ديسمبر", 12), ("جانفي", 1), ("جويلية", 7), ("أوت", 8), ("غشت", 8),
        ("دجنبر", 12),
    ],
)  # fmt: skip
def test_every_month_is_known_as_the_levant_egypt_and_the_maghreb_call_it(month: str, number: int) -> None:
    assert published(f"14 {month} 2025") == datetime(2025, number, 14, tzinfo=UTC)


def test_a_date_in_arabic_words_is_on_the_clock_of_the_outlet() -> None:
    assert published("14 آب 2025 10:00", "Asia/Damascus") == datetime(2025, 8, 14, 7, tzinfo=UTC)


@pytest.mark.parametrize("date", ["5 جمادى الأولى 1447 هـ", "31 نوفمبر 2025", "14 نوفمبر 2025 27:80", "نوفمبر 2025"])
def test_a_date_of_another_calendar_or_of_no_day_is_left_alone(date: str) -> None:
    assert published(date) is None
