"""YouTube: a search for every spelling, spread over the day, and the statistics of what it found, fifty at a time.

The API allows a hundred searches a day, and search is a sample: totals fluctuate, pages repeat or are empty, videos
come late. So windows overlap widely, and hashtags are cut here, from title and description (docs/sources/youtube.md).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.fetch.client import Client
from monitor.fetch.fields import rows
from monitor.model.account import Account
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.model.window import Window
from monitor.sources._youtube_door import BadPage, Door, Exhausted, Question, Quotas
from monitor.sources._youtube_search import OVERLAP, Place, Sheet, written
from monitor.sources._youtube_shelf import AT_ONCE, Shelf
from monitor.sources._youtube_tags import MOST as MOST_TAGS
from monitor.sources._youtube_tags import tags

__all__ = ["Settings", "Source", "tags"]

LATE = timedelta(minutes=10)
AHEAD = timedelta(hours=1)
"""How far spending may run ahead of the clock: so the day's searches last until midnight in California."""
_FOUND_FIELDS = "kind,nextPageToken,pageInfo,items(id(videoId),snippet(publishedAt))"


class Settings(SourceSettings):
    """One key of YouTube's API."""

    COMPARES: ClassVar[bool] = False

    platform: Literal["youtube"] = "youtube"
    server: str = Field(default="https://www.googleapis.com", pattern=r"^https?://[^/\s]+$")
    key: SecretStr
    key_file: Path | None = None
    every_minutes: float = Field(default=60.0, ge=0.5, le=1440.0)
    refresh_budget: int = Field(default=1000, ge=0, le=100_000)
    searches_per_day: int = Field(default=100, ge=1)  # sizes of the project's buckets; older ones may have others
    statistics_per_day: int = Field(default=10_000, ge=0)
    units_per_day: int = Field(default=10_000, ge=1)
    search_pages: int = Field(default=2, ge=1, le=10)  # of one search, each of fifty videos
    together: int = Field(default=1, ge=1, le=20)  # spellings in one question; a way to save searches, not proven
    followers: bool = True
    most_hashtags: int = Field(default=MOST_TAGS, ge=1)  # of a video that has more, none counts
    canary: str = "news"  # what is always found; empty: no canary, which would cost a search an hour at most

    TERMS: ClassVar[str | None] = (
        "YouTube's developer policies let what its API tells be kept for 30 days at most, and forbid numbers of one's "
        "own made of it, such as sums over the videos of several channels, without YouTube's approval; each client "
        "uses one project, and whoever shows the numbers must name YouTube as their source."
    )
    FORGET_AFTER: ClassVar[timedelta | None] = timedelta(days=30)


class Source:
    """Searches for the videos of a campaign, and reads their statistics."""

    platform = "youtube"
    spacing: ClassVar[float] = 0.2
    again_at_once = AT_ONCE

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self._quotas = Quotas.of(settings.searches_per_day, settings.statistics_per_day, settings.units_per_day)
        self._door = Door(settings.server, settings.key, client)
        self._shelf = Shelf(self._door, self._quotas, settings.most_hashtags, client)
        self.name = settings.name or "youtube"
        self._campaign: Campaign | None = None
        self._now: datetime | None = None

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return one walk per question: usually one spelling each."""
        self._campaign = campaign
        return walks(campaign, self._settings.together)

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Search once if it is this walk's turn; a bucket that is empty ends this walk, not the run."""
        self._now = ask.now
        if not await self._is_due(ask.now):
            if await self._account.left(self._quotas.searches) < 1:
                yield Page(
                    remark="the day's searches are used up; they go on at midnight in California", truncated=True
                )
            return
        try:
            async for page in self._searched(ask):
                yield page
        except Exhausted as error:
            yield Page(remark=str(error), truncated=True)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for statistics in bulk, by the call that has a bucket of its own, else by the one with the texts."""
        marked = {_unmarked(mark)[0]: mark for mark in marks}
        posts = await self._shelf.statistics(dict(map(_unmarked, marks)))
        return [replace(post, again=marked[post.id]) for post in posts if post.id in marked]

    async def canary(self) -> bool | None:
        """Search for a common word, where the day's searches allow it."""
        if not self._settings.canary or self._now is None or not await self._is_due(self._now):
            return None
        start = {"publishedAfter": written(self._now - OVERLAP)}
        return bool(rows((await self._door.ask(self._search(self._settings.canary, start))).get("items")))

    async def probe(self) -> str:
        """Ask for the most watched videos, which costs one unit and no search."""
        params = {"part": "id", "chart": "mostPopular", "maxResults": "1"}
        await self._door.ask(Question("videos", params, self._quotas.others))
        left = await self._account.left(self._quotas.searches)
        return (
            f"YouTube answers; {left:g} of the day's {self._settings.searches_per_day} searches are left by our ledger"
        )

    @property
    def _account(self) -> Account:
        return self._client.account

    async def _is_due(self, now: datetime) -> bool:
        """Tell whether a search may be spent now: as much of them as of the day, and an hour more."""
        bucket = self._quotas.searches
        day, left = bucket.window(now), await self._account.left(bucket)
        passed = (min(now - day.start + AHEAD, day.length)) / day.length
        return left >= 1 and bucket.most - left + 1 <= max(1.0, bucket.most * passed)

    async def _searched(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield the pages of one search, then what they cover: down to where pages, or our patience, ended."""
        place = Place.of(ask)
        start, end = place.start(ask), ask.now - LATE
        sheet, seen, oldest = Sheet(), set[str](), end
        for _ in range(self._settings.search_pages):
            try:
                sheet = await self._sheet(ask, start, sheet.following)
            except BadPage:
                break
            new = [own for own in sheet.ids if own not in seen]
            seen, oldest = seen | set(new), min(oldest, sheet.oldest or oldest)
            yield await self._page(new, ask, sheet.refused)
            if sheet.following is None or (sheet.ids and not new):  # the same page again leads nowhere
                break
        is_cut = sheet.following is not None or len(sheet.ids) >= AT_ONCE  # sometimes it forgets the next page
        reached = oldest if is_cut else start
        covered = Window(reached, end) if reached < end else None
        yield Page(cursor=asdict(place.moved(ask, end)), covered=covered, truncated=is_cut and reached > place.at)

    async def _sheet(self, ask: Ask, start: datetime, following: str | None) -> Sheet:
        bounds = {"publishedAfter": written(start), "publishedBefore": written(ask.now)}
        page = {"pageToken": following} if following else {}
        question = self._search("|".join(f"#{spelling}" for spelling in ask.walk.spellings), {**bounds, **page})
        return Sheet.read(await self._door.ask(question))

    def _search(self, words: str, params: Mapping[str, str]) -> Question:
        """Return a search for videos, newest first; hashtags are not found exactly, but as words like others."""
        fixed = {"part": "snippet", "type": "video", "order": "date", "safeSearch": "none", "maxResults": str(AT_ONCE)}
        return Question("search", {"q": words, **fixed, "fields": _FOUND_FIELDS, **params}, self._quotas.searches)

    async def _page(self, ids: Sequence[str], ask: Ask, refused: int) -> Page:
        posts, unread = await self._shelf.videos(ids)
        posts = [post for post in posts if post.created_at >= ask.since]
        if self._settings.followers:
            posts = await self._shelf.with_followers(posts)
        return Page([replace(post, again=self._mark(post)) for post in posts], refused=refused + unread)

    def _mark(self, post: Post) -> str:
        """Return an id with the campaign's hashtags: the statistics in bulk come without any text."""
        campaign = self._campaign
        return " ".join([post.id, *(tag for tag in post.tags if campaign is None or campaign.subjects([tag]))])


def _unmarked(mark: str) -> tuple[str, tuple[str, ...]]:
    own, *known = mark.split(" ")
    return own, tuple(known)
