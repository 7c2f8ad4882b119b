from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from monitor.model.brief import Spike
from monitor.model.rise import COLUMNS, no_rises
from monitor.model.window import Window
from monitor.trends.top import FEW, posts, top
from tests.trends.world import FRIDAY

HOUR = timedelta(hours=1)
START, END = FRIDAY + 14 * HOUR, FRIDAY + 16 * HOUR
SPIKE = Spike(
    name="impressions", start=START, peak=START, end=END, total=10_000, expected=2000, peak_value=9000, score=9
)


def rises(*rows: tuple[float, str, float], usual: float = 400.0, days: int = 7) -> pd.DataFrame:
    """Return what the largest posts gained: (hours after midnight, post, gained), and before a usual one an hour."""
    hours = [START - HOUR * (number + 1) for number in range(days * 24)]
    past = [(pd.Timestamp(at), "impressions", "x", f"{at:%d%H}", usual, None) for at in hours]
    now = [(pd.Timestamp(FRIDAY + HOUR * at), "impressions", "x", post, gained, None) for at, post, gained in rows]
    return pd.DataFrame([*past, *now], columns=COLUMNS)


def told(frame: pd.DataFrame, spike: Spike = SPIKE) -> list[tuple[float | None, float | None]]:
    return [(one.driver.value, one.driver.share) for one in posts(frame, spike)]


def changed(**fields: Any) -> Spike:
    return SPIKE.model_copy(update=fields)


def test_a_post_that_gained_far_more_than_the_usual_largest_drives():
    assert told(rises((14, "big", 6000.0))) == [(6000.0, 0.75)]


def test_what_a_post_gained_in_several_hours_is_added():
    assert told(rises((14, "big", 3000.0), (15, "big", 3000.0))) == [(6000.0, 0.75)]


def test_a_post_as_large_as_the_largest_usually_are_is_none():
    assert told(rises((14, "big", 6000.0), usual=5000.0)) == []


def test_what_it_explains_is_what_it_has_above_the_usual_largest():
    (found,) = posts(rises((14, "big", 6000.0), usual=2000.0), SPIKE)
    assert found.explains == pytest.approx((6000 - 2000) / 8000)


def test_a_few_posts_that_share_it_are_all_told_and_no_more():
    many = [(14, str(number), 2500.0) for number in range(FEW + 2)]
    assert len(told(rises(*many))) == FEW


def test_while_little_is_known_of_the_past_half_of_what_was_expected_is_usual():
    assert told(rises((14, "big", 2500.0), usual=5000.0, days=1)) == []
    assert told(rises((14, "big", 6000.0), usual=5000.0, days=1)) == [(6000.0, 0.75)]


def test_of_another_number_or_other_hours_nothing_is_told():
    assert told(rises((14, "big", 6000.0)), changed(name="posts")) == []
    assert told(rises((18, "big", 6000.0))) == []


def test_a_spike_that_is_none_has_no_post():
    assert told(rises((14, "big", 6000.0)), changed(expected=20_000.0)) == []


def test_the_largest_posts_together_have_a_part_of_all():
    assert top(rises((14, "a", 300.0), (15, "b", 200.0)), "impressions", Window(START, END), 1000.0) == (2, 0.5)


def test_nobody_can_say_what_the_largest_had_where_none_are_kept_or_nothing_was_seen():
    assert top(no_rises(), "impressions", Window(START, END), 1000.0) == (0, None)
    assert top(rises((14, "a", 300.0)), "impressions", Window(START, END), 0.0) == (0, None)


def test_the_largest_have_never_more_than_all():
    assert top(rises((14, "a", 3000.0)), "impressions", Window(START, END), 1000.0) == (1, 1.0)
