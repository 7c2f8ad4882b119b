"""GoToSocial, Akkoma and others: whatever comes when, and whichever calls fail, nothing is missed or claimed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from monitor.sources._mastodon_ids import FLAKES, ULIDS
from tests.people import NOON
from tests.sources import ask
from tests.sources.test_mastodon import CAMPAIGN
from tests.sources.test_mastodon_kinds import ARABIC, WITH_TOKEN, Akkoma, Friendica, GoToSocial, Played, status

LAST = 9  # runs, one every 20 minutes
Arrival = tuple[float, float, bool]  # hours of creation and of becoming visible, both from NOON; of the Arabic tag?
_TIMES = st.tuples(st.floats(-42, 2.6), st.floats(0, 2.6), st.booleans())
ARRIVALS = st.lists(_TIMES, min_size=1, max_size=14)
each = pytest.mark.parametrize("kind", [GoToSocial, Akkoma, Friendica])


class Growing:
    """Shows each status from its moment on; fails at the calls it is told to fail at."""

    def __init__(self, kind: type[Played], arrivals: Sequence[Arrival], failing: set[int]) -> None:
        self.server, self.failing, self.now = kind([]), failing, NOON
        self.server.size = 4
        self.posts = list(posts(kind, arrivals))
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls in self.failing:
            return httpx.Response(403)
        self.server.statuses = [post for seen, post in self.posts if seen <= self.now]
        return self.server(request)


def posts(kind: type[Played], arrivals: Sequence[Arrival]) -> list[tuple[datetime, dict[str, Any]]]:
    """Return every status with the moment it becomes visible; only GoToSocial makes its id from its creation."""
    shown = []
    seen_order = sorted((max(created, late), created, arabic) for created, late, arabic in arrivals)
    for number, (visible, created, arabic) in enumerate(seen_order, start=1):
        tag = {"tags": ARABIC} if arabic else {}
        if kind is GoToSocial:
            post = status(ULIDS, number, created, **tag)
        else:
            post = status(FLAKES if kind is Akkoma else None, number, created, id_hours=visible, **tag)
        shown.append((NOON + timedelta(hours=visible), post))
    return shown


async def runs(growing: Growing, reading: ask.Reading, moments: Sequence[datetime]) -> None:
    for moment in moments:
        growing.now = moment
        try:
            await ask.run(ask.source(WITH_TOKEN, growing, moment), CAMPAIGN, now=moment, into=reading)
        except SourceError:
            continue


def every(minutes: int, times: int) -> list[datetime]:
    return [NOON + timedelta(minutes=minutes * number) for number in range(times)]


@each
@settings(deadline=None, max_examples=8)
@given(arrivals=ARRIVALS, failing=st.sets(st.integers(1, 60), max_size=20))
async def test_everything_is_found_at_last(kind: type[Played], arrivals: list[Arrival], failing: set[int]) -> None:
    growing, reading = Growing(kind, arrivals, failing), ask.Reading()
    await runs(growing, reading, every(20, LAST))
    growing.failing = set()
    await runs(growing, reading, [NOON + timedelta(hours=hours) for hours in (3, 4.1, 5.2)])
    assert reading.ids == {post["uri"] for _, post in growing.posts}


@each
@settings(deadline=None, max_examples=8)
@given(arrivals=ARRIVALS, failing=st.sets(st.integers(1, 40), max_size=20))
async def test_what_came_in_time_is_known_where_it_is_covered(
    kind: type[Played], arrivals: list[Arrival], failing: set[int]
) -> None:
    punctual = [(created, created, arabic) for created, _, arabic in arrivals]
    growing, reading, moments = Growing(kind, punctual, failing), ask.Reading(), every(20, 6)
    await runs(growing, reading, moments)
    windows = merged(page.covered for page in reading.pages if page.covered) or (Window(NOON, NOON),)
    assert len(windows) == 1
    assert windows[0].end <= moments[-1] - timedelta(minutes=2) or windows[0].length == timedelta(0)
    assert {post["uri"] for seen, post in growing.posts if seen in windows[0]} <= reading.ids
