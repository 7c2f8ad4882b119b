"""Feeds: the press by RSS and Atom, one source per feed. Tells of articles, never of how often they were read."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import ClassVar, Literal

from pydantic import Field

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.mention import Article, Post
from monitor.model.source import Ask, Kind, Page, SourceSettings, Walk
from monitor.model.table import Record
from monitor.model.window import Window
from monitor.model.zone import Zone
from monitor.sources import _feed_body
from monitor.sources._feed_body import Body, Entry, Hints
from monitor.sources._feed_memory import Known, Memory, short

FEED_LIMIT = 10_000_000  # bytes; long feeds with full texts are 2 MB
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
_ANEW = timedelta(days=1)  # how often a feed is fetched unconditionally: some caches confirm a stale body for ever


class Settings(SourceSettings):
    """One feed of one outlet."""

    platform: Literal["feeds"] = "feeds"
    url: str = Field(
        pattern=r"^https?://[^\s/]+\S*$",
        max_length=2000,
        description='write an address, such as "https://news.example/rss"',
    )
    outlet: str = Field(
        pattern=r"^[^\s\x00-\x1f,=/()\[\]{}\"'][^\x00-\x1f,=/()\[\]{}\"]*$",
        max_length=60,
        description="leave out commas, quotes, brackets, slashes and equals signs",
    )
    language: str | None = Field(  # told by the feed where it is left out
        default=None, pattern=r"^[a-z]{2,3}$", description='write a code of two or three small letters, such as "ar"'
    )
    assume_tz: Zone | None = None  # for dates without a time zone; UTC where it is left out
    every_minutes: float = Field(default=10.0, ge=0.5, le=1440.0)

    KIND: ClassVar[Kind] = "articles"


class _Place(Record):
    """The cursor: what makes the next request conditional, until when all is known, and the articles seen."""

    etag: str = ""
    modified: str = ""
    digest: str = ""
    whole: datetime  # the last unconditional request
    at: datetime
    known: tuple[Known, ...] = ()


class Source:
    """Reads one feed: a sliding window of the newest articles, without pages."""

    platform = "feeds"
    spacing: ClassVar[float] = 1.0
    again_at_once = 0  # an article has no counters

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or re.sub(r"[^\w.\-]+", "-", settings.outlet.lower()).strip("-")[:60] or "feed"

    def walks(self, campaign: Campaign) -> Sequence[Walk]:  # noqa: ARG002 - a feed is read whole
        """Return one walk, named after the address: another feed starts with an empty memory."""
        return [Walk(short(self._settings.url))]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield one page: everything in the feed, or nothing when it did not change."""
        place = _Place.model_validate(ask.cursor) if ask.cursor else None
        conditional = place is not None and ask.now - place.whole < _ANEW
        answer = await self._ask(_validators(place) if place and conditional else {})
        after = _Place(
            etag=answer.headers.get("etag", ""),
            modified=answer.headers.get("last-modified", ""),
            digest=hashlib.sha256(answer.body).hexdigest(),
            whole=place.whole if place and conditional else ask.now,
            at=ask.now,
            known=place.known if place else (),
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            if place is None:
                raise UnexpectedPayload("the server says that nothing changed, and was never asked before")
            after = place.model_copy(update={"at": ask.now, **_told(etag=after.etag, modified=after.modified)})
        if place and after.digest == place.digest:
            yield Page(cursor=after.model_dump(mode="json"), covered=_covered(place.at, ask), unchanged=True)
        else:
            yield self._read(await self._body(answer), place, after, ask)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - never asked
        """Return nothing: articles are not asked for again."""
        return []

    async def canary(self) -> bool | None:
        """There is none yet."""
        return None

    async def probe(self) -> str:
        """Read the feed once and say what it holds."""
        body = await self._body(await self._ask({}))
        dates = [entry.published for entry in body.entries if entry.published]
        newest = f"newest {max(dates):%Y-%m-%d %H:%M} UTC" if dates else "none with a date we can read"
        unread = f", {body.unread} without id and link, which cannot be counted" if body.unread else ""
        return f"{self._settings.outlet}: {body.version}, {len(body.entries)} articles, {newest}{unread}"

    async def _ask(self, validators: dict[str, str]) -> Answer:
        return await self._client.get(
            self._settings.url, headers={"Accept": _ACCEPT, **validators}, accept=(304,), limit=FEED_LIMIT
        )

    async def _body(self, answer: Answer) -> Body:
        """Read a body beside the loop: a hostile one takes some seconds."""
        hints = Hints(
            content_type=answer.headers.get("content-type", ""),
            url=answer.url,
            language=self._settings.language,
            zone=self._settings.assume_tz,
        )
        return await asyncio.to_thread(_feed_body.read, answer.body, hints)

    def _read(self, body: Body, before: _Place | None, after: _Place, ask: Ask) -> Page:
        """Return the page of a body that was not read before; a body cut off is fetched anew the next time."""
        if body.unread and not body.entries:
            raise UnexpectedPayload(
                f"of the {body.unread} articles in the feed none has an id or a link: it broke off, or the outlet has "
                "changed it; open the address in a browser"
            )
        memory = Memory(after.known, self._settings.outlet, ask.now)
        seen = [(entry, memory.recognised(entry)) for entry in body.entries]
        language = self._settings.language or body.language
        is_gap = bool(before and before.known and seen) and not memory.met
        unconfirmed = {"etag": "", "modified": "", "digest": ""} if body.unread else {}
        place = after.model_copy(update={"known": memory.kept(), **unconfirmed})
        first = min((known.created for entry, known in seen if entry.published), default=int(ask.now.timestamp()))
        start = before.at if before and not is_gap else datetime.fromtimestamp(first, UTC)
        return Page(
            mentions=[
                article
                for entry, known in seen
                if (article := self._article(entry, known, language)).created_at >= ask.since
            ],
            cursor=place.model_dump(mode="json"),
            covered=_covered(start, ask),
            truncated=is_gap,
            refused=body.unread,
        )

    def _article(self, entry: Entry, known: Known, language: str | None) -> Article:
        return Article(
            platform="feeds",
            id=known.id,
            created_at=datetime.fromtimestamp(known.created, UTC),
            outlet=self._settings.outlet,
            language=language,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            dated=entry.published is not None,
        )


def _validators(place: _Place) -> dict[str, str]:
    """Return the headers that make a request conditional, word for word as the server gave them."""
    return _told(**{"If-None-Match": place.etag, "If-Modified-Since": place.modified})


def _told(**headers: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}


def _covered(start: datetime, ask: Ask) -> Window | None:
    begin = max(start, ask.since)
    return Window(begin, ask.now) if begin < ask.now else None
