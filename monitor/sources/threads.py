"""Threads: its keyword search, newest first, by an app that Meta has reviewed for it.

Without that review the search works and finds only one's own posts; so the first question is whether it finds others'.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.errors import AccessRefused, SourceError
from monitor.fetch.client import Client
from monitor.fetch.fields import epoch, moment, rows, table, text
from monitor.model.account import Allowance
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.model.window import Window
from monitor.sources._graph import Graph
from monitor.sources._illegible import illegible
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

SERVER = "https://graph.threads.net/v1.0"
FIELDS = "id,text,media_type,permalink,timestamp,username,topic_tag"
MODES = ("TAG", "KEYWORD")  # a post has one topic tag at most, so hashtags in the text are looked for too
OVERLAP, LATE = timedelta(hours=2), timedelta(minutes=2)
REVIEWED_FOR = timedelta(days=30)  # how long a passed review is believed
RENEW_AFTER, ENDS_AFTER = timedelta(days=45), timedelta(days=60)
AGAIN_AFTER = timedelta(days=1)  # a refused renewal
_REVIEWED, _TOKEN, _REFUSED = "reviewed", "token", "renewal"


class Settings(SourceSettings):
    """One reviewed app and the token of its owner."""

    COMPARES: ClassVar[bool] = False

    platform: Literal["threads"] = "threads"
    token: SecretStr
    token_file: Path | None = None
    every_minutes: float = Field(default=30.0, ge=0.5, le=1440.0)
    searches_per_day: int = Field(default=2200, ge=1, le=100_000)  # of one person over all apps
    common_words: tuple[str, ...] = Field(default=("the", "من"), min_length=1)  # what others write for certain
    common_topics: tuple[
        str, ...
    ] = ()  # the same of topic tags; without, the search for words speaks for that for tags
    server: str = Field(default=SERVER, pattern=r"^https?://\S+[^/\s]$")

    TERMS: ClassVar[str | None] = (
        "Meta gives its data for the reviewed purpose only and forbids profiling people by politics or origin; what it "
        "asks to be deleted must be deleted. The monitor keeps counts, no texts and no names."
    )


class Source:
    """Searches Threads for every spelling."""

    platform = "threads"
    spacing: ClassVar[float] = 1.0
    again_at_once = 0  # nobody is told the counters of others' posts

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or "threads"
        self._graph = Graph(client, settings.server, settings.token.get_secret_value(), self.name)
        self._searches = Allowance("keyword searches", settings.searches_per_day)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per spelling and kind of search."""
        ways = [mode.lower() for mode in MODES]
        return [replace(walk, name=f"{way}/{walk.name}", way=way) for walk in walks(campaign) for way in ways]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what was written since shortly before the last search; only the last page moves the cursor."""
        remark = await self._ready(ask.now)
        known = epoch(table(ask.cursor).get("until")) or ask.since
        mode = ask.walk.name.partition("/")[0].upper()
        spelling = ask.walk.spellings[0]
        span = {"since": _epoch(max(known - OVERLAP, ask.since)), "until": _epoch(ask.now)}
        found_by = (spelling,) if mode == "TAG" else ()
        async for found in self._found(spelling, search_mode=mode, **span):
            posts = [post for row in found if (post := read(row, *found_by)) is not None]
            if found and not posts:
                raise illegible("the posts that Threads shows")
            yield Page([post for post in posts if post.created_at >= ask.since], refused=len(found) - len(posts))
        end = ask.now - LATE
        covered = Window(known, end) if known < end else None
        yield Page(cursor={"until": end.timestamp()}, covered=covered, remark=remark)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - it can not
        """Return nothing: Threads tells the counters of one's own posts only (see own_pages)."""
        return ()

    async def canary(self) -> bool | None:
        """Search for a word that others write for certain, and for a topic of theirs where one is named."""
        topics = self._settings.common_topics
        return await self._finds_others() and (not topics or await self._finds_others(topics, search_mode="TAG"))

    async def probe(self) -> str:
        """Say whose token it is, and whether it finds what others write."""
        me = text((await self._graph.get("/me", fields="id,username")).get("username"), 60)
        others = "also others'" if await self._finds_others() else "only its own, it is not reviewed for more:"
        return f"Threads answers {me or self.name}: the search finds {others} posts"

    async def _found(self, words: str, **params: str) -> AsyncIterator[list[Mapping[str, Any]]]:
        """Yield the pages of a search; one that finds nothing costs nothing."""
        await self._client.account.take({self._searches: 1})
        is_empty = True
        async for found in self._graph.pages(
            "/keyword_search", q=words, search_type="RECENT", limit="100", fields=FIELDS, **params
        ):
            is_empty = is_empty and not found
            yield found
        if is_empty:
            await self._client.account.give_back({self._searches: 1})

    async def _ready(self, now: datetime) -> str:
        """Renew the token in time, and make sure once a month that the search finds what others write."""
        remark = await renew(self._graph, now)
        if await self._client.account.recall(_REVIEWED):
            return remark
        if not await self._finds_others():
            raise AccessRefused(
                "Threads' search finds nobody else's posts: the app is not reviewed for threads_keyword_search, or "
                f"{', '.join(self._settings.common_words)} are no common words (common_words)"
            )
        await self._client.account.keep(_REVIEWED, "yes", seconds=REVIEWED_FOR.total_seconds())
        return remark

    async def _finds_others(self, words: Sequence[str] = (), **how: str) -> bool:
        me = text((await self._graph.get("/me", fields="id,username")).get("username"))
        for word in words or self._settings.common_words:
            await self._client.account.take({self._searches: 1})
            question = {"q": word, "search_type": "RECENT", "limit": "25", "fields": FIELDS, **how}
            answer = await self._graph.get("/keyword_search", **question)
            found = rows(answer.get("data"))
            if not found:
                await self._client.account.give_back({self._searches: 1})
            if any(name != me for row in found if (name := text(row.get("username")))):
                return True
        return False


async def renew(graph: Graph, now: datetime) -> str:
    """Exchange a token of 45 days for a new one; at 60 it would be lost, and a person had to make another.

    When Threads refuses, the old one is used as long as it lasts: returns a remark, and tries again the next day.
    """
    account = graph.client.account
    remark = await account.recall(_REFUSED) or ""
    kept = json.loads(await account.recall(_TOKEN) or "null") or {"token": graph.token, "at": now.timestamp()}
    if now.timestamp() - kept["at"] >= RENEW_AFTER.total_seconds() and not remark:
        door = Graph(graph.client, graph.server.rpartition("/")[0], kept["token"], graph.who)
        try:
            kept = {"token": await door.renewed(), "at": now.timestamp()}
        except SourceError as error:
            end = datetime.fromtimestamp(kept["at"], UTC) + ENDS_AFTER
            remark = f"Threads does not renew the token, which ends on {end:%Y-%m-%d} at the latest: {error}"
            await account.keep(_REFUSED, remark, seconds=AGAIN_AFTER.total_seconds())
    graph.token = kept["token"]
    left = ENDS_AFTER.total_seconds() - (now.timestamp() - kept["at"])
    await account.keep(_TOKEN, json.dumps(kept), seconds=max(left, 1.0))
    return remark


def read(row: Mapping[str, Any], *found_by: str) -> Post | None:
    """Return a post as Threads tells it; None if it can not be read. Its topic may be of several words."""
    name, created = text(row.get("id"), 40), moment(row.get("timestamp"))
    if name is None or created is None or not name.isdecimal():
        return None
    topic = text(row.get("topic_tag"), 200)
    topics = [topic.replace(" ", "_")] if topic else []
    return Post(
        platform="threads",
        id=name,
        created_at=created,
        tags=tuple(dict.fromkeys([*tags(text(row.get("text")) or ""), *topics, *found_by])),
        author=text(row.get("username")),
        link=text(row.get("permalink")),
        text=text(row.get("text")),
        raw=row,
    )


def _epoch(moment: datetime) -> str:
    return str(int(moment.timestamp()))
