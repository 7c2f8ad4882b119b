"""The spellings that people type for a tag."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.spelling import MOST_PROPOSALS, capitalised, fold, proposals, spelled, stretched

LETTERS = "أإآٱاةهىيیئؤوكکلمنحجبد_0٠۰aAbBéÉ\u064e\u0640\u200c"


@pytest.mark.parametrize(("tag", "typed"), [
    ("#أنقذوا_حلب", "انقذوا_حلب"),  # no hamza
    ("#أنقذوا_حلب", "إنقذوا_حلب"),  # the hamza below
    ("#أنقذوا_حلب", "أنقذواحلب"),  # one word
    ("#أنقذوا_حلب", "انقذواحلب"),  # both
    ("#انقذوا_حلب", "أنقذوا_حلب"),  # the hamza that was left out
    ("#جمعة_الحرية", "جمعه_الحريه"),  # heh for teh marbuta
    ("#جمعه_الحريه", "جمعة_الحرية"),
    ("#مصطفى", "مصطفي"),  # yeh for alef maksura
    ("#سوريا", "سوریا"),  # a Persian keyboard
    ("#کردستان", "كردستان"),  # an Arabic one
    ("#مؤتمر_٢٠١٦", "مؤتمر_2016"),
    ("#مؤتمر", "موتمر"),
    ("#حَلَب", "حلب"),
    ("#حلــب", "حلب"),
    ("#SaveAleppo", "save_aleppo"),
    ("#Save_Aleppo", "savealeppo"),
    ("#Libérez_Alep", "liberez_alep"),
])  # fmt: skip
def test_what_people_type_is_proposed(tag, typed):
    assert typed in proposals(tag)


def test_the_likeliest_comes_first():
    assert proposals("#أنقذوا_حلب")[0] == "انقذوا_حلب"


def test_the_article_gets_no_hamza():
    assert "ألثورة" not in proposals("#الثورة")


@pytest.mark.parametrize("tag", ["", "#", "#aleppo", "#حلب"])
def test_a_tag_that_is_typed_in_one_way_has_no_proposals(tag):
    assert proposals(tag) == ()


@pytest.mark.parametrize(("tag", "typed"), [
    ("#أنقذوا_حلب", "أنقذوا_حلــب"), ("#جمعة_الحرية", "جمعة_الحريــة"), ("#ثوار", "ثوار"),
    ("#Aleppo", "aleppo"), ("", ""),
])  # fmt: skip
def test_the_last_word_is_stretched_where_its_letters_join(tag, typed):
    assert stretched(tag) == typed
    assert fold(stretched(tag)) == fold(tag)


@pytest.mark.parametrize(("tag", "typed"), [
    ("#FridayOfHope", "Friday_Of_Hope"), ("#Save_Aleppo", "SaveAleppo"), ("#Libérez_Alep", "Liberez_Alep"),
    ("#SAVEALEPPO", None), ("#Straße_Frei", "strassefrei"),
])  # fmt: skip
def test_a_form_has_the_capitals_of_its_tag_where_letter_stands_for_letter(tag, typed):
    assert [capitalised(form, tag) for form in proposals(tag)][:1] == ([typed] if typed else [])


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=30))
def test_capitals_change_no_spelling(tag):
    assert all(spelled(capitalised(form, tag)) == form for form in proposals(tag))


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=30))
def test_proposals_are_few_each_once_asked_as_they_stand_and_never_the_tag_itself(tag):
    forms = proposals(tag)
    assert len(forms) == len(set(forms)) <= MOST_PROPOSALS
    assert all(form and spelled(form) == form != spelled(tag) for form in forms)


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS.replace("_", "").replace("é", "").replace("É", "").replace("aAbB", "ab"), max_size=20))
def test_without_blanks_and_accents_every_proposal_is_counted_with_the_tag(tag):
    assert {fold(form) for form in proposals(tag)} <= {fold(tag)}
