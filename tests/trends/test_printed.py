"""Stories, outlets and lags of a window: n/a where nobody looked, a lower bound where titles are missing."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from monitor.model.brief import Brief, Level, Total
from monitor.model.figure import Headline
from monitor.model.finding import Doubt, Lag
from monitor.model.metric import WHOLE, Metric, MetricClass
from monitor.trends.facts import Facts
from monitor.trends.printed import media_lags
from monitor.trends.summary import brief
from monitor.trends.totals import totals
from tests.trends.world import FRIDAY, HISTORY, day, facts, frame, hourly

FEEDS, ARTICLES = "feeds", Metric.ARTICLES
HOUR = timedelta(hours=1)
AGENCY = "Hospital bombed in Aleppo, 20 people killed"


def headline(title: str, outlet: str, hours: float) -> Headline:
    return Headline(title=title, outlet=outlet, at=FRIDAY + hours * HOUR)


PRINTED = [
    headline("Aid waits at the border for a third day", "bbc", 9),
    headline(f"{AGENCY} (AFP)", "cnn", 3),
    headline(AGENCY, "bbc", 2),
    headline(f"BREAKING: {AGENCY}", "afp", -3),
]
"""Three articles of Friday, the newest first, and the first copy of their story on the evening before."""


def at(*hours: int) -> np.ndarray:
    """Return an hourly series with one article in each of these hours of Friday."""
    index = hourly(0).index
    return np.array([sum(moment == FRIDAY + hour * HOUR for hour in hours) for moment in index], dtype=float)


OUTLETS = {("outlet/afp", FEEDS, ARTICLES): at(-3), ("outlet/bbc", FEEDS, ARTICLES): at(2, 9)}
OUTLETS |= {("outlet/cnn", FEEDS, ARTICLES): at(3), ("region/arab", FEEDS, ARTICLES): at(-3, 2, 3, 9)}


def friday(**more: Any) -> Facts:
    known = {"headlines": PRINTED, "outlets": OUTLETS, "platforms": ("mastodon", FEEDS), "press": frozenset({FEEDS})}
    return facts({(FEEDS, ARTICLES): at(-3, 2, 3, 9)}, **(known | more))


def total(name: str, **more: Any) -> Total:
    return next(found for found in totals(friday(**more)) if found.name == name)


def test_copies_are_one_story_and_each_outlet_counts_once():
    assert total("articles").now == Level(value=3)
    assert total("stories").now == Level(value=2)
    assert total("outlets").now == Level(value=2)


def test_they_are_coverage_and_have_a_definition_of_their_own():
    assert total("stories").definition == "stories/1"
    assert {total(name).class_of for name in ("stories", "outlets")} == {MetricClass.COVERAGE}


def test_they_are_compared_with_the_windows_before():
    assert (total("stories").before, total("stories").change) == (Level(value=1), 1.0)
    assert (total("outlets").week_before, total("outlets").week_change) == (Level(value=0), None)


def test_a_blind_day_has_no_stories_and_no_outlets():
    blind = {FEEDS: [day()]}
    found = {name: total(name, blind=blind, headlines=()) for name in ("stories", "outlets")}
    assert {name: one.now.value for name, one in found.items()} == {"stories": None, "outlets": None}
    assert {one.change for one in found.values()} == {None}


def test_a_gap_makes_lower_bounds_that_are_not_compared():
    morning = {FEEDS: [day().shifted(timedelta(hours=12))]}
    found = [total(name, blind=morning) for name in ("stories", "outlets")]
    assert [one.now for one in found] == [Level(value=2, partial=True)] * 2
    assert [one.change for one in found] == [None] * 2


def test_articles_without_a_title_make_a_lower_bound():
    assert total("stories", headlines=PRINTED[1:]).now == Level(value=1, partial=True)


def test_articles_of_which_no_title_is_kept_have_unknown_stories():
    assert total("stories", headlines=()).now.value is None
    assert total("outlets", headlines=()).now == Level(value=2)


def test_without_a_press_there_are_no_stories():
    found = brief(facts({Metric.POSTS: 2.0}))
    assert [one.now.value for one in found.totals if one.name in {"stories", "outlets"}] == [None, None]
    assert (found.stories, found.lags) == ((), ())


def of_press_alone(articles: float | None = 2.0) -> Brief:
    printed = {} if articles is None else {(FEEDS, ARTICLES): articles}
    return brief(facts(printed, platforms=(FEEDS,), press=frozenset({FEEDS})))


@pytest.mark.parametrize("articles", [2.0, 0.0, None])
def test_of_a_campaign_that_watches_the_press_alone_articles_are_drawn_and_nothing_else(articles: float | None):
    assert [one.name for one in of_press_alone(articles).lines] == ["articles"]


def test_the_press_is_not_held_against_posts_that_nobody_watched():
    assert lagging(3, platforms=(FEEDS,)) == ()


def test_a_brief_tells_its_largest_story_and_who_printed_it_first():
    (story,) = brief(friday()).stories
    assert (story.first_outlet, story.articles, story.outlets) == ("afp", 2, ("bbc", "cnn"))


def test_headlines_of_a_brief_are_those_of_its_window():
    assert [one.outlet for one in brief(friday()).headlines] == ["bbc", "cnn", "bbc"]


def surges() -> np.ndarray:
    dice = np.random.default_rng(3)
    size = len(hourly(0))
    return np.convolve(dice.binomial(1, 0.03, size) * dice.uniform(3, 9, size), [1, 0.6, 0.3])[:size]


def lagging(lag: int, **more: Any) -> tuple[Lag, ...]:
    """Return what is told of weeks in which the Arab press followed the posts by so many hours."""
    dice, more = np.random.default_rng(4), {"platforms": ("mastodon", FEEDS), "press": frozenset({FEEDS}), **more}
    arab = dice.poisson(0.6 * (1 + 2 * np.roll(surges(), lag)))
    hours = {("region/arab", FEEDS, ARTICLES): arab, ("region/other", FEEDS, ARTICLES): at(2)}
    parts = frame(hours, blind=more.get("blind"), platforms=more["platforms"])
    metrics = {Metric.POSTS: dice.poisson(40 * (1 + surges())), (FEEDS, ARTICLES): arab}
    return media_lags(facts(metrics, window=day(6), press_parts=parts, **more))


def test_each_part_of_the_press_has_its_lag_or_a_reason():
    arab, other = lagging(4)
    assert (arab.group, arab.hours) == ("region/arab", pytest.approx(4, abs=1))
    assert (other.group, other.hours, other.reason) == ("region/other", None, Doubt.ARTICLES)


def test_hours_in_which_the_press_was_not_watched_tell_no_lag():
    found = lagging(4, blind={FEEDS: [HISTORY.shifted(-timedelta(days=8))]})
    assert {lag.hours for lag in found} <= {None}


def test_the_whole_is_no_group_of_the_press():
    assert WHOLE not in {lag.group for lag in lagging(4)}
