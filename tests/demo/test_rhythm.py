"""When the people of the world speak."""

from collections import Counter
from random import Random

import pytest

from monitor.demo.plan import Plan
from monitor.demo.rhythm import level, moments, surge

PLAN = Plan()
BEGIN = int((PLAN.surge - PLAN.start).total_seconds()) // 3600


def at(day: int, hour: int) -> float:
    """Return the level in an hour of a day of the world, counted from Monday, 0."""
    return level(PLAN, day * 24 + hour)


def test_nights_are_quiet_and_evenings_full() -> None:
    assert at(0, 3) < at(0, 12) < at(0, 20)


def test_a_usual_day_has_the_average_level() -> None:
    assert sum(at(0, hour) for hour in range(24)) / 24 == pytest.approx(1.0)


@pytest.mark.parametrize("hour", [11, 14, 18])
def test_friday_afternoons_are_three_times_as_full(hour: int) -> None:
    assert at(4, hour) == pytest.approx(3 * at(3, hour))


@pytest.mark.parametrize("hour", [0, 10, 19, 23])
def test_friday_mornings_and_nights_are_like_any_other(hour: int) -> None:
    assert at(4, hour) == at(3, hour)


def test_the_surge_comes_within_the_hour_and_halves_every_ten() -> None:
    assert surge(PLAN, BEGIN - 1) == 0
    assert surge(PLAN, BEGIN) == 22
    assert surge(PLAN, BEGIN + 20) == pytest.approx(surge(PLAN, BEGIN) / 4)


def test_moments_are_in_order_and_inside_the_world() -> None:
    found = list(moments(PLAN, Random(1), 3.0))
    assert found == sorted(found)
    assert PLAN.start.timestamp() <= found[0]
    assert found[-1] < PLAN.end.timestamp()


def test_as_much_is_said_as_was_asked_for() -> None:
    usual = [moment for moment in moments(PLAN, Random(1), 20.0) if moment < PLAN.surge.timestamp()]
    hours = sum(level(PLAN, hour) for hour in range(BEGIN))
    assert len(usual) == pytest.approx(20 * hours, rel=0.05)


def test_a_smaller_world_says_less() -> None:
    sizes = [len(list(moments(Plan(size=size), Random(1), 5.0))) for size in (0.25, 1.0)]
    assert sizes[0] == pytest.approx(sizes[1] / 4, rel=0.2)


def test_the_hour_of_the_surge_is_the_fullest_of_all() -> None:
    by_hour = Counter((moment - int(PLAN.start.timestamp())) // 3600 for moment in moments(PLAN, Random(1), 20.0))
    assert abs(by_hour.most_common(1)[0][0] - BEGIN) <= 2
