"""When we were blind."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from monitor.model.brief import Stretch
from monitor.model.run import Outcome
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.trends.coverage import health, mostly, speaks_of
from tests.trends.world import FRIDAY, asked, day


def hours(start: float, end: float) -> Window:
    return Window(FRIDAY + timedelta(hours=start), FRIDAY + timedelta(hours=end))


def walk(*covered: Window) -> Standing:
    return Standing(None, covered)


def test_what_lies_ahead_is_no_gap():
    state = SourceState("m", "mastodon", (asked("m"),), {"w": walk(hours(-5, 12))})
    assert health(state, day(), FRIDAY + timedelta(hours=12)).gaps == ()


def test_a_source_tells_its_last_outcome_and_when_it_last_answered():
    last = asked("m", Outcome.UNAVAILABLE, "no answer from host")
    state = SourceState("m", "mastodon", (last, asked("m")), {"w": walk(hours(-5, 3))}, last_up=FRIDAY)
    found = health(state, day(), day().end)
    assert (found.outcome, found.last_up, found.message) == (Outcome.UNAVAILABLE, FRIDAY, "no answer from host")
    assert found.gaps == (Stretch(start=FRIDAY + timedelta(hours=3), end=day().end),)


def test_a_source_that_was_never_asked_is_blind_all_along():
    found = health(SourceState("m", "mastodon", (), {}), day(), day().end)
    assert (found.outcome, found.gaps) == (None, (Stretch(start=day().start, end=day().end),))


def test_what_was_before_a_source_was_there_is_no_gap():
    state = SourceState(
        "m", "mastodon", (asked("m"),), {"w": walk(hours(8, 12), hours(15, 24))}, since=hours(9, 9).start
    )
    found = health(state, day(), day().end)
    assert found.since == FRIDAY + timedelta(hours=8)  # it told of the hour before
    assert found.gaps == (Stretch(start=FRIDAY + timedelta(hours=12), end=FRIDAY + timedelta(hours=15)),)


def test_a_source_that_never_answered_is_blind_since_it_is_there():
    since = FRIDAY + timedelta(hours=9)
    found = health(SourceState("m", "mastodon", (asked("m"),), {}, since=since), day(), day().end)
    assert (found.since, found.gaps) == (since, (Stretch(start=since, end=day().end),))


def test_a_source_that_came_later_has_no_gap_in_a_window_before():
    later = day().end + timedelta(hours=1)
    found = health(SourceState("m", "mastodon", (asked("m"),), {}, since=later), day(), later)
    assert (found.since, found.gaps) == (later, ())


def test_a_source_that_was_there_before_the_window_is_not_new():
    state = SourceState("m", "mastodon", (asked("m"),), {"w": walk(hours(2, 24))}, since=FRIDAY)
    assert health(state, day(), day().end).since is None


def every(hours_apart: float, *, seen_until: float) -> SourceState:
    """Return a source that is asked so often, and what it covered."""
    runs = tuple(asked("m", at=FRIDAY + timedelta(hours=20 - n * hours_apart)) for n in range(5))
    return SourceState("m", "mastodon", runs, {"w": walk(hours(-50, seen_until)), "new": walk()})


@pytest.mark.parametrize(
    ("apart", "tail", "is_gap"), [(1, 1.4, False), (1, 1.6, True), (0.1, 0.6, True), (1.9, 2.8, False), (24, 4, True)]
)
def test_nothing_is_due_between_two_runs(apart: float, tail: float, is_gap: bool):
    source = every(apart, seen_until=24 - tail)
    assert bool(health(source, day(), day().end).gaps) is is_gap


def test_a_gap_that_ended_with_the_window_is_one_although_the_source_is_back():
    source = every(1, seen_until=20)
    back = replace(source, walks={"w": walk(hours(-50, 20), hours(24, 30))})
    assert health(back, day(), FRIDAY + timedelta(hours=30.5)).gaps[0].start == FRIDAY + timedelta(hours=20)


def test_a_source_that_answered_after_the_window_has_no_gap_in_it():
    assert health(every(1, seen_until=30), day(), FRIDAY + timedelta(hours=31)).gaps == ()


def usable(*walks: Standing) -> list[bool]:
    """Return which of the first four hours can be used."""
    starts = np.array([hours(number, 0).start.timestamp() for number in range(4)])
    return mostly(walks, starts, starts + 3600).tolist()


def test_an_hour_can_be_used_when_half_of_it_was_covered():
    assert usable(walk(hours(-5, 1.5), hours(2.6, 30))) == [True, True, False, True]


def test_one_dead_walk_of_four_does_not_blind_and_of_three_it_does():
    well, dead = walk(hours(-5, 30)), walk(hours(-5, 2))
    assert usable(well, well, well, dead) == [True] * 4
    assert usable(well, well, dead) == [True, True, False, False]


def test_a_walk_counts_from_its_beginning_on():
    assert usable(walk(hours(-5, 30)), walk(hours(2, 30)), walk()) == [True] * 4
    assert usable(walk(hours(2, 30))) == [False, False, True, True]
    assert usable() == [False] * 4


def test_files_were_not_asked_and_tell_what_they_cover_and_where_they_know_nothing():
    read = {"one": walk(hours(-500, -400)), "two": walk(hours(-2, 9)), "three": walk(hours(9, 20))}
    found = health(SourceState("import-x", "x", (), read), day(), FRIDAY + timedelta(hours=22))
    assert found.outcome is None
    assert found.imported == (Stretch(start=FRIDAY - timedelta(hours=2), end=FRIDAY + timedelta(hours=20)),)
    assert found.gaps == (Stretch(start=FRIDAY + timedelta(hours=20), end=FRIDAY + timedelta(hours=22)),)


def test_files_speak_only_of_the_time_they_cover():
    state = SourceState("posts.jsonl", "x", (), {"file": walk(hours(-500, -400))})
    assert speaks_of(state, hours(-420, -300))
    assert not speaks_of(state, day())
    assert speaks_of(SourceState("social", "mastodon", (), {}), day())
