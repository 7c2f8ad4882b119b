from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._x_tags import tags as cut

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "hashtags" / "conformance_extract.yml"


@pytest.mark.skipif(not CASES.is_file(), reason="the cases are not here")
@pytest.mark.parametrize("group", ["hashtags", "hashtags_from_astral", "hashtags_with_indices"])
def test_tags_are_cut_as_x_cuts_them(group: str) -> None:
    for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"][group]:
        expected = [tag if isinstance(tag, str) else tag["hashtag"] for tag in case["expected"]]
        assert cut(case["text"]) == expected, case["description"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#أنقذوا_حلب الآن", ["أنقذوا_حلب"]),
        ("#أنقذوا_حلـــب", ["أنقذوا_حلـــب"]),
        ("#حَلَب، #حمص", ["حَلَب", "حمص"]),
        ("#می\u200cخواهم", ["می\u200cخواهم"]),
        ("＃حلب", ["حلب"]),
        ("\u202b#حلب\u202c", ["حلب"]),
        ("#١٢٣ #123", []),
        ("a#b &#b; x_#c", []),
        ("#a#b", []),
        ("see https://t.co/#hash", []),
        ("#️⃣", []),
        ("# #", []),
    ],
)
def test_tags_of_all_kinds(text: str, tags: list[str]) -> None:
    assert cut(text) == tags


@given(st.text(alphabet=st.sampled_from("#＃aا_-./:& \u200c\u202b\ufe0f1"), max_size=60))
def test_a_tag_never_holds_a_sign_or_a_space(text: str) -> None:
    for tag in cut(text):
        assert tag
        assert not set(tag) & set("#＃ &/")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a ✌️#tag, ✌🏿#tag", ["tag", "tag"]),  # an emoji is no word
        ("#tag:// #tag", ["tag"]),
        ("##tag", ["tag"]),
        ("a#x\ufe0e#tag #x\ufe0e#tag", ["tag"]),  # the style of an emoji, or the end of the tag before
        ("#b_ #_b #a-b #a.b", ["b_", "_b", "a", "a"]),
        ("#\u20e3tag #\ufe0ftag", []),
        ("حلب#حمص", []),
        ("(#a)#b «#c»", ["a", "b", "c"]),
        ("#_ #__1", []),
        ("https://t.example/a-#tag", []),
        ("t.co/#tag", []),
        ("(https://t.example/a)#tag", ["tag"]),
        ("https://t.example/a_(b)#tag", []),
        ("https://t.example/?q=#tag&r=1", []),
        ("https://t.example/حلب/#حمص", ["حمص"]),  # an address ends at an Arabic letter
        ("the end.Start/#tag", ["tag"]),
        ("and/or/#tag", ["tag"]),
    ],
)
def test_a_word_or_an_address_holds_no_tag(text: str, tags: list[str]) -> None:
    assert cut(text) == tags
