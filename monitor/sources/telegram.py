"""Telegram: public channels by their web preview (t.me/s/channel), which tells the views of anybody's posts.

A page holds some twenty messages in rising order of their numbers; `before` and `after` lead to the others. The
preview is undocumented: docs/sources.md gives the reasons for the care taken here.
"""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from monitor.errors import AccessRefused, Reason, SourceUnavailable, UnexpectedPayload
from monitor.fetch.beside import beside
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.sources import _telegram_page
from monitor.sources._telegram_page import Sheet
from monitor.sources._telegram_place import Place, fallen, narrowed, restored
from monitor.sources._telegram_tags import tags  # noqa: F401 - `Platform.tags` finds it here

NEAR = 60  # message numbers, three pages: a nearer gap is read upwards, a wider one downwards, newest first
PAGE_LIMIT = 2_000_000  # bytes; a page of twenty albums is 0.5 MB


def _channel(written: object) -> object:
    """Take what people paste: @name, t.me/name and https://t.me/s/name are all the channel `name`."""
    return re.sub(r"^(?:(?:https?://)?t\.me/(?:s/)?|@)", "", written.strip()) if isinstance(written, str) else written


ChannelName = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]{3,31}$",
        description="write the name of its address: Latin letters, digits and underscores",
    ),
    BeforeValidator(_channel),
]
"""A channel as people write it down; its name is what remains."""


class Settings(SourceSettings):
    """One public channel, by its name."""

    platform: Literal["telegram"] = "telegram"
    channel: ChannelName
    every_minutes: float = Field(default=15.0, ge=0.5, le=1440.0)
    refresh_budget: int = Field(default=100, ge=0, le=100_000)
    server: str = Field(default="https://t.me", pattern=r"^https?://[^/\s]+$")
    sweep_pages: int = Field(default=3, ge=1, le=50)  # newest pages read in every run, for views and late hashtags

    TERMS: ClassVar[str | None] = (
        "Telegram's terms forbid harvesting its content for machine learning and any use other than the ordinary one; "
        "the preview is undocumented and promises nothing. Watch few channels, or ask their owners."
    )


class Source:
    """Reads one channel up or down to what is known, then its newest pages once more."""

    platform = "telegram"
    spacing: ClassVar[float] = 2.0  # no limit is published; others asked at this pace for hours, untroubled
    again_at_once = 20  # neighbours share a page, and so a call

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or settings.channel.lower()

    def walks(self, campaign: Campaign) -> Sequence[Walk]:  # noqa: ARG002 - the preview's own search ends after 20 hits
        """Return one walk: the channel is read whole, whatever its posts are about."""
        return [Walk(self._settings.channel.lower())]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what is new, then what is left of an older gap, then the sweep; every page may be stored on its own."""
        newest = await self._newest()
        place = restored(ask)
        if place is None or (place.gap is None and newest.low - place.top > NEAR):
            async for page in self._descend(fallen(place, newest, ask), ask, newest):
                yield page
            return
        async for sheet in self._climb(place.top, newest.low):
            known, place = place.at, place.moved(sheet.top, sheet.newest or place.at)
            yield _page(sheet, ask, place, known, place.at)
        known, place = place.at, place.moved(newest.top, ask.now)
        yield _page(newest, ask, place, known, ask.now)
        async for page in self._descend(place, ask):
            yield page
        async for page in self._sweep(newest.low, ask):
            yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask page by page, from the newest mark down; a message that its page leaves out was deleted."""
        wanted, found = {int(mark) for mark in marks}, list[Post]()
        while wanted:
            highest = max(wanted)
            sheet = await self._known(highest)
            found += [post for post in sheet.posts if int(post.again or 0) in wanted]
            wanted = {number for number in wanted if number < min(sheet.low, highest)}
        return found

    async def canary(self) -> bool | None:
        """Look whether the channel shows any post: Telegram shows an empty page to those it holds off."""
        return not (await self._ask()).is_empty

    async def probe(self) -> str:
        """Read the newest page and say what is on it."""
        sheet = await self._newest()
        last = f"{sheet.newest:%Y-%m-%d %H:%M} UTC" if sheet.newest else "at an unknown time"
        measured = sum(post.counts.impressions is not None for post in sheet.posts)
        return (
            f"@{self._settings.channel}: {len(sheet.posts)} posts on its last page, {measured} with views, last {last}"
        )

    async def _climb(self, top: int, low: int) -> AsyncIterator[Sheet]:
        """Yield the pages above `top`, rising, until nothing is left below `low`; each may be stored on its own."""
        while top + 1 < low:
            sheet = await self._sheet(after=top)
            if sheet.top <= top:
                raise UnexpectedPayload("Telegram's preview shows nothing after a message that has newer ones above it")
            yield sheet
            top = sheet.top

    async def _descend(self, place: Place, ask: Ask, first: Sheet | None = None) -> AsyncIterator[Page]:
        """Yield the pages of the gap from its upper end down; what a broken walk leaves stays in the cursor."""
        gap = place.gap
        while gap:
            sheet = first or await self._sheet(before=gap.below)
            if sheet.top >= gap.below:
                raise UnexpectedPayload("Telegram's preview shows newer messages where older ones were asked for")
            start, end = max(gap.start, ask.since), gap.end
            first, gap = None, narrowed(gap, sheet, start)
            rest = place.model_copy(update={"gap": gap})
            yield _page(sheet, ask, rest, gap.end if gap else start, end)

    async def _sweep(self, below: int, ask: Ask) -> AsyncIterator[Page]:
        """Yield known pages below the newest again: views rise, hashtags are added, and posts of age are left alone."""
        for _ in range(self._settings.sweep_pages - 1):
            if below <= 1:
                return
            sheet = await self._sheet(before=below)
            yield _page(sheet, ask)
            is_last = not sheet.goes_back or sheet.oldest is None or sheet.oldest < ask.since
            below = 0 if is_last else min(sheet.low, below - 1)

    async def _newest(self) -> Sheet:
        sheet = await self._ask()
        if sheet.is_empty:
            raise SourceUnavailable(
                f"Telegram shows no posts of @{self._settings.channel}: it has none, or withholds them from frequent "
                "askers, which looks the same; it is asked again with the next run",
            )
        return sheet

    async def _sheet(self, **place: int) -> Sheet:
        """Return the page at `before` or `after`, to which another page led: it cannot be empty."""
        sheet = await self._ask(**place)
        if sheet.is_empty:
            raise SourceUnavailable(
                f"Telegram withholds older posts of @{self._settings.channel}; the next run goes on"
            )
        return sheet

    async def _known(self, number: int) -> Sheet:
        """Return the page that ends with a message; an empty one is believed the second time, if others are shown."""
        sheet = await self._ask(before=number + 1)
        if sheet.is_empty:
            await self._newest()
            sheet = await self._ask(before=number + 1)
        return sheet

    async def _ask(self, **place: int) -> Sheet:
        url = f"{self._settings.server}/s/{self._settings.channel}"
        answer = await self._client.get(
            url,
            params={name: str(number) for name, number in place.items()},
            headers={"Accept-Language": "en"},  # the words beside the numbers are translated otherwise
            follow=False,
            limit=PAGE_LIMIT,
        )
        is_page = answer.status == HTTPStatus.OK
        sheet = await beside(_telegram_page.read, answer.body) if is_page else None  # a hostile one takes 0.3 s
        if sheet is None or not sheet.exists:
            raise AccessRefused(
                f"@{self._settings.channel} has no preview: no such channel, a group, a person, a private channel, "
                f"or its owner has switched the preview off; look at {url} in a browser",
                reason=Reason.GONE,
            )
        return sheet


def _page(
    sheet: Sheet, ask: Ask, place: Place | None = None, start: datetime | None = None, end: datetime | None = None
) -> Page:
    """Return the posts of a page that are not too old, the place reached with it, and the time it leaves covered."""
    return Page(
        mentions=[post for post in sheet.posts if post.created_at >= ask.since],
        cursor=place.model_dump(mode="json") if place else None,
        covered=Window(start, end) if start and end and start < end else None,
        refused=sheet.unread,
    )
