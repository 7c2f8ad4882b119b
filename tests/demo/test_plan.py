"""What a demo's plan promises."""

from datetime import timedelta

import pytest

from monitor.demo.plan import PATIENCE, SETTLED, Plan, Trouble, troubles


def test_all_means_every_trouble() -> None:
    assert troubles("slow, all") == frozenset(Trouble)


def test_troubles_are_named_with_commas() -> None:
    assert troubles("429,late") == {Trouble.RATE, Trouble.LATE}


def test_no_name_is_no_trouble() -> None:
    assert troubles("") == frozenset()


def test_an_unknown_trouble_is_told_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="weather: write some of 429, 500, slow"):
        troubles("429,weather")


def test_the_rounds_end_with_the_world() -> None:
    rounds = list(Plan(days=2).rounds())
    assert len(rounds) == 48
    assert rounds[-1] == Plan(days=2).end


def test_the_demo_waits_until_the_rung_of_the_ladder_after_settling() -> None:
    plan = Plan()
    assert timedelta(days=4) > SETTLED
    assert max(plan.settling()) >= plan.end + PATIENCE


def test_the_surge_begins_at_a_full_hour_of_a_wednesday_evening() -> None:
    assert f"{Plan().surge + timedelta(hours=3):%A %H:%M}" == "Wednesday 19:00"


def test_after_the_end_there_is_a_round_in_the_last_hour_of_each_day() -> None:
    assert {moment.date() for moment in Plan().settling() if moment.hour == 23} >= {
        (Plan().end + timedelta(days=number)).date() for number in range(5)
    }
