"""Waiting: how long was asked for, and the lines per host."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import Simulated
from monitor.errors import RateLimited
from monitor.fetch.throttle import LONGEST_PARK, Hosts, asked_wait, backoff
from tests.people import NOON


def wait(**headers: str) -> float | None:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return asked_wait(httpx.Headers(told), NOON)


def test_retry_after_comes_before_the_reset() -> None:
    assert wait(retry_after="7", x_ratelimit_reset="2016-04-29T12:15:00Z") == 7


@pytest.mark.parametrize("told", ["", "soon", "nan", "inf", "Fri, 99 Foo 2016", "٧"])
def test_what_is_no_time_is_not_told(told: str) -> None:
    assert wait(retry_after=told) in {None, 7}


def test_an_unreadable_retry_after_leaves_the_reset() -> None:
    assert wait(retry_after="soon", x_ratelimit_reset="2016-04-29T12:00:09Z") == 9


@pytest.mark.parametrize("told", ["-5", "Fri, 29 Apr 2016 11:00:00 GMT", "2016-04-29T11:00:00Z", "1400000000"])
def test_a_time_that_has_passed_is_no_wait(told: str) -> None:
    assert wait(retry_after=told) == 0


@pytest.mark.parametrize("told", ["999999999", "1e300", "2099-01-01T00:00:00Z", "99999999999"])
def test_nobody_is_left_alone_for_more_than_a_day(told: str) -> None:
    assert wait(retry_after=told) == LONGEST_PARK


@given(st.text(max_size=30))
def test_any_header_is_a_wait_or_none(told: str) -> None:
    found = wait(retry_after=told)
    assert found is None or 0 <= found <= LONGEST_PARK


@given(st.integers(0, 10_000))
def test_back_off_is_capped(attempt: int) -> None:
    assert 0 <= backoff(attempt) <= 30


async def test_everybody_waits_in_one_line() -> None:
    clock, hosts = Simulated(NOON), Hosts()
    for _ in range(3):
        await hosts.turn("a", 2.0, clock)
        await hosts.turn("b", 2.0, clock)
    assert clock.now() == NOON + timedelta(seconds=4)


async def test_those_who_come_together_go_one_by_one() -> None:
    clock, hosts = Simulated(NOON), Hosts()
    went = []

    async def go() -> None:
        await hosts.turn("a", 1.0, clock)
        went.append(clock.now())

    await asyncio.gather(*(go() for _ in range(5)))
    assert len(went) == 5
    assert clock.now() >= NOON + timedelta(seconds=4)


async def test_a_host_parked_for_a_moment_is_waited_for() -> None:
    clock, hosts = Simulated(NOON), Hosts()
    hosts.park("a", NOON, 30)
    await hosts.turn("a", 0.0, clock)
    assert clock.now() == NOON + timedelta(seconds=30)


async def test_a_host_parked_for_long_is_refused_with_the_seconds_left() -> None:
    clock, hosts = Simulated(NOON), Hosts()
    hosts.park("a", NOON, 300)
    hosts.park("a", NOON, 5)
    with pytest.raises(RateLimited, match="300 s") as raised:
        await hosts.turn("a", 0.0, clock)
    assert raised.value.retry_after == 300


async def test_a_clock_set_back_costs_a_minute_at_most() -> None:
    hosts = Hosts()
    await hosts.turn("a", 1.0, Simulated(NOON + timedelta(hours=5)))
    clock = Simulated(NOON)
    await hosts.turn("a", 1.0, clock)
    assert clock.now() <= NOON + timedelta(seconds=60)


async def test_answers_that_come_together_are_taken_one_after_the_other():
    hosts, taken = Hosts(), []

    async def take(name: str) -> None:
        await hosts.hand_over()
        taken.append(name)

    async def look_around() -> None:
        for _ in range(30):
            taken.append("others")
            await asyncio.sleep(0)

    await asyncio.gather(*(take(f"answer {number}") for number in range(5)), look_around())
    places = [place for place, name in enumerate(taken) if name != "others"]
    assert all(later - earlier > 1 for earlier, later in pairwise(places))
