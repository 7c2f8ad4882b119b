"""Bluesky: posts as its AppView shows them, as their authors' servers keep them, or as the network tells of them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.fetch.fields import rows, table, text
from monitor.imports.found import Flaw, Read, flawed
from monitor.model.mention import Post
from monitor.sources import _bluesky_post

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = {"py_type": "$type"}


def fits(row: Row) -> bool:
    """Tell whether a value looks like one of the shapes that are read."""
    if text(row.get("did")) and "kind" in row and "time_us" in row:
        return True
    if str(row.get("uri", "")).startswith("at://"):
        return isinstance(row.get("record") or row.get("value"), dict)
    if row.get("$type") == _bluesky_post.COLLECTION:
        return True  # without its address it can not be told from others, and is rejected with this reason
    return any(map(fits, _inside(row)))


def read(row: Any) -> Read:
    """Translate one post, one event of the network, or an answer with many posts."""
    if not isinstance(row, dict):
        return flawed("neither a post nor an event")
    if inside := _inside(row):
        return _all_of(inside, _one)
    if "kind" in row and "time_us" in row:
        return _event(row)
    return _all_of([row], _one)


def _inside(row: Row) -> list[Row]:
    """Return the posts of an answer: found ones, a feed's, a thread's first, or the records of one author."""
    within = [*rows(row.get("feed")), row, table(row.get("thread"))]
    posts = [post for one in within if (post := table(one.get("post")))]
    return [*rows(row.get("posts")), *rows(row.get("records")), *posts]


def _all_of(several: Iterable[Row], how: Callable[[Row], Post | None]) -> Read:
    found = Read()
    for row in several:
        if _is_else(row):
            found.passed += 1
        elif post := how(row):
            found.posts.append(post)
        else:
            found.flaws.append(Flaw("no post of Bluesky: no address, no time, or no record", str(row.get("uri"))[:100]))
    return found


def _is_else(row: Row) -> bool:
    """Tell whether a record says itself that it is no post: a like, a follow, a list."""
    return bool(table(row.get("value")).get("$type", _bluesky_post.COLLECTION) != _bluesky_post.COLLECTION)


def _one(row: Row) -> Post | None:
    if "value" in row:
        return _bluesky_post.heard(row.get("uri"), row["value"], None)
    is_renamed = "indexed_at" in row or "py_type" in table(row.get("record"))
    return _bluesky_post.shown(_as_told(row) if is_renamed else row)


def _event(row: Row) -> Read:
    """Translate an event: a new post; everything else that people do is passed by."""
    commit, at = table(row.get("commit")), row.get("time_us")
    if commit.get("collection") != _bluesky_post.COLLECTION or commit.get("operation") not in {"create", "update"}:
        return Read(passed=1)
    heard_at = _EPOCH + timedelta(microseconds=at) if isinstance(at, int) and 0 < at < 10**17 else None
    address = f"at://{row.get('did')}/{_bluesky_post.COLLECTION}/{commit.get('rkey')}"
    post = _bluesky_post.heard(address, commit.get("record"), heard_at)
    return Read([post]) if post else flawed("a new post of Bluesky that can not be read", address[:100])


def _as_told(told: Any) -> Any:
    """Return the names that Bluesky itself uses: its Python library writes like_count for likeCount."""
    if isinstance(told, list):
        return [_as_told(one) for one in told]
    if not isinstance(told, dict):
        return told
    return {_NAMES.get(name) or _camel(name): _as_told(value) for name, value in told.items()}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
