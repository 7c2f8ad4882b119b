from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.model.brief import Spike
from monitor.model.figure import Headline
from monitor.model.finding import Cause, Way
from monitor.model.metric import Metric, language_subject, outlet_subject, spelling_subject
from monitor.model.rise import COLUMNS
from monitor.model.window import Window
from monitor.trends.explain import explained
from tests.people import ALEPPO
from tests.trends.world import FRIDAY, facts, frame, hourly

HOUR = timedelta(hours=1)
START, END = FRIDAY + 14 * HOUR, FRIDAY + 18 * HOUR
FAMILY = ALEPPO.families[0]
LISTED = spelling_subject(FAMILY.key, FAMILY.spellings[0])


def series(usual: float, surge: float | None = None) -> np.ndarray:
    """Return a number of each hour, and another one in the four hours of the spike."""
    hours = hourly(usual)
    hours.loc[(hours.index >= START) & (hours.index < END)] = usual if surge is None else surge
    return hours.to_numpy()


def spike(total: float, expected: float, name: str = "posts", **fields: Any) -> Spike:
    return Spike(
        name=name, start=START, peak=START, end=END, total=total, expected=expected, peak_value=total, score=9, **fields
    )


def told(found: Spike, *args: Any, **more: Any) -> list[tuple[Cause, str]]:
    (one,) = explained(facts(*args, **more), [found])
    return [(driver.cause, driver.name) for driver in one.drivers]


TWO = {("mastodon", Metric.POSTS): series(10, 90), ("telegram", Metric.POSTS): series(30)}
BOTH = {"platforms": ("mastodon", "telegram")}


def test_the_platform_that_rose_alone():
    assert told(spike(480, 160), TWO, **BOTH) == [(Cause.PLATFORM, "mastodon")]


def test_a_platform_that_was_blind_makes_no_driver_of_the_others():
    whole = {("mastodon", Metric.POSTS): series(10, 40), ("telegram", Metric.POSTS): series(30, 120)}
    assert told(spike(160, 40), whole, **BOTH, blind={"telegram": [Window(START, END)]}) == []


def test_the_spelling_and_the_language_that_rose():
    columns = {
        (LISTED, "mastodon", Metric.POSTS): series(12, 132),
        (language_subject("ar"), "mastodon", Metric.POSTS): series(25, 145),
        (language_subject("en"), "mastodon", Metric.POSTS): series(15),
    }
    found = told(spike(640, 160), {Metric.POSTS: series(40, 160)}, parts=frame(columns))
    assert [cause for cause, _ in found] == [Cause.SPELLING, Cause.LANGUAGE]
    assert found[1] == (Cause.LANGUAGE, "ar")


def test_the_tag_that_grew_beside():
    tags = pd.DataFrame({"#Madaya": series(0.5, 100), "#Syria": series(10, 40)}, index=hourly(0.0).index)
    tags[tags.index < FRIDAY - timedelta(days=15)] = np.nan
    assert told(spike(640, 160), {Metric.POSTS: series(40, 160)}, tags=tags) == [(Cause.TAG, "#Madaya")]


def test_the_outlet_that_wrote():
    columns = {
        (outlet_subject("Courier"), "feeds", Metric.ARTICLES): series(1, 30),
        (outlet_subject("Herald"), "feeds", Metric.ARTICLES): series(3),
        (language_subject("en"), "feeds", Metric.ARTICLES): series(4, 33),
    }
    whole = {("feeds", Metric.ARTICLES): series(4, 33)}
    more = {"platforms": ("feeds",), "press": frozenset({"feeds"})}
    (found,) = explained(facts(whole, **more, outlets=columns), [spike(132, 16, "articles")])
    assert [(one.cause, one.name) for one in found.drivers] == [(Cause.OUTLET, "Courier")]
    assert found.crowd.posts is None


def rises(gained: float, link: str | None = None, usual: float = 60.0) -> pd.DataFrame:
    """Return the largest posts: two usual ones an hour for ten days, and one in the spike."""
    hours = [at for at in hourly(0.0).index if FRIDAY - timedelta(days=10) <= at < START]
    rows = [(at, "impressions", "x", f"{at:%d%H}{one}", usual, None) for at in hours for one in "ab"]
    return pd.DataFrame([*rows, (pd.Timestamp(START), "impressions", "x", "big", gained, link)], columns=COLUMNS)


VIEWS = {("x", Metric.IMPRESSIONS): series(400, 4000), ("x", Metric.MEASURED_POSTS): series(10)}
SEEN = spike(16_000, 1600, "impressions")


def test_one_post_that_many_saw_is_told_with_its_link_and_what_the_largest_had():
    (found,) = explained(facts(VIEWS, platforms=("x",), largest=rises(12_000, "https://x.example/1")), [SEEN])
    (post,) = found.drivers
    assert (post.cause, post.name, post.value, post.link) == (Cause.POST, "x", 12_000, "https://x.example/1")
    assert found.sole
    assert (found.crowd.top, found.crowd.top_share) == (1, 0.75)


def test_one_post_that_many_liked_is_told_of_engagement():
    likes = {
        ("x", Metric.LIKES): series(300, 3000),
        ("x", Metric.REPLIES): series(100, 1000),
        ("x", Metric.POSTS): 10.0,
    }
    liked = rises(12_000).assign(metric="engagement")
    assert told(spike(16_000, 1600, "engagement"), likes, platforms=("x",), largest=liked) == [(Cause.POST, "x")]


def test_the_platform_whose_posts_were_liked_more_drives_engagement():
    likes = {("x", Metric.LIKES): series(300, 3000), ("mastodon", Metric.REPOSTS): series(300), Metric.POSTS: 10.0}
    found = told(spike(13_200, 2400, "engagement"), likes, platforms=("x", "mastodon"))
    assert found == [(Cause.PLATFORM, "x")]


def test_a_largest_post_as_large_as_usual_is_no_driver():
    usual = rises(5000, usual=200.0)
    assert told(SEEN, VIEWS, platforms=("x",), largest=usual) == [(Cause.POST, "x")]
    assert told(SEEN, VIEWS, platforms=("x",), largest=rises(1500, usual=200.0)) == []


def test_a_headline_and_the_end_of_a_poll_stand_beside_a_spike():
    headline = Headline(title="Hospital hit", outlet="Courier", at=START + HOUR / 2)
    late = Headline(title="Much later", outlet="Courier", at=END + HOUR)
    found = told(spike(640, 160), {Metric.POSTS: series(40, 160)}, headlines=[late, headline])
    assert found == [(Cause.HEADLINE, "Hospital hit")]


def test_a_silence_has_no_headline():
    headline = Headline(title="Hospital hit", outlet="Courier", at=START)
    assert told(spike(16, 160, way=Way.DOWN), {Metric.POSTS: series(40, 4)}, headlines=[headline]) == []


def test_a_spike_of_a_platform_without_a_past_is_told_without_drivers():
    (found,) = explained(facts({Metric.POSTS: series(40, 160)}, now=END), [spike(640, 160)])
    assert found.drivers == ()
    assert found.crowd.posts == 640


def test_what_nobody_watched_explains_nothing():
    blind = {"mastodon": [Window(FRIDAY - timedelta(weeks=7), END)]}
    found = spike(640, 160)
    assert explained(facts({Metric.POSTS: series(40, 160)}, blind=blind), [found]) == (found,)


@pytest.mark.parametrize("name", ["posts", "impressions", "articles"])
def test_every_watched_number_can_be_explained(name: str):
    assert explained(facts({Metric(name): series(40, 160)}), [spike(640, 160, name)])
