from datetime import timedelta

import pytest

from bench.polls import covered
from bench.races import KINDS
from monitor.model.poll import Tally
from monitor.trends.projection import forecast
from monitor.trends.race import Race
from tests.trends.polls import CLOSES, OPENED, followed, tally


def ahead(*looks: Tally):
    return forecast(Race.of(followed(*looks)), CLOSES)


def steady(until, **names: int):
    return [tally(hour, {name: pace * hour for name, pace in names.items()}) for hour in range(until + 1)]


def test_one_look_says_nothing_of_what_comes():
    assert ahead(tally(1, {"a": 10, "b": 5})) == {}


def test_after_the_end_nothing_is_forecast():
    assert ahead(*steady(29, a=10, b=5), tally(31, {"a": 310, "b": 155})) == {}


def test_the_interval_holds_the_middle_and_narrows_towards_the_end():
    early, late = ahead(*steady(5, a=60, b=50))["a"].share, ahead(*steady(29, a=60, b=50))["a"].share
    assert early[0] < early[1] < early[2]
    assert late[2] - late[0] < (early[2] - early[0]) / 2


def test_chances_are_of_all_who_run_and_sum_to_one():
    assert sum(one.chance for one in ahead(*steady(9, a=60, b=50, c=3)).values()) == pytest.approx(1)


def test_a_wide_lead_near_the_end_is_nearly_certain_and_a_narrow_one_is_not():
    assert ahead(*steady(29, a=600, b=100))["a"].chance > 0.95
    assert ahead(*steady(20, a=101, b=100))["a"].chance < 0.9


def test_the_same_race_reads_the_same_twice():
    assert ahead(*steady(9, a=60, b=50)) == ahead(*steady(9, a=60, b=50))


def test_what_came_later_changes_no_earlier_forecast():
    looks = followed(*steady(20, a=60, b=50))
    whole = Race.of([*looks, tally(25, {"a": 9000, "b": 1})])
    assert forecast(whole.until(OPENED + timedelta(hours=20)), CLOSES) == forecast(Race.of(looks), CLOSES)


def test_bounds_make_a_wider_interval_than_exact_votes():
    exact = ahead(*steady(28, a=60, b=50))["a"].share
    rounded = ahead(*(tally(hour, {"a": (50 * hour, 70 * hour), "b": (40 * hour, 60 * hour)}) for hour in range(29)))[
        "a"
    ].share
    assert rounded[2] - rounded[0] > exact[2] - exact[0]


def test_a_race_without_a_single_vote_is_open():
    assert ahead(tally(1, {"a": 0, "b": 0}), tally(2, {"a": 0, "b": 0}))["a"].chance == pytest.approx(0.5, abs=0.1)


@pytest.mark.slow
def test_ninety_per_cent_intervals_hold_what_comes_about_as_often():
    held = [one for kind in KINDS for one in covered(kind, range(500, 506))]
    assert 0.82 <= sum(held) / len(held) <= 0.98


def test_a_number_that_is_missing_once_is_no_surge_when_it_returns():
    looks = steady(19, a=100, b=60)
    blind = [*looks[:16], tally(16, {"a": None, "b": 960}), *looks[17:]]
    told, untold = (ahead(*each)["a"].share[1] for each in (looks, blind))
    assert untold == pytest.approx(told, abs=0.02)
