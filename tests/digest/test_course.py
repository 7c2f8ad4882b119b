"""What a mail says of the course of its numbers."""

from datetime import timedelta

import pytest

from monitor.digest.course import sections
from monitor.digest.section import Row
from monitor.model.brief import Brief
from monitor.model.finding import Direction, Forecast, Heading
from monitor.words.voice import ISOLATE, voice
from tests.digest.briefs import FRIDAY, MADE_AT, SURGE

NOON = FRIDAY.start + timedelta(hours=12)
TODAY = Forecast(name="posts", at=FRIDAY.end, so_far=640.0, low=1180.0, middle=1300.0, high=1481.0)


def rows(brief: Brief, language: str = "en") -> list[Row]:
    (section,) = sections(brief, voice(language, "Asia/Damascus"))
    return list(section.rows)


def going(*forecasts: Forecast, headings: tuple[Heading, ...] = ()) -> Brief:
    """Return a brief of the half of Friday that has passed."""
    window = FRIDAY.model_copy(update={"end": NOON})
    changed = {"window": window, "made_at": NOON, "forecasts": forecasts, "headings": headings, "shifts": ()}
    return SURGE.model_copy(update=changed)


def test_today_is_on_course_for_a_range():
    (row,) = rows(going(TODAY))
    assert row == Row("Posts: on course for 1.1K to 1.5K by midnight", "640 so far")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1_204_000.0, 1_471_000.0, "1.2M to 1.5M"),
        (12.4, 98.2, "12 to 99"),
        (0.0, 3.2, "0 to 4"),
        (96_500.0, 104_000.0, "96K to 110K"),
    ],
)
def test_a_range_has_two_digits_and_is_rounded_outwards(low: float, high: float, said: str):
    (row,) = rows(going(TODAY.model_copy(update={"low": low, "high": high})))
    assert said in row.text


def test_a_gap_today_makes_a_lower_bound():
    (row,) = rows(going(TODAY.model_copy(update={"partial": True})))
    assert row.note == "at least 640 so far"


def test_a_forecast_is_said_in_arabic():
    (row,) = rows(going(TODAY), "ar")
    assert row == Row("المنشورات: يُتوقع أن يبلغ العدد 1.1\xa0ألف إلى 1.5\xa0ألف عند منتصف الليل", "640 حتى الآن")


def test_what_moved_is_said_with_its_interval_before_what_did_not():
    row = rows(SURGE)[0]
    assert row.text == "Posts"
    assert row.note == "rising over 24 hours: +42% against what was expected (+12% to +81%); as expected over 7 days"


@pytest.mark.parametrize(("low", "said"), [(8.9, "+14,910,800% against"), (9.0, "over 10 times what was expected")])
def test_where_almost_nothing_was_expected_no_giant_percentage_is_told(low: float, said: str):
    far = next(one for one in SURGE.headings if one.hours == 24).model_copy(
        update={"change": 149_108.0, "low": low, "high": 1_526_996.0}
    )
    assert f"rising over 24 hours: {said}" in rows(SURGE.model_copy(update={"headings": (far,)}))[0].note


def test_arabic_keeps_the_signs_beside_their_numbers():
    assert f"{ISOLATE}+42%" in rows(SURGE, "ar")[0].note


def test_a_mail_of_yesterday_tells_no_hours():
    fresh = SURGE.model_copy(update={"made_at": FRIDAY.end})
    assert "6 hours" in rows(fresh)[0].note
    assert "6 hours" not in rows(SURGE)[0].note
    assert SURGE.made_at == MADE_AT


def test_a_number_of_which_nothing_is_known_is_left_out():
    assert [row.text for row in rows(SURGE) if "Articles" in row.text] == []


def test_what_is_not_known_of_a_stretch_is_said():
    known = Heading(name="posts", hours=24, direction=Direction.STEADY, change=0.0, low=-0.1, high=0.1)
    blind = Heading(name="posts", hours=168, direction=Direction.BLIND)
    (row,) = rows(going(headings=(known, blind)))
    assert row.note == "as expected over 24 hours; too little is known over 7 days"


def test_a_shift_is_told_with_its_day_and_both_levels():
    row = rows(SURGE)[-1]
    assert row.text == "Posts: another level since Wednesday 20 April, about 1.5K a day instead of 812"
    assert row.note == "+31% to +142%"


def test_where_nothing_is_known_nothing_is_said():
    assert rows(going()) == []
