"""What is a gap, for everybody who tells of gaps."""

from datetime import timedelta

from monitor.model.gaps import gaps, is_imported
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window
from tests.people import NOON

DAY = Window(NOON, NOON + timedelta(days=1))


def hours(start: float, end: float) -> Window:
    return Window(NOON + timedelta(hours=start), NOON + timedelta(hours=end))


def walk(*covered: Window) -> Standing:
    return Standing(None, covered)


def test_a_walk_that_covers_everything_has_no_gap():
    assert gaps([walk(hours(-5, 30))], DAY) == ()


def test_what_lies_between_two_stretches_is_a_gap():
    assert gaps([walk(hours(-5, 3), hours(6, 30))], DAY) == (hours(3, 6),)


def test_gaps_are_cut_to_the_window():
    assert gaps([walk(hours(-50, -5), hours(2, 20), hours(40, 50))], DAY) == (hours(0, 2), hours(20, 24))


def test_one_blind_walk_makes_the_source_blind():
    assert gaps([walk(hours(-5, 30)), walk(hours(-5, 3), hours(6, 30))], DAY) == (hours(3, 6),)


def test_gaps_of_two_walks_are_told_once():
    assert gaps([walk(hours(-5, 3), hours(6, 30)), walk(hours(-5, 5), hours(8, 30))], DAY) == (hours(3, 8),)


def test_before_the_first_walk_began_there_is_a_gap():
    assert gaps([walk(hours(4, 30))], DAY) == (hours(0, 4),)


def test_a_walk_that_was_added_later_makes_none():
    assert gaps([walk(hours(-5, 30)), walk(hours(4, 30)), walk()], DAY) == ()


def test_without_any_walk_the_whole_window_is_a_gap():
    assert gaps([], DAY) == gaps([walk()], DAY) == (DAY,)


def test_what_begins_after_the_window_saw_nothing_of_it():
    assert gaps([walk(hours(30, 40))], DAY) == (DAY,)


def test_the_minutes_between_two_runs_are_no_gap():
    assert gaps([walk(hours(-5, 23.8))], DAY) == ()


def test_an_empty_window_has_no_gap():
    assert gaps([walk(hours(-5, 3))], Window(NOON, NOON)) == ()


def test_files_that_cover_nothing_are_files_all_the_same() -> None:
    archive = SourceState("import-x", "x", (), {"file/1": Standing({"pieces": 47})})
    assert is_imported(archive)
    assert not is_imported(SourceState("x", "x", (), {}))
