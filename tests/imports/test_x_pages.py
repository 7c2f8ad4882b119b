import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.imports.found import Rejected
from monitor.model.mention import Counts, Post
from tests.imports import taken
from tests.imports.taken import Found
from tests.imports.twarc import LATER, file, id_of, page, tweet

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "x"
needed = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not here")
ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just([]) | st.just({})


def rows(folder: Path, *lines: Any) -> list[Found | Rejected]:
    return taken.rows(file(folder, lines), format="twarc")


def found(folder: Path, *lines: Any) -> list[Post]:
    return [row.post for row in rows(folder, *lines) if isinstance(row, Found)]


def only(folder: Path, *lines: Any) -> Post:
    (post,) = found(folder, *lines)
    return post


def reasons(folder: Path, *lines: Any) -> list[str]:
    return [row.reason for row in rows(folder, *lines) if isinstance(row, Rejected)]


# Shapes of files


def test_a_page_gives_its_posts(tmp_path: Path) -> None:
    assert [post.id for post in found(tmp_path, page(tweet(1), tweet(2)), page(tweet(3)))] == [*map(id_of, (1, 2, 3))]


def test_a_page_of_one_lookup_holds_one_post(tmp_path: Path) -> None:
    assert only(tmp_path, page() | {"data": tweet(1)}).counts.likes == 3


def test_flattened_lines_are_posts(tmp_path: Path) -> None:
    author = {"id": "42", "username": "ada", "public_metrics": {"followers_count": 120}}
    post = only(tmp_path, tweet(1) | {"author": author, "author_id": None})
    assert (post.author, post.followers) == ("42", 120)


def test_the_new_names_are_read_like_the_old(tmp_path: Path) -> None:
    new = tweet(2, public_metrics={"repost_count": 8, "like_count": 1}, edit_history_post_ids=[id_of(1)])
    new["referenced_posts"], new["note_post"] = [], {"text": "…", "entities": {"hashtags": [{"tag": "Long"}]}}
    post = only(tmp_path, page(new))
    assert (post.id, post.counts.reposts, post.tags) == (id_of(1), 8, ("SaveAleppo", "Long"))


@pytest.mark.parametrize(
    "line",
    [{"errors": [{"title": "Not Found"}]}, {"meta": {"result_count": 0}}, {"data": [], "meta": {}}, {"includes": {}}],
)
def test_a_page_without_posts_holds_none_and_is_no_fault(tmp_path: Path, line: dict[str, Any]) -> None:
    assert rows(tmp_path, line, page(tweet(1))) == rows(tmp_path, page(tweet(1)))


def test_a_file_of_counts_is_refused_in_words(tmp_path: Path) -> None:
    counts = {"data": [{"start": "2023-03-03T00:00:00Z", "end": "2023-03-03T01:00:00Z", "tweet_count": 5}], "meta": {}}
    assert reasons(tmp_path, counts) == ["counts per hour or day, no posts; import the file of the posts"]


@pytest.mark.parametrize(
    "line",
    [
        {"id_str": "1", "full_text": "x"},
        5,
        [1],
        "text",
        {"id": 1.64e18},
        {"id": "1.64E+18"},
        {"id": "1" * 500},
        {"id": "5"},
    ],
)
def test_what_is_no_post_is_rejected_with_a_reason(tmp_path: Path, line: Any) -> None:
    assert len(reasons(tmp_path, line, page(tweet(1)))) == 1


def test_one_bad_post_of_a_page_harms_no_other(tmp_path: Path) -> None:
    assert [type(row) for row in rows(tmp_path, page(tweet(1), {"id": None}, 7, tweet(2)))] == [Rejected, Found, Found]


# What a post says


def test_counters_by_name(tmp_path: Path) -> None:
    told = {"retweet": 1, "reply": 2, "like": 3, "quote": 4, "bookmark": 5, "impression": 600}
    assert only(tmp_path, page(tweet(metrics=told))).counts == Counts(600, 3, 1, 2, 4)


def test_a_counter_that_is_missing_is_unknown(tmp_path: Path) -> None:
    assert only(tmp_path, page(tweet(public_metrics=None))).counts == Counts()


@pytest.mark.parametrize("told", ["12", -1, 1e308, None, True, 2**60, [3], {"n": 3}])
def test_a_counter_that_cannot_be_true_is_unknown(tmp_path: Path, told: Any) -> None:
    assert only(tmp_path, page(tweet(metrics={"impression": told, "like": 1}))).counts == Counts(likes=1)


@pytest.mark.parametrize("engaged", ["like", "retweet", "reply", "quote"])
def test_no_impressions_of_a_post_that_people_answered_is_unknown(tmp_path: Path, engaged: str) -> None:
    assert only(tmp_path, page(tweet(metrics={"impression": 0, engaged: 1}))).counts.impressions is None


def test_no_impressions_of_a_post_nobody_answered_is_zero(tmp_path: Path) -> None:
    assert only(tmp_path, page(tweet(metrics={"impression": 0, "like": 0}))).counts.impressions == 0


def test_no_impressions_before_x_counted_them_is_unknown(tmp_path: Path) -> None:
    old = tweet(created_at="2022-11-30T10:00:00.000Z", metrics={"impression": 0})
    assert only(tmp_path, page(old)).counts.impressions is None


def test_a_retweet_counts_as_a_post_and_multiplies_nothing(tmp_path: Path) -> None:
    shared = {"metrics": {"retweet": 900, "impression": 0}, "referenced_tweets": [{"type": "retweeted", "id": "7"}]}
    posts = found(tmp_path, page(tweet(1, **shared), tweet(2, **shared)))
    assert [(post.counts, post.author) for post in posts] == [(Counts(), "42")] * 2


def test_a_quote_and_a_reply_keep_their_own_numbers(tmp_path: Path) -> None:
    own = [{"type": "quoted", "id": "7"}, {"type": "replied_to", "id": "8"}]
    assert only(tmp_path, page(tweet(referenced_tweets=own))).counts.impressions == 500


def test_a_retweet_has_the_hashtags_of_the_post_it_repeats(tmp_path: Path) -> None:
    original = tweet(1, tags=["أنقذوا_حلب"])
    repeat = tweet(2, tags=[], referenced_tweets=[{"type": "retweeted", "id": original["id"]}])
    assert found(tmp_path, page(repeat, tweets=[original]))[0].tags == ("أنقذوا_حلب",)


def test_a_flattened_retweet_too(tmp_path: Path) -> None:
    repeat = tweet(2, tags=[], referenced_tweets=[tweet(1) | {"type": "retweeted"}])
    assert [post.tags for post in found(tmp_path, repeat)] == [("SaveAleppo",)] * 2


def test_posts_that_repeat_each_other_end(tmp_path: Path) -> None:
    first = tweet(1, tags=[], referenced_tweets=[{"type": "retweeted", "id": tweet(2)["id"]}])
    second = tweet(2, tags=[], referenced_tweets=[{"type": "retweeted", "id": tweet(1)["id"]}])
    assert len(found(tmp_path, page(first, tweets=[first, second]))) == 3


def test_context_is_not_what_was_asked_for(tmp_path: Path) -> None:
    asked = [row.asked for row in rows(tmp_path, page(tweet(1), tweets=[tweet(9)])) if isinstance(row, Found)]
    assert asked == [True, False]


def test_the_versions_of_an_edited_post_are_one(tmp_path: Path) -> None:
    history = [tweet(1)["id"], tweet(2)["id"]]
    first = tweet(1, edit_history_tweet_ids=history[:1])
    edited = tweet(2, edit_history_tweet_ids=history)
    posts = found(tmp_path, page(first), page(edited))
    assert posts[0].id == posts[1].id


def test_an_edited_post_counts_when_its_first_version_was_written(tmp_path: Path) -> None:
    edited = tweet(2, id="1989000000000000002", edit_history_tweet_ids=["1900000000000000000", "1989000000000000002"])
    assert only(tmp_path, page(edited)).created_at == datetime(2025, 3, 13, 1, 44, 34, 949000, tzinfo=UTC)


def test_the_id_tells_the_time_where_the_file_does_not(tmp_path: Path) -> None:
    assert only(tmp_path, page(tweet(id="1900000000000000000", created_at=None))).created_at.year == 2025


def test_hashtags_are_cut_here_where_the_file_leaves_them_out(tmp_path: Path) -> None:
    assert only(tmp_path, page(tweet(entities=None, text="الآن #أنقذوا_حلب"))).tags == ("أنقذوا_حلب",)


def test_hashtags_of_a_long_text_are_found(tmp_path: Path) -> None:
    note = {"text": "…", "entities": {"hashtags": [{"tag": "Homs"}]}}
    assert only(tmp_path, page(tweet(note_tweet=note))).tags == ("SaveAleppo", "Homs")


@pytest.mark.parametrize(
    ("told", "language"), [("ar", "ar"), ("und", None), ("qme", None), ("zxx", None), (5, None), ("ar-SY", None)]
)
def test_pseudo_languages_are_none(tmp_path: Path, told: Any, language: str | None) -> None:
    assert only(tmp_path, page(tweet(lang=told))).language == language


def test_followers_come_with_the_page(tmp_path: Path) -> None:
    users = [{"id": "42", "public_metrics": {"followers_count": 120}}]
    assert only(tmp_path, page(tweet(), users=users)).followers == 120


def test_the_time_of_reading_is_the_pages(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, page(tweet()))
    assert isinstance(row, Found)
    assert row.observed == LATER + timedelta(days=1)


# Everything else


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*tweet(), "edit_history_tweet_ids", "referenced_tweets", "note_tweet", "author"]), ODD
    )
)
def test_odd_fields_are_read_or_rejected(tmp_path_factory: pytest.TempPathFactory, odd: dict[str, Any]) -> None:
    (row,) = rows(tmp_path_factory.getbasetemp(), page(tweet(1) | odd))
    if isinstance(row, Found):
        assert row.post.created_at.tzinfo is UTC
        assert row.post.id.isdigit()


@settings(deadline=None)
@given(
    st.recursive(
        ODD,
        lambda inner: (
            st.dictionaries(st.sampled_from(["data", "includes", "tweets", "id", "entities"]), inner)
            | st.lists(inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_rejected(tmp_path_factory: pytest.TempPathFactory, line: Any) -> None:
    assert all(isinstance(row, Found | Rejected) for row in rows(tmp_path_factory.getbasetemp(), line))


# Real pages


def pages() -> dict[str, Any]:
    """Return every recorded answer of the API's version 2 by its file and place."""
    found = {}
    for path in sorted(RECORDED.rglob("*.json")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        exchanges = [part.get("json") for part in whole] if isinstance(whole, list) else [whole]
        found |= {f"{path.stem}-{place}": answer for place, answer in enumerate(exchanges) if isinstance(answer, dict)}
    return {name: answer for name, answer in found.items() if not name.startswith("v1.1")}


@needed
def test_every_recorded_post_is_read(tmp_path: Path) -> None:
    seen = 0
    for name, answer in pages().items():
        if "count" in name or "trends" in name:
            continue
        told = answer.get("data", [])
        told = told if isinstance(told, list) else [told]
        read = [row for row in rows(tmp_path, answer) if isinstance(row, Found) and row.asked]
        assert [row.post.id for row in read] == [
            (tweet.get("edit_history_tweet_ids") or [tweet["id"]])[0] for tweet in told
        ], name
        seen += len(read)
    assert seen > 100


@needed
def test_recorded_counters_are_read(tmp_path: Path) -> None:
    measured = 0
    for answer in pages().values():
        told = answer.get("data", [])
        by_id = {tweet["id"]: tweet for tweet in told if isinstance(tweet, dict) and "public_metrics" in tweet}
        for post in found(tmp_path, answer) if by_id else ():
            row = by_id.get(post.id, {})
            if row and not any(reference["type"] == "retweeted" for reference in row.get("referenced_tweets", [])):
                assert post.counts.likes == row["public_metrics"]["like_count"]
                measured += 1
    assert measured


@needed
def test_recorded_counts_are_refused(tmp_path: Path) -> None:
    counts = [answer for name, answer in pages().items() if "count" in name]
    assert counts
    for answer in counts:
        assert len(reasons(tmp_path, answer)) == 1


@needed
def test_the_old_api_is_rejected_post_by_post(tmp_path: Path) -> None:
    exchange = json.loads((RECORDED / "recorded" / "v1.1_testsearchtweets.json").read_text(encoding="utf-8"))[0]
    old = exchange["json"]["statuses"]
    assert reasons(tmp_path, *old) == ["a post of the old API 1.1 among posts of version 2"] * len(old) != []
