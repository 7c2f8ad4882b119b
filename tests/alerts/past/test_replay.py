"""When waiting ends while nothing new is seen, and what that sends."""

from datetime import timedelta

import pytest

from monitor.alerts.decide import Policy
from monitor.alerts.past.replay import Look, Past, messages, sent
from monitor.model.window import Window
from tests.alerts.cases import HOUR, MINUTE, channel, found, message
from tests.people import NOON

DAY = Window(NOON, NOON + 24 * HOUR)


def played(*looks: Look, policy: Policy, known: Window | None = DAY) -> list[tuple[float, int, int, int]]:
    """Return what is told after how many hours: how much is new, again, and over."""
    told = messages("aleppo", Past(known, looks), policy)
    return [((one.at - NOON) / HOUR, len(one.new), len(one.again), len(one.over)) for one in told]


def test_what_goes_on_is_told_again_when_it_is_due_and_its_end_when_it_settled():
    looks = (Look(NOON, [found()]), Look(NOON + 20 * HOUR))
    settled = Policy(repeat=8 * HOUR, settled=30 * MINUTE)
    assert played(*looks, policy=settled) == [(0, 1, 0, 0), (8, 0, 1, 0), (16, 0, 1, 0), (20.5, 0, 0, 1)]


def test_what_comes_in_a_cool_down_is_told_at_its_end():
    looks = (Look(NOON, [found()]), Look(NOON + HOUR, [found(), found("drop/posts/*")]))
    assert played(*looks, policy=Policy(cool_down=3 * HOUR)) == [(0, 1, 0, 0), (3, 1, 0, 0)]


def test_who_is_first_waits_for_the_others():
    looks = (Look(NOON, [found("a")]), Look(NOON + MINUTE, [found("a"), found("b")]))
    assert [row[1:] for row in played(*looks, policy=Policy(gather=2 * MINUTE))] == [(2, 0, 0)]


def test_nothing_is_told_after_the_end():
    assert played(Look(NOON, [found()]), policy=Policy(repeat=24 * HOUR)) == [(0, 1, 0, 0)]


@pytest.mark.parametrize("known", [None, DAY])
def test_without_looks_nothing_is_told(known: Window | None):
    assert played(policy=Policy(), known=known) == []


def test_what_is_held_in_quiet_hours_is_one_message():
    told = [message(number, at=NOON + number * HOUR) for number in range(5)]
    ways = [channel("all"), channel("night", quiet="12:30-15:30"), channel("others", campaigns=("buses",))]
    assert sent(told, ways) == {"all": 5, "night": 3, "others": 0}


def test_each_night_holds_its_own():
    told = [message(number, at=NOON + number * timedelta(days=1)) for number in range(3)]
    assert sent(told, [channel("night", quiet="11:00-13:00")]) == {"night": 3}
