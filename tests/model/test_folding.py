"""Where our folding agrees with others', and where it differs and why (docs/spelling.md)."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model.spelling import DIGITS, LETTERS, fold

ROOT = Path(__file__).resolve().parents[2]
CAMEL = ROOT.parent / "shared" / "data" / "arabic" / "camel_tools_arclean_map.json"
PAGE = (ROOT / "docs" / "spelling.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([\u0600-\u06ff ]+) \| (\w) \|", PAGE, re.MULTILINE)
ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"


def mapped() -> Iterator[tuple[str, str]]:
    """Every letter, mark and digit of Arabic script that CAMeL Tools maps, and what to."""
    for span, to in json.loads(CAMEL.read_text(encoding="utf-8"))["charMap"].items():
        first, last = span[0], span[-1]
        for code in range(ord(first), ord(last) + 1):
            letter = chr(code)
            if to is not None and "ARABIC" in unicodedata.name(letter, "") and unicodedata.category(letter)[0] in "LMN":
                yield letter, to


def is_foreign(letter: str) -> bool:
    """Whether a letter belongs to the alphabet of another language than Arabic."""
    plain = unicodedata.normalize("NFKC", letter)
    return unicodedata.category(letter)[0] == "L" and not set(plain) & set(ALPHABET + "ـ")


@pytest.mark.skipif(not CAMEL.is_file(), reason="the map is not here")
def test_camel_tools_folds_the_arabic_alphabet_marks_and_digits_alike():
    apart = [letter for letter, to in mapped() if fold(f"ح{letter}") != fold(f"ح{to}")]
    assert len(list(mapped())) > 300
    assert [letter for letter in apart if not is_foreign(letter)] == []


@pytest.mark.skipif(not CAMEL.is_file(), reason="the map is not here")
def test_letters_of_other_languages_stay_letters_where_camel_tools_maps_them():
    apart = {letter for letter, to in mapped() if fold(f"ح{letter}") != fold(f"ح{to}")}
    assert set("پچژٹڤںە") <= apart
    assert all(len(fold(f"ح{letter}")) > 1 for letter in apart)


@pytest.mark.parametrize(("one", "other"), [("پاریس", "باريس"), ("چین", "جين"), ("ژاپن", "زابن"), ("ٹرمپ", "ترمب")])
def test_words_of_other_languages_are_no_spellings_of_arabic_ones(one, other):
    assert fold(one) != fold(other)


def test_every_letter_of_arabic_folds_to_itself_or_to_one_of_arabic():
    folded = {letter: fold(f"ح{letter}")[1:] for letter in ALPHABET}
    assert set(folded.values()) <= set(ALPHABET)
    assert {letter for letter, to in folded.items() if letter != to} == set("آأؤإئةى")


def test_every_letter_and_digit_that_is_folded_stands_in_the_table_of_the_docs():
    assert [chr(code) for code in LETTERS if chr(code) not in PAGE] == []
    digits = "".join(chr(code) for code in range(0x660, 0x66A)) + "".join(chr(code) for code in range(0x6F0, 0x6FA))
    assert {chr(code) for code in DIGITS} == set(digits)


@pytest.mark.parametrize(("typed", "becomes"), ROWS)
def test_the_table_of_the_docs_is_what_happens(typed, becomes):
    assert {fold(f"ح{letter}")[1:] for letter in typed.split()} == {becomes}


def test_the_table_is_read_by_the_test():
    assert len(ROWS) == 5
