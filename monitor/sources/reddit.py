"""Reddit: the search of its Data API, newest first, and known posts asked again by the hundred.

Reddit has no hashtags: its search looks for words. A post counts when its title or text holds a spelling of the
campaign, with the sign or as plain words. A search ends after some 250 posts, whatever it says.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field

from monitor.fetch.client import Client
from monitor.fetch.fields import count, epoch, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Counts, Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.model.window import Window
from monitor.model.words import Phrase, tokens
from monitor.sources._illegible import illegible
from monitor.sources._reddit_door import SPACING, TERMS, App, Door, Listing
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

PAGE_SIZE = 100
CUT_FROM = 200  # posts: a search that ends beyond was cut off by Reddit, not by what is there
MOST_PAGES = 12  # listings end near 1000 posts
OVERLAP = timedelta(hours=2)  # posts become searchable late
LATE = timedelta(minutes=2)
BEGAN = 2005  # the year
_GONE = frozenset({"[deleted]", "[removed]", ""})


def _bare(written: object) -> object:
    """Take r/syria and /r/syria for syria."""
    return written.strip().strip("/").removeprefix("r/") if isinstance(written, str) else written


Subreddit = Annotated[str, BeforeValidator(_bare), Field(pattern=r"^[A-Za-z0-9_]{2,21}$")]


class Settings(App, SourceSettings):
    """One approved app; without `subreddits` all of Reddit is searched."""

    platform: Literal["reddit"] = "reddit"
    subreddits: tuple[Subreddit, ...] = Field(default=(), max_length=50)
    every_minutes: float = Field(default=10.0, ge=0.5, le=1440.0)

    TERMS: ClassVar[str | None] = TERMS


class Source:
    """Searches Reddit for every spelling of a campaign."""

    platform = "reddit"
    spacing: ClassVar[float] = SPACING
    again_at_once = 100

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._door = settings, Door(settings, client)
        self.name = settings.name or "-".join(("reddit", *settings.subreddits))[:60].lower()
        self._sought: tuple[str, ...] = ()

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per spelling."""
        self._sought = campaign.asked
        return walks(campaign, compared=True)

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield pages from the newest post down to what is known; only the last moves the cursor.

        A walk that breaks off begins anew: it is short, and counting twice changes nothing. One that Reddit cut off
        covers what it reached; the rest stays a gap, for Reddit shows no more of it.
        """
        known = epoch(table(ask.cursor).get("until")) or ask.since
        end, after = ask.now - LATE, None
        down = _Descent(floor=max(known - OVERLAP, ask.since), oldest=end)
        for _ in range(MOST_PAGES):
            listing = await self._search(ask.walk.spellings[0], after)
            posts, refused = self._posts(listing)
            is_news = down.passes(posts, len(listing.rows))
            yield Page([post for post in posts if post.created_at >= ask.since], refused=refused)
            if after and not listing.rows:  # the post that the next page hangs on may have gone meanwhile
                yield Page(truncated=True)
                return
            before, after = after, listing.after
            if down.is_done or after is None or after == before or not is_news:
                break
        is_cut = not down.is_done and (after is not None or down.read >= CUT_FROM)
        start = max(known, down.oldest) if is_cut else known
        covered = Window(start, end) if start < end else None
        yield Page(cursor={"until": ask.now.timestamp()}, covered=covered, truncated=is_cut)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for posts by their full names; what was deleted or removed is left out."""
        listing = await self._door.listing("/api/info", {"id": ",".join(marks)})
        posts, _ = self._posts(listing)
        return [post for post in posts if post.again in marks]

    async def canary(self) -> bool | None:
        """Ask for the newest posts of the places that are watched."""
        return bool((await self._newest()).rows)

    async def probe(self) -> str:
        """Ask for the newest posts and say how many answered."""
        newest = await self._newest()
        where = "+".join(self._settings.subreddits) or "all"
        return f"Reddit answers the app {self._settings.app_id}: {len(newest.rows)} newest posts of r/{where}"

    async def _newest(self) -> Listing:
        where = "+".join(self._settings.subreddits) or "all"
        return await self._door.listing(f"/r/{where}/new", {"limit": "5"})

    async def _search(self, spelling: str, after: str | None) -> Listing:
        where = "+".join(self._settings.subreddits)
        params = {"q": f'"{spelling}"', "sort": "new", "t": "month", "type": "link", "limit": str(PAGE_SIZE)}
        if where:
            params["restrict_sr"] = "1"  # without it all of Reddit is searched, silently
        if after:
            params["after"] = after
        return await self._door.listing(f"/r/{quote(where)}/search" if where else "/search", params)

    def _posts(self, listing: Listing) -> tuple[list[Post], int]:
        """Return what can be read, and how many could not; posts without their text any more are neither."""
        found = [(row, _post(row, self._sought)) for row in listing.rows if not _is_gone(row)]
        posts = [post for _, post in found if post]
        if found and not posts:
            raise illegible(f"{len(found)} posts from Reddit")
        return posts, len(found) - len(posts)


@dataclass
class _Descent:
    """How far down from the newest post a search has come; it need not go below `floor`."""

    floor: datetime
    oldest: datetime
    read: int = 0
    _met: set[str] = field(default_factory=set)

    @property
    def is_done(self) -> bool:
        return self.oldest < self.floor

    def passes(self, posts: Sequence[Post], rows: int) -> bool:
        """Go down a page of so many rows; tell whether it has any post that no page before had."""
        fresh = {post.id for post in posts} - self._met
        self._met |= fresh
        self.read += rows
        self.oldest = min([self.oldest, *(post.created_at for post in posts)])
        return bool(fresh)


def _post(row: Mapping[str, Any], sought: Sequence[str]) -> Post | None:
    name, created = text(row.get("name"), 40), epoch(row.get("created_utc"), BEGAN)
    if name is None or created is None or not name.isascii():
        return None
    author = text(row.get("author"))
    written = f"{row.get('title') or ''}\n{row.get('selftext') or ''}"
    return Post(
        platform="reddit",
        id=name,
        created_at=created,
        tags=_named(written, sought),
        counts=Counts(
            likes=_score(row), reposts=count(row.get("num_crossposts")), replies=count(row.get("num_comments"))
        ),
        author=None if author in _GONE else author,
        again=name,
        text=written,
        raw=row,
    )


def _score(row: Mapping[str, Any]) -> int | None:
    """Return the score, which Reddit blurs by a little and which can fall below zero."""
    score = row.get("score")
    return count(max(score, 0)) if type(score) is int else None


def _named(written: str, sought: Sequence[str]) -> tuple[str, ...]:
    """Return the hashtags of a text, and the spellings it holds as words."""
    as_words = (spelling for spelling in sought if tokens(spelling) and Phrase(spelling).is_in(written))
    return tuple(dict.fromkeys([*tags(written), *as_words]))


def _is_gone(row: Mapping[str, Any]) -> bool:
    return bool(row.get("removed_by_category")) or text(row.get("selftext")) in {"[deleted]", "[removed]"}
