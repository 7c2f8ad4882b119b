"""Which texts are the same words, and which say too little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.wording import FEWEST, wording

PLEA = "أنقذوا أطفال حلب من القصف الآن قبل فوات الأوان"


@pytest.mark.parametrize(
    "other",
    [
        f"{PLEA} https://t.example/a?b=1 @somebody #SaveAleppo",
        f"#أنقذوا_حلب\n\n{PLEA}!!!",
        "انقذوا اطفال حلب من القصف الان قبل فوات الاوان",
        "أنقذوا أطفال حلـــب مِن القَصف الآن قبل فوات الأوان 🙏🙏",
        f"\u200f{PLEA.replace(' ', '  ')}\u200f",
    ],
)
def test_links_names_tags_signs_and_ways_of_typing_make_no_other_text(other):
    assert wording(other) == wording(PLEA)


def test_case_and_wide_letters_make_no_other_text():
    assert wording("Save the children of Aleppo") == wording("SAVE THE CHILDREN ＯＦ Aleppo.")


def test_one_other_word_makes_another_text():
    assert wording(PLEA) != wording(PLEA.replace("أطفال", "نساء"))


@pytest.mark.parametrize(
    "text", ["", "#SaveAleppo", "Save them! #SaveAleppo https://news.example/" + "a" * 99, "🙏" * 50]
)
def test_a_text_that_says_little_is_compared_with_none(text):
    assert wording(text) is None


def test_twenty_letters_are_enough():
    assert wording("a" * FEWEST)
    assert wording("a" * (FEWEST - 1)) is None


def test_text_right_before_a_tag_of_another_script_is_kept():
    assert wording(f"{PLEA}#SaveAleppo") == wording(PLEA)


@given(st.text())
def test_any_text_has_a_wording_or_none_and_a_wording_is_its_own(text):
    told = wording(text)
    assert told is None or wording(told) == told
