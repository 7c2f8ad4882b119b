"""The media lag: a planted one is found, strangers have none, and every silence has its reason."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.finding import Doubt, Lag
from monitor.trends.lag import EARLIEST, LATEST, Evidence, lags

ZONE = "Asia/Damascus"
HOURS = 28 * 24
START = datetime(2016, 3, 27, 22, tzinfo=UTC)
SURE = Evidence()


def hours(values: object) -> pd.Series:
    return pd.Series(values, index=pd.date_range(START, periods=HOURS, freq="h"), dtype=float)


def surges(seed: int = 1) -> np.ndarray:
    """Return shocks that come at any time and fade within hours."""
    dice = np.random.default_rng(seed)
    shocks = dice.binomial(1, 0.03, HOURS) * dice.uniform(2, 8, HOURS)
    return np.convolve(shocks, [1, 0.6, 0.3, 0.1])[:HOURS]


def rhythm() -> np.ndarray:
    clock, friday = np.arange(HOURS) % 24, np.arange(HOURS) // 24 % 7 == 5
    return (0.3 + np.clip(np.sin((clock - 6) / 17 * np.pi), 0, None)) * (1 + 3 * friday)


def counts(rate: np.ndarray, seed: int) -> pd.Series:
    return hours(np.random.default_rng(seed).poisson(rate))


POSTS = counts(40 * rhythm() * (1 + surges()), 2)


def press(lag: int, level: float = 1.0) -> pd.Series:
    """Return articles that follow the surges of POSTS by so many hours."""
    return counts(level * rhythm() * (1 + 2 * np.roll(surges(), lag)), 3)


def told(posts: pd.Series, articles: pd.Series, evidence: Evidence = SURE) -> Lag:
    (lag,) = lags(posts, articles.to_frame("region/arab"), ZONE, evidence)
    return lag


@pytest.mark.parametrize("lag", [-3, 0, 5, 20])
def test_a_planted_lag_is_found_with_its_interval(lag: int):
    found = told(POSTS, press(lag))
    assert found.hours is not None
    assert abs(found.hours - lag) <= 1
    assert found.low <= lag <= found.high
    assert found.high - found.low <= SURE.width


def test_the_strength_is_a_correlation():
    assert 0.1 < (told(POSTS, press(5)).strength or 0) <= 1


def test_the_same_rhythm_is_no_lag():
    articles = counts(2 * rhythm(), 4)
    assert told(POSTS, articles) == Lag(group="region/arab", reason=Doubt.CHANCE)


def test_surges_of_its_own_are_no_lag():
    articles = counts(rhythm() * (1 + 2 * surges(seed=9)), 5)
    assert told(POSTS, articles).hours is None


def test_the_answer_is_the_same_every_time():
    assert told(POSTS, press(5)) == told(POSTS, press(5))


def test_each_group_has_a_lag_of_its_own_and_one_that_wrote_nothing_has_none():
    groups = pd.DataFrame({"region/arab": press(2), "region/western": press(12), "region/other": hours(0.0)})
    found = lags(POSTS, groups, ZONE)
    assert [lag.group for lag in found] == ["region/arab", "region/western"]
    assert [round(lag.hours or 0) for lag in found] == pytest.approx([2, 12], abs=1)


def test_a_gap_is_no_silence():
    posts, articles = POSTS.copy(), press(5)
    posts.iloc[100:160] = np.nan
    articles.iloc[300:340] = np.nan
    found = told(posts, articles)
    assert found.hours is not None
    assert abs(found.hours - 5) <= 1


def test_less_than_two_weeks_known_of_both_say_nothing():
    posts, articles = POSTS.copy(), press(5)
    posts.iloc[: HOURS // 2] = np.nan
    assert told(posts, articles).reason is None
    articles.iloc[HOURS - 1 :] = np.nan
    assert told(posts, articles).reason is Doubt.HOURS


def test_a_few_posts_or_articles_say_nothing():
    assert told(POSTS, press(5), Evidence(articles=10_000)).reason is Doubt.ARTICLES
    assert told(POSTS, press(5), Evidence(posts=1e6)).reason is Doubt.POSTS


def test_an_interval_that_is_too_wide_is_told_as_such():
    found = told(POSTS, press(5), Evidence(width=-1))
    assert (found.hours, found.reason) == (None, Doubt.WIDE)


@pytest.mark.parametrize("lag", [EARLIEST, LATEST])
def test_a_peak_at_the_edge_may_lie_beyond_it(lag: int):
    assert told(POSTS, press(lag)).reason is Doubt.EDGE


@pytest.mark.parametrize("values", [0.0, 5.0, np.nan])
def test_a_series_that_never_moves_has_no_lag(values: float):
    assert told(hours(values), press(5)).hours is None
    assert all(lag.hours is None for lag in lags(POSTS, hours(values).to_frame("a"), ZONE))


def test_two_series_that_never_move_have_no_lag_even_with_a_gap():
    flat = hours(5.0)
    flat.iloc[400] = np.nan
    assert told(flat, flat) == Lag(group="region/arab", reason=Doubt.CHANCE)


@pytest.mark.parametrize("bad", [np.inf, -500.0])
def test_what_can_not_be_a_count_is_a_gap(bad: float):
    posts, articles = POSTS.copy(), press(5)
    posts.iloc[100], articles.iloc[300] = bad, bad
    assert told(posts, articles) == told(posts.where(posts != bad), articles.where(articles != bad))


def test_no_hours_and_no_groups_have_no_lag():
    nothing = POSTS.iloc[:0]
    assert lags(nothing, nothing.to_frame("a"), ZONE) == ()
    assert lags(POSTS, pd.DataFrame(index=POSTS.index), ZONE) == ()


@settings(max_examples=5, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=1, max_size=60))
def test_any_counts_have_a_lag_or_a_reason(values: list[int | None]):
    series = hours(np.resize(np.array(values, dtype=float), HOURS))
    for lag in lags(POSTS, series.to_frame("a"), ZONE):
        assert (lag.hours is None) == (lag.reason is not None)
