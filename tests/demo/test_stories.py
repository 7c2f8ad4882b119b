"""The articles of the two outlets."""

from itertools import pairwise

import pytest

from monitor.demo.feeds import WINDOW
from monitor.demo.plan import Plan, Trouble
from monitor.demo.stories import stories
from monitor.demo.world import Story
from tests.demo.play import troubled

ARABIC, ENGLISH = stories(Plan(), "ar"), stories(Plan(), "en")


@pytest.mark.parametrize("written", [ARABIC, ENGLISH], ids=["ar", "en"])
def test_stories_stand_in_the_order_in_which_the_feed_takes_them_up(written: list[Story]) -> None:
    assert all(one.since <= next_one.since for one, next_one in pairwise(written))
    assert all(story.published <= story.since for story in written)


@pytest.mark.parametrize("written", [ARABIC, ENGLISH], ids=["ar", "en"])
def test_a_story_stays_in_the_feed_for_half_a_day_at_least(written: list[Story]) -> None:
    stays = [later.since - story.since for story, later in zip(written, written[WINDOW:], strict=False)]
    assert min(stays) > 12 * 3600


def test_numbers_are_unique() -> None:
    assert len({story.number for story in ARABIC}) == len(ARABIC)


def test_the_press_writes_more_about_it_in_the_surge() -> None:
    surge = Plan().surge.timestamp()
    before = [story.about for story in ENGLISH if story.published < surge]
    during = [story.about for story in ENGLISH if surge <= story.published < surge + 86_400]
    assert sum(during) / len(during) > 3 * sum(before) / len(before)


def test_some_headlines_are_corrected_after_they_appeared() -> None:
    corrected = [story for story in ARABIC if story.corrected]
    assert 0.02 < len(corrected) / len(ARABIC) < 0.2
    assert all(story.corrected > story.since for story in corrected if story.corrected)


def test_late_articles_are_more_when_asked_for() -> None:
    late = [sum(story.since - story.published > 1800 for story in stories(plan, "en")) for plan in (troubled(), LATE)]
    assert late[0] < late[1]


LATE = troubled(Trouble.LATE)
