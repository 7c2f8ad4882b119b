"""A video of YouTube in our words. Its counters are strings; one that its owner hides is missing, which is not zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.mention import Count, Counts, Post
from monitor.sources._illegible import SEVERAL, illegible
from monitor.sources._language import language
from monitor.sources._youtube_tags import tags

PLATFORM = "youtube"
_LONGEST_ID = 40
_DIGITS = 16  # 2^53 has as many


def videos(items: Any, most_hashtags: int) -> tuple[list[Post], int]:
    """Return the videos of an answer with their text, and how many could not be read."""
    found = [post for item in rows(items) if (post := _video(item, most_hashtags))]
    return found, left_out(items, found)


def statistics(items: Any, tagged: Mapping[str, tuple[str, ...]]) -> tuple[list[Post], int]:
    """Return the videos of an answer without text, with the hashtags that they are known to have."""
    found = []
    for item in rows(items):
        own, snippet = video_id(item.get("id")), table(item.get("snippet"))
        created_at = moment(snippet.get("publishTime")) or moment(snippet.get("publishedAt"))
        if own and created_at:
            found.append(_post(own, created_at, tagged.get(own, ()), item))
    return found, left_out(items, found)


def with_followers(posts: Iterable[Post], channels: Any) -> list[Post]:
    """Return the posts with the subscribers of their channels, rounded by YouTube; hidden ones are not told."""
    told = {text(row.get("id")): table(row.get("statistics")) for row in rows(channels)}
    shown = {
        own: number(one.get("subscriberCount")) for own, one in told.items() if not one.get("hiddenSubscriberCount")
    }
    return [replace(post, followers=shown.get(post.author)) for post in posts]


def video_id(told: Any) -> str | None:
    """Return an id of a video that may stand in a question and in a mark of the store."""
    fits = isinstance(told, str) and told.isascii() and told.replace("-", "a").replace("_", "a").isalnum()
    return text(told, _LONGEST_ID) if fits else None


def left_out(items: Any, read: Sequence[object]) -> int:
    """Return how many of the items of an answer could not be read; UnexpectedPayload when it is all of several."""
    refused = len(items) - len(read) if isinstance(items, list) else 0
    if refused >= SEVERAL and not read:
        raise illegible(f"the {refused} videos that YouTube sent")
    return refused


def number(told: Any) -> Count:
    """Return a counter that is written as digits, or as a number."""
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) <= _DIGITS:
        return count(int(told))
    return count(told)


def _video(item: Mapping[str, Any], most_hashtags: int) -> Post | None:
    own, snippet = video_id(item.get("id")), table(item.get("snippet"))
    created_at = moment(snippet.get("publishedAt"))
    if own is None or created_at is None:
        return None
    written = "\n".join(filter(None, (text(snippet.get("title")), text(snippet.get("description")))))
    post = _post(own, created_at, tuple(dict.fromkeys(tags(written, most_hashtags))), item)
    spoken = language(snippet.get("defaultAudioLanguage")) or language(snippet.get("defaultLanguage"))
    return replace(post, author=text(snippet.get("channelId")), language=spoken, text=written)


def _post(own: str, created_at: datetime, cut: tuple[str, ...], item: Mapping[str, Any]) -> Post:
    told = table(item.get("statistics"))
    views, likes, comments = (number(told.get(f"{name}Count")) for name in ("view", "like", "comment"))
    counts = Counts(impressions=views, likes=likes, replies=comments)
    link = f"https://www.youtube.com/watch?v={own}"
    return Post(
        platform=PLATFORM, id=own, created_at=created_at, tags=cut, counts=counts, again=own, link=link, raw=item
    )
