from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.campaign import OTHER, Campaign, Family
from monitor.model.metric import WHOLE
from monitor.model.words import Phrase
from tests.people import ALEPPO

HALAB = "tag/انقذوا_حلب"


def test_a_post_counts_for_the_whole_its_family_and_its_spelling() -> None:
    assert ALEPPO.subjects(["أنقذوا_حلب"]) == (WHOLE, HALAB, f"{HALAB}/أنقذوا_حلب")


def test_a_spelling_that_is_not_listed_counts_as_another_of_its_family() -> None:
    assert ALEPPO.subjects(["أَنقذوا_حلب"]) == (WHOLE, HALAB, f"{HALAB}/{OTHER}")


def test_case_does_not_make_another_spelling() -> None:
    assert ALEPPO.subjects(["SAVEALEPPO"]) == ALEPPO.subjects(["savealeppo"])


def test_a_post_with_two_spellings_of_a_family_counts_once_for_it() -> None:
    subjects = ALEPPO.subjects(["أنقذوا_حلب", "انقذوا_حلب"])
    assert subjects == (WHOLE, HALAB, f"{HALAB}/أنقذوا_حلب", f"{HALAB}/انقذوا_حلب")


def test_a_post_with_tags_of_two_families_counts_for_both() -> None:
    subjects = ALEPPO.subjects(["SaveAleppo", "أنقذوا_حلب", "Other"])
    assert {WHOLE, "tag/savealeppo", HALAB} <= set(subjects)


@pytest.mark.parametrize("tags", [[], ["Other"], [""], ["#"], ["أنقذوا"], ["حلب"], ["\u202b"]])
def test_a_post_without_a_tag_of_the_campaign_counts_for_nobody(tags: list[str]) -> None:
    assert ALEPPO.subjects(tags) == ()


@pytest.mark.parametrize("tag", ["\u202bأنقذوا_حلب\u202c", "#أنقذوا_حلب", "أنقذوا\u200b_حلب", "\u2067أنقذوا_حلب\u2069"])
def test_bidi_marks_and_signs_change_nothing(tag: str) -> None:
    assert ALEPPO.subjects([tag]) == ALEPPO.subjects(["أنقذوا_حلب"])


@given(st.lists(st.text(max_size=12) | st.sampled_from(["SaveAleppo", "أنقذوا_حلب", "انقذوا_حلب"]), max_size=6))
def test_whatever_the_tags_each_subject_is_credited_once_and_the_whole_first(tags: list[str]) -> None:
    subjects = ALEPPO.subjects(tags)
    assert len(set(subjects)) == len(subjects)
    assert subjects[:1] == ((WHOLE,) if subjects else ())
    assert all("\n" not in subject and subject for subject in subjects)


@given(st.permutations(["SaveAleppo", "أنقذوا_حلب", "انقذوا_حلب", "Other"]))
def test_the_order_of_tags_does_not_matter(tags: list[str]) -> None:
    assert set(ALEPPO.subjects(tags)) == set(ALEPPO.subjects(sorted(tags)))


def test_every_spelling_is_asked_for_once() -> None:
    twice = replace(ALEPPO, families=(*ALEPPO.families, Family("Aleppo", ("savealeppo", "aleppo"))))
    assert twice.spellings == ("savealeppo", "أنقذوا_حلب", "انقذوا_حلب", "aleppo")


def test_a_spelling_that_folds_otherwise_belongs_to_the_family_that_lists_it() -> None:
    joined = Family("أنقذوا_حلب", ("أنقذوا_حلب", "أنقذواحلب"))
    campaign = replace(ALEPPO, families=(joined,))
    assert campaign.subjects(["أنقذواحلب"]) == (WHOLE, HALAB, f"{HALAB}/أنقذواحلب")


def test_an_article_names_the_campaign_in_title_or_summary() -> None:
    assert ALEPPO.names("Fighting goes on", "Reports from Aleppo")
    assert not ALEPPO.names("Fighting goes on", "Reports from Homs")


def test_an_excluded_phrase_anywhere_in_the_article_excludes_it() -> None:
    homs = Campaign("homs", "Homs", "UTC", (), phrases=(Phrase("حمص"),), excluded=(Phrase("طبق"), Phrase("بالطحينة")))
    assert homs.names("والحمص تحت القصف")
    assert not homs.names("والحمص طبق شهي")
    assert not homs.names("والحمص", "بالطحينة")


def test_a_campaign_without_words_is_named_by_no_article() -> None:
    assert not replace(ALEPPO, phrases=()).names("Aleppo")


def test_campaigns_are_values() -> None:
    assert replace(ALEPPO) == ALEPPO
    assert hash(replace(ALEPPO)) == hash(ALEPPO)


def test_an_article_that_prints_a_hashtag_names_the_campaign() -> None:
    bare = replace(ALEPPO, phrases=())
    assert bare.names("#SaveAleppo: a day of protest")
    assert bare.names("مسيرات في جمعة أنقذوا حلب")
    assert not bare.names("Save the whales")


@pytest.mark.parametrize(("tag", "own"), [("SAVEALEPPO", True), ("أَنقذوا_حلب", True), ("Syria", False), ("", False)])
def test_a_campaign_knows_its_own_tags_however_they_are_written(tag: str, own: bool) -> None:
    assert ALEPPO.has_tag(tag) == own


def test_a_hashtag_without_letters_names_nothing_in_the_press() -> None:
    assert not Campaign("sun", "Sun", "UTC", (Family("🌞", ("🌞",)),)).names("Any headline")
