"""Nothing is compared across the moment at which a platform began to count otherwise."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from monitor.model.brief import Brief
from monitor.model.definition import Break
from monitor.model.metric import WHOLE, Metric
from monitor.trends.breaks import since
from monitor.trends.summary import brief
from tests.people import ALEPPO
from tests.trends.world import FRIDAY, HISTORY, day, facts, frame, hourly

VIEWS, POSTS = (WHOLE, "x", Metric.IMPRESSIONS), (WHOLE, "x", Metric.POSTS)


def broken(days: float = 0, *, number: str = "impressions", platform: str = "x") -> Break:
    return Break(platform=platform, number=number, at=FRIDAY + timedelta(days=days), what="embedded posts count")


def told(*breaks: Break, window: int = 0) -> Brief:
    """Return the brief of a day of X, whose views are five times as many from FRIDAY on."""
    hours = hourly(0).index
    views = np.where(hours >= FRIDAY, 5000.0, 1000.0) + np.random.default_rng(4).normal(0, 50, len(hours))
    metrics = {("x", Metric.POSTS): 20.0, ("x", Metric.IMPRESSIONS): views, ("x", Metric.MEASURED_POSTS): 20.0}
    campaign = replace(ALEPPO, breaks=breaks)
    return brief(facts(metrics, campaign=campaign, platforms=("x",), window=day(window)))


def test_without_the_break_the_other_way_of_counting_looks_like_a_surge():
    found = told()
    assert [spike.name for spike in found.spikes] == ["impressions"]
    assert found.total("impressions").change > 3
    assert found.breaks == ()


def test_what_was_counted_otherwise_is_neither_usual_nor_compared():
    found = told(broken())
    assert found.spikes == ()
    assert (found.total("impressions").change, found.total("impressions").week_change) == (None, None)
    assert found.breaks == (broken(),)


def test_the_total_of_the_window_stays_whole():
    assert told(broken(0.5)).total("impressions").now == told().total("impressions").now


def test_other_numbers_keep_their_past():
    assert told(broken()).total("posts") == told().total("posts")


def test_a_day_before_the_break_knows_nothing_of_it():
    assert told(broken(), window=-1) == told(window=-1)


def test_a_break_is_told_for_four_weeks():
    assert told(broken(-26)).breaks == (broken(-26),)
    assert told(broken(-28)).breaks == ()


def test_windows_that_lie_behind_a_break_are_compared_again():
    assert told(broken(0), window=3).total("impressions").change == pytest.approx(0, abs=0.05)


def test_a_surge_after_a_break_is_found_by_what_came_since():
    hours = hourly(1000.0)
    hours[FRIDAY + timedelta(days=4, hours=9) : FRIDAY + timedelta(days=4, hours=12)] *= 20
    metrics = {("x", Metric.POSTS): 20.0, ("x", Metric.IMPRESSIONS): hours, ("x", Metric.MEASURED_POSTS): 20.0}
    campaign = replace(ALEPPO, breaks=(broken(-5),))
    (spike,) = brief(facts(metrics, campaign=campaign, platforms=("x",), window=day(4))).spikes
    assert spike.start == FRIDAY + timedelta(days=4, hours=9)


def test_only_the_series_of_the_break_are_cut():
    whole = frame({VIEWS: 7.0, POSTS: 7.0, (WHOLE, "telegram", Metric.IMPRESSIONS): 7.0}, platforms=("x", "telegram"))
    cut = since(whole, [broken()]).values.isna()
    assert cut[VIEWS].sum() == (whole.values.index < FRIDAY).sum()
    assert cut.sum().sum() == cut[VIEWS].sum()


def test_a_break_that_is_still_to_come_cuts_nothing():
    whole = frame({VIEWS: 7.0})
    assert since(whole, [broken(8)]).values.equals(whole.values)
    assert HISTORY.end < broken(8).at


@pytest.mark.parametrize(
    "wrong", [{"number": "likes"}, {"at": "2016-04-29"}, {"at": FRIDAY.replace(tzinfo=None)}, {"what": ""}]
)
def test_a_break_says_what_when_and_why(wrong: dict[str, object]):
    with pytest.raises(ValidationError):
        Break.model_validate({**broken().model_dump(), **wrong})
