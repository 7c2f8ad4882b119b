"""Which unlisted hashtags are spellings of a campaign's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.akin import MOST, family_of, is_akin, unlisted
from monitor.model.campaign import Campaign, Family
from monitor.model.spelling import spelled
from tests.people import ALEPPO

LETTERS = "أإاةهىيوقنذدحلبsaveALPO_2٢\u064e\u0640"


@pytest.mark.parametrize(("tag", "typed"), [
    ("أنقذوا_حلب", "أَنقذوا_حلب"),  # diacritics
    ("أنقذوا_حلب", "إنقذوا_حلب"),
    ("أنقذوا_حلب", "انقذواحلب"),  # no underscore
    ("أنقذوا_حلب", "أنقذوا__حلب"),
    ("أنقذوا_حلب", "انقذو_حلب"),  # the silent alef left out
    ("أنقذوا_حلب", "انقدوا_حلب"),  # as it is spoken
    ("أنقذوا_حلب", "اانقذوا_حلب"),
    ("جمعة_المعتقلين", "جمعة_المعتقلون"),
    ("SaveAleppo", "save_aleppo"),
    ("SaveAleppo", "savealepo"),
    ("SaveAleppo", "savealepop"),
    ("SaveAleppo", "savealeppos"),
    ("standwithiran", "stendwithiran"),
    ("Aleppo", "a_l_e_p_p_o"),
])  # fmt: skip
def test_one_slip_is_the_same_tag(tag, typed):
    assert is_akin(tag, typed)


@pytest.mark.parametrize(("tag", "other"), [
    ("أنقذوا_حلب", "أنقذوا_حمص"),  # another city
    ("أنقذوا_حلب", "أنقذوا_جلب"),
    ("أنقذوا_حلب", "أنقذوا_حلبجة"),
    ("أنقذوا_حلب", "انقذوا"),
    ("FreeIran", "freeiraq"),
    ("FreeIran", "freeirani"),
    ("freeiran", "freeiraq"),
    ("standwithiran", "standwithiraq"),
    ("Aleppo", "alepo"),  # too short to be sure
    ("SaveAleppo", "wavealeppo"),
    ("SaveAleppo", "savedaleppo"),
    ("SaveAleppo", "saveoleppo"),
    ("SaveAleppo", "savealepponow"),
    ("SaveAleppo", "savealeppo2"),
    ("SaveAleppo2016", "savealeppo2017"),
    ("جمعة_٣", "جمعة_٤"),
    ("جمعة_الكرامة", "جمعة_الحرية"),
    ("", ""),
    ("_", ""),
])  # fmt: skip
def test_another_word_is_another_tag(tag, other):
    assert not is_akin(tag, other)


def test_what_is_listed_is_not_suggested():
    assert unlisted(ALEPPO, ["SaveAleppo", "SAVEALEPPO", "أنقذوا_حلب", "syria", "انقذوا_حلب"]) == ()


def test_what_is_not_listed_is_suggested_once_as_platforms_are_asked_for_it():
    tags = ["#Save_Aleppo", "save_aleppo", "SaveAleppo", "أنقذواحلب", "syria", "إنقذوا_حلب"]
    assert unlisted(ALEPPO, tags) == ("save_aleppo", "أنقذواحلب", "إنقذوا_حلب")


def test_a_slip_in_any_listed_spelling_counts():
    twins = Campaign("a", "A", "UTC", (Family("أنقذوا_حلب", ("أنقذوا_حلب", "savealeppo")),))
    assert unlisted(twins, ["SaveAlepo"]) == ("savealepo",)


def test_a_twin_in_the_other_letters_is_suggested():
    city = Campaign("a", "A", "UTC", (Family("حلب", ("حلب",)), Family("SaveHoms", ("savehoms",))))
    assert unlisted(city, ["Halab", "aleppo", "homs", "حمص"]) == ("halab", "aleppo")
    assert unlisted(ALEPPO, ["AnqidhuHalab", "Anqithou_Halab"]) == ("anqidhuhalab", "anqithou_halab")


def test_a_suggestion_belongs_to_the_family_it_is_like():
    assert [family_of(ALEPPO, name).tag for name in ("savealepo", "انقذو_حلب")] == ["SaveAleppo", "أنقذوا_حلب"]
    assert family_of(ALEPPO, "homs") is family_of(ALEPPO, "") is None


def test_a_post_suggests_no_more_than_a_few():
    assert len(unlisted(ALEPPO, [f"save{'_' * n}aleppo" for n in range(1, 40)])) == MOST


@given(st.text(LETTERS, max_size=20), st.lists(st.text(LETTERS, max_size=20), max_size=4))
def test_any_tags_give_spellings_or_nothing(tag, typed):
    campaign = Campaign("a", "A", "UTC", (Family(tag, (spelled(tag),)),))
    found = unlisted(campaign, typed)
    assert set(found) <= set(map(spelled, typed)) - {spelled(tag), ""}
