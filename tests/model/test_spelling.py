import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.model.spelling import LONGEST_TAG, fold, fold_letters, proposals, spelled, visible, written

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "arabic"
needed = pytest.mark.skipif(not SHARED.is_dir(), reason="the cases are not here")
ARABIC = st.text(alphabet=st.characters(min_codepoint=0x600, max_codepoint=0x6FF), max_size=20)
INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff\u00ad\u061c\u200b"


@pytest.mark.parametrize(
    "typed",
    [
        "#أنقذوا_حلب",
        "انقذوا_حلب",
        "أنقذوا_حلـــب",
        "أَنْقِذُوا_حَلَب",
        "＃أنقذوا_حلب",
        " #أنقذوا_حلب ",
        "\u202b#أنقذوا_حلب\u202c",
        "أنقذوا\u200e_حلب",
        "ٲنقذوا_حلب",
        "ﺃﻧﻘﺬﻭﺍ_ﺣﻠﺐ",
        "ا\u0654نقذوا_حلب",
    ],
)
def test_what_people_type_for_one_tag_is_one_family(typed: str) -> None:
    assert fold(typed) == fold("أنقذوا_حلب")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("جمعة", "جمعه"),
        ("مصطفى", "مصطفي"),
        ("علی", "علي"),
        ("کربلا", "كربلا"),
        ("مسؤول", "مسوول"),
        ("هيئة", "هييه"),
        ("می\u200cخواهم", "میخواهم"),
        ("٢٠٢٥", "2025"),
        ("SaveAleppo", "SAVEALEPPO"),
        ("Straße", "STRASSE"),
    ],
)
def test_letters_that_stand_for_one_another_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("أنقذوا_حلب", "أنقذواحلب"), ("حلب", "حلت"), ("SaveAleppo", "Save_Aleppo"), ("é", "e"), ("سوء", "سو")],
)
def test_other_tags_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=30) | ARABIC)
@example("ﷺ")
@example("ٵ")
@example("ۓ")
@example("\u0345\u0345")
@example("ſ#")
def test_folding_twice_changes_nothing_more(tag: str) -> None:
    assert fold(fold(tag)) == fold(tag)


@given(st.text(max_size=30) | ARABIC)
@example("#\u200b#")
def test_spelling_twice_changes_nothing_more(tag: str) -> None:
    assert spelled(spelled(tag)) == spelled(tag)


@given(ARABIC | st.text(max_size=30))
def test_how_a_tag_is_composed_does_not_matter(tag: str) -> None:
    assert fold(unicodedata.normalize("NFD", tag)) == fold(unicodedata.normalize("NFC", tag))


@given(
    st.text(alphabet="أنقذوا_حلبSaveAleppo", min_size=1, max_size=20),
    st.text(alphabet=INVISIBLE, max_size=6),
    st.integers(0, 20),
)
def test_what_nobody_sees_changes_nothing(tag: str, marks: str, place: int) -> None:
    assert spelled(tag[:place] + marks + tag[place:]) == spelled(tag)


@given(st.text(max_size=30))
def test_a_spelling_holds_nothing_invisible_but_the_joiner(tag: str) -> None:
    assert visible(spelled(tag), kept="\u200c") == spelled(tag)


def test_a_spelling_keeps_hamza_marks_and_underscore() -> None:
    assert spelled("#أَنقذوا_حلب") == "أَنقذوا_حلب"


def test_the_persian_joiner_is_kept_in_a_spelling_and_folded_in_the_family() -> None:
    assert (spelled("می\u200cخواهم"), fold("می\u200cخواهم")) == ("می\u200cخواهم", "ميخواهم")


def test_an_endless_tag_is_cut() -> None:
    assert len(spelled("ا" * 500)) == LONGEST_TAG
    assert len(fold("ﷺ" * 500)) <= LONGEST_TAG


def test_nothing_folds_to_nothing() -> None:
    assert [fold(tag) for tag in ("", "#", "###", " ", "\u200f", "ـ")] == [""] * 6


def test_proposals_are_never_the_tag_itself() -> None:
    assert spelled("أنقذوا_حلب") not in proposals("أنقذوا_حلب")


@needed
def test_lucene_folds_alike() -> None:
    with (SHARED / "lucene_normalization_cases.csv").open(encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    apart = {
        case["case"]: fold_letters(case["input"]) for case in cases if fold_letters(case["input"]) != case["expected"]
    }
    assert len(cases) > 15
    assert apart == {}


def test_we_go_further_than_lucene_where_people_do() -> None:
    """Lucene keeps hamza on waw and yeh and a joiner; people leave out the one, and Persian keyboards the other."""
    assert [fold(tag) for tag in ("مسؤول", "هيئة", "می\u200cخواهم")] == ["مسوول", "هييه", "ميخواهم"]


@needed
def test_composed_and_compatible_forms_of_every_arabic_character_fold_alike() -> None:
    lines = (SHARED / "unicode15_NormalizationTest_arabic_lines.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(";")[:5] for line in lines if not line.startswith("#")]
    assert len(rows) > 900
    for row in rows:
        forms = {fold("".join(chr(int(code, 16)) for code in cell.split())) for cell in row}
        assert len(forms) == 1, row


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("#SaveAleppo", "SaveAleppo"),
        (" #أنقذوا\u200f_حلب ", "أنقذوا_حلب"),
        ("a\n b\x00", "ab"),
        ("#", ""),
        ("\ud800", "?"),
    ],
)
def test_a_tag_is_kept_as_it_is_typed_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert written(typed) == kept


@given(st.text(max_size=400))
def test_what_is_kept_of_any_tag_is_text_that_shows_and_has_no_blanks(tag: str) -> None:
    kept = written(tag)
    assert len(kept) <= LONGEST_TAG
    assert kept.encode().decode() == kept
    assert kept == "".join(kept.split())
    assert not set(kept) & set(INVISIBLE)
