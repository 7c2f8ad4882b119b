"""Which posts gained most in a window."""

from datetime import timedelta

import pandas as pd

from monitor.model.rise import COLUMNS, ENGAGEMENT, IMPRESSIONS, LargePost, largest, no_rises
from monitor.model.window import Window
from tests.people import NOON

HOUR = timedelta(hours=1)
AFTERNOON = Window(NOON, NOON + 6 * HOUR)


def rises(*rows: tuple[int, str, float], metric: str = IMPRESSIONS, link: str | None = None) -> pd.DataFrame:
    """Return what posts gained: hours after noon, the post, how much."""
    told = [(NOON + hours * HOUR, metric, "telegram", post, gained, link) for hours, post, gained in rows]
    return pd.DataFrame(told, columns=COLUMNS)


def names(found: tuple[LargePost, ...]) -> list[tuple[float, int]]:
    return [(post.gained, int((post.at - NOON) / HOUR)) for post in found]


def test_what_a_post_gained_in_several_hours_is_added_and_told_of_its_best():
    assert names(largest(rises((0, "a", 5), (1, "a", 9), (2, "b", 12)), IMPRESSIONS, AFTERNOON)) == [(14, 1), (12, 2)]


def test_no_more_posts_are_told_than_asked_for():
    many = rises(*((0, str(n), n) for n in range(30)))
    assert names(largest(many, IMPRESSIONS, AFTERNOON, 2)) == [(29, 0), (28, 0)]


def test_other_hours_and_other_numbers_are_left_out():
    found = pd.concat([rises((-1, "a", 5), (6, "a", 5)), rises((0, "a", 5), metric=ENGAGEMENT)])
    assert largest(found, IMPRESSIONS, AFTERNOON) == ()


def test_one_name_on_two_platforms_is_two_posts():
    both = pd.concat([rises((0, "a", 5)), rises((0, "a", 4)).assign(platform="youtube")])
    assert [post.platform for post in largest(both, IMPRESSIONS, AFTERNOON)] == ["telegram", "youtube"]


def test_a_link_that_is_known_of_any_hour_is_told():
    found = pd.concat([rises((0, "a", 9)), rises((1, "a", 5), link="https://t.me/a/1")])
    (post,) = largest(found, IMPRESSIONS, AFTERNOON)
    assert (post.link, post.at) == ("https://t.me/a/1", NOON)


def test_without_links_there_is_none():
    assert [post.link for post in largest(rises((0, "a", 9)), IMPRESSIONS, AFTERNOON)] == [None]


def test_nothing_known_is_nothing_told():
    assert largest(no_rises(), IMPRESSIONS, AFTERNOON) == ()
