"""The true totals, counted by hand on worlds of one post."""

from dataclasses import replace

from monitor.demo.cast import TYPED
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan
from monitor.demo.truth import FEEDS, MASTODON, TELEGRAM, truth
from monitor.demo.world import Author, Copy, Message, Story, Tagged, Toot, World
from tests.demo.play import CITADEL, SOUK

ANN = Author(1, SOUK, 10)
TAGS = Tagged((), (TYPED[0],))
CURVE = Curve(0, 3600)
TOOT = Toot(1, 0, ANN, TAGS, ("en", "Hi"), CURVE, Totals(likes=9, reposts=5, replies=1, quotes=3), {SOUK: Copy(1, 0)})
MESSAGE = Message(101, 0, TAGS, ("en", "Hi"), CURVE, 1_999, last=101)
STORY = Story(1, 0, 0, "Aleppo", "en", about=True)


def world(*toots: Toot, messages: tuple[Message, ...] = (), stories: tuple[Story, ...] = ()) -> World:
    return World(Plan(), toots, {"channel": messages}, {"en": stories})


def test_a_toot_counts_once_with_what_it_came_to() -> None:
    totals = truth(world(TOOT)).totals
    told = [totals[MASTODON, name] for name in ("posts", "likes", "reposts", "replies", "quotes")]
    assert told == [1, 9, 5, 1, 3]


def test_a_toot_on_two_servers_counts_once_as_the_better_informed_tells_it() -> None:
    both = replace(TOOT, copies={SOUK: Copy(1, 0, 0.5), CITADEL: Copy(2, 0, 0.7)})
    totals = truth(world(both)).totals
    assert (totals[MASTODON, "posts"], totals[MASTODON, "likes"]) == (1, 6)


def test_quotes_count_only_where_a_server_tells_them() -> None:
    assert (MASTODON, "quotes") not in truth(world(replace(TOOT, copies={CITADEL: Copy(2, 0)}))).totals


def test_a_toot_that_reaches_no_watched_server_does_not_count() -> None:
    assert not truth(world(replace(TOOT, copies={}))).totals


def test_two_spellings_of_a_family_are_one_post_of_it() -> None:
    two = replace(TOOT, tagged=Tagged((), (TYPED[3], TYPED[4])))
    found = truth(world(two))
    assert found.families == {(MASTODON, 1): 1}
    assert sum(found.spellings.values()) == 2


def test_two_ways_to_type_a_spelling_are_one_post_of_it() -> None:
    two = replace(TOOT, tagged=Tagged((), (TYPED[0], TYPED[2])))
    assert list(truth(world(two)).spellings.values()) == [1]


def test_views_are_true_as_they_are_printed() -> None:
    assert truth(world(messages=(MESSAGE,))).totals[TELEGRAM, "impressions"] == 1_900


def test_a_message_without_views_counts_but_is_not_measured() -> None:
    totals = truth(world(messages=(replace(MESSAGE, views=None),))).totals
    assert (totals[TELEGRAM, "posts"], totals[TELEGRAM, "measured_posts"]) == (1, 0)


def test_the_views_of_a_forwarded_message_belong_to_its_original() -> None:
    totals = truth(world(messages=(replace(MESSAGE, forwarded=True),))).totals
    assert (totals[TELEGRAM, "posts"], totals[TELEGRAM, "impressions"]) == (1, 0)


def test_reactions_are_true_as_they_are_printed_each() -> None:
    totals = truth(world(messages=(replace(MESSAGE, reactions=(1_999, 7)),))).totals
    assert totals[TELEGRAM, "likes"] == 1_907


def test_messages_and_stories_about_other_things_do_not_count() -> None:
    other = world(messages=(replace(MESSAGE, tagged=Tagged(("Syria",), ())),), stories=(replace(STORY, about=False),))
    assert not truth(other).totals


def test_a_story_counts_at_its_publication() -> None:
    found = truth(world(stories=(replace(STORY, published=77, since=99),)))
    assert found.moments == {(FEEDS, "articles"): [77]}
