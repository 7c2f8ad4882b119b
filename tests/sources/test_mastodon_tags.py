"""Hashtags as Mastodon cuts them, from text and from a post's HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources._mastodon_tags import tags


@pytest.mark.parametrize(("text", "found"), [
    ("#أنقذوا_حلب الآن، #حمص؟", ["أنقذوا_حلب", "حمص"]),
    ("#القُدس #كتـــاب", ["القُدس", "كتـــاب"]),
    ("#می\u200cخواهم #نرم\u200c", ["می\u200cخواهم", "نرم"]),
    ("＃ｆｏｏ test\u00a0#foo", ["ｆｏｏ", "foo"]),
    ("#3d #l33ts35k #world2016", ["3d", "l33ts35k", "world2016"]),
    ("#_test #test_ #one_two", ["_test", "test_", "one_two"]),
    ("#one·two·three #one·two· #·one #・", ["one·two·three", "one·two"]),
    ("#ぼっち・ざ・ろっく", ["ぼっち・ざ・ろっく"]),
    ("#0123456 #٢٠٢٦ # ##", []),
    ("#1·2 #a·b #1· #é", ["1·2", "a·b", "é"]),  # what joins words makes a tag of three
    ("#a-b #a'b #a.b", ["a", "a", "a"]),
    ("a#b (#c) «#d» ##e", []),  # only after a blank
    ("#a#b #c", ["a", "c"]),
    ("#taghttps://a.example #http://", ["tag", "http"]),
    ("https://medium.example/@alice/some-article#.abcdef123", []),
    ("https://en.example.org/wiki/Ghostbusters_(song)#Lawsuit", []),
    ("https://gcc.example.org/show_bug.cgi?id=111895#c4", []),
    ("https://a.example/(song)?foo=#Lawsuit", []),
])  # fmt: skip
def test_tags_of_text(text, found):
    assert tags(text) == found


@pytest.mark.parametrize(("content", "found"), [
    (
        '<p>اقرأ <a href="https://social.example/tags/x" class="mention hashtag" rel="tag">#<span>كتاب</span></a></p>',
        ["كتاب"],
    ),
    ("<p>#a<br>#b<br />#c</p><p>#d</p>", ["a", "b", "c", "d"]),
    ("<p>#R&amp;D &lt;#b &#35;c</p>", ["R", "c"]),
    ('<p><a href="https://a.example/#x">https://a.example/<span class="invisible">#x</span></a></p>', []),
    ("a < b #tag > c", ["tag"]),
    ("<3 #love", ["love"]),
    ("#tag &amp; more", ["tag"]),
    ("<p>never closed <a #tag", ["tag"]),
])  # fmt: skip
def test_markup_is_left_out_and_what_is_none_is_kept(content, found):
    assert tags(content) == found


@given(st.text(st.sampled_from("#＃aا_-·・:/<p>& \u200c1"), max_size=60))
def test_a_tag_begins_and_ends_with_a_word(text):
    assert all(
        tag and not set(tag) & set("#＃ /&<>") and {tag[0], tag[-1]}.isdisjoint("·・\u200c") for tag in tags(text)
    )
