"""Instagram: the public posts of a hashtag of the last 24 hours, by a professional account that Meta has reviewed.

An account may look at thirty different hashtags in seven days, so a ledger of its own refuses the thirty-first.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.errors import AccessRefused
from monitor.fetch.client import Client
from monitor.fetch.fields import count, epoch, moment, rows, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Counts, Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.model.window import Window
from monitor.sources._graph import BadQuestion, Graph
from monitor.sources._illegible import illegible
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

SHOWN_FOR = timedelta(hours=24)  # what recent_media goes back
LATE = timedelta(minutes=10)
MOST_TAGS, TAGS_FOR = 30, timedelta(days=7)
ID_KEPT = timedelta(days=365)  # the numbers of hashtags never change
FIELDS = "id,caption,comments_count,like_count,media_type,permalink,timestamp"
_CODE = re.compile(r"/(?:p|reel|reels|tv)/([\w\-]{5,40})/?$")


class Settings(SourceSettings):
    """One professional account, reviewed for Instagram Public Content Access."""

    COMPARES: ClassVar[bool] = False

    platform: Literal["instagram"] = "instagram"
    account: str = Field(pattern=r"^\d{5,25}$", description="write the number of the professional account")
    token: SecretStr
    token_file: Path | None = None
    every_minutes: float = Field(default=60.0, ge=5.0, le=360.0)
    server: str = Field(default="https://graph.facebook.com/v26.0", pattern=r"^https?://\S+[^/\s]$")

    TERMS: ClassVar[str | None] = (
        "Meta gives its data for the reviewed purpose only and forbids profiling people by politics or origin; what it "
        "asks to be deleted must be deleted. The monitor keeps counts, no captions and no names."
    )


class Source:
    """Reads what Instagram shows of each spelling."""

    platform = "instagram"
    spacing: ClassVar[float] = 1.0
    again_at_once = 0  # posts of others can not be asked for; those that are shown again are read again

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or f"instagram-{settings.account}"
        self._graph = Graph(client, settings.server, settings.token.get_secret_value(), self.name)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per spelling: Instagram knows hashtags letter by letter, and none with an emoji."""
        return walks(campaign)

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield everything that is shown: its order is only roughly that of time, so every page is read."""
        spelling = ask.walk.spellings[0]
        try:
            number = await self._number(spelling, ask.now)
        except BadQuestion as error:
            raise AccessRefused(f"Instagram does not search for #{spelling}: {error}") from error
        path = f"/{number}/recent_media"
        async for found in self._graph.pages(path, user_id=self._settings.account, fields=FIELDS, limit="50"):
            posts = [post for row in found if (post := read(row, spelling)) is not None]
            if found and not posts:
                raise illegible("the posts that Instagram shows")
            young = [post for post in posts if post.created_at >= ask.since]
            yield Page(young, refused=len(found) - len(posts))
        known = epoch(table(ask.cursor).get("until"))
        start = max(ask.since, ask.now - SHOWN_FOR, *([known] if known else []))
        end = ask.now - LATE
        yield Page(cursor={"until": end.timestamp()}, covered=Window(start, end) if start < end else None)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - it can not
        """Return nothing: Instagram does not tell of others' posts by their number."""
        return ()

    async def canary(self) -> bool | None:
        """There is none: every hashtag that is asked for is one of the thirty."""
        return None

    async def probe(self) -> str:
        """Ask which hashtags were looked at in the last seven days."""
        path = f"/{self._settings.account}/recently_searched_hashtags"
        used = len(rows((await self._graph.get(path, limit=str(MOST_TAGS))).get("data")))
        return f"Instagram answers {self.name}: {used} of {MOST_TAGS} hashtags of these seven days are used"

    async def _number(self, spelling: str, now: datetime) -> str:
        """Return Instagram's number of a hashtag, after noting in the ledger that it is looked at."""
        seconds = TAGS_FOR.total_seconds()
        if wait := await self._client.account.admit("hashtags", spelling, most=MOST_TAGS, seconds=seconds):
            raise AccessRefused(
                f"Instagram allows {MOST_TAGS} hashtags in seven days; #{spelling} has to wait, the next is free on "
                f"{now + timedelta(seconds=wait):%Y-%m-%d %H:%M} UTC; list fewer spellings"
            )
        name = f"hashtag/{spelling}"
        if known := await self._client.account.recall(name):
            return known
        answer = await self._graph.get("/ig_hashtag_search", user_id=self._settings.account, q=spelling)
        number = next((text(row.get("id"), 40) for row in rows(answer.get("data"))), None)
        if number is None or not number.isdecimal():
            raise BadQuestion(f"it has no number for #{spelling}; check how it is spelled")
        await self._client.account.keep(name, number, seconds=ID_KEPT.total_seconds())
        return number


def read(row: Mapping[str, Any], *found_by: str) -> Post | None:
    """Return a post as Instagram tells it, its own hashtags and those it was found by; None if it can not be read.

    Its id is the code of its address, which every door of Instagram tells alike.
    """
    code, created = _CODE.search(text(row.get("permalink")) or ""), moment(row.get("timestamp"))
    if code is None or created is None:
        return None
    return Post(
        platform="instagram",
        id=code[1],
        created_at=created,
        tags=tuple(dict.fromkeys([*tags(text(row.get("caption")) or ""), *found_by])),
        counts=Counts(likes=count(row.get("like_count")), replies=count(row.get("comments_count"))),
        link=text(row.get("permalink")),
        text=text(row.get("caption")),
        raw=row,
    )
