from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from monitor.collect.choice import choose
from monitor.collect.cycle import advanced, awaited, decided, in_vain
from monitor.collect.looks import next_look
from monitor.errors import AccessRefused
from monitor.model.poll import Poll, State, Tally, Weekly
from monitor.model.race import Cycle, Kind, Stage
from monitor.model.words import Phrase
from tests.trends.polls import CLOSES, OPENED, tally

DAY = date(2012, 4, 13)
POLL = Poll("friday", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24), questions=(Phrase("اسم الجمعة"),))
QUESTION = "ما اسم الجمعة القادمة؟"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def seen(hours: float, a: int = 30, b: int = 20, **fields: Any) -> Tally:
    return tally(hours, {"الغضب": a, "الصمود": b}, **{"closes_at": CLOSES, "state": State.OPEN, **fields})


def stood(*tallies: Tally, now: datetime | None = None, cycle: Cycle | None = None) -> Cycle:
    return advanced(cycle or awaited(POLL, DAY), POLL, tallies, now or tallies[-1].at)


def kinds(cycle: Cycle) -> list[Kind]:
    return [event.kind for event in cycle.events]


# --- whose poll is it


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


# --- where it stands


def test_a_week_begins_awaited_and_without_a_poll_is_missed():
    assert stood_empty(OPENED).stage is Stage.AWAITED
    assert stood_empty(CLOSES + timedelta(hours=25)).stage is Stage.MISSED


def stood_empty(now: datetime) -> Cycle:
    return advanced(awaited(POLL, DAY), POLL, [], now)


@pytest.mark.parametrize(
    ("hours", "stage"), [(1, Stage.OPEN), (28.9, Stage.OPEN), (29.1, Stage.CLOSING), (30.02, Stage.CLOSED)]
)
def test_a_poll_is_open_then_closing_then_closed(hours, stage):
    assert stood(seen(0.5), seen(hours)).stage is stage


def test_two_looks_after_the_end_that_agree_confirm_the_winner():
    cycle = stood(seen(29), seen(30.02), seen(30.2))
    assert (cycle.stage, cycle.winner) == (Stage.CONFIRMED, "الغضب")


def test_two_looks_that_differ_or_lie_too_close_confirm_nothing():
    assert stood(seen(29), seen(30.02), seen(30.2, a=31)).stage is Stage.CLOSED
    assert stood(seen(29), seen(30.02), seen(30.05)).stage is Stage.CLOSED


def test_a_poll_that_says_it_is_closed_is_closed_before_its_usual_time():
    assert stood(seen(5), seen(6, state=State.CLOSED)).stage is Stage.CLOSED


def test_an_open_race_has_no_winner_and_a_tie_has_none_either():
    assert stood(seen(5)).winner is None
    assert stood(seen(29, a=20), seen(30.02, a=20), seen(30.2, a=20)).winner is None


def test_without_a_told_end_the_usual_one_counts():
    assert stood(seen(1, closes_at=None)).closes_at == POLL.window(DAY).end


def test_a_look_in_vain_keeps_the_last_good_tally():
    cycle = in_vain(stood(seen(5)), AccessRefused("the page asks for a login"), OPENED + 6 * HOUR)
    assert cycle.looked_in_vain == "the page asks for a login"
    assert cycle.standing.total == 50
    assert stood(seen(5), seen(6), cycle=cycle).looked_in_vain is None


def test_what_happened_to_a_cycle_is_told_once():
    cycle = stood(seen(0.5))
    for looks in ([seen(0.5), seen(29.5)], [seen(0.5), seen(29.5), seen(30.02)], [seen(0.5), seen(29.5), seen(30.02)]):
        cycle = stood(*looks, cycle=cycle)
    assert kinds(cycle) == [Kind.FOUND, Kind.CLOSING, Kind.CLOSED]


def test_a_winner_that_is_overturned_is_told_and_stays_so():
    cycle = decided(stood(seen(29), seen(30.02), seen(30.2)), "الصمود", CLOSES + 9 * HOUR)
    assert (cycle.stage, cycle.winner) == (Stage.OVERTURNED, "الصمود")
    assert Kind.OTHER_WINNER in kinds(cycle)
    later = stood(seen(29), seen(30.02), seen(54), cycle=cycle)
    assert (later.stage, later.winner) == (Stage.OVERTURNED, "الصمود")
    assert kinds(later).count(Kind.OVERTURNED) == 1


def test_a_winner_confirmed_late_raises_no_flag():
    cycle = decided(stood(seen(29), seen(30.02)), "الغضب", CLOSES + 9 * HOUR)
    assert (cycle.stage, cycle.winner) == (Stage.CONFIRMED, "الغضب")
    assert Kind.OTHER_WINNER not in kinds(cycle)


def test_a_result_that_changes_after_it_was_confirmed_is_flagged_once_and_changes_no_winner():
    looks = [seen(29), seen(30.02), seen(30.2)]
    cycle = stood(*looks)
    for hours in (36, 54):
        looks.append(seen(hours, b=90))
        cycle = stood(*looks, cycle=cycle)
    assert (cycle.stage, cycle.winner) == (Stage.CONFIRMED, "الغضب")
    (flag,) = [event for event in cycle.events if event.kind is Kind.OTHER_WINNER]
    assert (flag.option, flag.other) == ("الغضب", "الصمود")
    assert flag.before != flag.after


def test_who_decides_twice_has_decided_the_second_time():
    first = decided(stood(seen(30.02)), "الصمود", CLOSES)
    assert decided(first, "الغضب", CLOSES + HOUR).stage is Stage.CONFIRMED


# --- when to look


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


# --- nobody looked for days, or what is shown is not clear


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


def test_a_poll_that_was_closed_early_ended_when_that_was_seen():
    cycle = stood(seen(5), seen(6, state=State.CLOSED), seen(6.5, state=State.CLOSED))
    assert cycle.closes_at == OPENED + 6 * HOUR
    assert [event.at for event in cycle.events if event.kind is Kind.CLOSED] == [OPENED + 6 * HOUR]


def test_a_poll_that_still_calls_itself_open_is_confirmed_by_hours_of_silence_only():
    assert stood(*(seen(hours, closes_at=None) for hours in (29, 30.02, 30.2))).stage is Stage.CLOSED
    assert stood(*(seen(hours, closes_at=None) for hours in (29, 31, 36))).stage is Stage.CONFIRMED


def test_either_of_two_that_can_not_be_told_apart_may_be_confirmed():
    cycle = stood(
        tally(29, {"الغضب": (60, 69), "الصمود": (65, 75)}), tally(31, {"الغضب": (60, 69), "الصمود": (65, 75)})
    )
    for name in ("الغضب", "الصمود"):
        taken = decided(cycle, name, CLOSES + 9 * HOUR)
        assert taken.stage is Stage.CONFIRMED
        assert Kind.OTHER_WINNER not in kinds(taken)


def test_while_a_number_is_missing_nobody_has_won():
    assert stood(seen(29), tally(31, {"الغضب": None, "الصمود": 20})).winner is None
