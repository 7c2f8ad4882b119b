"""Mastodon: whatever becomes visible when, and whichever calls fail, nothing is missed and nothing is claimed early."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_mastodon import CAMPAIGN, SETTINGS, Server, status

LAST = 12  # runs, one every quarter of an hour
Arrival = tuple[float, float, bool]  # hours of creation and of becoming visible, both from NOON; is the id backdated?
_TIMES = st.tuples(st.floats(-42, 2.9), st.floats(0, 2.9), st.booleans())  # within the 48 hours of the hourly sweep
ARRIVALS = st.lists(_TIMES, min_size=1, max_size=20)


class Growing(Server):
    """Shows each status from its moment on; fails at the calls it is told to fail at."""

    def __init__(self, arrivals: list[Arrival], failing: set[int]) -> None:
        super().__init__(page_size=4)
        self.arrivals, self.failing, self.now = arrivals, failing, NOON
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls in self.failing:
            return httpx.Response(403)
        self.statuses = [post for seen, post in self.posts() if seen <= self.now]
        return super().__call__(request)

    def posts(self) -> list[tuple[datetime, dict[str, Any]]]:
        """Return every status with the moment it becomes visible: never before it is created."""
        shown = []
        for number, (created, late, is_backdated) in enumerate(self.arrivals, start=1):
            visible = max(created, late)
            id_hours = created if is_backdated else max(visible - 1 / 60, created)
            shown.append((NOON + timedelta(hours=visible), status(number, created, id_hours=id_hours)))
        return shown


async def runs(server: Growing, reading: ask.Reading, moments: list[datetime]) -> None:
    for moment in moments:
        server.now = moment
        try:
            await ask.run(ask.source(SETTINGS, server, moment), CAMPAIGN, now=moment, into=reading)
        except SourceError:
            continue


@settings(deadline=None, max_examples=20)
@given(arrivals=ARRIVALS, failing=st.sets(st.integers(1, 60), max_size=30))
async def test_everything_is_found_at_last(arrivals: list[Arrival], failing: set[int]) -> None:
    server, reading = Growing(arrivals, failing), ask.Reading()
    await runs(server, reading, [NOON + timedelta(minutes=15 * number) for number in range(LAST)])
    server.failing = set()
    await runs(server, reading, [NOON + timedelta(hours=hours) for hours in (3, 4.1, 5.2)])
    assert reading.ids == {post["uri"] for _, post in server.posts()}


@settings(deadline=None, max_examples=20)
@given(arrivals=ARRIVALS, failing=st.sets(st.integers(1, 60), max_size=30))
async def test_what_is_covered_has_no_holes_and_ends_before_now(arrivals: list[Arrival], failing: set[int]) -> None:
    server, reading = Growing(arrivals, failing), ask.Reading()
    moments = [NOON + timedelta(minutes=15 * number) for number in range(LAST)]
    await runs(server, reading, moments)
    windows = merged(page.covered for page in reading.pages if page.covered)
    assert len(windows) <= 1
    assert all(window.start == ask.SINCE and window.end <= moments[-1] - timedelta(minutes=2) for window in windows)


@settings(deadline=None, max_examples=20)
@given(arrivals=ARRIVALS, failing=st.sets(st.integers(1, 40), max_size=20))
async def test_what_came_in_time_is_known_where_it_is_covered(arrivals: list[Arrival], failing: set[int]) -> None:
    punctual = [(created, created, True) for created, _, _ in arrivals]
    server, reading = Growing(punctual, failing), ask.Reading()
    await runs(server, reading, [NOON + timedelta(minutes=15 * number) for number in range(6)])
    covered = merged(page.covered for page in reading.pages if page.covered) or (Window(NOON, NOON),)
    due = {post["uri"] for seen, post in server.posts() if seen in covered[0]}
    assert due <= reading.ids
