"""Feeds: the press by RSS and Atom, one source per feed. Tells of articles, never of how often they were read."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.beside import beside
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.link import canonical
from monitor.model.mention import Article, Post
from monitor.model.source import Ask, Kind, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.model.zone import Zone
from monitor.sources import _feed_body, _feed_rhythm
from monitor.sources._feed_body import Body, Entry, Hints
from monitor.sources._feed_door import Door
from monitor.sources._feed_memory import Known, Memory
from monitor.sources._feed_place import Place, Question
from monitor.sources._press import PRESS, short

_BARE = re.compile(r"[\w\-]+(\.[\w\-]+)+(:\d+)?([/?]\S*)?")


def _address(written: object) -> object:
    """Take what people write: news.example is https://news.example."""
    return f"https://{written}" if isinstance(written, str) and _BARE.fullmatch(written) else written


class Settings(SourceSettings):
    """One feed of one outlet, or the address of its site, where the feed is looked for."""

    platform: Literal["feeds"] = "feeds"
    url: Annotated[str, BeforeValidator(_address)] = Field(
        pattern=r"^https?://[^\s/]+\S*$",
        max_length=2000,
        description='write an address, such as "https://news.example/rss"',
    )
    outlet: str | None = Field(  # may be left out where the table of outlets knows the site
        default=None,
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

    @property
    def publisher(self) -> str:
        """Who publishes it: the outlet, else the site."""
        return self.outlet or self.url.partition("://")[2].partition("/")[0].removeprefix("www.")


def called(publisher: str) -> str:
    """Return the name of a source that has none of its own."""
    return re.sub(r"[^\w.\-]+", "-", publisher.lower()).strip("-")[:60] or "feed"


class Source:
    """Reads one feed: a sliding window of the newest articles, without pages."""

    platform = PRESS
    spacing: ClassVar[float] = 1.0
    again_at_once = 0  # an article has no counters

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._door = settings, Door(client, settings.url)
        self.name = settings.name or called(settings.publisher)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return one walk, named after the address: another feed starts with an empty memory."""
        phrases = (phrase.text for phrase in (*campaign.phrases, *campaign.excluded))
        return [Walk(short(self._settings.url), (*phrases, *campaign.asked))]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield one page: everything in the feed, or nothing when it did not change."""
        place = Place.model_validate(ask.cursor) if ask.cursor else None
        words = short("\n".join(ask.walk.spellings))
        question = Question(place, words, ask.now)
        answer, found = await self._door.ask(question.headers, may_look=place is None or place.is_site)
        after = question.answered(answer, is_site=bool(found))
        if place and (after.digest, after.words) == (place.digest, place.words):
            page = Page(cursor=after.model_dump(mode="json"), covered=_covered(place.at, ask), unchanged=True)
            yield replace(page, remark=_joined(found, after.standstill))
        else:
            page = self._read(await self._body(answer), place, after, ask)
            yield replace(page, remark=_joined(found, page.remark))

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - never asked
        """Return nothing: articles are not asked for again."""
        return []

    async def canary(self) -> bool | None:
        """Return None: a feed is read whole, so its silence is true; one that stands still is told of."""
        return None

    async def probe(self) -> str:
        """Read the feed once and say what it holds."""
        answer, found = await self._door.ask({}, may_look=True)
        body = await self._body(answer)
        dates = [entry.published for entry in body.entries if entry.published]
        newest = f"newest {max(dates):%Y-%m-%d %H:%M} UTC" if dates else "none with a date we can read"
        unread = f", {body.unread} without id and link, which cannot be counted" if body.unread else ""
        held = f"{self._settings.publisher}: {body.version}, {len(body.entries)} articles, {newest}{unread}"
        moved = "" if found or canonical(answer.url) == canonical(self._settings.url) else f"redirected to {answer.url}"
        return _joined(held, found, moved, _feed_rhythm.advice(dates, timedelta(minutes=self._settings.every_minutes)))

    async def _body(self, answer: Answer) -> Body:
        """Read a body beside the loop: a hostile one takes some seconds."""
        hints = Hints(
            content_type=answer.headers.get("content-type", ""),
            url=answer.url,
            language=self._settings.language,
            zone=self._settings.assume_tz,
        )
        return await beside(_feed_body.read, answer.body, hints)

    def _read(self, body: Body, before: Place | None, after: Place, ask: Ask) -> Page:
        """Return the page of a body that was not read before; a body cut off is fetched anew the next time."""
        if body.unread and not body.entries:
            raise UnexpectedPayload(
                f"of the {body.unread} articles in the feed none has an id or a link: it broke off, or the outlet has "
                "changed it; open the address in a browser"
            )
        memory = Memory(after.known, self._settings.publisher, ask.now)
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
            remark=place.standstill or (self._advice(body) if is_gap else ""),
        )

    def _advice(self, body: Body) -> str:
        dates = [entry.published for entry in body.entries if entry.published]
        return _feed_rhythm.advice(dates, timedelta(minutes=self._settings.every_minutes))

    def _article(self, entry: Entry, known: Known, language: str | None) -> Article:
        return Article(
            platform=PRESS,
            id=known.id,
            created_at=datetime.fromtimestamp(known.created, UTC),
            outlet=self._settings.publisher,
            language=language,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            dated=entry.published is not None,
        )


def _joined(*remarks: str) -> str:
    return "; ".join(filter(None, remarks))


def _covered(start: datetime, ask: Ask) -> Window | None:
    begin = max(start, ask.since)
    return Window(begin, ask.now) if begin < ask.now else None
