from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from bench.races import CLOSES as END
from bench.races import FRAUDS, KINDS, NAMES, activity, looks, race, spoiled
from monitor.model.option import option_key
from monitor.model.poll import Tally, Votes
from monitor.model.race import Kind
from monitor.trends.flags import Activity, flags
from tests.trends.polls import CLOSES, OPENED, followed, tally


def kinds(*tallies: Tally, closes_at=CLOSES, about=None):
    return [event.kind for event in flags(followed(*tallies), closes_at, about)]


def steady(hours, a=100, b=80):
    return [tally(hour, {"a": a * hour, "b": b * hour}) for hour in range(1, hours + 1)]


def test_a_race_nobody_looked_at_has_no_flags():
    assert kinds() == []


def after_the_end(**told: Any) -> list[Tally]:
    return [tally(30 + minutes / 60, {"a": 100 + minutes, "b": 50}, **told) for minutes in (3, 13, 60)]


def test_votes_after_an_end_that_is_only_usual_are_no_flag():
    assert kinds(*after_the_end()) == []


def test_votes_after_the_end_are_flagged_once_with_their_number():
    found = flags(followed(*after_the_end(closes_at=CLOSES)), CLOSES)
    assert [(event.kind, event.number) for event in found] == [(Kind.VOTES_AFTER_CLOSING, 57)]


def test_what_is_counted_up_to_two_minutes_after_the_end_is_no_flag():
    assert (
        kinds(*(tally(hours, {"a": a}, closes_at=CLOSES) for hours, a in ((29.9, 100), (30.02, 110), (30.5, 110))))
        == []
    )


def test_a_rounded_total_that_wavers_is_no_fall():
    assert kinds(tally(1, {"a": (95, 105)}), tally(2, {"a": (92, 103)})) == []


def test_votes_of_one_option_that_fall_are_flagged_with_its_name():
    (event,) = flags(followed(tally(1, {"a": 100, "b": 50}), tally(2, {"a": 60, "b": 52})), CLOSES)
    assert (event.kind, event.option, event.number) == (Kind.TOTAL_FELL, "a", -38)


@pytest.mark.parametrize(("hour", "told"), [(5, []), (29, [Kind.LATE_OPTION])])
def test_only_a_late_option_is_flagged(hour, told):
    assert kinds(tally(0.5, {"a": 1, "b": 1}), tally(hour, {"a": 2, "b": 2, "c": 0})) == told


def test_a_removed_option_late_in_the_race_is_flagged():
    assert Kind.LATE_OPTION in kinds(tally(0.5, {"a": 1, "b": 1, "c": 1}), tally(29, {"a": 2, "b": 2}))


def test_a_poll_that_was_posted_again_begins_anew_and_fell_nowhere():
    again = [tally(hour, {"a": hour, "c": 900 * hour}, place="poll/2") for hour in (28, 29)]
    assert kinds(*steady(10), *again) == []


@pytest.mark.parametrize("percents", [(33, 33, 33), (34, 34, 33), (50, 49, 0)])
def test_rounded_percents_that_do_not_sum_to_a_hundred_are_no_flag(percents):
    bounds = {f"option {place}": (int((p - 0.5) * 10), int((p + 0.5) * 10)) for place, p in enumerate(percents)}
    assert kinds(tally(1, bounds, total=1000)) == []


def test_percents_that_no_rounding_explains_are_flagged():
    bounds = {name: (int((p - 0.5) * 10), int((p + 0.5) * 10)) for name, p in {"a": 34, "b": 34, "c": 35}.items()}
    assert kinds(tally(1, bounds, total=1000)) == [Kind.SUM_DIFFERS]


def test_votes_that_miss_their_total_are_flagged_with_the_gap():
    (event,) = flags([tally(1, {"a": 100, "b": 50}, total=180)], CLOSES)
    assert (event.kind, event.number) == (Kind.SUM_DIFFERS, -30)


def test_where_one_may_choose_several_nothing_has_to_add_up():
    assert kinds(tally(1, {"a": 100, "b": 50}, total=120, is_multiple=True)) == []


def test_an_option_far_above_its_pace_is_flagged_by_what_it_gained_beyond():
    looks_ = [*steady(20), *(tally(hour, {"a": 100 * hour, "b": 80 * hour + 1500}) for hour in (21, 22))]
    found = [event for event in flags(followed(*looks_), CLOSES) if event.kind is Kind.SURGE]
    assert [event.option for event in found] == ["b"]
    assert found[0].number == pytest.approx(1500, rel=0.1)


def test_a_surge_that_people_talk_about_is_none():
    looks_ = [*steady(20), *(tally(hour, {"a": 100 * hour, "b": 80 * hour + 1500}) for hour in (21, 22))]
    ends = np.array([(OPENED + timedelta(hours=hour)).timestamp() for hour in range(1, 31)])
    posts = np.full((30, 2), 10.0)
    posts[20, 1] = 300
    assert Kind.SURGE not in kinds(*looks_, about=Activity(ends, posts, ("a", "b")))
    assert Kind.SURGE in kinds(*looks_, about=Activity(ends, np.full((30, 2), 10.0), ("a", "b")))
    assert Kind.SURGE in kinds(*looks_, about=Activity(ends, np.full((30, 2), np.nan), ("a", "b")))


def test_a_busy_evening_that_lifts_everybody_is_no_surge():
    busy = [tally(hour, {"a": 2000 + 4000 * (hour - 20), "b": 1600 + 3200 * (hour - 20)}) for hour in (21, 22)]
    assert Kind.SURGE not in kinds(*steady(20), *busy)


def test_steps_that_are_all_the_same_are_flagged_and_those_of_people_are_not():
    dice = np.random.default_rng(3)
    people, machine = np.cumsum(dice.poisson(40, 24)), np.arange(1, 25) * 40
    looks_ = [tally(hour + 1, {"p": int(people[hour]), "m": int(machine[hour])}) for hour in range(24)]
    found = [event for event in flags(followed(*looks_), CLOSES) if event.kind is Kind.MACHINE_REGULAR]
    assert [event.option for event in found] == ["m"]


def test_every_flag_shows_two_stored_looks():
    for event in flags(followed(tally(1, {"a": 100, "b": 50}), tally(2, {"a": 60, "b": 52})), CLOSES):
        assert event.before
        assert event.after
        assert event.before.digest != event.after.digest


def test_a_poll_without_numbers_has_no_flags():
    hidden = tally(1, {"a": 1, "b": 1})
    assert kinds(type(hidden)(**{**vars(hidden), "votes": (Votes(), Votes())})) == []


@pytest.mark.slow
def test_simulated_frauds_are_found_and_clean_races_are_left_alone():
    def found(tallies, simulated):
        ends, posts = activity(simulated)
        return {event.kind.value for event in flags(tallies, END, Activity(ends, posts, tuple(map(option_key, NAMES))))}

    for kind in KINDS:
        clean = race(kind, 900)
        assert found(looks(clean), clean) == set()
    simulated = race("steady", 901)
    for fraud in FRAUDS:
        assert fraud in found(spoiled(looks(simulated), fraud, 0.18, 901), simulated)


def test_a_number_that_is_missing_once_makes_no_surge_of_the_others():
    looks = [tally(half / 2, {"a": 52 * half, "b": 47 * half}) for half in range(20)]
    looks[15] = tally(7.5, {"a": None, "b": 47 * 15})
    assert Kind.SURGE not in [flag.kind for flag in flags(followed(*looks), CLOSES)]
