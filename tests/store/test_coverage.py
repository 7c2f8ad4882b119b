from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from monitor.model.window import Window
from monitor.store.coverage import Stretches, Watch, elapsed, known

CELL = 100
"""All tests look at ten cells of a hundred seconds, from second 0 on."""


def window(start: float, end: float) -> Window:
    return Window(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))


def cells(*, now: float = 1000, start: float = 0, end: float = 1000) -> Stretches:
    return elapsed(np.arange(0.0, 1000, CELL), window(start, end), datetime.fromtimestamp(now, UTC))


def watch(*stretches: tuple[int, int], **fields: object) -> Watch:
    return Watch(tuple(window(*pair) for pair in stretches), **fields)


def numbers(watches: list[Watch], stretches: Stretches) -> list[int]:
    """Return which of the ten cells are known."""
    return np.flatnonzero(known(watches, stretches)).tolist()


def test_half_of_a_cell_is_enough():
    assert numbers([watch((150, 250))], cells()) == [1, 2]
    assert numbers([watch((151, 249))], cells()) == []


def test_nobody_who_watches_knows_nothing():
    assert numbers([], cells()) == numbers([watch()], cells()) == []


def test_who_was_only_asked_in_vain_is_missed_from_then_on():
    in_vain = watch(since=datetime.fromtimestamp(500, UTC))
    assert numbers([watch((0, 1000)), in_vain], cells()) == [0, 1, 2, 3, 4]
    assert numbers([watch((0, 1000), whole=True), in_vain], cells()) == [*range(10)]


def test_the_future_is_not_known():
    assert numbers([watch((0, 1000))], cells(now=300)) == [0, 1, 2]


def test_of_a_cell_that_goes_on_only_what_has_passed_must_be_covered():
    assert numbers([watch((0, 225))], cells(now=240)) == [0, 1, 2]


def test_the_window_cuts_its_first_and_last_cell():
    assert numbers([watch((80, 100), (900, 920))], cells(start=70, end=930)) == [0, 9]


def test_every_walk_must_have_seen_a_cell():
    assert numbers([watch((0, 1000)), watch((0, 300), (600, 1000))], cells()) == [0, 1, 2, 6, 7, 8, 9]


def test_a_walk_counts_from_its_beginning_to_its_end():
    later = watch((500, 600), until=datetime.fromtimestamp(800, UTC))
    assert numbers([watch((0, 1000)), later], cells()) == [0, 1, 2, 3, 4, 5, 8, 9]


def test_in_the_cell_in_which_the_first_walk_began_any_walk_will_do():
    assert numbers([watch((140, 1000)), watch((190, 1000))], cells()) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_an_import_knows_what_it_covers_whatever_others_missed():
    imported = watch((0, 200), configured=False)
    assert numbers([watch((0, 100), (500, 1000)), imported], cells()) == [0, 1, 5, 6, 7, 8, 9]


@given(some.lists(some.tuples(some.integers(0, 1000), some.integers(0, 1000))))
def test_the_share_is_what_counting_seconds_gives(pairs):
    covered = [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    seconds = {second for start, end in covered for second in range(start, end)}
    counted = [n for n in range(10) if len(seconds & set(range(n * CELL, n * CELL + CELL))) * 2 >= CELL]
    assert numbers([watch(*covered, configured=False)], cells()) == counted


def test_what_a_stream_heard_is_known_whatever_the_others_missed():
    assert numbers([watch((0, 300)), watch((200, 800), whole=True)], cells()) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_what_a_stream_missed_is_known_when_all_others_saw_it():
    stream = watch((0, 200), (500, 1000), whole=True)
    assert numbers([stream, watch((0, 1000))], cells()) == list(range(10))
    assert numbers([stream, watch((0, 1000)), watch((0, 300), (500, 1000))], cells()) == [0, 1, 2, 5, 6, 7, 8, 9]


def test_what_a_stream_alone_missed_is_not_known():
    assert numbers([watch((100, 300), (500, 1000), whole=True)], cells()) == [1, 2, 5, 6, 7, 8, 9]
