"""GDELT: articles of a hundred languages by one open door (DOC 2.0), and how much of all news they were.

The door is crowded: it answers errors as plain text with status 200, `{}` both for "nothing" and for "not now", and
wants one question in some seconds from each address. So all campaigns stand in one line, and silence is believed only
after a common word was found in the same hours.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from monitor.errors import AccessRefused
from monitor.fetch.client import Client
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.metric import index_subject
from monitor.model.source import Ask, Kind, Page, SourceSettings, Walk
from monitor.model.table import Record
from monitor.model.window import Window
from monitor.sources import _gdelt_answer as answers
from monitor.sources import _gdelt_places as places
from monitor.sources._gdelt_door import Door
from monitor.sources._gdelt_query import ARABIC, Query, beside, left_out, queries
from monitor.sources._press import PRESS, short

MOST = 250  # articles in one answer; there are no further pages, so a full one is asked again in halves
SHORTEST = timedelta(minutes=15)  # what is not halved any more
OVERLAP = timedelta(minutes=90)  # articles come into the index late
DELAY = timedelta(minutes=15)  # from one of its updates to the next; what comes later, the overlap brings
LONGEST_TIMELINE = timedelta(days=6, hours=23)  # up to a week is told by the hour, beyond by the day
COUNT_EVERY = timedelta(minutes=50)


def _known(codes: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [code for code in codes if code not in places.COUNTRIES]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no country GDELT is asked for; write codes of ISO 3166 such as SY or GB")
    return codes


def _spoken(codes: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [code for code in codes if places.language_name(code) is None]
    if unknown:
        raise ValueError(f'{unknown[0]!r} is no code of a language; write two small letters, such as "ar"')
    return codes


class Settings(SourceSettings):
    """What is asked of GDELT for one campaign."""

    platform: Literal["gdelt"] = "gdelt"
    server: str = Field(default="https://api.gdeltproject.org", pattern=r"^https?://[^/\s]+$")
    words: tuple[str, ...] = ()  # asked for instead of the campaign's own words and hashtags
    languages: Annotated[tuple[str, ...], AfterValidator(_spoken)] = ()  # only outlets of these languages
    countries: Annotated[tuple[str, ...], AfterValidator(_known)] = ()  # only outlets of these countries
    whole_texts: bool = False  # count also what names the campaign below its headline, on GDELT's word
    longest_query: int = Field(default=250, ge=50, le=2000)  # letters; GDELT does not say where it stops
    every_minutes: float = Field(default=60.0, ge=15.0, le=1440.0)

    KIND: ClassVar[Kind] = "articles"


class _Place(Record):
    """The cursor: which words it is of, until when articles were read, and when GDELT's own counts were."""

    words: str
    until: datetime
    counted: datetime | None = None


class Source:
    """Asks GDELT for the articles that name a campaign, and for its own count of them."""

    platform = PRESS
    spacing: ClassVar[float] = 10.0  # it asks for 5; 5 to 8 were still told off in 2026
    again_at_once = 0  # an article has no counters

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._door = settings, Door(client, settings.server)
        self.name = settings.name or "gdelt"
        self._queries: dict[str, Query] = {}
        self._left_out: list[str] = []

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return a walk for the words in each alphabet; more where they do not fit one question."""
        own = self._settings
        words = own.words or campaign.press_words
        apart = [phrase.text for phrase in campaign.excluded]
        found = queries(words, apart, beside(own.languages, own.countries), own.longest_query)
        self._queries = {query.name: query for query in found}
        self._left_out = left_out(words)
        return [Walk(name, (query.text,)) for name, query in self._queries.items()] or [Walk("nothing")]

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield the articles seen since the last run, oldest first, then GDELT's counts of the last days."""
        query = self._queries.get(ask.walk.name)
        if query is None:
            raise AccessRefused("GDELT searches none of this campaign's words alone; name longer ones in `words`")
        if query.name.startswith(ARABIC) and not await self._door.finds_arabic():
            yield self._without_arabic()
            return
        place = self._place(query, ask)
        async for page in self._articles(query, place, ask):
            place = _Place.model_validate(page.cursor)
            yield page
        if query.is_all and (place.counted is None or ask.now - place.counted >= COUNT_EVERY):
            place = place.model_copy(update={"counted": ask.now})
            yield Page(cursor=place.model_dump(mode="json"), reported=await self._reported(query, ask))

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:  # noqa: ARG002 - never asked
        """Return nothing: articles are not asked for again."""
        return []

    async def canary(self) -> bool | None:
        """Tell whether a word that is in the news every day is found."""
        return await self._door.finds_anything()

    async def probe(self) -> str:
        """Ask for common words and say whether GDELT finds Arabic ones at present."""
        if await self._door.finds_arabic():
            return "GDELT answers, and finds words in Arabic letters"
        return "GDELT answers, but finds no words in Arabic letters at present: give the campaign English words too"

    def _place(self, query: Query, ask: Ask) -> _Place:
        """Return where to go on; other words begin anew."""
        words = short(query.text)
        if ask.cursor:
            place = _Place.model_validate(ask.cursor)
            if place.words == words:
                return place
        return _Place(words=words, until=ask.since)

    async def _articles(self, query: Query, place: _Place, ask: Ask) -> AsyncIterator[Page]:
        waiting = [Window(max(place.until - OVERLAP, ask.since), ask.now)]
        while waiting:
            window = waiting.pop()
            told = await self._door.articles(query.text, window, MOST)
            found, refused = answers.articles(told, vouched=self._settings.whole_texts)
            is_full = len(found) + refused >= MOST
            if is_full and window.length >= 2 * SHORTEST:
                middle = window.start + window.length / 2
                waiting += [Window(middle, window.end), Window(window.start, middle)]
                continue
            place = place.model_copy(update={"until": max(place.until, window.end)})
            yield Page(
                mentions=[article for article in found if article.created_at >= ask.since],
                cursor=place.model_dump(mode="json"),
                covered=None if is_full else _covered(window, ask),
                truncated=is_full,
                refused=refused,
                remark=self._remark(),
            )

    async def _reported(self, query: Query, ask: Ask) -> Sequence[Any]:
        window = Window(max(ask.since, ask.now - LONGEST_TIMELINE).replace(minute=0, second=0, microsecond=0), ask.now)
        told = await self._door.timeline(query.text, window)
        return answers.reported(told, index_subject("gdelt", query.name), ask.now)

    def _without_arabic(self) -> Page:
        """Say that the words in Arabic letters were not asked for; an error when there are no others."""
        words = "GDELT finds no words in Arabic letters at present"
        if all(name.startswith(ARABIC) for name in self._queries):
            raise AccessRefused(f"{words}; add an English one to `words` (it searches translations)")
        return Page(remark=f"{words}: only the others were asked for")

    def _remark(self) -> str:
        several = any(not query.is_all for query in self._queries.values())
        return "; ".join(
            words
            for words, is_so in (
                (f"GDELT does not search {', '.join(self._left_out)}: too short or too common", self._left_out),
                ("the words fill several questions, whose counts overlap: GDELT's own count is left out", several),
            )
            if is_so
        )


def _covered(window: Window, ask: Ask) -> Window | None:
    end = min(window.end, ask.now - DELAY)
    return Window(window.start, end) if window.start < end else None
