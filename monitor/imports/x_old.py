"""X's old API 1.1 (twarc 1), the archive an account downloads of itself, and the website's own answers (Zeeschuimer).

All three write a post with the same names. A retweet carries the counters of what it repeats, which are left out; the
archive's retweets are only known by their text.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.fetch.fields import count, rows, table, text
from monitor.imports.cells import number, time, x_time
from monitor.imports.found import Flaw, Read, flawed
from monitor.model.mention import Count, Counts, Post
from monitor.sources import _x_post
from monitor.sources._x_post import PLATFORM
from monitor.sources._x_tags import tags as cut

Row = Mapping[str, Any]
_NO_POSTS = frozenset({"delete", "limit", "scrub_geo", "status_withheld", "user_withheld", "warning", "disconnect"})
_REPEATED = "RT @"


def fits(row: Row) -> bool:
    """Tell whether a value looks like a post or an answer of the old API."""
    if "statuses" in row:
        return any(map(fits, rows(row["statuses"])))
    return "id_str" in row and "created_at" in row and bool(row.keys() & {"entities", "full_text", "text"})


def fits_archive(row: Row) -> bool:
    return fits(table(row.get("tweet"))) or (fits(row) and isinstance(row.get("favorite_count"), str))


def fits_website(row: Row) -> bool:
    """Tell whether a value is what the website loads, as browser extensions keep it."""
    post = _inner(row)
    return "rest_id" in post and "legacy" in post


def read(row: Any) -> Read:
    """Translate a line of twarc 1, or an answer of the old API."""
    if not isinstance(row, dict):
        return flawed("neither a post nor an answer")
    if "statuses" in row:
        return _together([_read(post, ()) for post in rows(row["statuses"])])
    if "id_str" not in row and row.keys() & _NO_POSTS:
        return Read(passed=1)
    return _read(row, (table(row.get("retweeted_status")), table(row.get("quoted_status"))))


def read_archive(row: Any) -> Read:
    """Translate one post of an account's own archive."""
    if not isinstance(row, dict):
        return flawed("no post")
    return _read(table(row.get("tweet")) or row, ())


def read_website(row: Any) -> Read:
    """Translate one post as the website loads it; its views stand beside the old names."""
    if not isinstance(row, dict):
        return flawed("no post")
    post = _inner(row)
    if "legacy" not in post:
        return Read(passed=1)
    read = _read(_plain(post), [_plain(other) for other in _others(post)])
    collected = row.get("timestamp_collected")
    read.observed = time(str(collected)) if isinstance(collected, int) else None
    return read


def _inner(row: Row) -> Row:
    post = table(row.get("data")) or row
    return table(post.get("tweet")) or post


def _plain(post: Row) -> Row:
    """Return the old post inside, with the views and the author in it."""
    legacy, author = table(post.get("legacy")), table(table(table(post.get("core")).get("user_results")).get("result"))
    user = {"id_str": legacy.get("user_id_str"), **table(author.get("legacy"))}
    repeated = _result(legacy.get("retweeted_status_result"))
    added = {"id_str": post.get("rest_id"), "views": table(post.get("views")).get("count"), "user": user}
    return {**legacy, **added, "retweeted_status": _plain(repeated) if repeated else None}


def _others(post: Row) -> Iterator[Row]:
    told = (table(post.get("legacy")).get("retweeted_status_result"), post.get("quoted_status_result"))
    yield from filter(None, map(_result, told))


def _result(told: Any) -> Row:
    found = table(table(told).get("result"))
    return table(found.get("tweet")) or found


def _together(several: Sequence[Read]) -> Read:
    return Read(
        [post for read in several for post in read.posts],
        [post for read in several for post in read.beside],
        [flaw for read in several for flaw in read.flaws],
    )


def _read(row: Row, others: Sequence[Row]) -> Read:
    post = _post(row)
    if isinstance(post, Flaw):
        return Read(flaws=[post])
    beside = [other for one in others if one and not isinstance(other := _post(one), Flaw)]
    return Read([post], beside)


def _post(row: Row) -> Post | Flaw:
    own = _x_post.own_id(row.get("id_str"))
    if own is None:
        return Flaw("no id made of digits", str(row.get("id_str") or row.get("id"))[:40])
    created_at = x_time(row.get("created_at")) or _x_post.moment_of(own)
    if created_at is None:
        return Flaw("no created_at", own)
    written, user, original = _text(row), table(row.get("user")), table(row.get("retweeted_status"))
    is_repost = bool(original) or written.startswith(_REPEATED)
    return Post(
        platform=PLATFORM,
        id=own,
        created_at=created_at,
        tags=tuple(dict.fromkeys([*_tags(row, written), *(_tags(original, _text(original)) if original else ())])),
        counts=Counts() if is_repost else _counts(row, created_at),
        author=_x_post.own_id(user.get("id_str")),
        followers=count(user.get("followers_count")),
        language=_x_post.language(row.get("lang")),
        link=_x_post.link(own),
        text=None if is_repost else written,
    )


def _text(row: Row) -> str:
    whole = table(row.get("extended_tweet")).get("full_text")
    return text(whole) or text(row.get("full_text")) or text(row.get("text")) or ""


def _tags(row: Row, written: str) -> list[str]:
    parts = (table(row.get("extended_tweet")), row)
    found = [tag for part in parts for tag in rows(table(part.get("entities")).get("hashtags"))]
    return [tag for one in found if (tag := text(one.get("text")))] or cut(written)


def _counts(row: Row, created_at: datetime) -> Counts:
    names = ("favorite_count", "retweet_count", "reply_count", "quote_count")
    likes, reposts, replies, quotes = (_count(row.get(name)) for name in names)
    views = _x_post.shown(_count(row.get("views")), created_at, (likes, reposts, replies, quotes))
    return Counts(views, likes, reposts, replies, quotes)


def _count(told: Any) -> Count:
    """Return a counter, which the archive writes as text."""
    return number(told)[0] if isinstance(told, str) else count(told)
