from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.model.mention import Counts, Post
from tests.imports import taken
from tests.imports.twarc import LATER, file

DID = "did:plc:exampleexampleexample"
URI = f"at://{DID}/app.bsky.feed.post/3lexample"
TAG = "app.bsky.richtext.facet#tag"


def record(**fields: Any) -> dict[str, Any]:
    facet = {"index": {"byteStart": 0, "byteEnd": 11}, "features": [{"$type": TAG, "tag": "SaveAleppo"}]}
    told = {"$type": "app.bsky.feed.post", "text": "#SaveAleppo", "facets": [facet], "langs": ["ar"]}
    return {**told, "createdAt": LATER.isoformat(), **fields}


def view(**fields: Any) -> dict[str, Any]:
    told = {"uri": URI, "cid": "b", "author": {"did": DID}, "record": record(), "indexedAt": LATER.isoformat()}
    return {**told, "likeCount": 5, "repostCount": 2, "replyCount": 0, "quoteCount": 1, **fields}


def event(operation: str = "create", collection: str = "app.bsky.feed.post", **fields: Any) -> dict[str, Any]:
    commit = {"operation": operation, "collection": collection, "rkey": "3lexample", "record": record(), **fields}
    return {"did": DID, "time_us": int(LATER.timestamp() * 1e6), "kind": "commit", "commit": commit}


def only(folder: Path, *lines: Any) -> Post:
    (post,) = taken.posts(file(folder, lines))
    return post


def test_a_view_is_a_post_with_its_counters(tmp_path: Path) -> None:
    post = only(tmp_path, view())
    assert (post.platform, post.id, post.author, post.tags) == ("bluesky", URI, DID, ("SaveAleppo",))
    assert (post.counts, post.created_at, post.language) == (Counts(None, 5, 2, 0, 1), LATER, "ar")


@pytest.mark.parametrize(
    "line",
    [
        {"posts": [view()], "cursor": "x"},
        {"feed": [{"post": view()}]},
        {"post": view(), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}},
        {"thread": {"post": view(), "replies": []}},
        {"records": [{"uri": URI, "cid": "b", "value": record()}]},
        {"uri": URI, "cid": "b", "value": record()},
        event(),
    ],
)
def test_every_shape_of_a_post_has_the_same_id(tmp_path: Path, line: Any) -> None:
    post = only(tmp_path, line)
    assert (post.id, post.tags, post.created_at) == (URI, ("SaveAleppo",), LATER)


def test_the_names_of_its_python_library_are_read(tmp_path: Path) -> None:
    facets = [{"features": [{"py_type": TAG, "tag": "SaveAleppo"}], "py_type": "app.bsky.richtext.facet"}]
    inner = {"py_type": "app.bsky.feed.post", "created_at": LATER.isoformat(), "text": "", "facets": facets}
    told = {"uri": URI, "record": inner, "indexed_at": LATER.isoformat(), "like_count": 7, "author": {"did": DID}}
    post = only(tmp_path, told)
    assert (post.counts.likes, post.tags) == (7, ("SaveAleppo",))


def test_what_else_people_do_is_passed_by(tmp_path: Path) -> None:
    others = [event("delete"), event("create", "app.bsky.feed.like"), {**event(), "kind": "identity", "commit": None}]
    like = {"uri": f"at://{DID}/app.bsky.feed.like/3l", "cid": "b", "value": {"$type": "app.bsky.feed.like"}}
    path = file(tmp_path, [event(), *others, like])
    assert (len(taken.posts(path)), taken.passed(path), taken.reasons(path)) == (1, 4, [])


def test_a_post_that_claims_to_be_of_the_future_counts_when_it_was_heard_of(tmp_path: Path) -> None:
    future = record(createdAt=(LATER + timedelta(days=900)).isoformat())
    assert only(tmp_path, event(record=future)).created_at == LATER
    assert only(tmp_path, view(record=future)).created_at == LATER


@pytest.mark.parametrize("broken", [view(record={"text": ""}), view(uri="at://x"), event(record=None), 7])
def test_what_is_no_post_is_rejected(tmp_path: Path, broken: Any) -> None:
    path = file(tmp_path, [view(), broken])
    assert (len(taken.posts(path)), len(taken.reasons(path))) == (1, 1)


def test_a_record_without_its_address_is_rejected_with_this_reason(tmp_path: Path) -> None:
    assert taken.reasons(file(tmp_path, [record()])) == ["no post of Bluesky: no address, no time, or no record"]


def test_a_time_without_a_zone_is_utc(tmp_path: Path) -> None:
    assert only(tmp_path, view(record=record(createdAt="2023-03-03T10:00:00"))).created_at == datetime(
        2023, 3, 3, 10, tzinfo=UTC
    )


RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bluesky"


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recordings are not here")
def test_recorded_answers_and_events_are_read() -> None:
    answers = [path for path in (RECORDED / "appview-answers").glob("*.json") if "embedView" not in path.name]
    assert [path.name for path in answers if len(taken.posts(path)) != 1 or taken.reasons(path)] == []
    events = RECORDED / "jetstream" / "subscribe_golden_v1.jsonl"
    assert (len(taken.posts(events)), taken.passed(events), taken.reasons(events)) == (1, 9, [])
