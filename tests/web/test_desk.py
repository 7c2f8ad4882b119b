"""Briefs of the last hours are kept under their length, others under their ends."""

from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.model.window import Window
from monitor.web.desk import Desk
from monitor.web.kept import FRESH, STALE
from monitor.web.span import STEP, span
from tests.digest.test_gather import NOW
from tests.people import ALEPPO
from tests.web.api.test_api import Home


async def told(_store, _campaign, window, _now):
    return window


@pytest.fixture
def clock() -> Simulated:
    return Simulated(NOW)


@pytest.fixture
def desk(store, clock) -> Desk:
    return Desk(store, clock, Home(), gather=told)


async def ends(desk, clock, at_most=STALE):
    told = await desk.brief(ALEPPO, span(ALEPPO, clock.now(), "24h", None, None), at_most=at_most)
    return told.end


async def test_the_last_day_is_told_at_once_when_a_step_is_over(desk, clock):
    before = await ends(desk, clock)
    clock.move_to(NOW + STEP)
    assert await ends(desk, clock) == before


async def test_who_wants_it_as_it_is_now_waits(desk, clock):
    before = await ends(desk, clock)
    clock.move_to(NOW + STEP)
    assert await ends(desk, clock, at_most=FRESH) == before + STEP


async def test_a_window_with_an_end_is_told_as_it_was_asked_for(desk):
    for hours in (30, 54):
        asked = Window(NOW - timedelta(hours=hours), NOW - timedelta(hours=hours - 24))
        assert await desk.brief(ALEPPO, asked) == asked
