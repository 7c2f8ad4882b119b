"""X: posts from JSON lines as twarc writes them, pages or flattened, in the old words (tweet) and the new ones (post).

An impression count belongs to the post that was shown. A repost carries the counters of what it repeats, which are
left out; what X hands along as context (`includes`) counts as a post of its own wherever it names the campaign.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import UnexpectedPayload
from monitor.fetch.fields import count, moment, rows, table, text
from monitor.imports.hashtags import hashtags
from monitor.imports.lines import Rejected, Value, values
from monitor.model.mention import Count, Counts, Post

PLATFORM = "x"
_COUNTED_SINCE = datetime(
    2022, 12, 15, tzinfo=UTC
)  # X shows impressions since; zeros of older posts were never counted
_ID = re.compile(r"\d{1,25}", re.ASCII)
_LANGUAGE = re.compile(r"(?!und|zxx|q[a-z]{2})[a-z]{2,3}")  # qme, qht and their like stand for "no language"
_EPOCH_MS, _TIME_BITS = 1288834974657, 22  # ids carry their moment since November 2010
_FIRST_TIMED_ID = 30_000_000_000
_PAGE = frozenset({"data", "includes", "meta", "errors"})

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One post of a file, and when its counters were read; None when the file does not tell.

    `asked` is whether it was searched for, or came along as what another post repeats, quotes or answers.
    """

    post: Post
    observed: datetime | None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class _Context:
    """What stands beside the posts of one page: by id, the posts that they refer to and the people who wrote."""

    posts: Mapping[str, Row]
    followers: Mapping[str, Count]


def posts(path: Path, at: Any = lambda _: None) -> Iterator[Found | Rejected]:
    """Yield every post of a file, and what of it could not be read; raises UnexpectedPayload for files of counts."""
    for value in values(path, at):
        if isinstance(value, Rejected):
            yield value
        elif not isinstance(value.json, dict):
            yield Rejected(value.line, "neither a page nor a post")
        else:
            yield from _of_line(value, path)


def newest(path: Path) -> datetime | None:
    """Return the moment of a file's last post: the earliest at which its counters can have been read."""
    return max((row.post.created_at for row in posts(path) if isinstance(row, Found)), default=None)


def _of_line(value: Value, path: Path) -> Iterator[Found | Rejected]:
    line: Row = value.json
    wanted, context, beside = _posts_of(line, path)
    observed = moment(table(line.get("__twarc")).get("retrieved_at"))
    for row in wanted:
        read = _post(row, context)
        yield Rejected(value.line, read, str(row.get("id"))[:40]) if isinstance(read, str) else Found(read, observed)
    for row in beside:
        read = _post(row, context)
        if not isinstance(read, str):  # context may be cut short
            yield Found(read, observed, asked=False)


def _posts_of(line: Row, path: Path) -> tuple[Sequence[Row], _Context, Sequence[Row]]:
    """Return the posts of a line, their context, and the posts in it."""
    if line.keys() & _PAGE and "id" not in line:
        page = line.get("data")
        wanted = [page] if isinstance(page, dict) else rows(page)
        if any("start" in row and "id" not in row for row in wanted):
            raise UnexpectedPayload(f"{path.name} holds counts per hour or day, no posts; import the file of the posts")
        includes = table(line.get("includes"))
        beside = [*rows(includes.get("tweets")), *rows(includes.get("posts"))]
        return wanted, _context(beside, rows(includes.get("users"))), beside
    beside = list(_references(line))
    writers = [table(row.get("author")) for row in (line, *beside)]
    return [line], _context(beside, writers), beside


def _context(beside: Sequence[Row], people: Sequence[Row]) -> _Context:
    return _Context(
        {str(row.get("id")): row for row in beside},
        {str(row.get("id")): count(table(row.get("public_metrics")).get("followers_count")) for row in people},
    )


def _post(row: Row, context: _Context) -> Post | str:
    """Translate one post, or say why it cannot be."""
    own = _id(row.get("id"))
    if own is None or "id_str" in row:
        return _flaw(row)
    first = _id(next(iter(_listed(row, "edit_history_tweet_ids", "edit_history_post_ids")), None)) or own
    created_at = (moment(row.get("created_at")) if first == own else None) or _moment_of(first)
    if created_at is None:
        return "no created_at"
    author = _id(row.get("author_id")) or _id(table(row.get("author")).get("id"))
    is_repost = any(reference.get("type") == "retweeted" for reference in _references(row))
    return Post(
        platform=PLATFORM,
        id=first,
        created_at=created_at,
        tags=tuple(dict.fromkeys(_tags(row, context))),
        counts=Counts() if is_repost else _counts(row, created_at),
        author=author,
        followers=context.followers.get(author or ""),
        language=_language(row),
    )


def _flaw(row: Row) -> str:
    if "id_str" in row:
        return "a post of the old API 1.1; only version 2 is read"
    if "id" in row:
        return "no id made of digits; a spreadsheet turns them into 1.8E+18, and they are lost"
    return "no post"


def _language(row: Row) -> str | None:
    told = text(row.get("lang"))
    return told if told and _LANGUAGE.fullmatch(told) else None


def _tags(row: Row, context: _Context) -> Iterator[str]:
    """Yield the hashtags X found, in the long text too, and those of a reposted post: a repost's own text is cut."""
    note = table(row.get("note_tweet")) or table(row.get("note_post"))
    cut = [found for part in (row, note) for found in rows(table(part.get("entities")).get("hashtags"))]
    yield from (tag for found in cut if (tag := text(found.get("tag"))))
    if not cut:
        yield from hashtags(text(note.get("text")) or text(row.get("text")) or "")
    for reference in _references(row):
        if reference.get("type") == "retweeted":
            original = {
                **context.posts.get(str(reference.get("id")), {}),
                "referenced_tweets": [],
                "referenced_posts": [],
            }
            yield from _tags(original, context)


def _counts(row: Row, created_at: datetime) -> Counts:
    told = table(row.get("public_metrics"))
    likes, replies, quotes = (count(told.get(f"{name}_count")) for name in ("like", "reply", "quote"))
    reposts = count(told.get("repost_count", told.get("retweet_count")))
    impressions = count(told.get("impression_count"))
    is_seen = any((likes, replies, quotes, reposts))
    if impressions == 0 and (is_seen or created_at < _COUNTED_SINCE):
        impressions = None
    return Counts(impressions, likes, reposts, replies, quotes)


def _references(row: Row) -> Iterator[Row]:
    yield from rows(row.get("referenced_tweets"))
    yield from rows(row.get("referenced_posts"))


def _listed(row: Row, *names: str) -> Sequence[Any]:
    return next((found for name in names if isinstance(found := row.get(name), list)), ())


def _id(told: object) -> str | None:
    """Return an id: digits, or a whole number that a tool made of them."""
    written = str(told) if type(told) is int else told
    return written if isinstance(written, str) and _ID.fullmatch(written) else None


def _moment_of(own: str) -> datetime | None:
    number = int(own)
    if number < _FIRST_TIMED_ID:
        return None
    try:
        return datetime.fromtimestamp(((number >> _TIME_BITS) + _EPOCH_MS) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
