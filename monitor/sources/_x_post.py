"""A post of X's API version 2 in our words, in the old vocabulary (tweet) and the new one (post).

An impression count belongs to the post that was shown. A repost carries the counters of what it repeats, which are
left out; what X hands along as context (`includes`) is a post of its own wherever it names the campaign.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.mention import Count, Counts, Post
from monitor.sources._x_tags import tags as cut

PLATFORM = "x"
COUNTED_SINCE = datetime(2022, 12, 15, tzinfo=UTC)
"""X shows impressions since; zeros of older posts were never counted."""

_LONGEST_ID = 25  # digits
_LANGUAGE = re.compile(r"(?!und|zxx|q[a-z]{2})[a-z]{2,3}")  # qme, qht and their like stand for "no language"
_EPOCH_MS, _TIME_BITS = 1288834974657, 22  # ids carry their moment since November 2010
_FIRST_TIMED_ID = 30_000_000_000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A row that could not be read as a post, and why."""

    reason: str
    shown: str = ""


@dataclass(slots=True)
class Told:
    """One answer: the `posts` that were asked for, those that came `beside` them, and what could not be read."""

    posts: list[Post] = field(default_factory=list)
    beside: list[Post] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands beside the posts of one answer: by id, the posts that they refer to and the people who wrote."""

    posts: Mapping[str, Row]
    followers: Mapping[str, Count]


def told(answer: Row) -> Told:
    """Read an answer of the API: `data` (one post or many) and `includes`."""
    page = answer.get("data")
    includes = table(answer.get("includes"))
    beside = [*rows(includes.get("tweets")), *rows(includes.get("posts"))]
    return _read([page] if isinstance(page, dict) else rows(page), beside, rows(includes.get("users")))


def flattened(row: Row) -> Told:
    """Read one post that carries its author and what it refers to within itself, as `twarc2 flatten` writes it."""
    beside = list(_references(row))
    return _read([row], beside, [table(one.get("author")) for one in (row, *beside)])


def own_id(told: object) -> str | None:
    """Return an id: digits, or a whole number that a tool made of them."""
    written = str(told) if type(told) is int else told
    if isinstance(written, str) and written.isdecimal() and written.isascii() and len(written) <= _LONGEST_ID:
        return written
    return None


def moment_of(own: str) -> datetime | None:
    """Return when a post was written, as its id tells it; None for posts before ids did."""
    number = int(own)
    if number < _FIRST_TIMED_ID:
        return None
    try:
        return datetime.fromtimestamp(((number >> _TIME_BITS) + _EPOCH_MS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def id_at(epoch: float) -> str:
    """Return the lowest id that a post of this moment can have."""
    return str(max(0, int(epoch * 1000) - _EPOCH_MS) << _TIME_BITS)


def link(own: str) -> str:
    """Return where people read a post, without the name of its author."""
    return f"https://x.com/i/status/{own}"


def language(told: object) -> str | None:
    """Return a language as X tells it; None for its codes that are none."""
    return _real(told) if isinstance(told, str) else None


@lru_cache(maxsize=256)
def _real(code: str) -> str | None:
    return code if _LANGUAGE.fullmatch(code) else None


def shown(impressions: Count, created_at: datetime, others: Iterable[Count]) -> Count:
    """Return an impression count that can be one: 0 is none beside likes, or from before it was counted."""
    return None if impressions == 0 and (created_at < COUNTED_SINCE or any(others)) else impressions


def _read(wanted: Sequence[Row], beside: Sequence[Row], people: Sequence[Row]) -> Told:
    context = _Context(
        {str(row.get("id")): row for row in beside},
        {str(row.get("id")): count(table(row.get("public_metrics")).get("followers_count")) for row in people},
    )
    read = Told()
    for row in wanted:
        post = _post(row, context)
        if isinstance(post, Flaw):
            read.flaws.append(post)
        else:
            read.posts.append(post)
    read.beside += [post for row in beside if not isinstance(post := _post(row, context), Flaw)]  # may be cut short
    return read


def _post(row: Row, context: _Context) -> Post | Flaw:
    own = own_id(row.get("id"))
    if own is None or "id_str" in row:
        return _flaw(row)
    versions = row.get("edit_history_tweet_ids") or row.get("edit_history_post_ids")
    first = (own_id(versions[0]) if isinstance(versions, list) and versions[0] != own else None) or own
    created_at = (moment(row.get("created_at")) if first == own else None) or moment_of(first)
    if created_at is None:
        return Flaw("no created_at", own)
    author = own_id(row.get("author_id")) or own_id(table(row.get("author")).get("id"))
    repeated = [one for one in _references(row) if one.get("type") == "retweeted"]
    return Post(
        platform=PLATFORM,
        id=first,
        created_at=created_at,
        tags=_tags(row, repeated, context),
        counts=Counts() if repeated else _counts(row, created_at),
        author=author,
        followers=context.followers.get(author or ""),
        language=language(row.get("lang")),
        again=own,
        link=link(first),
        text=None if repeated else _text(row),
        raw=row,
    )


def _flaw(row: Row) -> Flaw:
    named = str(row.get("id"))[:40]
    if "id_str" in row:
        return Flaw("a post of the old API 1.1 among posts of version 2", named)
    if "id" in row:
        return Flaw("no id made of digits; a spreadsheet turns them into 1.8E+18, and they are lost", named)
    return Flaw("no post")


def _text(row: Row) -> str | None:
    """Return what was posted, the whole of a long text."""
    return text(_note(row).get("text")) or text(row.get("text"))


def _note(row: Row) -> Row:
    return table(row.get("note_tweet") or row.get("note_post"))


def _tags(row: Row, repeated: Sequence[Row], context: _Context) -> tuple[str, ...]:
    """Return the hashtags X found, in the long text too, and those of a reposted post: a repost's own text is cut."""
    note = _note(row)
    found = [*_found(row), *_found(note)] if note else _found(row)
    if not found:
        written = _text(row) or ""
        found = cut(written) if "#" in written or "\uff03" in written else []
    for reference in repeated:
        if original := context.posts.get(str(reference.get("id"))):
            found = [*found, *_tags(original, (), context)]
    return tuple(dict.fromkeys(found))


def _found(part: Row) -> list[str]:
    listed = rows(table(part.get("entities")).get("hashtags"))
    return [tag for one in listed if (tag := text(one.get("tag")))]


def _counts(row: Row, created_at: datetime) -> Counts:
    metrics = table(row.get("public_metrics"))
    likes, replies = count(metrics.get("like_count")), count(metrics.get("reply_count"))
    reposts = count(metrics.get("repost_count", metrics.get("retweet_count")))
    quotes, impressions = count(metrics.get("quote_count")), count(metrics.get("impression_count"))
    if impressions == 0:
        impressions = shown(impressions, created_at, (likes, replies, quotes, reposts))
    return Counts(impressions, likes, reposts, replies, quotes)


def _references(row: Row) -> Sequence[Row]:
    return rows(row.get("referenced_tweets") or row.get("referenced_posts"))
