"""Looking into a frame: missing is not zero."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Window
from monitor.trends.frame import block, counted, level, sums, sure, tellers, together, unseen, within
from tests.trends.world import FRIDAY, Column, day, frame, hourly

TOOTS: Column = (WHOLE, "mastodon", Metric.POSTS)
TELEGRAM: Column = (WHOLE, "telegram", Metric.POSTS)
BOTH = ("mastodon", "telegram")
MORNING = Window(FRIDAY, FRIDAY + timedelta(hours=6))


def watched_cells(columns: dict[Column, float], blind: dict[str, list[Window]]) -> pd.DataFrame:
    """Return the posts of both platforms where they were watched."""
    told = frame(columns, blind=blind, platforms=BOTH)
    return sure(block(told, Metric.POSTS, BOTH), told.known)


def test_a_window_whose_ends_are_told_in_two_zones_is_the_same_window() -> None:
    cells = watched_cells({TOOTS: 1.0}, {})
    told = Window(MORNING.start.astimezone(ZoneInfo("Asia/Damascus")), MORNING.end.astimezone(UTC))
    assert within(cells, told).equals(within(cells, MORNING))
    assert len(within(cells, told)) > 0


def test_a_platform_nobody_watched_is_unknown_and_one_that_brought_nothing_is_zero():
    told = frame({}, platforms=["mastodon"])
    cells = counted(block(told, Metric.POSTS, BOTH), told.known)
    assert (cells["mastodon"] == 0).all()
    assert cells["telegram"].isna().all()


def test_a_gap_is_unknown():
    told = frame({TOOTS: 2.0}, blind={"mastodon": [MORNING]})
    cells = counted(block(told, Metric.POSTS, ["mastodon"]), told.known)
    assert within(cells, MORNING)["mastodon"].isna().all()
    assert level(within(cells, day()), partial=True).value == 36


def test_what_came_in_during_a_gap_counts_but_is_not_sure():
    told = frame({TOOTS: 2.0})
    told.known.loc[MORNING.start : MORNING.end - timedelta(seconds=1)] = False
    cells = block(told, Metric.POSTS, ["mastodon"])
    assert level(within(counted(cells, told.known), day()), partial=True).value == 48
    assert sure(cells, told.known)["mastodon"].isna().sum() == 6


@pytest.mark.parametrize("bad", [np.inf, -np.inf, -1.0, np.nan])
def test_a_value_that_can_not_be_a_count_is_unknown(bad: float):
    cells = block(frame({TOOTS: bad}), Metric.POSTS, ["mastodon"])
    assert level(within(cells, day()), partial=False).value is None


def test_a_sum_of_nothing_known_is_none():
    told = frame({TOOTS: 1.0}, blind={"mastodon": [day()]})
    cells = counted(block(told, Metric.POSTS, ["mastodon"]), told.known)
    assert level(within(cells, day()), partial=True).value is None


def test_subjects_are_summed_over_platforms():
    told = frame({TOOTS: 1.0, TELEGRAM: 2.0, ("tag/a", "mastodon", Metric.POSTS): 5.0}, platforms=BOTH)
    found = sums(told, Metric.POSTS, BOTH, day(), told.known)
    assert dict(found) == {WHOLE: 72.0, "tag/a": 120.0}


def test_a_subject_of_which_nothing_was_watched_has_no_sum():
    told = frame({TOOTS: 1.0}, blind={"mastodon": [day()]})
    found = sums(told, Metric.POSTS, BOTH, day(), told.known)
    assert found.isna().all()


def test_who_never_told_a_number_is_no_teller():
    cells = block(frame({TOOTS: 1.0}, platforms=BOTH), Metric.POSTS, BOTH)
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
    cells = watched_cells({TOOTS: 5.0, TELEGRAM: 1.0}, {"telegram": [MORNING]})
    line = together(cells, BOTH)
    assert line[MORNING.start : MORNING.end - timedelta(seconds=1)].isna().all()
    assert line.notna().sum() == len(line) - 6


def test_a_platform_that_never_brought_anything_makes_no_hole():
    cells = watched_cells({TOOTS: 5.0}, {"telegram": [MORNING]})
    assert together(cells, BOTH).notna().all()


def test_a_platform_that_was_added_later_makes_no_hole_before():
    before = Window(hourly(0).index[0].to_pydatetime(), FRIDAY)
    cells = watched_cells({TOOTS: 5.0, TELEGRAM: 1.0}, {"telegram": [before]})
    line = together(cells, BOTH)
    assert (line[:FRIDAY].iloc[:-1] == 5).all()
    assert (line[FRIDAY:] == 6).all()


def test_before_anything_was_watched_there_is_a_hole():
    cells = watched_cells({}, {name: [day(-100, 200)] for name in BOTH})
    assert together(cells, BOTH).isna().all()
