"""Media Cloud: stories of curated collections of outlets, and which share of all their stories they were.

Stories come into its index hours or days after they were published, and of publication only the day is known. So the
walk goes by the moment of indexing, and the counts of two weeks are asked for again each time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, SecretStr, model_validator

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.fetch.exchange import Before
from monitor.fetch.fields import count, moment, rows, table, text
from monitor.model.account import Allowance, Period
from monitor.model.campaign import Campaign
from monitor.model.mention import Post, Reported
from monitor.model.source import Ask, Kind, Page, SourceSettings, Walk
from monitor.model.table import Record
from monitor.model.window import Window
from monitor.sources import _mediacloud_answer as answers
from monitor.sources._press import PRESS, short

PAGE_SIZE = 1000
MOST_PAGES = 50  # of one run; the next goes on where it stopped
OVERLAP = timedelta(hours=6)
RECOUNTED = timedelta(days=14)  # how long counts go on growing
_BACKEND = "onlinenews-mediacloud"


class Settings(SourceSettings):
    """Which outlets of Media Cloud are searched for one campaign."""

    platform: Literal["mediacloud"] = "mediacloud"
    server: str = Field(default="https://search.mediacloud.org", pattern=r"^https?://[^/\s]+$")
    token: SecretStr  # of an account, from its profile page
    token_file: Path | None = None
    collections: tuple[int, ...] = ()  # ids of the directory, such as 34412234 (United States, national)
    outlets: tuple[int, ...] = ()  # ids of single outlets of the directory
    words: tuple[str, ...] = ()  # searched for instead of the campaign's own words and hashtags
    whole_texts: bool = False  # count also what names the campaign below its headline, on Media Cloud's word
    weekly_calls: int = Field(default=4000, ge=1)  # what an account may ask in a week
    every_minutes: float = Field(default=120.0, ge=30.0, le=1440.0)

    KIND: ClassVar[Kind] = "articles"
    TERMS: ClassVar[str | None] = (
        "Media Cloud is offered for research and other non-commercial work, wants to be named where its numbers are "
        "published, and gives no texts: only addresses and headlines may be kept"
    )

    @model_validator(mode="after")
    def _searches_something(self) -> "Settings":
        if not self.collections and not self.outlets:
            raise ValueError("name at least one id in `collections` or `outlets`: without one nothing is searched")
        return self


class _Place(Record):
    """The cursor: which words it is of, the last moment of indexing read, and until when everything was."""

    words: str
    indexed: datetime
    until: datetime


class Source:
    """Asks Media Cloud for the stories that name a campaign, and for its own count of them."""

    platform = PRESS
    spacing: ClassVar[float] = 30.0  # two calls a minute are allowed
    again_at_once = 0  # a story has no counters

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or "mediacloud"
        self._calls = Allowance("calls a week", settings.weekly_calls, period=Period.WEEK)
        self._zone = "UTC"

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return one walk; its one spelling is the question."""
        self._zone = campaign.zone
        words = self._settings.words or campaign.press_words
        return [Walk("stories", (answers.query(words, [phrase.text for phrase in campaign.excluded]),))]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what was indexed since the last run, oldest first, then the counts of the last two weeks."""
        (query,) = ask.walk.spellings
        if not query:
            raise AccessRefused("the campaign has no word that can be searched; name one in `words`")
        async for page in self._stories(query, self._place(query, ask), ask):
            yield page
        yield Page(reported=await self._counts(query, ask.now))

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - never asked
        """Return nothing: stories are not asked for again."""
        return []

    async def canary(self) -> bool | None:
        """Return None: the counts tell in every run how much the collections hold at all."""
        return None

    async def probe(self) -> str:
        """Ask the directory, which costs nothing, whether the token is known."""
        told = table((await self._get("sources/collections/", {"limit": "1"})).json())
        known = count(told.get("count"))
        if known is None:
            raise UnexpectedPayload("Media Cloud's directory answered, but not with its collections")
        ours = len(self._settings.collections) + len(self._settings.outlets)
        left = await self._client.account.left(self._calls)
        searched = f"{ours} of its collections and outlets are searched ({known:,} collections in all)"
        return f"Media Cloud knows the token; {searched}; {left:,.0f} calls are left this week"

    def _place(self, query: str, ask: Ask) -> _Place:
        """Return where to go on; other words begin anew."""
        if ask.cursor:
            place = _Place.model_validate(ask.cursor)
            if place.words == short(query):
                return place
        return _Place(words=short(query), indexed=ask.since + OVERLAP, until=ask.since)

    async def _stories(self, query: str, place: _Place, ask: Ask) -> AsyncIterator[Page]:
        after = place.indexed - OVERLAP
        first = min(ask.now - RECOUNTED, after).date()
        asked = {
            "q": f"({query}) AND indexed_date:[{after:%Y-%m-%dT%H:%M:%S} TO *]",
            "start": first.isoformat(),
            "end": (ask.now + timedelta(days=1)).date().isoformat(),
            "sort_order": "asc",
            "page_size": str(PAGE_SIZE),
        }
        known: set[str | None] = set()
        token: str | None = ""
        while token is not None and token not in known and len(known) < MOST_PAGES:
            known.add(token)
            told = await self._search("story-list", asked | ({"pagination_token": token} if token else {}))
            token = text(told.get("pagination_token"))
            begin, place = place.until, _moved(place, told, ask, is_last=token is None)
            yield self._page(told, place, ask, begin)

    def _page(self, told: Mapping[str, Any], place: _Place, ask: Ask, begin: datetime) -> Page:
        found, refused = answers.articles(told, vouched=self._settings.whole_texts)
        start = max(begin, ask.since)
        is_whole = place.until == ask.now and start < ask.now
        return Page(
            mentions=[article for article in found if article.created_at >= ask.since],
            cursor=place.model_dump(mode="json"),
            covered=Window(start, ask.now) if is_whole else None,
            refused=refused,
        )

    async def _counts(self, query: str, now: datetime) -> Sequence[Reported]:
        """Return matching and all stories of every day that is over."""
        first, today = (now - RECOUNTED).date(), now.date()
        told = await self._search("count-over-time", {"q": query, "start": first.isoformat(), "end": today.isoformat()})
        days = [first + timedelta(days=number) for number in range((today - first).days)]
        return answers.reported(told, days, self._zone)

    async def _search(self, door: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask a door of the search, each call of which, the repeated ones too, is one of the week's."""
        own = self._settings
        where = {"cs": ",".join(map(str, own.collections)), "ss": ",".join(map(str, own.outlets))}
        named = {key: ids for key, ids in where.items() if ids}
        counted = partial(self._client.account.take, {self._calls: 1})
        return table((await self._get(f"search/{door}", {**asked, **named, "platform": _BACKEND}, counted)).json())

    async def _get(self, door: str, asked: Mapping[str, str], before: Before | None = None) -> Answer:
        answer = await self._client.get(
            f"{self._settings.server}/api/{door}",
            params=asked,
            headers={"Authorization": f"Token {self._settings.token.get_secret_value()}", "Accept": "application/json"},
            accept=(HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY),
            before=before,
        )
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise answers.refusal(answer)
        return answer


def _moved(place: _Place, told: Mapping[str, Any], ask: Ask, *, is_last: bool) -> _Place:
    """Return where the walk stands after a page: at the last moment of indexing in it."""
    moments = [indexed for row in rows(told.get("stories")) if (indexed := moment(row.get("indexed_date")))]
    latest = min(max([place.indexed, *moments]), ask.now)
    return place.model_copy(update={"indexed": latest, "until": ask.now if is_last else place.until})
