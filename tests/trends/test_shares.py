"""Who carried it."""

from typing import Any

from monitor.model.campaign import Campaign, Family
from monitor.model.metric import Metric
from monitor.trends import shares
from tests.people import ALEPPO
from tests.trends.world import FRIDAY, Column, day, facts, frame, hourly

POSTS, ARTICLES = Metric.POSTS, Metric.ARTICLES
BARE: Column = ("tag/انقذوا_حلب/انقذوا_حلب", "mastodon", POSTS)
HAMZA: Column = ("tag/انقذوا_حلب/أنقذوا_حلب", "mastodon", POSTS)
LATIN: Column = ("tag/savealeppo/savealeppo", "mastodon", POSTS)
UNLISTED: Column = ("tag/savealeppo/~", "mastodon", POSTS)


def names(found: tuple[Any, ...]) -> list[str]:
    return [share.name for share in found]


def press(**outlets: float) -> Any:
    columns = {(f"outlet/{name}", "feeds", ARTICLES): count for name, count in outlets.items()}
    whole = {("feeds", ARTICLES): sum(outlets.values())}
    return facts(whole, outlets=columns, platforms=("feeds",), press=frozenset({"feeds"}))


def test_spellings_are_ranked_with_their_share_of_all_posts():
    found = shares.spellings(facts({POSTS: 4.0}, spellings={HAMZA: 1.0, BARE: 3.0}))
    assert [(share.name, share.value, share.share) for share in found] == [
        ("#انقذوا_حلب", 72, 0.75),
        ("#أنقذوا_حلب", 24, 0.25),
    ]


def test_a_post_with_two_spellings_counts_for_both():
    found = shares.spellings(facts({POSTS: 1.0}, spellings={HAMZA: 1.0, LATIN: 1.0}))
    assert sum(share.share for share in found) == 2


def test_a_spelling_is_shown_as_the_operator_wrote_it():
    assert names(shares.spellings(facts({POSTS: 1.0}, spellings={LATIN: 1.0}))) == ["#SaveAleppo"]


def test_what_the_campaign_does_not_list_is_one_entry_per_family():
    assert names(shares.spellings(facts({POSTS: 1.0}, spellings={UNLISTED: 1.0}))) == ["#SaveAleppo ~"]


def test_families_themselves_are_no_spellings():
    family: Column = ("tag/savealeppo", "mastodon", POSTS)
    assert names(shares.spellings(facts({POSTS: 1.0}, spellings={family: 1.0, LATIN: 1.0}))) == ["#SaveAleppo"]


def test_a_spelling_nobody_used_now_or_before_is_left_out():
    assert shares.spellings(facts({POSTS: 1.0}, spellings={HAMZA: 0.0})) == ()


def test_what_a_part_brought_before_stands_beside_it():
    (found,) = shares.spellings(facts({POSTS: 1.0}, spellings={LATIN: 1.0}, window=day(0, 2)))
    assert (found.value, found.before) == (48, 48)


def test_before_is_none_when_the_window_before_was_blind():
    (found,) = shares.spellings(facts({POSTS: 1.0}, spellings={LATIN: 1.0}, blind={"mastodon": [day(-1)]}))
    assert (found.value, found.before) == (24, None)


def test_in_a_blind_window_nobody_has_a_share():
    blind = facts({POSTS: 1.0}, spellings={LATIN: 1.0}, blind={"mastodon": [day()]})
    assert shares.spellings(blind) == shares.platforms(blind) == ()


def test_platforms_are_listed_even_when_they_brought_nothing():
    found = shares.platforms(facts({POSTS: 1.0}, platforms=("mastodon", "telegram")))
    assert [(share.name, share.share) for share in found] == [("mastodon", 1), ("telegram", 0)]


def test_a_blind_platform_has_no_share():
    found = shares.platforms(facts({POSTS: 1.0}, platforms=("mastodon", "telegram"), blind={"telegram": [day()]}))
    assert names(found) == ["mastodon"]


def test_the_press_is_no_platform_of_posts():
    told = facts({POSTS: 1.0}, platforms=("feeds", "mastodon"), press=frozenset({"feeds"}))
    assert names(shares.platforms(told)) == ["mastodon"]


def test_parts_of_the_world_and_countries_share_the_articles():
    columns = {(name, "feeds", ARTICLES): 1.0 for name in ("region/arab", "region/western", "country/SY", "outlet/a")}
    told = facts({("feeds", ARTICLES): 2.0}, outlets=columns, platforms=("feeds",), press=frozenset({"feeds"}))
    assert [(share.name, share.share) for share in shares.regions(told)] == [("arab", 0.5), ("western", 0.5)]
    assert names(shares.countries(told)) == ["SY"]


def test_outlets_and_languages_share_the_articles():
    told = press(jazeera=3.0, bbc=1.0)
    assert [(share.name, share.share) for share in shares.outlets(told)] == [("jazeera", 0.75), ("bbc", 0.25)]
    assert shares.languages(told) == ()


def test_a_campaign_without_anything_has_no_shares():
    nobody = facts({}, platforms=())
    assert shares.spellings(nobody) == shares.platforms(nobody) == shares.outlets(nobody) == ()


def test_every_spelling_of_a_campaign_has_a_subject_and_a_name():
    campaign = Campaign("c", "C", "UTC", (Family("#Tag", ("tag", "tág")),))
    assert list(shares.named_spellings(campaign).values()) == ["#Tag", "#tág", "#Tag ~"]
    assert set(shares.named_spellings(ALEPPO)) >= {BARE[0], HAMZA[0], LATIN[0], UNLISTED[0]}


def spoken(**languages: Any) -> Any:
    return frame({(f"language/{code}", "mastodon", POSTS): posts for code, posts in languages.items()})


def test_languages_of_posts_are_shares_of_all_posts_and_what_tells_none_is_in_no_part():
    found = shares.tongues(facts({POSTS: 4.0}, tongues=spoken(ar=2.0, en=1.0, tr=0.0)))
    assert [(share.name, share.value, share.share) for share in found] == [("ar", 48, 0.5), ("en", 24, 0.25)]


def test_what_a_language_brought_before_stands_beside_it_even_when_it_is_silent_now():
    until_friday = hourly(1.0).where(lambda posts: posts.index < FRIDAY, 0.0)
    (found,) = shares.tongues(facts({POSTS: 1.0}, tongues=spoken(fr=until_friday)))
    assert (found.value, found.share, found.before) == (0, 0, 24)


def test_languages_of_a_platform_that_nobody_watched_are_not_told():
    blind = {"mastodon": [day(0)]}
    tongues = frame({("language/ar", "mastodon", POSTS): 1.0}, blind=blind)
    assert shares.tongues(facts({POSTS: 1.0}, tongues=tongues, blind=blind)) == ()


def test_without_posts_by_language_there_are_no_languages_of_posts():
    assert shares.tongues(facts({POSTS: 1.0})) == ()
