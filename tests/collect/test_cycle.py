from datetime import timedelta

import pytest

from monitor.collect.cycle import decided, in_vain
from monitor.errors import AccessRefused
from monitor.model.poll import State
from monitor.model.race import Cycle, Kind, Stage
from tests.collect.week import DAY, HOUR, POLL, seen, stood, stood_empty
from tests.trends.polls import CLOSES, OPENED, tally


def kinds(cycle: Cycle) -> list[Kind]:
    return [event.kind for event in cycle.events]


def test_a_week_begins_awaited_and_without_a_poll_is_missed():
    assert stood_empty(OPENED).stage is Stage.AWAITED
    assert stood_empty(CLOSES + timedelta(hours=25)).stage is Stage.MISSED


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
