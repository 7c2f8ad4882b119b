"""What is written on Bluesky, X, YouTube and for GDELT in a world, by construction."""

from itertools import chain

from monitor.demo.cast import OUTLETS
from monitor.demo.clippings import clippings
from monitor.demo.plan import SETTLED, Plan, Trouble
from monitor.demo.records import record
from monitor.demo.skeets import OLDER
from monitor.demo.stories import stories
from monitor.demo.world import World
from tests.demo.play import made, troubled

PLAN = Plan()
WORLD: World = made(PLAN)
BEGIN, END = PLAN.start.timestamp(), PLAN.end.timestamp()


def test_about_the_campaign_is_written_on_every_network_and_about_other_things_too() -> None:
    for posts in (WORLD.skeets, WORLD.tweets, WORLD.videos):
        about = [bool(post.tagged.typed) for post in posts]
        assert 0.4 < sum(about) / len(about) < 0.95


def test_nothing_about_the_campaign_is_from_before_the_world_or_known_after_it() -> None:
    for post in chain(WORLD.skeets, WORLD.tweets, WORLD.videos):
        known = post.heard if hasattr(post, "heard") else post.since
        assert not post.tagged.typed or BEGIN <= known <= END + 20


def test_before_the_world_there_are_some_posts_for_whoever_looks_for_a_sign_of_life() -> None:
    assert sum(skeet.heard < BEGIN for skeet in WORLD.skeets) == OLDER


def test_some_clocks_go_ahead_and_are_not_believed() -> None:
    ahead = [skeet for skeet in WORLD.skeets if skeet.created > skeet.heard]
    assert ahead
    assert all(skeet.sorted_at == skeet.heard for skeet in ahead)


def test_some_posts_name_a_hashtag_without_making_one() -> None:
    named = [record(skeet) for skeet in WORLD.skeets if skeet.named]
    assert named
    assert all("#SaveAleppo" in one["text"] and "SaveAleppo" not in str(one.get("facets")) for one in named)


def test_on_bluesky_some_posts_carry_only_spellings_that_nobody_asks_for() -> None:
    assert any(skeet.tagged.typed and not any(typed.findable for typed in skeet.tagged.typed) for skeet in WORLD.skeets)


def test_on_x_and_youtube_every_post_can_be_asked_for() -> None:
    posts = [post for post in chain(WORLD.tweets, WORLD.videos) if post.tagged.typed]
    assert all(any(typed.findable for typed in post.tagged.typed) for post in posts)


def test_no_two_posts_of_x_have_an_id_in_common() -> None:
    ids = [id_ for tweet in WORLD.tweets for id_ in tweet.ids(END)]
    assert len(ids) == len(set(ids))


def test_reposts_come_after_what_they_repeat_and_count_for_nobody() -> None:
    reposts = [tweet for tweet in WORLD.tweets if tweet.original]
    assert reposts
    for repost in reposts:
        assert repost.original is not None
        assert repost.created > repost.original.created
        assert not repost.tagged.typed


def test_search_on_x_is_late_only_within_the_day() -> None:
    late = [tweet for tweet in made(troubled(Trouble.LATE)).tweets if tweet.since > tweet.created + 1000]
    assert late
    assert all(int(tweet.since) // 86_400 == tweet.created // 86_400 for tweet in late)


def test_whoever_likes_has_seen_it() -> None:
    for tweet in WORLD.tweets:
        assert tweet.original or (tweet.totals.impressions or 0) > (tweet.totals.likes or 0)


def test_some_owners_of_videos_hide_their_likes_and_some_their_comments() -> None:
    hidden = [(video.totals.likes is None, video.totals.replies is None) for video in WORLD.videos]
    assert {True, False} == {likes for likes, _ in hidden} == {comments for _, comments in hidden}


def test_deletions_come_after_the_counters_have_settled() -> None:
    for post in chain(WORLD.skeets, WORLD.tweets, WORLD.videos):
        assert post.gone is None or post.gone > post.curve.born + SETTLED.total_seconds()


def test_counters_fall_only_when_asked_to() -> None:
    falling = made(troubled(Trouble.FALLING))
    for calm, bad in ((WORLD.skeets, falling.skeets), (WORLD.tweets, falling.tweets), (WORLD.videos, falling.videos)):
        assert not any(post.curve.falls for post in calm)
        assert any(post.curve.falls for post in bad)


def test_gdelt_finds_every_article_of_the_outlets_hours_after_their_feeds() -> None:
    written = {language: stories(PLAN, language) for language in OUTLETS}
    since = {
        f"https://{OUTLETS[language][1]}.example/articles/{story.number}": story.since
        for language, one in written.items()
        for story in one
    }
    found = {clipping.link: clipping for clipping in clippings(PLAN, written)}
    assert since.keys() < found.keys()
    assert all(found[link].seen > moment + 4 * 3600 for link, moment in since.items())


def test_gdelt_reads_outlets_that_nobody_else_does() -> None:
    assert any(clipping.about and clipping.country == "Jordan" for clipping in WORLD.clippings)
    assert any(clipping.passing for clipping in WORLD.clippings)
