"""Looking into a frame: missing is not zero."""

from datetime import timedelta

import numpy as np
import pytest

from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Window
from monitor.trends.frame import block, level, sums, tellers, together, unseen, within
from tests.trends.world import FRIDAY, Column, day, frame, hourly

MASTODON: Column = (WHOLE, "mastodon", Metric.POSTS)
TELEGRAM: Column = (WHOLE, "telegram", Metric.POSTS)
BOTH = ("mastodon", "telegram")
MORNING = Window(FRIDAY, FRIDAY + timedelta(hours=6))


def test_a_platform_nobody_watched_is_unknown_and_one_that_brought_nothing_is_zero():
    cells = block(frame({}, platforms=["mastodon"]), Metric.POSTS, BOTH)
    assert (cells["mastodon"] == 0).all()
    assert cells["telegram"].isna().all()


def test_a_gap_hides_what_was_stored_in_it():
    cells = block(frame({MASTODON: 2.0}, blind={"mastodon": [MORNING]}), Metric.POSTS, ["mastodon"])
    assert within(cells, MORNING)["mastodon"].isna().all()
    assert level(within(cells, day()), partial=True).value == 36


@pytest.mark.parametrize("bad", [np.inf, -np.inf, -1.0, np.nan])
def test_a_value_that_can_not_be_a_count_is_unknown(bad: float):
    cells = block(frame({MASTODON: bad}), Metric.POSTS, ["mastodon"])
    assert level(within(cells, day()), partial=False).value is None


def test_a_sum_of_nothing_known_is_none():
    cells = block(frame({MASTODON: 1.0}, blind={"mastodon": [day()]}), Metric.POSTS, ["mastodon"])
    assert level(within(cells, day()), partial=True).value is None


def test_subjects_are_summed_over_platforms():
    told = frame({MASTODON: 1.0, TELEGRAM: 2.0, ("tag/a", "mastodon", Metric.POSTS): 5.0}, platforms=BOTH)
    found = sums(told, Metric.POSTS, BOTH, day())
    assert dict(found) == {WHOLE: 72.0, "tag/a": 120.0}


def test_a_subject_of_which_nothing_was_watched_has_no_sum():
    found = sums(frame({MASTODON: 1.0}, blind={"mastodon": [day()]}), Metric.POSTS, BOTH, day())
    assert found.isna().all()


def test_who_never_told_a_number_is_no_teller():
    cells = block(frame({MASTODON: 1.0}, platforms=BOTH), Metric.POSTS, BOTH)
    assert tellers(cells) == ["mastodon"]


def test_a_configured_platform_is_missed_whenever_it_was_not_watched():
    watched = frame({}, blind={"mastodon": [MORNING]}).known
    assert unseen(watched, {"mastodon"}).sum().to_dict() == {"mastodon": 6}


def test_what_came_from_files_is_missed_only_between_its_ends():
    ends = [Window(hourly(0).index[0].to_pydatetime(), FRIDAY), Window(day(1).start, day(9).start)]
    watched = frame({}, blind={"mastodon": [*ends, MORNING]}).known
    assert unseen(watched, set()).sum().sum() == 0
    hole = Window(FRIDAY + timedelta(hours=8), FRIDAY + timedelta(hours=9))
    watched = frame({}, blind={"mastodon": [*ends, hole]}).known
    assert unseen(watched, set()).sum().sum() == 1


def test_the_sum_of_platforms_has_a_hole_where_one_that_counts_was_blind():
    cells = block(
        frame({MASTODON: 5.0, TELEGRAM: 1.0}, blind={"telegram": [MORNING]}, platforms=BOTH), Metric.POSTS, BOTH
    )
    line = together(cells, BOTH)
    assert line[MORNING.start : MORNING.end - timedelta(seconds=1)].isna().all()
    assert line.notna().sum() == len(line) - 6


def test_a_platform_that_never_brought_anything_makes_no_hole():
    cells = block(frame({MASTODON: 5.0}, blind={"telegram": [MORNING]}, platforms=BOTH), Metric.POSTS, BOTH)
    assert together(cells, BOTH).notna().all()


def test_a_platform_that_was_added_later_makes_no_hole_before():
    before = Window(hourly(0).index[0].to_pydatetime(), FRIDAY)
    cells = block(
        frame({MASTODON: 5.0, TELEGRAM: 1.0}, blind={"telegram": [before]}, platforms=BOTH), Metric.POSTS, BOTH
    )
    line = together(cells, BOTH)
    assert (line[:FRIDAY].iloc[:-1] == 5).all()
    assert (line[FRIDAY:] == 6).all()


def test_before_anything_was_watched_there_is_a_hole():
    cells = block(frame({}, blind={"mastodon": [day(-100, 200)]}), Metric.POSTS, ["mastodon"])
    assert together(cells, ["mastodon"]).isna().all()
