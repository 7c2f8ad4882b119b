"""What an hour should bring, and how far sums stray."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.trends.season import expected, strayed
from tests.trends.campaigns import ZONE, posts, rhythm

WEEK, DAY = 168, 24


def test_a_normal_friday_is_expected():
    cells = posts()
    told = expected(cells, ZONE)[-WEEK:].to_numpy().ravel()
    usual = 40 * rhythm(cells.index[-WEEK:])
    busy = usual > 120
    assert told[busy].mean() == pytest.approx(usual[busy].mean(), rel=0.3)
    assert told[busy].min() > told[~busy].max() * 0.8


def test_a_few_posts_have_a_mean_where_their_median_is_zero():
    cells = posts(level=0.2)
    assert expected(cells, ZONE)[-WEEK:].to_numpy().sum() == pytest.approx(cells[-WEEK:].to_numpy().sum(), rel=0.5)


def test_a_surge_last_week_is_no_habit():
    cells = posts()
    calm = expected(cells, ZONE).iloc[-DAY:].to_numpy()
    cells.iloc[-WEEK - DAY : -WEEK] *= 50
    assert expected(cells, ZONE).iloc[-DAY:].to_numpy().max() < calm.max() * 2


def test_the_days_before_stand_in_until_there_are_weeks():
    cells = posts(1)
    assert expected(cells, ZONE).iloc[-DAY:].notna().all().all()
    assert expected(cells, ZONE, days=False).isna().all().all()


def test_the_first_days_expect_nothing():
    assert expected(posts(2 / 7), ZONE).isna().all().all()


def test_gaps_are_neither_zeros_nor_history():
    cells = posts()
    holes = cells.copy()
    holes.iloc[-2 * WEEK : -2 * WEEK + 60] = np.nan
    told = expected(holes, ZONE).iloc[-WEEK : -WEEK + 60].to_numpy()
    assert told.sum() == pytest.approx(expected(cells, ZONE).iloc[-WEEK : -WEEK + 60].to_numpy().sum(), rel=0.15)


def test_a_clock_change_does_not_move_friday_noon():
    cells = posts(6, begin="2016-03-03 22:00")  # Damascus goes to summer time on 1 April
    told = expected(cells, ZONE).iloc[-WEEK:, 0]
    busy = told.index.tz_convert(ZONE)[told > 100]
    assert set(busy.day_of_week) == {4}
    assert {13, 14, 15, 16} <= set(busy.hour) <= set(range(11, 19))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2 * WEEK), st.integers(0, 2**32 - 1))
def test_nothing_depends_on_what_came_later(cut: int, seed: int):
    cells = posts(3, seed=seed)
    whole = expected(cells, ZONE).iloc[: WEEK + cut]
    np.testing.assert_array_equal(whole, expected(cells.iloc[: WEEK + cut], ZONE))


def test_no_hours_at_all_are_no_error():
    assert expected(posts(0), ZONE).empty


def test_too_few_past_sums_tell_nothing():
    assert strayed(np.array([3.0, np.nan]), np.array([2.0, 2.0])) is None
    assert strayed(np.ones(14), np.ones(14), overlap=7) is None


def test_few_past_sums_make_a_wide_interval():
    dice = np.random.default_rng(4)
    seen = dice.poisson(100, 40).astype(float)
    many, few = strayed(seen, np.full(40, 100.0)), strayed(seen[:4], np.full(4, 100.0))
    assert few.high - few.low > many.high - many.low


def test_nine_of_ten_past_sums_lie_between_the_ends():
    dice = np.random.default_rng(4)
    seen = dice.lognormal(5, 0.3, 2000)
    told = strayed(seen, np.full(2000, np.exp(5)))
    inside = (np.log(seen) - 5 > told.low) & (np.log(seen) - 5 < told.high)
    assert inside.mean() == pytest.approx(0.9, abs=0.01)
