"""Jetstream: everything posted on Bluesky as it is posted, told by public servers without a key.

Nothing can be asked for: all posts are heard, and those with a hashtag of a campaign are kept. A place is a moment of
the stream (`at`, epoch seconds); a host that no longer has it begins later without a word, which is seen by its first
event. Counters are not told; known posts are asked for at the public AppView.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from monitor.errors import SourceUnavailable
from monitor.fetch.answer import read_json
from monitor.fetch.client import Client
from monitor.fetch.fields import table
from monitor.fetch.socket import messages
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import STREAM, Ask, Cursor, Page, SourceSettings, Walk
from monitor.model.spelling import fold
from monitor.model.window import Window
from monitor.sources._bluesky_post import COLLECTION, PLATFORM, heard, tags_of
from monitor.sources._bluesky_tags import tags
from monitor.sources._bluesky_view import AT_ONCE, PUBLIC, known

__all__ = ["Settings", "Source", "tags"]

OVERLAP, ELSEWHERE = 5.0, 60.0  # seconds heard once more at the same host, and at another, whose clock may differ
UNORDERED = timedelta(seconds=5)
"""How far events stand out of order: so much less than the latest is covered."""
LATER = 60.0  # seconds after a place at which a host that still has it tells of something
TOLD_EVERY = 1_000_000  # microseconds of the stream after which a page comes even when nothing was kept
PROBED_FOR = 10.0  # seconds
LONGEST_EVENT = 1_000_000  # bytes; no post comes near it
_MOMENTS = range(10**15, 5 * 10**15)  # microseconds of 2001 to 2128; smaller numbers are sequence numbers of one host

_MOMENT = re.compile(rb'\{"did":"[^"\\]{1,300}","time_us":([0-9]{16}),')
_HINTS = (b'#tag"', b'"tags"', b"\\u")
"""A post with a hashtag holds one of these: a facet, `tags`, or either of them hidden in an escape."""

_HOSTS = tuple(f"wss://jetstream{number}.{place}.bsky.network" for place in ("us-east", "us-west") for number in (1, 2))
_Address = Annotated[str, Field(pattern=r"^wss?://[^/\s?#]+$")]


class Settings(SourceSettings):
    """The whole stream; all campaigns of a monitor that name the same hosts share one connection."""

    platform: Literal["jetstream"] = "jetstream"
    hosts: tuple[_Address, ...] = Field(default=_HOSTS, min_length=1, max_length=20)  # the next is tried when one fails
    replay_hours: float = Field(default=1.0, ge=0.0, le=36.0)  # how far back a new campaign begins; hosts have 36
    appview: Annotated[str, Field(pattern=r"^https?://[^/\s?#]+$")] = PUBLIC  # where known posts are asked for
    followers: bool = True  # asks for the authors' followers too, one more call for 25 posts


class Source:
    """Listens to the stream, and asks for known posts again."""

    platform = PLATFORM
    spacing: ClassVar[float] = 0.3
    again_at_once = AT_ONCE

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = settings.name or "jetstream"
        self._turn = 0

    @property
    def channel(self) -> str | None:
        """The hosts: whoever names the same listens to the same."""
        return " ".join(self._settings.hosts)

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """There is only the stream."""
        return [Walk(STREAM, campaign.spellings)]

    async def pages(self, ask: Ask) -> AsyncGenerator[Page, None]:  # noqa: ARG002 - it is heard, not asked
        """Yield nothing."""
        return
        yield

    def begin(self, now: datetime) -> Cursor | None:
        """Return the place where a campaign begins that never listened."""
        return {"at": now.timestamp() - self._settings.replay_hours * 3600}

    async def listen(self, place: Cursor | None, spellings: Sequence[str]) -> AsyncGenerator[Page, None]:
        """Yield each post with one of the spellings, and every second of the stream where it has come to."""
        host = self._settings.hosts[self._turn % len(self._settings.hosts)]
        self._turn += 1  # whoever comes back had no luck with this one
        hearing = hearing_from(place, spellings, host)
        params = [("wantedCollections", COLLECTION), ("maxMessageSizeBytes", str(LONGEST_EVENT))]
        params += [("cursor", str(hearing.asked))] if hearing.asked else []
        async with aclosing(messages(self._client, f"{host}/subscribe", params)) as told:
            async for message in told:
                if (page := hearing.page(message)) is not None:
                    yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask the public AppView; posts that were deleted or hidden are left out."""
        return await known(self._client, self._settings.appview, marks, followers=self._settings.followers)

    async def canary(self) -> bool | None:
        """There is no query: a stream that falls silent covers nothing."""
        return None

    async def probe(self) -> str:
        """Connect, and wait for the first event."""
        try:
            async with aclosing(self.listen(None, ())) as pages, asyncio.timeout(PROBED_FOR):
                place: Cursor = (await anext(pages)).cursor or {}
        except TimeoutError:
            raise SourceUnavailable(f"{self.channel} said nothing in {PROBED_FOR:g} s; try again later") from None
        said = datetime.fromtimestamp(place.get("at", 0.0), UTC)
        return f"{place.get('host')} tells what is posted on Bluesky; its last event is of {said:%Y-%m-%d %H:%M:%S} UTC"


def hearing_from(place: Cursor | None, spellings: Sequence[str], host: str) -> "Hearing":
    """Return what one connection hears that is opened at a place."""
    return Hearing(frozenset(map(fold, spellings)), host, _asked(place, host), _known(place))


def _known(place: Cursor | None) -> int | None:
    """Return how far a place reaches, in microseconds."""
    return round(float(place["at"]) * 1_000_000) if place else None


def _asked(place: Cursor | None, host: str) -> int | None:
    """Return from where to listen on: some seconds before the place."""
    reached = _known(place)
    if place is None or reached is None:
        return None
    overlap = OVERLAP if place.get("host", host) == host else ELSEWHERE
    return reached - round(overlap * 1_000_000)


@dataclass(slots=True)
class Hearing:
    """One connection: which tags are wanted, from where it was opened, and how far it has come (in microseconds)."""

    wanted: frozenset[str]
    host: str
    asked: int | None
    known: int | None  # how far the place reached
    start: int = 0  # of what this connection covers
    is_cut: bool = False  # what lies between the place and the start is lost, and nobody was told yet
    high: int = 0
    told: int = 0

    def page(self, message: bytes) -> Page | None:
        """Return what an event adds, if it is a wanted post or time has passed."""
        event: Any = None
        found = _MOMENT.match(message)
        if found is None or any(hint in message for hint in _HINTS):
            event = _event(message)
        at = int(found[1]) if found else table(event).get("time_us")
        if type(at) is not int or at not in _MOMENTS:
            return Page(refused=1)
        self._pass(at)
        uri, record = _posted(event)
        if not any(fold(tag) in self.wanted for tag in tags_of(record)):
            return self._told() if self.high - self.told >= TOLD_EVERY else None
        post = heard(uri, record, _moment(at))
        return self._told(post) if post else self._told(refused=1)

    def _pass(self, at: int) -> None:
        if not self.start:
            still_there = self.asked is not None and at <= (self.known or 0) + LATER * 1_000_000
            self.start = (self.asked or at) if still_there else at
            self.is_cut = self.asked is not None and not still_there
        self.high = max(self.high, at)

    def _told(self, post: Post | None = None, *, refused: int = 0) -> Page:
        self.told = self.high
        start, end = _moment(self.start), _moment(self.high) - UNORDERED
        covered = Window(start, end) if start < end else None
        cursor = {"at": self.high / 1_000_000, "host": self.host}
        is_cut, self.is_cut = self.is_cut and covered is not None, self.is_cut and covered is None
        return Page((post,) if post else (), cursor, covered, truncated=is_cut, refused=refused)


def _event(message: bytes) -> Any:
    try:
        return read_json(message)
    except (ValueError, RecursionError):
        return None


def _posted(event: Any) -> tuple[str, Any]:
    """Return the address and the record of a post that was made or changed; nothing of any other event."""
    told = table(event)
    commit = table(told.get("commit"))
    if commit.get("operation") not in ("create", "update") or commit.get("collection") != COLLECTION:
        return "", {}
    return f"at://{told.get('did')}/{COLLECTION}/{commit.get('rkey')}", table(commit.get("record"))


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
