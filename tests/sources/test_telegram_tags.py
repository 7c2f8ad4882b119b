"""Hashtags as Telegram's apps cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._telegram_tags import tags


@pytest.mark.parametrize(("text", "found"), [
    ("#أنقذوا_حلب الآن، #حمص؟", ["أنقذوا_حلب", "حمص"]),
    ("#كتـــاب #می\u200cخواهم", ["كتـــاب", "می\u200cخواهم"]),
    ("#القُدس", ["الق"]),  # marks are no letters here
    ("#بث@channel", ["بث"]),
    ("#1a #123 #٢٠٢٦ #_ #_b", ["1a", "_b"]),
    ("a#b _#c 1#d", []),
    ("(#a)#b «#c» /#d", ["a", "b", "c", "d"]),
    ("#a#b ##c", ["c"]),
    ("#a-b #a.b", ["a", "a"]),
    ("#ශ්‍රී", ["ශ්"]),
    ("＃حلب", []),
    ("https://t.example/#tag t.me/?q=#tag https://t.example/حلب/#tag", []),
    ("", []),
])  # fmt: skip
def test_tags_of_all_kinds(text, found):
    assert tags(text) == found


def test_a_tag_ends_after_256_letters():
    assert [len(tag) for tag in tags("#" + "a" * 10_000)] == [256]


@given(st.text(st.sampled_from("#aا_-./:& \u200c\u202b\ufe0f1"), max_size=60))
def test_a_tag_has_a_letter_and_no_sign(text):
    assert all(set(tag) & set("aا") and not set(tag) & set("# &/") for tag in tags(text))
