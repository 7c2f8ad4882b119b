"""Hashtags as Bluesky's app finds them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._bluesky_tags import LONGEST, tags

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hashtags" / "bluesky_rich_text_tags.json"


@pytest.mark.skipif(not CASES.is_file(), reason="the cases are not here")
def test_tags_are_cut_as_bluesky_cuts_them():
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        assert tags(case["text"]) == case["tags"], case["text"]


@pytest.mark.parametrize(("text", "found"), [
    ("#أنقذوا_حلب الآن، #حمص؟", ["أنقذوا_حلب", "حمص"]),
    ("#القُدس #كتـــاب", ["القُدس", "كتـــاب"]),
    ("#می\u200cخواهم", ["می"]),  # the joiner that nobody sees ends a tag here
    ("#٢٠٢٦ #2026", ["٢٠٢٦"]),  # only the digits 0 to 9 are no tag
    ("#a-b #a.b #a#b", ["a-b", "a.b", "a#b"]),
    ("#b_ #_b #___", ["b", "_b"]),
    ("(#a) a#b /#c", []),
    ("one\n#two\u00a0#three\ufeff#four", ["two", "three", "four"]),
    ("#same #same", ["same", "same"]),
    ("＃حلب ##حلب", ["حلب", "#حلب"]),
    ("#️⃣ #️⃣tag #🕊️", ["🕊️"]),
    ("", []),
])  # fmt: skip
def test_a_tag_goes_from_a_blank_to_the_next(text, found):
    assert tags(text) == found


def test_letters_are_counted_as_people_see_them():
    assert tags("#" + "حَ" * LONGEST) == ["حَ" * LONGEST]
    assert tags("#" + "ح" * (LONGEST + 1)) == []


@given(st.text(st.sampled_from("#＃aا_-./:&!؟ \u200c\u202b\ufe0f1\ud800"), max_size=60))
def test_a_tag_holds_no_blank_and_no_punctuation_at_its_end(text):
    assert all(tag and " " not in tag and tag[-1] not in "-./:&!؟_#" for tag in tags(text))
