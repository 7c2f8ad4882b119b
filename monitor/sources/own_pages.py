"""Own pages: what Meta measures of the campaign's own posts on Facebook, Instagram and Threads.

They are the only measured impressions Meta tells anybody, and it tells them to the owner. A view counts repeats; it is
not the impression that Facebook told until November 2025 (docs/sources/own_pages.md).
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.fetch.client import Client
from monitor.fetch.fields import count, moment, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Counts, Post
from monitor.model.source import Ask, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.sources import instagram, threads
from monitor.sources._graph import Graph
from monitor.sources._illegible import illegible
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

Network = Literal["facebook", "instagram", "threads"]
Row = Mapping[str, Any]

LATE = timedelta(minutes=2)
_FACEBOOK_FIELDS = (
    "id,message,created_time,permalink_url,shares,reactions.limit(0).summary(true),comments.limit(0).summary(true)"
)


class Settings(SourceSettings):
    """One page or account that gave its token."""

    platform: Literal["own_pages"] = "own_pages"
    network: Network
    page: str = Field(default="me", pattern=r"^(me|\d{5,25})$", description='write the number of the page, or "me"')
    token: SecretStr
    token_file: Path | None = None
    every_minutes: float = Field(default=60.0, ge=5.0, le=1440.0)
    views: str = Field(default="", pattern=r"^[a-z_]*$")  # Meta's name of the metric, which it changes now and then
    server: str = Field(default="", pattern=r"^(https?://\S+[^/\s])?$")

    TERMS: ClassVar[str | None] = (
        "Meta gives insights to the owner of a page, for the owner's use: the token must come from whoever manages it."
    )


@dataclass(frozen=True, slots=True)
class _Desk:
    """How one network tells of one's own posts."""

    server: str
    posts: str
    fields: str
    followers: str
    metrics: Mapping[str, str]  # by counter: what Meta calls it; one it does not know spoils the whole answer
    read: Callable[[Row], Post | None]


class Source:
    """Reads the posts of one page and how often each was seen."""

    spacing: ClassVar[float] = 0.5
    again_at_once = 0  # every run reads all posts that are young enough to be counted

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client, self._desk = settings, client, _DESKS[settings.network]
        self.platform = settings.network
        self.name = settings.name or f"{settings.network}-{settings.page}"
        views = {"impressions": settings.views} if settings.views else {}
        self._metrics = {**self._desk.metrics, **views}
        server = settings.server or self._desk.server
        self._graph = Graph(client, server, settings.token.get_secret_value(), self.name)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:  # noqa: ARG002 - a page is read whole
        """Return one walk: the page."""
        return [Walk(self._settings.page)]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield all posts of the last days with their counters; views come a day late and grow for weeks."""
        is_threads = self._settings.network == "threads"
        remark = await threads.renew(self._graph, ask.now) if is_threads else ""
        followers = await self._followers()
        params = {"since": str(int(ask.since.timestamp())), "until": str(int(ask.now.timestamp()))}
        path = f"/{self._settings.page}/{self._desk.posts}"
        async for found in self._graph.pages(path, fields=self._desk.fields, limit="100", **params):
            told = [row for row in found if row.get("media_type") != "REPOST_FACADE"]
            posts = [post for row in told if (post := self._desk.read(row)) is not None]
            if told and not posts:
                raise illegible(f"the posts of {self.name}", "Meta")
            seen = [await self._seen(post, followers) for post in posts if post.created_at >= ask.since]
            yield Page(seen, refused=len(told) - len(posts))
            if posts and all(post.created_at < ask.since for post in posts):
                break
        yield Page(cursor={}, covered=_covered(ask.since, ask.now - LATE), remark=remark)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - no post needs it
        """Return nothing: each run reads every young post anew."""
        return ()

    async def canary(self) -> bool | None:
        """There is none: a page may well be silent."""
        return None

    async def probe(self) -> str:
        """Say whose page it is."""
        followers = await self._followers()
        return f"Meta answers {self.name}: followers {'not told' if followers is None else followers}"

    async def _seen(self, post: Post, followers: int | None) -> Post:
        """Return the post with what Meta measures of it."""
        told = await self._graph.metrics(post.again or "", self._metrics.values())
        measured = {counter: told[name] for counter, name in self._metrics.items()}
        return replace(post, again=None, counts=replace(post.counts, **measured), followers=followers)

    async def _followers(self) -> int | None:
        return count(
            (await self._graph.get(f"/{self._settings.page}", fields=self._desk.followers)).get("followers_count")
        )


def _facebook(row: Row) -> Post | None:
    name, created = text(row.get("id"), 80), moment(row.get("created_time"))
    if name is None or created is None or not name.replace("_", "").isdecimal():
        return None
    shares = table(row.get("shares")).get("count", 0)  # the one place where what is absent is zero
    return Post(
        platform="facebook",
        id=name,
        created_at=created,
        tags=tuple(tags(text(row.get("message")) or "")),
        counts=Counts(likes=_total(row.get("reactions")), reposts=count(shares), replies=_total(row.get("comments"))),
        author=name.partition("_")[0],
        again=name,
        link=text(row.get("permalink_url")),
        text=text(row.get("message")),
        raw=row,
    )


def _instagram(row: Row) -> Post | None:
    post, name = instagram.read(row), text(row.get("id"), 40)
    return replace(post, again=name) if post and name and name.isdecimal() else None


def _threads(row: Row) -> Post | None:
    post = threads.read(row)
    return replace(post, again=post.id) if post else None


def _total(told: Any) -> int | None:
    return count(table(table(told).get("summary")).get("total_count"))


def _covered(start: datetime, end: datetime) -> Window | None:
    return Window(start, end) if start < end else None


_GRAPH = "https://graph.facebook.com/v26.0"
_THREADS = {"impressions": "views", "likes": "likes", "replies": "replies", "reposts": "reposts", "quotes": "quotes"}
_DESKS = {
    "facebook": _Desk(
        _GRAPH,
        "published_posts",
        _FACEBOOK_FIELDS,
        "id,followers_count",
        {"impressions": "post_media_view"},
        _facebook,
    ),
    "instagram": _Desk(_GRAPH, "media", instagram.FIELDS, "id,followers_count", {"impressions": "views"}, _instagram),
    "threads": _Desk(threads.SERVER, "threads", threads.FIELDS, "id,username", _THREADS, _threads),
}
