"""Copies of one story are known by their headlines, and near misses are told apart."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.figure import Headline
from monitor.model.window import Window
from monitor.trends.stories import LASTS, MOST, clustered, distinct, largest
from tests.people import NOON

AGENCY = "Hospital bombed in Aleppo, 20 people killed"
ARABIC = "قصف مستشفى القدس في حلب ومقتل 20 شخصا"
HOUR = timedelta(hours=1)
DAY = Window(NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def headline(title: str, outlet: str = "bbc", hours: float = 0) -> Headline:
    return Headline(title=title, outlet=outlet, link=f"https://{outlet}.example/{hours}", at=NOON + hours * HOUR)


def stories(*titles: str) -> int:
    """Return how many stories these headlines tell, one an hour, each by an outlet of its own."""
    printed = [headline(title, f"outlet {place}", place) for place, title in enumerate(titles)]
    return len(set(clustered(printed)))


@pytest.mark.parametrize(
    "copy",
    [
        "BREAKING: Hospital bombed in Aleppo; 20 people killed",
        "Breaking Hospital bombed in Aleppo, 20 people killed",
        "Hospital bombed in Aleppo, 20 people killed (AFP)",
        "Hospital bombed in Aleppo – 20 people killed - Reuters",
        "HOSPITAL BOMBED IN ALEPPO, 20 PEOPLE KILLED",
        "&quot;Hospital bombed&quot; in Aleppo, ٢٠ people killed",
        "Hospital bombed in Aleppo, 20 people killed, doctors say as talks falter",
        "Hospital bombed in Aleppo, 20 people",
        "Hospital bombs in Aleppo, 20 people were killed",
        "Hospital bombed in Aleppo, 20 people killed | outlet 1",
    ],
)
def test_a_copy_is_no_story_of_its_own(copy: str):
    assert stories(AGENCY, copy) == 1


@pytest.mark.parametrize(
    "copy",
    [
        "عاجل | قصف مستشفى القدس في حلب ومقتل 20 شخصا",
        "عاجل قصف مستشفى القدس في حلب ومقتل 20 شخصا",
        "قَصْفُ مُسْتَشْفَى القُدْسِ في حلب ومقتل ٢٠ شخصاً",
        "قصف مستشفي القدس فى حلب ومقتل ٢٠ شخصا (أ ف ب)",
        "بالفيديو.. قصف مستشفى القدس في حلب ومقتل 20 شخصا - رويترز",
        "قصف مستشفى القدس بحلب ومقتل 20 شخصا",
        "قصف مستشفى القدس في حلب",
    ],
)
def test_an_arabic_copy_is_no_story_of_its_own(copy: str):
    assert stories(ARABIC, copy) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AGENCY, "Hospital bombed in Homs, 20 people killed"),
        (AGENCY, "Hospital bombed in Aleppo, 50 people killed"),
        (AGENCY, "Market bombed in Aleppo, 20 people killed"),
        ("Iran says talks on Syria resume", "Iraq says talks on Syria resume"),
        (ARABIC, "قصف مستشفى القدس في إدلب ومقتل 20 شخصا"),
        (ARABIC, "قصف مستشفى القدس في حلب ومقتل 50 شخصا"),
        (ARABIC, "افتتاح مستشفى القدس في حلب بعد ترميمه"),
        ("روسيا تعلن هدنة في حلب لمدة يوم", "سوريا تعلن هدنة في حلب لمدة يوم"),
        (AGENCY, ARABIC),
        ("Aleppo today", "Aleppo today"),
        ("حلب الآن", "حلب الآن"),
    ],
)
def test_near_misses_are_two_stories(one: str, other: str):
    assert stories(one, other) == stories(other, one) == 2


def test_what_an_outlet_hangs_behind_all_its_headlines_is_no_part_of_them():
    own = [headline(f"{title} - The Daily Bugle of Leeds", "bugle") for title in (AGENCY, "Aid waits", "Talks falter")]
    assert len(set(clustered([headline(AGENCY), *own]))) == 3


def test_the_same_words_another_week_tell_of_another_day():
    later = LASTS / HOUR
    assert len(set(clustered([headline(AGENCY), headline(AGENCY, "cnn", later)]))) == 1
    assert len(set(clustered([headline(AGENCY), headline(AGENCY, "cnn", later + 0.1)]))) == 2


def test_the_order_in_which_headlines_are_told_changes_nothing():
    told = [headline(AGENCY), headline(ARABIC, hours=1), headline(f"{AGENCY} (AFP)", "cnn", 2)]
    assert clustered(told)[0] == clustered(told)[2] != clustered(told)[1]
    assert clustered(told[::-1]) == clustered(told)[::-1]


def test_a_story_tells_who_printed_it_first_even_before_the_window():
    told = [headline(AGENCY, "afp.example", -20), headline(AGENCY, "bbc", 1), headline(f"{AGENCY} (AFP)", "cnn", 2)]
    (story,) = largest(told, clustered(told), DAY)
    assert (story.first_outlet, story.first) == ("afp.example", NOON - 20 * HOUR)
    assert (story.articles, story.outlets) == (2, ("bbc", "cnn"))


def test_what_most_outlets_printed_comes_first_and_what_one_printed_once_is_left_out():
    wide = [headline(AGENCY, f"outlet {n}", n) for n in range(3)]
    often = [headline(ARABIC, "sana", n) for n in range(5)]
    told = [*often, *wide, headline("Aid trucks wait at the border again", "bbc")]
    assert [story.articles for story in largest(told, clustered(told), DAY)] == [3, 5]


def test_no_more_stories_are_carried_than_a_brief_holds():
    told = [headline(f"Aid convoy {n} reaches the besieged town", f"o{k}") for n in range(MOST + 5) for k in range(2)]
    assert len(largest(told, clustered(told), DAY)) == MOST


def test_distinct_stories_are_those_of_the_window():
    told = [headline(AGENCY, hours=-20), headline(AGENCY, "cnn"), headline(ARABIC, hours=-20)]
    labels = clustered(told)
    assert (distinct(told, labels, DAY), distinct(told, labels, Window(NOON - 24 * HOUR, NOON))) == (1, 2)


def test_no_headline_is_no_story():
    assert clustered([]) == []
    assert largest([], [], DAY) == ()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_headlines_have_stories(titles: list[str]):
    told = [headline(title, f"outlet {place % 3}", place) for place, title in enumerate(titles)]
    labels = clustered(told)
    assert len(labels) == len(titles)
    assert all(story.articles > 1 for story in largest(told, labels, DAY))
