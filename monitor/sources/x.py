"""X: recent search downwards from the newest post, hourly counts, and known posts asked again in hundreds.

Ids are snowflakes: a moment makes an id, so a walk is bounded by ids alone. Every post that is read costs money, and
search goes back no more than a week (docs/sources/x.md).
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, SecretStr, model_validator

from monitor.errors import Blind, RateLimited, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import rows, table
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Page, Walk
from monitor.model.window import Window
from monitor.sources import _x_counts
from monitor.sources._x_answer import asked, following, legible, whole
from monitor.sources._x_bill import Bill, Budget
from monitor.sources._x_door import Door, Question, Stale
from monitor.sources._x_place import Place
from monitor.sources._x_query import groups, query
from monitor.sources._x_tags import tags

__all__ = ["Settings", "Source", "tags"]

MOST, LEAST = 100, 10
"""Posts in one answer."""
REACH = timedelta(days=6, hours=23, minutes=50)
"""How far back search goes, less what passes until the question arrives."""
LATE = timedelta(minutes=1)
"""Search has nothing younger than half a minute: so much is left to the next run."""
TOO_MANY = 20
"""Posts that X counts while search brings none of them: some may be removed or hidden, hardly all of so many."""


class Settings(Budget):
    """One key of X's API, and what may be spent with it."""

    COMPARES: ClassVar[bool] = False

    platform: Literal["x"] = "x"
    server: str = Field(default="https://api.x.com", pattern=r"^https?://[^/\s]+$")
    token: SecretStr  # the bearer token of an app
    token_file: Path | None = None
    search: bool = True
    counts: bool = True
    every_minutes: float = Field(default=15.0, ge=0.5, le=1440.0)
    refresh_budget: int = Field(default=200, ge=0, le=100_000)
    first_days: float = Field(default=1.0, gt=0.0, le=7.0)  # how far back the first run reads, and pays
    vocabulary: Literal["post", "tweet"] = "post"  # of the fields; the other is tried when this is not understood
    query_length: int = Field(default=512, ge=250, le=4096)  # characters; enterprise plans allow 4096
    canary: str = "news"  # what is always written about; only asked where counts cost nothing

    TERMS: ClassVar[str | None] = (
        "X's developer terms forbid monitoring or alerting on sensitive events such as protests, rallies and community "
        "organising, tracking activists or unions, and inferring anybody's politics, religion or health; what was "
        "deleted must go within 24 hours. Totals without personal data are allowed, and reading costs money."
    )

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.enabled and not (self.search or self.counts):
            raise ValueError("switch on search or counts, or write enabled = false")
        return self


class Source:
    """Reads recent posts, hour by hour counts, or both."""

    platform = "x"
    spacing: ClassVar[float] = 1.0  # there are limits per second beside those of a quarter of an hour

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._bill = Bill(settings, client)
        self._door = Door(settings.server, settings.token, settings.vocabulary, client)
        self.name = settings.name or "x"
        self.again_at_once: int | None = MOST  # less when the share of the day's money for known posts runs out
        self._told = _x_counts.Told(client)
        self._families: Sequence[Sequence[str]] = ()

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """Return one walk per family to be counted, and one per question that holds some spellings."""
        self._families = [family.spellings for family in campaign.families]
        lists = [campaign.own_spellings, *(name.spellings for name in campaign.named)]  # names come and go: asked apart
        together = [group for spellings in lists for group in groups(spellings, self._settings.query_length)]
        searched = [Walk("+".join(group), group) for group in together if self._settings.search]
        counted = [Walk(_x_counts.WALK + family.key, family.spellings, way="counts") for family in campaign.families]
        return [*counted, *searched] if self._settings.counts else searched

    async def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield what a broken walk left, then what is new, then the day once more; or the counts of full hours."""
        self._bill.today = ask.now.astimezone(UTC).date()
        steps = self._counted(ask) if ask.walk.name.startswith(_x_counts.WALK) else self._searched(ask)
        async for page in steps:
            yield page
        self.again_at_once = await self._bill.known_at_once(MOST)
        if self.again_at_once is None and self._settings.refresh_budget:
            yield Page(remark="known posts wait until midnight UTC: what may be spent on them today is spent")

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for posts by their ids; what was deleted or hidden is left out, what was read today is free."""
        question = Question("/2/tweets", {"ids": ",".join(marks), **self._authors}, "lookup")
        async with self._bill.reading(await self._bill.unread(marks), known=True) as receipt:
            answer = await self._door.posts(question)
            receipt.note(answer)
        self.again_at_once = await self._bill.known_at_once(MOST)
        if not answer.keys() & {"data", "errors"}:
            raise UnexpectedPayload("X answered a question for known posts without a word about them; try again later")
        posts, _ = legible(answer)
        known = asked(answer, marks)
        return [replace(post, again=known[post.again]) for post in posts if post.again in known]

    async def canary(self) -> bool | None:
        """Ask for the counts of a common word, where they are free; else there is none."""
        if self._settings.count_price or not self._settings.counts:
            return None
        question = Question("/2/tweets/counts/recent", {"query": self._settings.canary, "granularity": "day"}, "counts")
        return any(_x_counts.total(row) for row in rows((await self._door.ask(question)).get("data")))

    async def probe(self) -> str:
        """Ask how much of the month's posts is used, which costs nothing."""
        usage = table((await self._door.ask(Question("/2/usage/tweets", {}, "usage"))).get("data"))
        used, cap, day = (str(usage.get(name, "?"))[:20] for name in ("project_usage", "project_cap", "cap_reset_day"))
        return f"X answers; {used} of {cap} posts of this month are used, renewed on day {day}"

    async def _searched(self, ask: Ask) -> AsyncIterator[Page]:
        place = Place.of(ask, timedelta(days=self._settings.first_days))
        async for page in self._descend(ask, place):
            yield page
        place.open(ask.now - LATE)
        async for page in self._descend(ask, place):
            yield page
        place.sweep(ask, timedelta(minutes=self._settings.every_minutes))
        async for page in self._descend(ask, place):
            yield page

    async def _descend(self, ask: Ask, place: Place) -> AsyncIterator[Page]:
        """Yield the hole page by page from its upper end; what is left of it by a break stays in the cursor."""
        is_cut = place.clip(max(ask.since, ask.now - REACH).timestamp())
        if not place.is_open:
            return
        try:
            async for answer in self._sheets(ask, place):
                posts, refused = legible(answer)
                covered = place.read(posts, goes_on=following(answer) is not None)
                if doubt := await self._doubt(ask, place):
                    yield Page(cursor=place.cursor)
                    raise doubt
                young = [post for post in posts if post.created_at >= ask.since]
                yield Page(young, place.cursor, covered, truncated=is_cut, refused=refused)
        except RateLimited:
            yield Page(skipped=await self._counted_in(ask, place.hole))
            raise
        except Stale as stale:  # X keeps less than it says: the next run asks for what there is
            if not place.clip(stale.floor):
                raise
            yield Page(cursor=place.cursor, truncated=True)

    async def _sheets(self, ask: Ask, place: Place) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the answers for a hole, newest first; only an answer that leads to none is the last."""
        size, params, reach = 0, dict[str, str](), (ask.now - REACH).timestamp()
        token: str | None = None
        while True:
            room = max(LEAST, await self._bill.affordable(MOST))
            if token is None or room < size:  # short of money, smaller pages go on below what was read
                size, token = room, None
                bounds = {"max_results": str(size), **place.bounds(reach), **self._authors}
                params = {"query": query(ask.walk.spellings), **bounds}
            page = {"next_token": token} if token else {}
            async with self._bill.reading(size) as receipt:
                answer = await self._door.posts(Question("/2/tweets/search/recent", {**params, **page}, "search"))
                receipt.note(answer)
            yield whole(answer)
            before, token = token, following(answer)
            if token is None:
                return
            if token == before:
                raise UnexpectedPayload("X leads from a page to itself; the next run goes on below it")

    async def _counted(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield how many posts X counts in every full hour since the last that was told, and in the day before it."""
        window = _x_counts.due(ask, REACH)
        if window is None:
            return
        told = Counter[datetime]()
        for group in groups(ask.walk.spellings, self._settings.query_length):
            told.update(_x_counts.hours(await self._counts(group, window)))
        await self._told.note(ask.walk.spellings, told)
        yield _x_counts.page(ask, told, window.end)

    async def _doubt(self, ask: Ask, place: Place) -> Blind | None:
        """Take a silence for unread where X itself counts many posts in it; return what to say then."""
        silence = place.silence
        hidden = await self._counted_in(ask, silence) if silence else 0
        if silence is None or hidden < TOO_MANY:
            return None
        place.doubt()
        return Blind(
            f"X counts {hidden} posts since {silence.start:%Y-%m-%d %H:%M} UTC, its search brings none of them: the "
            "search is blind; that time is read again until it finds something"
        )

    async def _counted_in(self, ask: Ask, time: Window) -> int:
        """Return how many posts X counts in the full hours of a time, as far as it told lately."""
        asked_for = set(ask.walk.spellings)
        return await self._told.within([family for family in self._families if asked_for.issuperset(family)], time)

    async def _counts(self, group: Sequence[str], window: Window) -> Mapping[str, Any]:
        bounds = {"start_time": _written(window.start), "end_time": _written(window.end)}
        params = {"query": query(group), "granularity": "hour", **bounds}
        async with self._bill.counting():
            return await self._door.ask(Question("/2/tweets/counts/recent", params, "counts"))

    @property
    def _authors(self) -> dict[str, str]:
        return {"expansions": "author_id", "user.fields": "public_metrics"} if self._settings.followers else {}


def _written(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
