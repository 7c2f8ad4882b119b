import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.mention import Post
from monitor.sources._bluesky_post import heard, shown, tags_of
from tests.people import NOON

TAG = "app.bsky.richtext.facet#tag"
URI = "at://did:plc:abc123/app.bsky.feed.post/3lzxyz2abcd2k"
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bluesky"
recorded = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not on this machine")


def facet(start: int, end: int, *features: dict[str, Any]) -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": list(features)}


def tag(name: Any) -> dict[str, Any]:
    return {"$type": TAG, "tag": name}


def record(**fields: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.post", "text": "", "createdAt": "2016-04-29T12:00:00Z", **fields}


def read(**fields: Any) -> Post:
    post = heard(URI, record(**fields), NOON)
    assert post is not None
    return post


def test_a_tag_is_what_its_facet_names_wherever_letters_and_emoji_put_it():
    text = "🎅🏿 اقرأ معنا #كتاب اليوم"
    start = len(text[: text.index("#")].encode())
    link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://ex.example/a"}
    found = tags_of(record(text=text, facets=[facet(start, start + 9, tag("كتاب")), facet(0, 4, link)]))
    assert found == ("كتاب",)


def test_the_words_of_a_post_are_those_of_its_record():
    assert (read(text="Vigil tonight").text, read().text) == ("Vigil tonight", None)


def test_a_post_is_linked_to_where_people_read_it():
    assert read().link == "https://bsky.app/profile/did:plc:abc123/post/3lzxyz2abcd2k"


def test_tags_beside_the_text_count_and_each_tag_counts_once():
    facets = [facet(0, 3, tag("Aleppo"), tag("Syria")), facet(5, 9, tag("Aleppo"))]
    assert tags_of(record(facets=facets, tags=["Syria", "hidden"])) == ("Aleppo", "Syria", "hidden")


def test_what_only_looks_like_a_tag_is_none():
    assert tags_of(record(text="#SaveAleppo")) == ()


def test_a_tag_keeps_what_other_platforms_would_cut_off():
    assert tags_of(record(facets=[facet(0, 9, tag("save-aleppo.now"))])) == ("save-aleppo.now",)


@pytest.mark.parametrize("places", [(-5, 99999), (9, 3), (0, 0), (1, 2)])
def test_a_facet_out_of_place_still_names_its_tag(places: tuple[int, int]):
    assert tags_of(record(text="حلب", facets=[facet(*places, tag("Aleppo"))])) == ("Aleppo",)


@pytest.mark.parametrize("odd", [None, 7, "", ["x"], {"tag": 1}, "x" * 700])
def test_odd_tags_are_left_out(odd: Any):
    assert tags_of(record(facets=[facet(0, 1, tag(odd), tag("ok"))], tags=[odd])) == ("ok",)


@pytest.mark.parametrize(
    ("claims", "counts_at"),
    [
        (NOON - timedelta(days=3000), NOON - timedelta(days=3000)),
        (NOON + timedelta(minutes=4), NOON + timedelta(minutes=4)),
        (NOON + timedelta(minutes=6), NOON),
        (datetime.fromisoformat("2099-12-31T23:59:59+00:00"), NOON),
    ],
)
def test_a_post_lies_where_its_author_says_but_never_in_the_future(claims: datetime, counts_at: datetime):
    assert read(createdAt=claims.isoformat()).created_at == counts_at


def test_a_time_without_a_zone_is_of_utc():
    assert read(createdAt="2016-04-29T11:33:51.481951").created_at == datetime.fromisoformat(
        "2016-04-29T11:33:51.481951Z"
    )


@pytest.mark.parametrize("langs", [["ar-SY", "en"], [None, "ar"], ["??", "ar"]])
def test_the_first_language_that_is_one_counts(langs: list[Any]):
    assert read(langs=langs).language == "ar"


def test_counters_that_are_not_told_are_unknown():
    post = shown(
        {"uri": URI, "record": record(), "indexedAt": "2016-04-29T12:00:00Z", "likeCount": 0, "replyCount": -1}
    )
    assert post is not None
    told = post.counts
    assert (told.likes, told.reposts, told.replies, told.quotes, told.impressions) == (0, None, None, None, None)


@pytest.mark.parametrize(
    "uri",
    [None, 7, "", "at://did:plc:a/app.bsky.feed.like/3l", "at://handle.example/app.bsky.feed.post/3l", URI + "/x"],
)
def test_what_has_no_address_of_a_post_is_none(uri: Any):
    assert heard(uri, record(), NOON) is None


def test_a_record_of_another_kind_is_no_post():
    assert heard(URI, record() | {"$type": "app.bsky.feed.like"}, NOON) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_record_is_read_or_left_out(told: Any):
    assert shown(told) is None
    assert heard(URI, told, NOON) is None
    assert isinstance(tags_of({"facets": told, "tags": told}), tuple)


def _views(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if {"uri", "record", "indexedAt"} <= set(part):
            yield part
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from _views(inner)


@recorded
def test_every_recorded_answer_of_the_appview_is_read():
    told = [json.loads(path.read_bytes()) for path in sorted((RECORDINGS / "appview-answers").glob("*.json"))]
    posts = [shown(view) for answer in told for view in _views(answer)]
    assert len(posts) >= 8
    assert all(post is not None and post.counts.likes is not None for post in posts)
    assert "keeplearning" in {tag for post in posts if post for tag in post.tags}


@recorded
def test_tags_are_those_that_blueskys_own_search_finds():
    case = json.loads((RECORDINGS / "indigo_search_tag_rule.json").read_bytes())
    facets = [facet(0, 1, *map(tag, case["facet_tags"]))]
    assert list(tags_of(record(text=case["text"], facets=facets, tags=case["outline_tags"]))) == case["indexed_tag"]
