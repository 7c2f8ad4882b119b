import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.collect.observe import AHEAD, OBSERVED_FOR, Observed, believable, observe
from monitor.model.campaign import Campaign, Name
from monitor.model.mention import Article, Counts, Mention, Reported
from monitor.model.metric import WHOLE, Metric
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.words import Phrase
from tests.people import ADA, ALEPPO, NOON, post

HEADLINE = Article("feeds", "a1", NOON, "enab-baladi", "ar", "مظاهرة في حلب", link="https://news.example/1")


def seen(*mentions: Mention) -> Observed:
    return observe(ALEPPO, mentions, now=NOON)


def test_a_post_counts_for_the_whole_its_family_and_its_spelling():
    (sighting,) = seen(post(tags=("انقذوا_حلب",))).posts
    assert sighting.subjects == ("*", "tag/انقذوا_حلب", "tag/انقذوا_حلب/انقذوا_حلب")


def test_a_post_keeps_what_may_be_kept():
    (sighting,) = seen(post(7, likes=3, impressions=10, followers=40)).posts
    assert (sighting.id, sighting.created) == ("https://social.example/7", int(NOON.timestamp()))
    assert sighting.counts == Counts(impressions=10, likes=3, rounding=0)
    assert (sighting.author, sighting.followers, sighting.again) == (ADA, 40, "7")


def test_of_the_words_of_a_post_only_what_others_may_share_is_handed_on():
    plea = "Save the children of Aleppo from the bombs!"
    told, short, untold = seen(*(replace(post(n), text=text) for n, text in enumerate([plea, "Help!", None]))).posts
    assert told.wording == "savethechildrenofaleppofromthebombs"
    assert (short.wording, untold.wording) == (None, None)


def test_rounded_views_keep_their_rounding_and_views_nobody_told_have_none():
    rounded, untold = seen(replace(post(1, impressions=1200), step=100), replace(post(2, likes=3), step=100)).posts
    assert rounded.counts == Counts(impressions=1200, rounding=100)
    assert untold.counts == Counts(likes=3)


def test_a_post_without_a_tag_of_the_campaign_is_read_but_not_kept():
    observed = seen(post(tags=("cats",)), post(tags=()))
    assert observed == Observed(posts=(), articles=(), read=2, refused=0)


def test_spellings_that_nobody_listed_are_noted_beside_those_that_are():
    (sighting,) = seen(post(tags=("SaveAleppo", "Save_Aleppo", "syria", "savealepo"))).posts
    assert sighting.seen == ("save_aleppo", "savealepo")


def test_other_hashtags_are_noted_as_they_are_written_each_once_and_the_campaigns_own_are_not():
    tags = ("SaveAleppo", "أنقذوا_حلب", "Save_Aleppo", "Syria", "SYRIA", "س\u200fوريا", "#", "a b")
    (sighting,) = seen(post(tags=tags)).posts
    assert sighting.tags == ("Syria", "سوريا", "ab")


def test_of_a_post_that_lists_hashtags_without_end_the_first_ten_are_noted():
    (sighting,) = seen(post(tags=("SaveAleppo", *(f"t{n}" for n in range(40))))).posts
    assert sighting.tags == tuple(f"t{n}" for n in range(10))


def test_a_hashtag_that_no_text_can_hold_is_noted_as_far_as_it_goes():
    (sighting,) = seen(post(tags=("SaveAleppo", "a\ud800\nb\x00"))).posts
    assert sighting.tags == ("a?b",)


def test_a_post_counts_for_its_language_where_the_platform_tells_one():
    told, untold = seen(post(1, language="ar"), post(2)).posts
    assert (told.subjects[-1], untold.subjects[-1]) == ("language/ar", "tag/savealeppo/savealeppo")


def test_a_post_that_is_only_compared_tells_neither_language_nor_hashtags_nor_where_it_stands():
    name = Name("جمعة_حلب", ("جمعة_حلب",), since=NOON)
    campaign = replace(ALEPPO, compared=(name,))
    told = post(tags=("جمعة_حلب", "Syria"), language="ar", followers=10**6, link="https://social.example/1")
    (sighting,) = observe(campaign, [told], now=NOON).posts
    assert (sighting.tags, sighting.link) == ((), None)
    assert "language/ar" not in sighting.subjects


@pytest.mark.parametrize(("followers", "shown"), [(10_000, True), (9_999, False), (None, False), (-1, False)])
def test_only_posts_of_large_accounts_are_linked_to(followers: int | None, shown: bool):
    (sighting,) = seen(post(followers=followers, link="https://social.example/1")).posts
    assert (sighting.link is not None) == shown


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", 'https://a.example/"><b>', f"https://a.example/{'a' * 600}", ""]
)
def test_what_is_no_address_is_not_linked_to(link: str):
    (sighting,) = seen(post(followers=10**6, link=link)).posts
    assert sighting.link is None


def test_a_report_that_can_not_be_true_is_left_out():
    told = Reported(Metric.REPORTED_POSTS, WHOLE, NOON - timedelta(hours=1), 3600, 5.0)
    wrong = [replace(told, value=value) for value in (-1.0, float("nan"), float("inf"), 2.0**60)]
    wrong.append(replace(told, start=NOON + timedelta(minutes=1)))
    assert believable([*wrong, told], NOON) == [told]


def subjects_of(article: Article, campaign: Campaign = ALEPPO) -> tuple[str, ...]:
    (sighting,) = observe(campaign, [article], now=NOON).articles
    return sighting.subjects


def test_an_article_counts_for_the_whole_its_outlet_its_language_and_its_part_of_the_world():
    assert subjects_of(replace(HEADLINE, country="SY")) == (
        "*", "outlet/enab-baladi", "language/ar", "region/arab", "country/SY"
    )  # fmt: skip


def test_an_article_of_an_unknown_language_and_country_counts_for_its_outlet():
    assert subjects_of(replace(HEADLINE, language=None)) == ("*", "outlet/enab-baladi", "region/other")


LISTED = replace(ALEPPO, outlets=Outlets((Outlet("news.example", "The News", "en", "GB", Region.WESTERN),)))


@pytest.mark.parametrize("brought_by", ["news.example", "My news feed"])
def test_an_outlet_that_is_listed_has_one_name_whoever_brings_its_articles(brought_by: str):
    article = replace(HEADLINE, outlet=brought_by, language=None, country="FR")
    assert subjects_of(article, LISTED) == (
        "*", "outlet/The News", "language/en", "region/western", "country/GB"
    )  # fmt: skip


def test_the_language_that_a_source_tells_goes_before_the_listed_one():
    assert "language/ar" in subjects_of(HEADLINE, LISTED)


def test_a_headline_carries_the_listed_name():
    (sighting,) = observe(LISTED, [HEADLINE], now=NOON).articles
    assert json.loads(sighting.headline or "")["outlet"] == "The News"


def test_an_article_that_a_source_vouches_for_counts_without_the_words_in_its_headline():
    assert seen(replace(HEADLINE, title="Weather", vouched=True)).articles
    apart = replace(ALEPPO, excluded=(Phrase("weather"),))
    assert not observe(apart, [replace(HEADLINE, title="Weather", vouched=True)], now=NOON).articles


def test_an_article_keeps_its_headline():
    (sighting,) = seen(HEADLINE).articles
    headline = json.loads(sighting.headline or "")
    assert headline["title"] == "مظاهرة في حلب"
    assert headline["link"] == "https://news.example/1"


def test_an_article_that_names_the_campaign_in_its_summary_only_is_kept():
    assert seen(replace(HEADLINE, title="Syria", summary="Marches in Aleppo")).articles


def test_an_article_about_something_else_is_not_kept():
    assert seen(replace(HEADLINE, title="Weather")).articles == ()


def test_half_a_letter_in_a_headline_does_not_lose_it():
    (sighting,) = seen(replace(HEADLINE, title="Aleppo \ud83d")).articles
    assert json.loads(sighting.headline or "")["title"] == "Aleppo ?"


@pytest.mark.parametrize("late", [timedelta(0), AHEAD])
def test_a_clock_that_runs_a_little_ahead_is_believed(late: timedelta):
    assert seen(post(hours=late / timedelta(hours=1))).refused == 0


@pytest.mark.parametrize("hours", [0.2, 24, 24 * 365 * 80])
def test_a_post_from_the_future_is_refused(hours: float):
    assert seen(post(hours=hours)) == Observed((), (), read=1, refused=1)


def test_a_post_older_than_the_observation_window_is_refused():
    limit = OBSERVED_FOR / timedelta(hours=1)
    observed = seen(post(1, hours=-limit), post(2, hours=-limit - 0.01))
    assert (len(observed.posts), observed.refused) == (1, 1)


def test_an_import_takes_posts_of_any_age():
    assert observe(ALEPPO, [post(hours=-50_000)], now=NOON, observed_for=None).posts


@pytest.mark.parametrize("year", [1, 1900, 1969])
def test_a_date_that_no_platform_can_mean_is_refused_even_from_files(year):
    ancient = replace(post(), created_at=NOON.replace(year=year, day=28))
    assert observe(ALEPPO, [ancient], now=NOON, observed_for=None).refused == 1


def test_what_was_before_the_campaign_began_does_not_count():
    campaign = replace(ALEPPO, since=NOON - timedelta(days=1))
    assert observe(campaign, [post(hours=-25)], now=NOON, observed_for=None).refused == 1


def test_a_refused_mention_of_something_else_is_not_counted_as_refused():
    assert seen(post(hours=24, tags=("cats",))).refused == 0


@given(st.one_of(st.integers(max_value=-1), st.integers(min_value=2**53)))
def test_a_counter_nobody_can_mean_counts_as_not_told(nonsense: int):
    (sighting,) = seen(post(likes=nonsense, reposts=4, followers=nonsense)).posts
    assert sighting.counts == Counts(reposts=4)
    assert sighting.followers is None


@given(st.lists(st.floats(-1000, 1000)))
def test_every_mention_is_kept_or_refused(ages: list[float]):
    observed = seen(*(post(number, hours=hours) for number, hours in enumerate(ages)))
    assert observed.read == len(ages) == len(observed.posts) + observed.refused
