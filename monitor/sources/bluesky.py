"""Bluesky: its search, asked through an account's own server in frozen windows, and known posts asked again.

A search goes from the newest post down, ends after 10,000, and is not quite in order. So a window is read to its end or
cut in two; what its reading left open stands in the cursor as windows, never as the search's own cursor.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.errors import UnexpectedPayload
from monitor.fetch.ahead import ahead
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import count, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Cursor, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.sources._bluesky_session import Login, Session
from monitor.sources._bluesky_tags import tags
from monitor.sources._bluesky_view import AT_ONCE, PUBLIC, known, legible, listed

__all__ = ["Settings", "Source", "tags"]

PAGE_SIZE = 100  # the most the server gives in one answer
FULL = 9_500  # posts of one window; the search ends at 10,000
SHORTEST = 2.0  # seconds; a window that is full is not cut into shorter ones
LATE = timedelta(minutes=2)
"""How long after it was heard of a post may become findable: so much less is covered."""
DAY = 86_400.0
SWEEPS = ((2 * DAY, DAY), (7 * DAY, 7 * DAY))  # how far back is searched once more (seconds), and how often
UNDER_WAY = 200  # windows left open: no sweep begins before they are done

_ADDRESS = Annotated[str, Field(pattern=r"^https?://[^/\s?#]+$")]


class Settings(SourceSettings):
    """One account that searches; what it finds does not depend on whom it follows."""

    platform: Literal["bluesky"] = "bluesky"
    handle: str = Field(min_length=3, max_length=300)  # of the account that searches, such as desk.bsky.social
    app_password: SecretStr  # made for this purpose, never the main password
    app_password_file: Path | None = None
    server: _ADDRESS = "https://bsky.social"  # where the account signs in; its own server is found from there
    appview: _ADDRESS = PUBLIC  # where known posts are asked for, without a key
    overlap_minutes: float = Field(default=60.0, ge=5.0, le=1440.0)  # searched once more in every run
    calls_per_run: int = Field(default=300, ge=10, le=5000)  # of one spelling; the next run goes on with the rest
    followers: bool = True  # asks for the authors' followers too, one more call for 25 posts
    canary: str = Field(default="news", min_length=1, max_length=60)  # a hashtag that always finds something


class Source:
    """Searches for the spellings of a campaign, one by one: several in one question must all stand in a post."""

    platform = "bluesky"
    spacing: ClassVar[float] = 0.3  # 3000 calls in 5 minutes are allowed to all accounts of one address together
    again_at_once = AT_ONCE

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or "bluesky"
        self._session = Session(Login(settings.server, settings.handle, settings.app_password), client)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per spelling."""
        return [Walk(spelling, (spelling,)) for spelling in campaign.spellings]

    def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield the newest window, which overlaps the one before, then what is left of others."""
        return ahead(self.steps(ask))

    async def steps(self, ask: Ask) -> AsyncGenerator[Page, None]:
        """Yield the same, each page asked for only when the one before was taken."""
        place = _Place.of(ask)
        place.plan(ask, self._settings.overlap_minutes * 60)
        place.calls = self._settings.calls_per_run
        while place.todo and place.calls > 0:
            async for page in self._window(ask, place):
                yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask the public AppView; posts that were deleted or hidden are left out."""
        return await known(self._client, self._settings.appview, marks, followers=self._settings.followers)

    async def canary(self) -> bool | None:
        """Search for a hashtag that somebody always uses."""
        return bool(listed(await self._search(_params(self._settings.canary, limit=1)), "posts"))

    async def probe(self) -> str:
        """Sign in, or go on with the session there is, and search once."""
        answer = await self._search(_params(self._settings.canary, limit=1))
        found = "finds" if listed(answer, "posts") else "finds nothing for"
        return f"Bluesky answers at {answer.place.partition('/xrpc/')[0]}; its search {found} #{self._settings.canary}"

    async def _window(self, ask: Ask, place: "_Place") -> AsyncIterator[Page]:
        """Yield the pages of the window that is due; at its end it is done, or cut in two."""
        window, seen, read = place.todo[0], set[str](), 0
        cursor: str | None = None
        while True:
            answer = await self._search(_params(ask.walk.spellings[0], window=window, cursor=cursor))
            if answer.status != HTTPStatus.OK:  # it does not take its own cursor back
                yield place.cut()
                return
            posts, refused = legible(views := listed(answer, "posts"))
            told, read, place.calls = table(answer.json()), read + PAGE_SIZE, place.calls - 1
            young = [post for post in posts if post.created_at >= ask.since]
            seen.add(cursor or "")
            cursor = text(told.get("cursor"))
            if cursor in seen:
                raise UnexpectedPayload(f"{answer.place} repeats itself; the window is searched again later")
            is_left = cursor is not None and place.calls <= 0  # it is too long for one run
            if is_left or _is_full(read, cursor, len(views), count(told.get("hitsTotal"))):
                yield place.cut(young, refused)
                return
            if cursor is None:
                yield place.done(ask, young, refused)
                return
            yield Page(young, place.cursor, refused=refused)

    async def _search(self, params: list[tuple[str, str]]) -> Answer:
        accept = (HTTPStatus.BAD_REQUEST,) if dict(params).get("cursor") else ()
        return await self._session.get("app.bsky.feed.searchPosts", params, accept)


@dataclass(slots=True)
class _Place:
    """Where a walk stands, in epoch seconds: how far it has come, the windows left open, and when each sweep began.

    `calls` is how many this run may still make.
    """

    until: float
    swept: list[float]
    todo: list[tuple[float, float]] = field(default_factory=list)
    calls: int = 0

    @classmethod
    def of(cls, ask: Ask) -> "_Place":
        if not ask.cursor:
            return cls(ask.since.timestamp(), [ask.now.timestamp()] * len(SWEEPS))
        kept: Any = ask.cursor
        return cls(kept["until"], list(kept["swept"]), [(start, end) for start, end in kept["todo"]])

    @property
    def cursor(self) -> Cursor:
        return {"until": self.until, "swept": list(self.swept), "todo": [list(window) for window in self.todo]}

    def plan(self, ask: Ask, overlap: float) -> None:
        """Put what is new in front of what was left open, and a sweep behind it if one is due."""
        since, now = ask.since.timestamp(), int(ask.now.timestamp() * 1000) / 1000
        known_from = max(self.until - overlap, since)
        left = [(max(start, since), end) for start, end in self.todo if end > since]
        self.todo = [*_days(known_from, now), *left]
        for number, (back, every) in enumerate(SWEEPS):
            if now - self.swept[number] >= every and len(self.todo) < UNDER_WAY:
                self.todo += _days(max(now - back, since), known_from)
                self.swept[number] = now
        self.until = now

    def done(self, ask: Ask, posts: Sequence[Post], refused: int) -> Page:
        """Return the last page of a window: everything in it is known."""
        start, end = self.todo.pop(0)
        covered = Window(datetime.fromtimestamp(start, UTC), min(datetime.fromtimestamp(end, UTC), ask.now - LATE))
        return Page(posts, self.cursor, covered if covered.start < covered.end else None, refused=refused)

    def cut(self, posts: Sequence[Post] = (), refused: int = 0) -> Page:
        """Return the page after which a window turned out to hold more than a search shows: its halves come next."""
        start, end = self.todo.pop(0)
        if end - start <= SHORTEST:
            return Page(posts, self.cursor, truncated=True, refused=refused)
        middle = round((start + end) / 2, 3)
        self.todo[:0] = [(middle, end), (start, middle)]
        return Page(posts, self.cursor, refused=refused)


def _days(start: float, end: float) -> list[tuple[float, float]]:
    """Return a stretch in windows of a day at most, the newest first."""
    windows = []
    while start < end:
        windows.append((max(start, end - DAY), end))
        end -= DAY
    return windows


def _is_full(read: int, cursor: str | None, shown: int, hits: int | None) -> bool:
    """Tell whether a window holds more than a search shows; how many there are (`hits`) may be rounded, or missing."""
    if cursor is None:
        return hits is not None and read >= 10 * PAGE_SIZE and hits > 2 * read
    return read >= FULL or (hits is not None and hits > FULL and shown >= PAGE_SIZE)


def _params(
    spelling: str, *, limit: int = PAGE_SIZE, window: tuple[float, float] | None = None, cursor: str | None = None
) -> list[tuple[str, str]]:
    params = [("q", f"#{spelling}"), ("tag", spelling), ("sort", "latest"), ("limit", str(limit))]
    if window is not None:  # whole moments: of a mere date some servers know nothing
        params += [("since", _iso(window[0])), ("until", _iso(window[1]))]
    return [*params, ("cursor", cursor)] if cursor else params


def _iso(moment: float) -> str:
    told = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")
