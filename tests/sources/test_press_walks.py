"""Whenever articles come into an index, and whichever runs fail: all are found, and what is covered was seen."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import SourceError
from monitor.model.window import Window, merged
from tests.people import NOON
from tests.sources import ask, test_gdelt, test_mediacloud

RUNS = 6  # an hour apart
HOUR = timedelta(hours=1)
Index = Callable[[datetime], ask.Answers]


@dataclass(frozen=True)
class Arrival:
    """An article: when it is seen (hours from NOON), and how many minutes later it can be found."""

    seen: float
    late: int

    def is_listed(self, now: datetime) -> bool:
        return NOON + timedelta(hours=self.seen, minutes=self.late) <= now


def arrivals(latest: int) -> st.SearchStrategy[list[Arrival]]:
    seen = st.floats(-20, RUNS - 2, allow_nan=False)
    return st.lists(st.builds(Arrival, seen, st.integers(0, latest)), max_size=20)


async def found(platform: Any, index: Index, failing: set[int]) -> tuple[set[str], tuple[Window, ...]]:
    """Run once an hour and one time more; return the ids that came, and what is said to be covered."""
    ids, covered, cursors = set[str](), list[Window](), dict[str, Any]()
    for number in range(RUNS + 2):
        now = NOON + number * HOUR
        answers = (lambda _: httpx.Response(500)) if number in failing and number <= RUNS else index(now)
        reading = ask.Reading()
        with suppress(SourceError):
            source = ask.source(platform.SETTINGS, answers, now)
            await ask.run(source, test_gdelt.named("Aleppo"), cursors, now=now, into=reading)
        ids |= reading.ids
        cursors |= reading.cursors
        covered += [page.covered for page in reading.pages if page.covered]
    return ids, merged(covered)


@settings(max_examples=20, deadline=None)
@given(arrivals(latest=70), st.sets(st.integers(0, RUNS)))
async def test_gdelt_brings_all_that_is_listed_within_its_overlap(arrived: list[Arrival], failing: set[int]) -> None:
    def index(now: datetime) -> ask.Answers:
        listed = [(number, one) for number, one in enumerate(arrived) if one.is_listed(now)]
        return test_gdelt.Gdelt([test_gdelt.article(number, one.seen) for number, one in listed])

    ids, covered = await found(test_gdelt, index, failing)
    assert len(ids) == len(arrived)
    assert len(covered) == 1


@settings(max_examples=20, deadline=None)
@given(arrivals(latest=300), st.sets(st.integers(0, RUNS)))
async def test_media_cloud_brings_all_that_is_indexed_late(arrived: list[Arrival], failing: set[int]) -> None:
    def index(now: datetime) -> ask.Answers:
        listed = [(number, one) for number, one in enumerate(arrived) if one.is_listed(now)]
        stories = [test_mediacloud.story(number, one.seen) for number, one in listed]
        return test_mediacloud.MediaCloud(stories, at_once=7)

    ids, _ = await found(test_mediacloud, index, failing)
    listed_in_time = [one for one in arrived if one.is_listed(NOON + RUNS * HOUR + HOUR)]
    assert len(ids) == len(listed_in_time)
