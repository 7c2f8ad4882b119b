"""Mastodon: the public tag timelines of one server, read upwards by id, and known posts asked again in bulk.

Ids are snowflakes: milliseconds shifted by 16 bits. A post that a server fetched from elsewhere gets an id from its
creation, below what was already read; therefore sweeps of the last days follow the forward pass (docs/sources.md).
"""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

import httpx
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.ahead import ahead
from monitor.fetch.client import Answer, Client, Params
from monitor.fetch.fields import rows, table, text
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Cursor, Page, SourceSettings, Walk
from monitor.model.window import Window
from monitor.sources._mastodon_status import Reader, mark

PAGE_SIZE = 40  # the most a server gives in one answer
LATE = timedelta(minutes=2)
"""How long after the time in its id a post may become visible: each pass begins so much earlier, and covers less."""
SWEEP_EVERY, DEEP_EVERY = timedelta(hours=1), timedelta(days=1)
DEEP = timedelta(days=7)
"""What the daily sweep goes over, for edits and posts fetched late; the hourly ones go over `sweep_hours`."""
RESERVE = 20  # calls of a server's quota that sweeps leave to the forward passes
SEVERAL = 2  # unreadable posts among the newest, and no readable one: a single broken post alone proves nothing
AHEAD = timedelta(hours=1)  # an id further in the future than this would hide everything until then


def _address(written: object) -> object:
    """Take what people write: mastodon.social is https://mastodon.social."""
    if not isinstance(written, str):
        return written
    return (written if "://" in written else f"https://{written}").strip().rstrip("/")


def _checked(address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        url = httpx.URL()
    is_bare = url.path == "/" and not (url.query or url.fragment or url.userinfo)
    if url.scheme not in {"http", "https"} or not url.host or not is_bare:
        raise ValueError("write the server's address and nothing more, such as https://mastodon.social")
    return address


class Settings(SourceSettings):
    """One server; it knows its own people's posts and those it received, never all of them."""

    platform: Literal["mastodon"] = "mastodon"
    server: Annotated[str, BeforeValidator(_address), AfterValidator(_checked)]
    token: SecretStr | None = None  # of a user with read:statuses, only for servers that show timelines to none else
    token_file: Path | None = None
    together: int = Field(default=4, ge=1, le=4)  # spellings in one question; 1 for servers without any[] (GoToSocial)
    sweep_hours: float = Field(default=48.0, ge=1.0, le=168.0)  # how far back the hourly sweep goes
    sweep_pages: int = Field(default=25, ge=1, le=1000)  # pages of a sweep in one run; the next run goes on with it


class Source:
    """Reads the tag timelines of one server."""

    platform = "mastodon"
    spacing: ClassVar[float] = 0.2  # servers allow 300 pages in 15 minutes, Pleroma 3 calls in half a second

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self._host = _host(settings.server)
        self.name = settings.name or self._host.replace(":", "-")[:60]
        self.again_at_once = 20  # more are refused; 0 once the server turned out not to know the call (before 4.3)
        self._reader = Reader.of(self._host, ())
        self._closed = (
            f"{self._host} shows its tag timelines to its own users only; add the token of an account there "
            "(scope read:statuses), the token of an app is not enough"
        )

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per group of spellings: a question names four tags at most, surplus ones are dropped silently."""
        self._reader = Reader.of(self._host, campaign.spellings)
        size = self._settings.together
        groups = [campaign.spellings[at : at + size] for at in range(0, len(campaign.spellings), size)]
        return [Walk("+".join(group), group) for group in groups]

    def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield everything above the highest id read, with two minutes of overlap, then a part of the sweep if due."""
        return ahead(self.steps(ask))

    async def steps(self, ask: Ask) -> AsyncGenerator[Page, None]:
        """Yield the same, each page asked for only when the one before was taken."""
        place = _Place.of(ask)
        async for page in self._forward(ask, place):
            yield page
        place.begin_sweep(ask, timedelta(hours=self._settings.sweep_hours))
        async for page in self._sweep(ask, place):
            yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for posts by this server's own ids; posts that are gone or hidden are left out."""
        answer = await self._get("/api/v1/statuses", [("id[]", mark) for mark in marks], accept=(404, 405, 410))
        if answer.status != HTTPStatus.OK:
            self.again_at_once = 0
            return []
        posts = self._legible(_listed(answer))
        return [post for post in posts if post.again in marks]

    async def canary(self) -> bool | None:
        """There is none yet."""
        return None

    async def probe(self) -> str:
        """Ask the server what it is and whom it shows its tag timelines."""
        instance = await self._instance()
        if instance is None:
            instance = table((await self._get("/api/v1/instance", [])).json())
        open_to = _open_to(instance)
        if "authenticated" in open_to and not self._settings.token:
            raise AccessRefused(self._closed)
        feeds = ", ".join(sorted(open_to)) or "it does not tell"
        return f"{self._host} answers as version {str(instance.get('version'))[:60]}; tag timelines are for: {feeds}"

    async def _forward(self, ask: Ask, place: "_Place") -> AsyncIterator[Page]:
        """Climb from the highest id read until an empty page, the only end a server gives."""
        above = begin = place.start(ask.since)
        while statuses := (sheet := await self._timeline(ask.walk, above)).statuses:
            if not _all_above(statuses, above):  # this server does not go by min_id: there is a hole
                yield await self._page(ask, statuses, place, truncated=True)
                return
            newest = _newest(statuses, ask.now)
            above, place.high = newest or above, max(place.high, newest or above, key=_order)
            yield await self._page(ask, statuses, place)
            if newest is None:  # nothing but ids of the future, or odd ones, is left
                break
        if above == begin:
            await self._trust(ask, place)
        yield Page(covered=place.cover(ask, sheet.age), cursor=place.cursor)

    async def _sweep(self, ask: Ask, place: "_Place") -> AsyncIterator[Page]:
        """Go over known ground again, some pages per run, until the highest id is met."""
        for _ in range(self._settings.sweep_pages):
            left = self._client.quota_left
            if place.sweep is None or (left is not None and left < RESERVE):
                return
            statuses = (await self._timeline(ask.walk, place.sweep)).statuses
            newest = _newest(statuses, ask.now)
            goes_on = newest is not None and _order(place.sweep) < _order(newest) < _order(place.high)
            place.sweep = newest if goes_on else None
            yield await self._page(ask, statuses, place)

    async def _page(self, ask: Ask, statuses: Sequence[Any], place: "_Place", *, truncated: bool = False) -> Page:
        """Return the page of an answer; one without a readable post is believed if the newest posts can be read."""
        posts, refused = self._reader.posts(statuses)
        if refused and not posts:
            self._legible((await self._timeline(ask.walk)).statuses)
        young = [post for post in posts if post.created_at >= ask.since]
        return Page(young, place.cursor, truncated=truncated, refused=refused)

    def _legible(self, statuses: Sequence[Any]) -> Sequence[Post]:
        posts, refused = self._reader.posts(statuses)
        if refused >= SEVERAL and not posts:
            raise UnexpectedPayload(
                f"none of the {refused} posts that {self._host} shows can be read: it has probably changed how it "
                "writes them; look for a newer version of the monitor"
            )
        return posts

    async def _trust(self, ask: Ask, place: "_Place") -> None:
        """Ask, once a day at most, whether an empty timeline means silence: one that is switched off is empty too."""
        now = ask.now.timestamp()
        if now - place.trusted < DEEP_EVERY.total_seconds():
            return
        instance = await self._instance()
        if instance is not None and _open_to(instance) == {"disabled"}:
            raise AccessRefused(f"{self._host} has its tag timelines switched off; choose another server")
        place.trusted = now

    async def _instance(self) -> Mapping[str, Any] | None:
        """Return what the server tells about itself; None where it does not (before 4.0, or to strangers)."""
        answer = await self._get("/api/v2/instance", [], accept=(401, 403, 404, 410))
        return table(answer.json()) if answer.status == HTTPStatus.OK else None

    async def _timeline(self, walk: Walk, above: str | None = None) -> "_Sheet":
        """Ask for the page next above an id, else for the newest.

        The server's own links to further pages are no help: they lose `any[]`.
        """
        first, *others = walk.spellings
        place = [("min_id", above)] if above is not None else []
        params = [*place, ("limit", str(PAGE_SIZE)), *(("any[]", other) for other in others)]
        answer = await self._get(f"/api/v1/timelines/tag/{quote(first, safe='')}", params)
        age = answer.headers.get("age", "")
        return _Sheet(_listed(answer), timedelta(seconds=int(age[:6])) if age.isdecimal() else timedelta(0))

    async def _get(self, path: str, params: Params, accept: tuple[int, ...] = ()) -> Answer:
        token = self._settings.token
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        address = self._settings.server + path
        answer = await self._client.get(address, params=params, headers=headers, accept=(422, *accept))
        if answer.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            return answer
        if b"authenticated user" in answer.body:  # documented as 401, answered as 422
            raise AccessRefused(self._closed)
        raise UnexpectedPayload(f"{self._host} does not accept the question (422); check the campaign's spellings")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One answer of a timeline; `age` is how long it lay in a cache, up to a day while the server itself is down."""

    statuses: Sequence[Any]
    age: timedelta


@dataclass(slots=True)
class _Place:
    """Where a walk stands: the highest id read, until when time is covered, and the sweeps (all in epoch seconds)."""

    high: str
    covered: float
    swept: float
    deep: float
    sweep: str | None = None  # the id that the sweep under way has reached
    trusted: float = 0.0  # when the server last told that its tag timelines are open

    @classmethod
    def of(cls, ask: Ask) -> "_Place":
        now = ask.now.timestamp()
        fresh = cls(high=_id_at(ask.since), covered=ask.since.timestamp(), swept=now, deep=now)
        return replace(fresh, **{key: value for key, value in (ask.cursor or {}).items() if key in cls.__slots__})

    @property
    def cursor(self) -> Cursor:
        return {name: getattr(self, name) for name in self.__slots__}

    def start(self, since: datetime) -> str:
        """Return the id the forward pass begins behind: what was read, less what may have come late, never too old."""
        read = _time_of(self.high)
        if read is None:
            return self.high
        if read.timestamp() > self.covered:  # below, whatever comes late was covered by an earlier pass
            read = max(read - LATE, _time(self.covered))
        return self.high if read == _time_of(self.high) and read > since else _id_at(max(read, since))

    def cover(self, ask: Ask, age: timedelta) -> Window | None:
        """Note that everything is known until shortly before now; return what became known."""
        start, end = max(_time(self.covered), ask.since), ask.now - LATE - age
        self.covered = max(self.covered, end.timestamp())
        return Window(start, end) if start < end else None

    def begin_sweep(self, ask: Ask, usual: timedelta) -> None:
        """Begin a sweep if none is under way and one is due: hourly over the usual stretch, daily over a week."""
        now = ask.now.timestamp()
        if self.sweep is not None or now - self.swept < SWEEP_EVERY.total_seconds() or _time_of(self.high) is None:
            return
        is_deep = now - self.deep >= DEEP_EVERY.total_seconds()
        self.sweep, self.swept = _id_at(max(ask.now - (DEEP if is_deep else usual), ask.since)), now
        self.deep = now if is_deep else self.deep


def _listed(answer: Answer) -> Sequence[Any]:
    statuses = answer.json()
    if not isinstance(statuses, list):
        raise UnexpectedPayload(f"{answer.place} answered with something else than a list of posts; check the address")
    return statuses


def _open_to(instance: Mapping[str, Any]) -> set[str]:
    """Return for whom tag timelines are, of this server's people and of others': public, authenticated, disabled."""
    told = table(table(table(instance.get("configuration")).get("timelines_access")).get("hashtag_feeds"))
    return set(filter(None, map(text, told.values())))


def _newest(statuses: Sequence[Any], now: datetime) -> str | None:
    """Return the highest id a cursor may stand on."""
    latest = _order(_id_at(now + AHEAD))
    marks = (mark for mark in _marks(statuses) if not mark.isdigit() or _order(mark) <= latest)
    return max(marks, key=_order, default=None)


def _all_above(statuses: Sequence[Any], above: str) -> bool:
    """Tell whether a page lies where it was asked for; of one without an id, whether it can be the last."""
    marks = _marks(statuses)
    return _order(min(marks, key=_order)) > _order(above) if marks else len(statuses) < PAGE_SIZE


def _marks(statuses: Sequence[Any]) -> Sequence[str]:
    return [known for status in rows(statuses) if (known := mark(status.get("id")))]


def _order(mark: str) -> tuple[int, str]:
    return len(mark), mark


def _id_at(time: datetime) -> str:
    return str(int(time.timestamp() * 1000) << 16)


def _time_of(mark: str) -> datetime | None:
    """Return the time in an id; None for ids of other software (ULIDs, flakes), which rise too but tell no time."""
    if not (mark.isascii() and mark.isdigit() and len(mark) <= len(str(2**63))):
        return None
    return _time((int(mark) >> 16) / 1000)


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _host(server: str) -> str:
    return httpx.URL(server).netloc.decode("ascii")
