"""Writes the posts of Bluesky as the network keeps them (records) and as the AppView shows them (views)."""

import json
from typing import Any

from monitor.demo.life import shown
from monitor.demo.statuses import iso
from monitor.demo.world import Author, Skeet, did

POST = "app.bsky.feed.post"


def record(skeet: Skeet) -> dict[str, Any]:
    """Return what the author's app wrote: facets by UTF-8 bytes, hidden tags beside the text."""
    tags = skeet.tagged.at(skeet.heard)
    hidden, linked = tags[: skeet.hidden], tags[skeet.hidden :]
    text = skeet.text[1] + (f" #{skeet.named}" if skeet.named else "")
    facets: list[dict[str, Any]] = []
    for tag in linked:
        start = len(f"{text} ".encode())
        text += f" #{tag}"
        facets.append(_facet(start, len(text.encode()), tag))
    written: dict[str, Any] = {"$type": POST, "text": text, "createdAt": iso(skeet.created), "langs": [skeet.text[0]]}
    if facets:
        written["facets"] = facets
    if hidden:
        written["tags"] = list(hidden)
    return written


def profile(author: Author) -> dict[str, Any]:
    """Return somebody as the AppView shows them."""
    handle = f"user{author.number}.{author.home}"
    counts = {"followersCount": author.followers, "followsCount": 10, "postsCount": 100}
    return {"did": did(author), "handle": handle, "indexedAt": "2016-02-27T08:00:00.000Z", "labels": [], **counts}


def cid(skeet: Skeet) -> str:
    return f"bafyrei{skeet.rkey:a<52}"


class Views:
    """The posts as the AppView shows them: what does not change is written once, the counters at every moment anew."""

    def __init__(self) -> None:
        self._written: dict[int, str] = {}

    def told(self, skeet: Skeet, now: float) -> str:
        """Return a post as JSON."""
        fixed = self._written.get(skeet.number)
        if fixed is None:
            fixed = self._written[skeet.number] = json.dumps(_fixed_part(skeet), ensure_ascii=False)[:-1]
        return f"{fixed}, {json.dumps(_counters(skeet, now))[1:]}"


def _fixed_part(skeet: Skeet) -> dict[str, Any]:
    author = skeet.author
    return {
        "uri": skeet.uri,
        "cid": cid(skeet),
        "author": {
            "did": did(author),
            "handle": f"user{author.number}.{author.home}",
            "displayName": f"User {author.number}",
            "labels": [],
            "createdAt": "2015-02-06T11:00:00.000Z",
        },
        "record": record(skeet),
        "indexedAt": iso(skeet.heard),
        "labels": [],
    }


def _counters(skeet: Skeet, now: float) -> dict[str, int | None]:
    share = skeet.curve.share(now)
    return {
        "replyCount": shown(skeet.totals.replies, share),
        "repostCount": shown(skeet.totals.reposts, share),
        "likeCount": shown(skeet.totals.likes, share),
        "quoteCount": shown(skeet.totals.quotes, share),
        "bookmarkCount": 0,
    }


def _facet(start: int, end: int, tag: str) -> dict[str, Any]:
    return {
        "index": {"byteStart": start, "byteEnd": end},
        "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}],
    }
