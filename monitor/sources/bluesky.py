"""Bluesky: its search, asked through an account's own server in frozen windows, and known posts asked again.

A search goes from the newest post down, ends after 10,000, and is not quite in order. So a window is read to its end or
cut in two; what its reading left open stands in the cursor as windows, never as the search's own cursor.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr

from monitor.errors import UnexpectedPayload
from monitor.fetch.ahead import ahead
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import count, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.sources._bluesky_place import Place
from monitor.sources._bluesky_session import Login, Session
from monitor.sources._bluesky_tags import tags
from monitor.sources._bluesky_view import AT_ONCE, PUBLIC, known, legible, listed

__all__ = ["Settings", "Source", "tags"]

PAGE_SIZE = 100  # the most the server gives in one answer
FULL = 9_500  # posts of one window; the search ends at 10,000
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
        return walks(campaign, compared=True)

    def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield the newest window, which overlaps the one before, then what is left of others."""
        return ahead(self.steps(ask))

    async def steps(self, ask: Ask) -> AsyncGenerator[Page, None]:
        """Yield the same, each page asked for only when the one before was taken."""
        place = Place.of(ask)
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

    async def _window(self, ask: Ask, place: Place) -> AsyncIterator[Page]:
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
