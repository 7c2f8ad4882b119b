"""Telegram as an app of one's own account (MTProto, by Telethon): exact counters, and hashtags in all public channels.

The mentions are the same as those of the preview (`telegram`), by the same ids: both together count once.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, SourceSettings, Walk, walks
from monitor.model.table import Record
from monitor.model.window import Window
from monitor.sources._telegram_tags import tags  # noqa: F401 - `Platform.tags` finds it here
from monitor.sources.telegram import ChannelName

if TYPE_CHECKING:  # whoever has not installed Telethon can use everything else
    from monitor.sources._telegram_line import Line
    from monitor.sources._telegram_message import Sheet

MISSING = "telegram_app needs Telethon, which is not installed: pip install 'campaign-monitor[telegram]'"
LATE = timedelta(hours=1)  # how far below what is known every search goes: posts may be found late
SWEEP_EVERY, DEEP_EVERY = timedelta(hours=3), timedelta(days=1)
DEEP = timedelta(days=7)
USUAL_TAG = "news"  # in some public channel somebody always writes about it
SPACING = 3.0  # seconds; others were told to wait when they asked ten times in thirty


class Settings(SourceSettings):
    """One public channel by its name, or, without a name, the campaign's hashtags in all of them."""

    platform: Literal["telegram_app"] = "telegram_app"
    channel: ChannelName | None = None
    api_id: int = Field(ge=1)  # of an app that you have registered with Telegram
    api_hash: SecretStr
    api_hash_file: Path | None = None
    session: SecretStr  # made by `monitor telegram-login`; whoever has it is you
    session_file: Path | None = None
    every_minutes: float = Field(default=15.0, ge=0.5, le=1440.0)
    sweep_hours: float = Field(default=48.0, ge=1.0, le=168.0)  # how far back a search looks again every three hours

    TERMS: ClassVar[str | None] = (
        "Telegram's terms forbid harvesting its content for machine learning and any use other than the ordinary one; "
        "it watches accounts that sign in with apps of other makers, and closes those it finds abusive for good. "
        "Use an account that you can lose, watch few channels, or ask their owners."
    )

    @model_validator(mode="after")
    def _is_usable(self) -> Self:
        if self.off is None and not is_installed():
            raise ValueError(MISSING)
        return self


def is_installed(library: str = "telethon") -> bool:
    """Tell whether the extra is there."""
    return find_spec(library) is not None


Door = Callable[[Settings], AbstractAsyncContextManager[Any]]
"""What opens a connection: Telethon, or a function that plays it."""


def _telethon(settings: Settings) -> AbstractAsyncContextManager[Any]:
    from monitor.sources._telegram_line import connected

    return connected(settings.api_id, settings.api_hash.get_secret_value(), settings.session.get_secret_value())


class _Place(Record):
    """The cursor: until when all is known, the highest number seen (of a channel), the last sweeps (of a search)."""

    at: datetime
    top: int = 0
    swept: datetime
    deep: datetime

    @classmethod
    def of(cls, ask: Ask) -> "_Place":
        return cls.model_validate(ask.cursor) if ask.cursor else cls(at=ask.since, swept=ask.now, deep=ask.now)


class Source:
    """Reads one channel upwards, or searches for the hashtags of a campaign from now downwards."""

    platform = "telegram"  # its posts are those of the preview
    spacing: ClassVar[float] = SPACING

    def __init__(self, settings: Settings, client: Client, door: Door = _telethon) -> None:
        self._settings, self._client, self._door = settings, client, door
        self._channel = settings.channel.lower() if settings.channel else None
        self.name = settings.name or (f"{self._channel}-app" if self._channel else "telegram-search")
        self.again_at_once = 100 if self._channel else 0  # a search sees its posts again by searching again

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk for a channel, which is read whole; one for each spelling that is searched for."""
        if self._channel:
            return [Walk(self._channel)]
        return walks(campaign)

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what is new, then what is known once more; every page may be stored on its own."""
        async with self._line() as line:
            async for page in self._climb(line, ask) if self._channel else self._search(line, ask):
                yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for messages of the channel by their numbers; of an album, for all its parts."""
        numbers = [number for mark in marks for number in _numbers(mark)]
        wanted = {mark.partition("-")[0] for mark in marks}
        found: list[Post] = []
        async with self._line() as line:
            channel = await line.channel(self._channel or "")
            for start in range(0, len(numbers), 100):
                found += (await line.known(channel, numbers[start : start + 100])).posts
        return [post for post in found if (post.again or "").partition("-")[0] in wanted]

    async def canary(self) -> bool | None:
        """Look whether the channel shows any message, or whether a hashtag that somebody always uses is found."""
        async with self._line() as line:
            if self._channel is None:
                return bool((await line.tagged(USUAL_TAG, None)).posts)
            return (await line.newest(await line.channel(self._channel))).top > 0

    async def probe(self) -> str:
        """Say whose messages can be read, with one question."""
        async with self._line() as line:
            if self._channel is None:
                found = len((await line.tagged(USUAL_TAG, None)).posts)
                return f"Telegram takes the session and finds {found} posts with #{USUAL_TAG} in public channels"
            channel = await line.channel(self._channel)
            followers = "an unknown number of" if channel.followers is None else channel.followers
            return f"Telegram takes the session; @{self._settings.channel} has {followers} subscribers"

    async def _climb(self, line: "Line", ask: Ask) -> AsyncIterator[Page]:
        """Yield the messages above the highest known, rising, then the last hundred for what was changed in them."""
        channel, place = await line.channel(self._channel or ""), _Place.of(ask)
        while (sheet := await line.above(channel, place.top, ask.since)).top > place.top:
            known, until = place.at, max(place.at, sheet.newest or place.at)
            place = place.model_copy(update={"top": sheet.top, "at": until})
            yield _page(sheet, ask, place, known)
        known, place = place.at, place.model_copy(update={"at": ask.now})
        yield _page(await line.newest(channel), ask, place, known)

    async def _search(self, line: "Line", ask: Ask) -> AsyncIterator[Page]:
        """Yield posts from now down to what is known, lower if a sweep is due; only the last page moves the place."""
        (hashtag,), seen, further = ask.walk.spellings, set[str](), None
        floor, place = self._floor(_Place.of(ask), ask)
        while (sheet := await line.tagged(hashtag, further)).further and sheet.posts:
            found = {post.id for post in sheet.posts}
            if found <= seen:
                raise UnexpectedPayload("Telegram's search shows the same posts over and over; it is asked again later")
            if min(post.created_at for post in sheet.posts) < floor:
                break
            further, seen = sheet.further, seen | found
            yield _page(sheet, ask)
        yield _page(sheet, ask, place.model_copy(update={"at": ask.now}), place.at)

    def _floor(self, place: _Place, ask: Ask) -> tuple[datetime, _Place]:
        """Return how far down to search: a little below what is known, now and then two days or a week."""
        if ask.now - place.deep >= DEEP_EVERY:
            return max(ask.now - DEEP, ask.since), place.model_copy(update={"deep": ask.now, "swept": ask.now})
        if ask.now - place.swept >= SWEEP_EVERY:
            floor = min(place.at - LATE, ask.now - timedelta(hours=self._settings.sweep_hours))
            return max(floor, ask.since), place.model_copy(update={"swept": ask.now})
        return max(place.at - LATE, ask.since), place

    @asynccontextmanager
    async def _line(self) -> AsyncIterator["Line"]:
        try:
            from monitor.sources._telegram_line import Line, in_words
        except ImportError:
            raise AccessRefused(MISSING) from None
        async with AsyncExitStack() as stack:
            with in_words(self._client):
                asking = await stack.enter_async_context(self._door(self._settings))
            yield Line(asking, self._client)


def _numbers(mark: str) -> range:
    first, _, last = mark.partition("-")
    return range(int(first), int(last or first) + 1)


def _page(sheet: "Sheet", ask: Ask, place: _Place | None = None, start: datetime | None = None) -> Page:
    """Return the posts that are not too old, the place reached with them, and the time that is known with it."""
    start = max(start, ask.since) if start else None
    return Page(
        mentions=[post for post in sheet.posts if post.created_at >= ask.since],
        cursor=place.model_dump(mode="json") if place else None,
        covered=Window(start, place.at) if place and start and start < place.at else None,
        refused=sheet.refused,
    )
