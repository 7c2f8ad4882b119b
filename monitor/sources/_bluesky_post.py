"""Posts of Bluesky in our words, as the AppView shows them, as the network tells of them, and as files hold them.

A post's hashtags are the tags of its facets and those beside its text (`record.tags`); what only looks like one in the
text is none. The places of facets count bytes of UTF-8, not letters; a facet names its tag itself, so they are not
needed to read it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.mention import Counts, Post
from monitor.sources._language import language

PLATFORM = "bluesky"
COLLECTION = "app.bsky.feed.post"
TAG = "app.bsky.richtext.facet#tag"
LONGEST_TAG = 640  # bytes, as its schema says; a longer one is an attack
CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a post's own time may lie ahead of when it was heard of; one that claims more counts when it was heard of."""

_URI = re.compile(rf"at://(did:[a-z]{{1,20}}:[\w.:%-]{{1,200}})/{re.escape(COLLECTION)}/([\w.~:-]{{1,200}})", re.ASCII)


def shown(view: Any) -> Post | None:
    """Return a post as the AppView shows it (`PostView`), with its counters; None when it can not be read."""
    told = table(view)
    counts = Counts(
        likes=count(told.get("likeCount")),
        reposts=count(told.get("repostCount")),
        replies=count(told.get("replyCount")),
        quotes=count(told.get("quoteCount")),
    )
    return heard(told.get("uri"), told.get("record"), moment(told.get("indexedAt")), counts)


def heard(uri: Any, record: Any, at: datetime | None, counts: Counts | None = None) -> Post | None:
    """Return a post from its record and when the network heard of it; None when it can not be read."""
    place = _URI.fullmatch(uri) if isinstance(uri, str) else None
    told = table(record)
    created = moment(told.get("createdAt"))
    if place is None or created is None or told.get("$type", COLLECTION) != COLLECTION:
        return None
    if at is not None and created > at + CLOCKS_DIFFER:
        created = at
    return Post(
        platform=PLATFORM,
        id=place[0],
        created_at=created,
        tags=tags_of(told),
        counts=counts or Counts(),
        author=place[1],
        language=_language(told.get("langs")),
        again=place[0],
        link=f"https://bsky.app/profile/{place[1]}/post/{place[2]}",
        text=text(told.get("text")),
        raw=told,
    )


def tags_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the hashtags of a record, each once, as their author wrote them."""
    facets = (feature for facet in rows(record.get("facets")) for feature in rows(facet.get("features")))
    linked = (feature.get("tag") for feature in facets if feature.get("$type") == TAG)
    beside = record.get("tags")
    return tuple(dict.fromkeys(_tags((*linked, *(beside if isinstance(beside, list) else ())))))


def _tags(told: Iterable[Any]) -> Iterable[str]:
    return (tag for one in told if (tag := text(one, LONGEST_TAG)))


def _language(told: Any) -> str | None:
    """Return the first language that a post says it is in; it may name three."""
    return next((code for one in told if (code := language(one))), None) if isinstance(told, list) else None
