from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.collect.cycle import awaited, in_vain
from monitor.collect.looks import next_look
from monitor.errors import AccessRefused
from monitor.model.poll import Poll, State, Weekly
from monitor.model.race import Stage
from tests.collect.week import DAY, HOUR, MINUTE, POLL, seen, stood, stood_empty
from tests.trends.polls import CLOSES, OPENED


@pytest.mark.parametrize(("hours", "minutes"), [(1, 30), (20, 30), (27.75, 15), (28.5, 5), (29.8, 1), (29.99, 1)])
def test_looks_get_denser_towards_the_end(hours, minutes):
    cycle = stood(seen(0.5), seen(hours))
    assert next_look(cycle, POLL, cycle.last_look.at) - cycle.last_look.at == pytest.approx(
        minutes * MINUTE, abs=MINUTE
    )


def test_no_look_is_sooner_than_the_source_allows():
    cycle = stood(seen(0.5), seen(29.9))
    assert next_look(cycle, POLL, cycle.last_look.at, quickest=5 * MINUTE) == cycle.last_look.at + 5 * MINUTE


def test_after_the_end_there_are_looks_at_a_minute_eleven_an_hour_six_and_a_day():
    now, looks = CLOSES - MINUTE, []
    cycle = stood(seen(0.5), seen(29.98))
    while (due := next_look(cycle, POLL, now)) is not None and len(looks) < 20:
        now = due
        hours = (now - OPENED) / HOUR
        cycle = stood(seen(0.5), seen(hours))
        looks.append(round((now - CLOSES) / MINUTE))
    assert {11, 60, 360, 1440} <= set(looks)
    assert len(looks) <= 7


def test_before_it_is_found_a_poll_is_looked_for_from_twelve_hours_before_its_time():
    monday = POLL.window(DAY).start - timedelta(days=2)
    assert next_look(awaited(POLL, DAY), POLL, monday) == POLL.window(DAY).start - 12 * HOUR
    tuesday = POLL.window(DAY).start
    assert next_look(awaited(POLL, DAY), POLL, tuesday) <= tuesday + 30 * MINUTE


def test_while_it_is_not_found_it_is_looked_for_every_half_hour():
    cycle = in_vain(awaited(POLL, DAY), AccessRefused("no poll with this question"), OPENED)
    assert next_look(cycle, POLL, OPENED + MINUTE) == OPENED + 30 * MINUTE


def test_a_page_that_broke_is_tried_again_in_the_usual_rhythm():
    cycle = in_vain(stood(seen(0.5), seen(5)), AccessRefused("a login page"), OPENED + 5.5 * HOUR)
    assert next_look(cycle, POLL, OPENED + 5.5 * HOUR) == OPENED + 6 * HOUR


def test_a_clock_that_changes_in_the_night_of_closing_moves_no_look():
    poll = Poll("friday", "Africa/Cairo", opens=Weekly(2, 18), closes=Weekly(3, 24))
    day = date(2026, 4, 24)  # begins at one o'clock
    closes_at = poll.window(day).end
    assert closes_at == datetime(2026, 4, 23, 22, tzinfo=UTC)
    cycle = awaited(poll, day).model_copy(update={"stage": Stage.CLOSED, "place": "poll/1", "closes_at": closes_at})
    after = cycle.model_copy(update={"looked_at": closes_at + 11 * MINUTE})
    assert next_look(after, poll, closes_at + 12 * MINUTE) == closes_at + HOUR


def test_a_missed_week_is_looked_for_no_more():
    assert next_look(stood_empty(CLOSES + timedelta(hours=25)), POLL, CLOSES + 26 * HOUR) is None


def test_a_poll_that_nobody_saw_closing_is_looked_at_once_more_however_late():
    friday = CLOSES + 34 * HOUR
    cycle = stood(seen(0.5), seen(20))
    assert next_look(cycle, POLL, friday) == friday
    seen_late = stood(seen(0.5), seen(20), seen(64, state=State.CLOSED), now=friday)
    assert seen_late.winner == "الغضب"
    assert next_look(seen_late, POLL, friday) is None


def test_a_page_that_is_gone_when_the_monitor_is_back_leaves_the_poll_closed():
    friday = CLOSES + 34 * HOUR
    cycle = in_vain(stood(seen(0.5), seen(20), now=friday), AccessRefused("a login page"), friday)
    assert cycle.stage is Stage.CLOSED
    assert next_look(cycle, POLL, friday) is None


def test_a_poll_of_which_nothing_is_known_is_looked_for_until_its_day():
    thursday = CLOSES + timedelta(hours=13)
    assert stood_empty(thursday).stage is Stage.AWAITED
    assert next_look(awaited(POLL, DAY), POLL, CLOSES + 34 * HOUR) == CLOSES + 34 * HOUR
    early = replace(POLL, closes=Weekly(0, 24), opens=Weekly(6, 18))
    tried = in_vain(awaited(early, DAY), AccessRefused("no poll with this question"), CLOSES)
    assert next_look(tried, early, CLOSES + MINUTE) == CLOSES + HOUR / 2
