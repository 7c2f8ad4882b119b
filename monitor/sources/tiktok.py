"""TikTok's Research API: videos by hashtag, one UTC day a question, for research bodies that TikTok has approved.

Videos appear some two days late, so each of the last days is asked again every day until it is old enough.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.fetch.client import Client
from monitor.fetch.fields import count, epoch, rows, table, text
from monitor.model.account import Allowance
from monitor.model.campaign import Campaign
from monitor.model.mention import Counts, Post
from monitor.model.source import Ask, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.sources._bearer import Bearer
from monitor.sources._illegible import SEVERAL, illegible
from monitor.sources._tiktok_door import PAGE_SIZE, Door
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

MOST_PAGES = 100  # of one day; what is more stays unknown
LATE = timedelta(days=2)
BEGAN = 2014  # the year
AGAIN_UNTIL = timedelta(days=4)  # how old a day is when it is no longer read


class Settings(SourceSettings):
    """One approved research project."""

    COMPARES: ClassVar[bool] = False

    platform: Literal["tiktok"] = "tiktok"
    client_key: str = Field(
        pattern=r"^[\w\-]{5,80}$", description="write the client key of your project, 5 characters or more"
    )
    client_secret: SecretStr
    client_secret_file: Path | None = None
    every_minutes: float = Field(default=720.0, ge=60.0, le=1440.0)
    refresh_budget: int = Field(default=1000, ge=0, le=100_000)
    requests_per_day: int = Field(default=1000, ge=1, le=1_000_000)
    videos_per_day: int = Field(default=100_000, ge=1, le=100_000_000)
    server: str = Field(default="https://open.tiktokapis.com/v2", pattern=r"^https?://\S+[^/\s]$")

    TERMS: ClassVar[str | None] = (
        "TikTok approves non-profit research bodies of the US and Europe only, not campaigns, advocacy or companies; "
        "raw records may not be passed on, and what was deleted must disappear. The monitor keeps counts."
    )


class Source:
    """Reads the days of a campaign's hashtags."""

    platform = "tiktok"
    spacing: ClassVar[float] = 1.0
    again_at_once = 100

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self.name = settings.name or "tiktok"
        form = {
            "client_key": settings.client_key,
            "client_secret": settings.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        self._door = Door(
            client,
            settings.server,
            Bearer(client, f"{settings.server}/oauth/token/", form),
            Allowance("requests", settings.requests_per_day),
            Allowance("videos", settings.videos_per_day, unit="posts"),
        )

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return one walk: all spellings stand in one question."""
        return [Walk("videos", campaign.spellings)]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield the days from the oldest that is not settled, each of which moves the cursor; one cut off is a gap."""
        today = ask.now.date()
        settled = _day(table(ask.cursor).get("settled")) or ask.since.date() - timedelta(days=1)
        for age in range((today - settled).days - 1, -1, -1):
            day, is_cut = today - timedelta(days=age), False
            async for sheet in self._videos_of(day, day, "hashtag_name", ask.walk.spellings):
                young, is_cut = [post for post in sheet.posts if post.created_at >= ask.since], sheet.is_cut
                yield Page(young, truncated=is_cut, refused=sheet.refused)
            if timedelta(days=age) >= AGAIN_UNTIL:
                settled = day
            start, end = max(_midnight(day), ask.since), min(_midnight(day) + timedelta(days=1), ask.now - LATE)
            covered = Window(start, end) if start < end and not is_cut else None
            yield Page(cursor={"settled": settled.isoformat()}, covered=covered)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for videos by number, in the stretch of days they were made in."""
        known = [_Mark.of(mark) for mark in marks]
        wanted = {mark.number for mark in known}
        first, last = min(mark.day for mark in known), max(mark.day for mark in known)
        found = [sheet.posts async for sheet in self._videos_of(first, last, "video_id", sorted(wanted))]
        return [post for posts in found for post in posts if post.id in wanted]

    async def canary(self) -> bool | None:
        """There is none: a question costs one of a thousand, and an empty one fails aloud."""
        return None

    async def probe(self) -> str:
        """Ask for a token, and say that it was given."""
        await self._door.is_open()
        return f"TikTok answers the project {self._settings.client_key}, and lets it ask for videos"

    async def _videos_of(self, first: date, last: date, name: str, values: Sequence[str]) -> AsyncIterator["_Sheet"]:
        """Yield the pages of some days: one may be short or empty, and more follow all the same."""
        question: dict[str, Any] = {
            "query": {"and": [{"operation": "IN", "field_name": name, "field_values": list(values)}]},
            "start_date": f"{first:%Y%m%d}",
            "end_date": f"{last:%Y%m%d}",
            "max_count": PAGE_SIZE,
        }
        for number in range(1, MOST_PAGES + 1):
            told = await self._door.ask(question)
            goes_on = told.get("has_more") is True
            yield _Sheet.of(told, is_cut=goes_on and number == MOST_PAGES)
            if not goes_on:
                return
            question |= {key: told[key] for key in ("cursor", "search_id") if key in told}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The videos of one answer, how many of them could not be read, and whether more would follow that is not asked."""

    posts: Sequence[Post]
    refused: int
    is_cut: bool

    @classmethod
    def of(cls, told: Mapping[str, Any], *, is_cut: bool) -> "_Sheet":
        videos = rows(told.get("videos"))
        posts = [post for row in videos if (post := _post(row)) is not None]
        if len(videos) >= SEVERAL and not posts:
            raise illegible(f"{len(videos)} videos of TikTok")
        return cls(posts, len(videos) - len(posts), is_cut)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A video and the day it was made: TikTok looks for a number only within days."""

    number: str
    day: date

    @classmethod
    def of(cls, mark: str) -> "_Mark":
        number, _, day = mark.partition("@")
        return cls(number, date.fromisoformat(day))


def _post(row: Mapping[str, Any]) -> Post | None:
    """Return a video; its number is a JSON integer beyond 2^53, and what is null is left out."""
    number, created = row.get("id"), epoch(row.get("create_time"), BEGAN)
    if type(number) not in {int, str} or not str(number).isdecimal() or created is None:
        return None
    told = row.get("hashtag_names")
    named = [name for name in told if isinstance(name, str) and name] if isinstance(told, list) else []
    return Post(
        platform="tiktok",
        id=str(number),
        created_at=created,
        tags=tuple(dict.fromkeys([*named, *tags(text(row.get("video_description")) or "")])),
        counts=Counts(
            impressions=count(row.get("view_count")),
            likes=count(row.get("like_count")),
            reposts=count(row.get("share_count")),
            replies=count(row.get("comment_count")),
        ),
        author=(text(row.get("username")) or "").replace("\0", "") or None,
        again=f"{number}@{created.date().isoformat()}",
        text=text(row.get("video_description")),
        raw=row,
    )


def _day(told: Any) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
