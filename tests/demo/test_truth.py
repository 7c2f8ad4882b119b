"""The true totals, counted by hand on worlds of one post."""

from dataclasses import replace

from monitor.demo.cast import TYPED
from monitor.demo.life import Curve, Totals
from monitor.demo.plan import Plan
from monitor.demo.truth import BLUESKY, FEEDS, TELEGRAM, TOOTS, YOUTUBE, X, reports, stories, truth
from monitor.demo.world import Author, Clipping, Copy, Message, Skeet, Story, Tagged, Toot, Tweet, Video, World
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
    told = [totals[TOOTS, name] for name in ("posts", "likes", "reposts", "replies", "quotes")]
    assert told == [1, 9, 5, 1, 3]


def test_a_toot_on_two_servers_counts_once_as_the_better_informed_tells_it() -> None:
    both = replace(TOOT, copies={SOUK: Copy(1, 0, 0.5), CITADEL: Copy(2, 0, 0.7)})
    totals = truth(world(both)).totals
    assert (totals[TOOTS, "posts"], totals[TOOTS, "likes"]) == (1, 6)


def test_quotes_count_only_where_a_server_tells_them() -> None:
    assert (TOOTS, "quotes") not in truth(world(replace(TOOT, copies={CITADEL: Copy(2, 0)}))).totals


def test_a_toot_that_reaches_no_watched_server_does_not_count() -> None:
    assert not truth(world(replace(TOOT, copies={}))).totals


def test_two_spellings_of_a_family_are_one_post_of_it() -> None:
    two = replace(TOOT, tagged=Tagged((), (TYPED[3], TYPED[4])))
    found = truth(world(two))
    assert found.families == {(TOOTS, 1): 1}
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


SKEET = Skeet(1, 50, 51.5, ANN, TAGS, ("en", "Hi"), CURVE, Totals(likes=9, quotes=3))
TWEET = Tweet(1, (100, 400), 100, ANN, TAGS, ("en", "Hi"), CURVE, Totals(impressions=70, likes=9))
VIDEO = Video(1, 100, 200, ANN, TAGS, ("en", "Hi"), CURVE, Totals(impressions=700))
CLIPPING = Clipping("https://elsewhere.example/1", 33, 44, "Aleppo", "English", "Canada", about=True)


def also(**said: object) -> World:
    return replace(world(), **said)


def test_a_post_from_a_clock_that_is_ahead_counts_when_the_network_heard_of_it() -> None:
    ahead = replace(SKEET, created=9_000)
    assert truth(also(skeets=(SKEET, ahead))).moments == {(BLUESKY, "posts"): [50, 51]}


def test_somebody_elses_posts_do_not_count_on_any_network() -> None:
    other = Tagged(("Syria",), ())
    strangers = {"skeets": (SKEET,), "tweets": (TWEET,), "videos": (VIDEO,)}
    assert not truth(also(**{name: (replace(one[0], tagged=other),) for name, one in strangers.items()})).totals


def test_an_edited_post_is_one_post_from_its_first_version_on() -> None:
    found = truth(also(tweets=(TWEET,)))
    assert found.moments == {(X, "posts"): [100]}
    assert (found.totals[X, "impressions"], found.totals[X, "measured_posts"]) == (70, 1)


def test_a_repost_is_no_post_and_has_no_views() -> None:
    repost = replace(TWEET, number=2, original=TWEET, tagged=Tagged(("SaveAleppo",), ()), totals=Totals(impressions=0))
    assert truth(also(tweets=(TWEET, repost))).totals == truth(also(tweets=(TWEET,))).totals


def test_what_an_owner_hides_adds_nothing() -> None:
    assert (YOUTUBE, "likes") not in truth(also(videos=(VIDEO,))).totals


def test_an_article_that_gdelt_finds_after_the_feed_is_one_article() -> None:
    again = replace(CLIPPING, link="https://harbour.example/articles/1")
    found = truth(replace(world(stories=(STORY,)), clippings=(again, CLIPPING)))
    assert found.moments == {(FEEDS, "articles"): [0, 33]}
    assert found.outlets == {"Harbour Courier": 1, "elsewhere.example": 1}


def test_x_counts_the_letters_that_are_asked_for() -> None:
    unasked = replace(TWEET, tagged=Tagged((), (TYPED[6],)))
    assert reports(also(tweets=(TWEET, unasked))).posts == {0: 1}


def test_gdelt_counts_what_the_headline_names_and_what_only_the_text_does() -> None:
    passing, other = (replace(CLIPPING, about=False, passing=named) for named in (True, False))
    told = reports(also(clippings=(CLIPPING, passing, other)))
    assert told.articles == 2
    assert told.all_articles > 10_000


def test_the_same_headline_is_one_story_for_three_days() -> None:
    days = (0, 1, 2.9, 3.1, 5)
    printed = tuple(replace(STORY, number=number, published=int(day * 86400)) for number, day in enumerate(days))
    assert stories(world(stories=printed)) == 2


def test_other_headlines_are_other_stories_and_what_only_seems_to_name_the_campaign_is_none() -> None:
    printed = (STORY, replace(STORY, title="Milk"), replace(STORY, title="Soap", about=False))
    assert stories(world(stories=printed)) == 2
