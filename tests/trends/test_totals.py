"""The printed numbers: how far they can be trusted, and what they are compared with."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.brief import Level, Total
from monitor.model.metric import VERSIONS, WHOLE, Metric, MetricClass
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.trends.facts import Authors
from monitor.trends.totals import totals
from tests.trends.world import FRIDAY, HISTORY, asked, day, facts, hourly, watched_sources

TELEGRAM, FEEDS = "telegram", "feeds"
MORNING = Window(FRIDAY, FRIDAY + timedelta(hours=6))
POSTS, IMPRESSIONS, MEASURED = Metric.POSTS, Metric.IMPRESSIONS, Metric.MEASURED_POSTS


def total(name: str, metrics: Any, **more: Any) -> Total:
    return next(found for found in totals(facts(metrics, **more)) if found.name == name)


def by_day(today: float, other: float) -> np.ndarray:
    """Return an hourly series that is `today` on Friday and `other` else."""
    index = hourly(0).index
    return np.where((index >= day().start) & (index < day().end), today, other)


def test_posts_are_summed_and_compared():
    posts = total("posts", {POSTS: by_day(3, 2)})
    assert (posts.now, posts.before, posts.week_before) == (Level(value=72), Level(value=48), Level(value=48))
    assert (posts.change, posts.week_change) == (0.5, 0.5)


def test_a_number_says_its_class_and_the_version_of_its_definition():
    told = {one.name: (one.definition, one.class_of) for one in totals(facts({}))}
    assert told["impressions"] == ("impressions/1", MetricClass.MEASURED)
    assert {name: f"{name}/{VERSIONS[name]}" for name in told} == {k: v[0] for k, v in told.items()}
    assert VERSIONS.keys() - told.keys() == {"reported"}  # stands beside the totals


def test_a_complete_run_that_found_nothing_is_zero():
    assert total("posts", {}).now == Level(value=0)


def test_a_blind_window_is_none_and_never_zero():
    posts = total("posts", {POSTS: 4.0}, blind={"mastodon": [day()]})
    assert posts.now == Level(value=None, partial=True)
    assert posts.change is posts.week_change is None


def test_a_blind_window_before_leaves_no_change():
    posts = total("posts", {POSTS: 4.0}, blind={"mastodon": [day(-1)]})
    assert (posts.now, posts.before, posts.change) == (Level(value=96), Level(value=None, partial=True), None)
    assert posts.week_change == 0


def test_a_gap_makes_the_sum_partial_and_the_change_that_of_the_hours_seen_in_both():
    posts = total("posts", {POSTS: by_day(3, 2)}, blind={"mastodon": [MORNING]})
    assert posts.now == Level(value=54, partial=True)
    assert posts.change == pytest.approx(0.5)


def test_a_gap_of_one_platform_makes_the_sum_partial():
    posts = total(
        "posts", {POSTS: 1.0, (TELEGRAM, POSTS): 1.0}, blind={TELEGRAM: [MORNING]}, platforms=("mastodon", TELEGRAM)
    )
    assert posts.now == Level(value=42, partial=True)


def test_a_platform_that_was_taken_off_leaves_no_gap():
    posts = total(
        "posts",
        {POSTS: 1.0, (TELEGRAM, POSTS): 1.0},
        blind={TELEGRAM: [day(0, 7)]},
        platforms=("mastodon", TELEGRAM),
        sources=watched_sources("mastodon"),
    )
    assert posts.now == Level(value=24, partial=False)
    assert posts.change == 0


def read_in(platform: str) -> SourceState:
    return SourceState(f"import-{platform}", platform, (), {"file": Standing({"done": True})})


@pytest.mark.parametrize(("begin", "partial"), [(MORNING.end, True), (day().end, False), (FRIDAY, False)])
def test_a_file_of_a_part_of_the_window_makes_the_sum_partial(begin: datetime, partial: bool):
    posts = total(
        "posts",
        {POSTS: 1.0, ("x", POSTS): 1.0},
        blind={"x": [Window(HISTORY.start, begin)]},
        platforms=("mastodon", "x"),
        sources=[*watched_sources("mastodon"), read_in("x")],
    )
    assert posts.now.partial is partial


def test_posts_of_a_file_that_is_no_full_search_are_a_lower_bound():
    known = facts({("x", POSTS): 2.0}, platforms=("x",), sources=[read_in("x")])
    known.hours.known["x"] = False
    assert totals(known)[0].now == Level(value=48, partial=True)


def test_what_lies_ahead_is_no_gap():
    later = Window(day().start + timedelta(hours=12), HISTORY.end)
    now = later.start
    posts = total("posts", {POSTS: 1.0}, window=Window(day().start, now), now=now, blind={"mastodon": [later]})
    assert posts.now == Level(value=12)


def test_what_is_not_due_yet_is_no_gap():
    last_hour = Window(day().end - timedelta(hours=1), day().end)
    runs = tuple(asked("mastodon", at=last_hour.start - timedelta(hours=n)) for n in range(4))
    walk = Standing(None, (Window(HISTORY.start, last_hour.start),))
    source = SourceState("m", "mastodon", runs, {"w": walk})
    posts = total("posts", {POSTS: 1.0}, blind={"mastodon": [last_hour]}, sources=[source])
    assert posts.now == Level(value=23, partial=False)
    overdue = total("posts", {POSTS: 1.0}, blind={"mastodon": [last_hour]}, sources=[replace(source, runs=runs[:1])])
    assert overdue.now.partial


def test_articles_are_counted_on_platforms_of_the_press_only():
    metrics = {(FEEDS, Metric.ARTICLES): 2.0, POSTS: 1.0}
    more = {"platforms": ("mastodon", FEEDS), "press": frozenset({FEEDS})}
    assert total("articles", metrics, **more).now == Level(value=48)
    assert total("posts", metrics, blind={"mastodon": [day()]}, **more).now.value is None


def test_without_a_source_of_the_press_articles_are_unknown():
    assert total("articles", {POSTS: 1.0}).now == Level(value=None)


def test_impressions_say_of_which_part_of_the_posts_they_were_measured():
    metrics = {POSTS: 1.0, (TELEGRAM, POSTS): 3.0, (TELEGRAM, MEASURED): 3.0, (TELEGRAM, IMPRESSIONS): 900.0}
    found = total("impressions", metrics, platforms=("mastodon", TELEGRAM))
    assert (found.now, found.measured_share) == (Level(value=21600), 0.75)


def test_impressions_say_how_far_they_were_rounded():
    metrics = {POSTS: 1.0, MEASURED: 1.0, IMPRESSIONS: 900.0, Metric.ROUNDING: by_day(100, 7)}
    assert total("impressions", metrics).rounding == 2400


def test_exact_impressions_and_other_numbers_have_no_rounding():
    found = totals(facts({POSTS: 1.0, MEASURED: 1.0, IMPRESSIONS: 900.0, Metric.ROUNDING: by_day(0, 100)}))
    assert {one.rounding for one in found} == {None}


def test_impressions_nobody_tells_are_none_beside_a_share_of_zero():
    found = total("impressions", {POSTS: 1.0})
    assert (found.now.value, found.measured_share) == (None, 0.0)


def test_without_posts_there_is_no_share():
    assert total("impressions", {}).measured_share is None


def test_only_the_tellers_of_impressions_can_leave_a_gap_in_them():
    metrics = {POSTS: 1.0, (TELEGRAM, POSTS): 1.0, (TELEGRAM, MEASURED): 1.0, (TELEGRAM, IMPRESSIONS): 5.0}
    found = total("impressions", metrics, platforms=("mastodon", TELEGRAM), blind={"mastodon": [MORNING]})
    assert not found.now.partial


def test_engagement_lists_its_parts_and_what_nobody_told_is_none():
    found = total("engagement", {POSTS: 1.0, Metric.LIKES: 2.0, Metric.REPLIES: 1.0})
    assert found.parts == {"likes": 48, "reposts": None, "replies": 24, "quotes": None}
    assert found.now.value == 72


@pytest.mark.parametrize("name", ["engagement", "potential_reach"])
def test_a_platform_that_was_blind_all_the_time_makes_a_lower_bound(name: str):
    told = {("x", Metric.LIKES): by_day(2, 1), ("x", Metric.POSTS): by_day(2, 1)}
    days = {(WHOLE, "x", Metric.POTENTIAL_HIGH): 9.0, (WHOLE, "x", Metric.POTENTIAL_LOW): 4.0}
    blind = {"mastodon": [HISTORY]}
    assert total(name, told, days=days, platforms=("x", "mastodon"), blind=blind).now.partial
    assert not total(name, told, days=days, platforms=("x", "mastodon")).now.partial


def test_engagement_nobody_tells_is_none():
    assert total("engagement", {POSTS: 1.0}).now.value is None


def test_authors_are_compared_when_both_windows_are_complete():
    found = total("authors", {POSTS: 1.0}, authors=Authors(now=30, before=20, week_before=15))
    assert (found.now.value, found.change, found.week_change) == (30, 0.5, 1.0)


def test_authors_of_a_partial_window_are_not_compared():
    found = total("authors", {POSTS: 1.0}, authors=Authors(30, 20, 15), blind={"mastodon": [MORNING]})
    assert (found.now, found.change) == (Level(value=30, partial=True), None)


def test_posts_without_a_single_author_mean_that_nobody_told():
    assert total("authors", {POSTS: 1.0}).now.value is None
    assert total("authors", {}).now.value == 0


def test_potential_reach_is_a_bracket_of_the_days():
    days = {
        (WHOLE, "mastodon", Metric.POTENTIAL_LOW): 900.0,
        (WHOLE, TELEGRAM, Metric.POTENTIAL_LOW): 400.0,
        (WHOLE, "mastodon", Metric.POTENTIAL_HIGH): 5000.0,
        (WHOLE, TELEGRAM, Metric.POTENTIAL_HIGH): 1000.0,
    }
    found = total("potential_reach", {POSTS: 1.0}, days=days, platforms=("mastodon", TELEGRAM), window=day(0, 2))
    assert (found.low, found.now.value) == (900, 12000)


def test_potential_reach_counts_the_days_a_window_touches_whole():
    days = {(WHOLE, "mastodon", metric): 5000.0 for metric in (Metric.POTENTIAL_LOW, Metric.POTENTIAL_HIGH)}
    noons = Window(FRIDAY + timedelta(hours=12), FRIDAY + timedelta(hours=36))
    found = total("potential_reach", {POSTS: 1.0}, days=days, window=noons, now=noons.end)
    assert found.now.value == 10_000


def test_potential_reach_nobody_tells_is_none():
    found = total("potential_reach", {POSTS: 1.0})
    assert (found.low, found.now.value, found.change) == (None, None, None)
