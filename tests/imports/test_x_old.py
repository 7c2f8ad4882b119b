import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.imports.recognise import Format
from monitor.model.mention import Counts, Post
from tests.imports import taken
from tests.imports.test_packed import archive
from tests.imports.twarc import LATER, file, id_of

WRITTEN = LATER + timedelta(minutes=1)


def old(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a post of the API 1.1."""
    told = {
        "id": int(id_of(number)),
        "id_str": id_of(number),
        "created_at": f"{LATER + timedelta(minutes=number):%a %b %d %H:%M:%S +0000 %Y}",
        "full_text": "words #SaveAleppo",
        "entities": {"hashtags": [{"text": "SaveAleppo", "indices": [6, 17]}]},
        "user": {"id_str": "42", "followers_count": 120},
        "favorite_count": 3,
        "retweet_count": 2,
        "lang": "ar",
    }
    return {**told, **fields}


def own(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a post as it lies in an archive: no author, counters as text."""
    post = old(number, favorite_count="3", retweet_count="2", **fields)
    return {"tweet": {name: value for name, value in post.items() if name != "user"}}


def shown(number: int = 1, views: Any = None, **legacy: Any) -> dict[str, Any]:
    """Return a post as the website loads it, kept by Zeeschuimer."""
    post = {**old(number, user_id_str="42", **legacy), "user": None}
    author = {"result": {"rest_id": "42", "legacy": {"followers_count": 120}}}
    inner = {"rest_id": id_of(number), "legacy": post, "core": {"user_results": author}, "views": views or {}}
    return {"item_id": id_of(number), "timestamp_collected": int(LATER.timestamp() * 1000), "data": inner}


def script(*posts: Any) -> bytes:
    return b"window.YTD.tweets.part0 = " + json.dumps(posts, indent=1).encode()


def format_of(path: Path) -> Format:
    return taken.open_file(path).format


def only(path: Path) -> Post:
    (post,) = taken.posts(path)
    return post


def test_a_post_of_twarc_1_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, [old()])
    assert format_of(path).name == "twarc1"
    counts, link = Counts(likes=3, reposts=2), f"https://x.com/i/status/{id_of(1)}"
    assert only(path) == Post(
        "x", id_of(1), WRITTEN, ("SaveAleppo",), counts, author="42", followers=120, language="ar", link=link
    )


def test_the_whole_text_of_a_streamed_post_is_searched_for_hashtags(tmp_path: Path) -> None:
    long = {"full_text": "#Homs", "entities": {"hashtags": [{"text": "Homs"}]}}
    assert only(file(tmp_path, [old(extended_tweet=long)])).tags == ("Homs", "SaveAleppo")


def test_hashtags_are_cut_here_where_the_file_leaves_them_out(tmp_path: Path) -> None:
    assert only(file(tmp_path, [old(entities={}, full_text="الآن #أنقذوا_حلب")])).tags == ("أنقذوا_حلب",)


def test_a_retweet_counts_nothing_of_what_it_repeats_which_is_a_post_of_its_own(tmp_path: Path) -> None:
    repeat = old(2, full_text="RT @ada: …", entities={}, retweeted_status=old(1), retweet_count=2)
    repeated, original = sorted(taken.rows(file(tmp_path, [repeat])), key=lambda row: getattr(row, "asked", 0))[::-1]
    assert isinstance(repeated, taken.Found)
    assert isinstance(original, taken.Found)
    assert (repeated.post.counts, repeated.post.tags, repeated.post.text) == (Counts(), ("SaveAleppo",), None)
    assert original.post.text
    assert (original.asked, original.post.id, original.post.counts.reposts) == (False, id_of(1), 2)


def test_notices_of_a_stream_are_passed_by(tmp_path: Path) -> None:
    path = file(tmp_path, [old(), {"delete": {"status": {"id": 1}}}, {"limit": {"track": 5}}])
    assert (len(taken.posts(path)), taken.passed(path), taken.reasons(path)) == (1, 2, [])


def test_an_answer_of_the_search_is_its_posts(tmp_path: Path) -> None:
    assert len(taken.posts(file(tmp_path, [{"statuses": [old(1), old(2)], "search_metadata": {}}]))) == 2


@pytest.mark.parametrize("created", ["yesterday", None, "Wed Foo 10 20:19:24 +0000 2018"])
def test_the_id_tells_the_time_where_the_file_does_not(tmp_path: Path, created: Any) -> None:
    assert only(file(tmp_path, [old(created_at=created)])).created_at == WRITTEN


def test_an_archive_is_a_script_with_all_posts_of_an_account(tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_bytes(script(own(1), own(2)))
    form = format_of(tmp_path / "tweets.js")
    assert (form.name, form.complete) == ("x-archive", False)
    assert [post.counts for post in taken.posts(tmp_path / "tweets.js")] == [Counts(likes=3, reposts=2)] * 2


def test_an_older_archive_holds_posts_without_a_wrapper(tmp_path: Path) -> None:
    (tmp_path / "tweet.js").write_bytes(script(own(1)["tweet"]))
    assert only(tmp_path / "tweet.js").counts.likes == 3


def test_the_parts_of_an_archive_are_read_from_its_zip(tmp_path: Path) -> None:
    parts = {"data/tweets.js": script(own(1)), "data/tweets-part1.js": script(own(2)), "data/like.js": script(own(3))}
    assert [post.id for post in taken.posts(archive(tmp_path / "x.zip", **parts))] == [id_of(1), id_of(2)]


def test_a_retweet_in_an_archive_is_known_by_its_text(tmp_path: Path) -> None:
    assert only(file(tmp_path, [own(full_text="RT @ada: #SaveAleppo")])).counts == Counts()


def test_a_script_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "tweets.js").write_bytes(script(own(1)) + b";\nprocess.exit(1)")
    assert len(taken.posts(tmp_path / "tweets.js")) == 1
    assert taken.reasons(tmp_path / "tweets.js")[0].startswith("no JSON from here on")


def test_views_of_the_website_are_impressions(tmp_path: Path) -> None:
    path = file(tmp_path, [shown(views={"count": "511", "state": "EnabledWithCount"}), shown(2)])
    assert format_of(path).name == "zeeschuimer-x"
    assert [post.counts.impressions for post in taken.posts(path)] == [511, None]
    assert {row.observed for row in taken.rows(path) if isinstance(row, taken.Found)} == {LATER}


def test_a_retweet_of_the_website_brings_its_original_along(tmp_path: Path) -> None:
    inner = shown(1, views={"count": "511"})["data"]
    repeat = shown(
        2, views={"count": "0"}, full_text="RT @ada: …", retweeted_status_result={"result": {"tweet": inner}}
    )
    found = [row for row in taken.rows(file(tmp_path, [repeat])) if isinstance(row, taken.Found)]
    assert [(row.asked, row.post.counts.impressions) for row in found] == [(True, None), (False, 511)]


@pytest.mark.parametrize(
    "broken", [{"id_str": "1.8E+18", "created_at": "", "text": ""}, {"id_str": "5", "text": "", "created_at": ""}]
)
def test_what_is_no_post_is_rejected_with_a_reason(tmp_path: Path, broken: Any) -> None:
    assert taken.reasons(file(tmp_path, [old(), broken]))[0] in {"no id made of digits", "no created_at"}


def test_a_time_before_ids_told_it_is_read_from_its_field(tmp_path: Path) -> None:
    post = only(file(tmp_path, [old(id_str="20", created_at="Tue Mar 21 20:50:14 +0000 2006")]))
    assert post.created_at == datetime(2006, 3, 21, 20, 50, 14, tzinfo=UTC)
