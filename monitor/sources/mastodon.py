"""Mastodon and its family: the public tag timelines of one server, and known posts asked again in bulk.

Which software a server runs is found out by asking it; what each does its own way stands in `_mastodon_server`.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import httpx
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from monitor.errors import AccessRefused, Reason, UnexpectedPayload
from monitor.fetch.ahead import ahead
from monitor.fetch.client import Client
from monitor.fetch.fields import table
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import Ask, Cursor, Page, SourceSettings, Walk, walks
from monitor.sources._mastodon_place import Places
from monitor.sources._mastodon_server import Kind, Server, facts_of
from monitor.sources._mastodon_status import Reader
from monitor.sources._mastodon_stream import check, listen
from monitor.sources._mastodon_tags import tags  # noqa: F401 - `Platform.tags` finds it here
from monitor.sources._mastodon_walk import Question, legible

USUAL_TAG = "news"  # somebody writes about it on every server of some size


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
    together: int = Field(default=4, ge=1, le=4)  # spellings in one question, where the server's software can do that
    sweep_hours: float = Field(default=48.0, ge=1.0, le=168.0)  # how far back the hourly sweep goes
    sweep_pages: int = Field(default=25, ge=1, le=1000)  # pages of a sweep in one run; the next run goes on with it
    stream: bool = False  # listen for new posts, too; needs a token on most servers
    canary: str = ""  # a hashtag that is always in use there; without it, those that trend there


class Source:
    """Reads the tag timelines of one server."""

    platform = "mastodon"
    spacing: ClassVar[float] = 0.2  # servers allow 300 pages in 15 minutes, Pleroma 3 calls in half a second

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._server = Server(settings.server, settings.token, client)
        self.name = settings.name or self._server.host.replace(":", "-")[:60]
        self.again_at_once = 20  # more are refused; 0 once the server turned out not to know the call (before 4.3)
        self._reader = Reader.of(self._server.host, ())

    def walks(self, campaign: Campaign) -> Sequence[Walk]:
        """One walk per group of spellings: a question names four tags at most, surplus ones are dropped silently."""
        self._reader = Reader.of(self._server.host, campaign.asked)
        return walks(campaign, self._settings.together, compared=True)

    def pages(self, ask: Ask) -> AsyncIterator[Page]:
        """Yield everything above the highest id read, with two minutes of overlap, then a part of the sweep if due."""
        return ahead(self.steps(ask))

    async def steps(self, ask: Ask) -> AsyncGenerator[Page, None]:
        """Yield the same, each page asked for only when the one before was taken."""
        facts = await self._server.facts()
        self._ask_in_bulk(facts.kind)
        spellings = ask.walk.spellings
        groups = [spellings] if facts.kind.several else [(spelling,) for spelling in spellings]
        places, sweep = Places(ask, len(groups), facts.kind.ids), timedelta(hours=self._settings.sweep_hours)
        for group, place in zip(groups, places.each, strict=True):
            question = Question(group, self._server, facts, self._reader, sweep, self._settings.sweep_pages)
            async for page in question.pages(ask, place):
                yield replace(page, cursor=places.cursor, covered=places.covered())

    @property
    def channel(self) -> str | None:
        """The server, if it is listened to."""
        return f"mastodon {self._server.host}" if self._settings.stream else None

    def begin(self, now: datetime) -> Cursor | None:  # noqa: ARG002 - no replay
        """There is no place to begin from but now."""
        return None

    def listen(self, place: Cursor | None, spellings: Sequence[str]) -> AsyncIterator[Page]:  # noqa: ARG002 - no replay
        """Yield what the server tells of up to eight spellings, from now on; the walk brings everything else."""
        return listen(self._server, spellings)

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask for posts by this server's own ids; posts that are gone or hidden are left out."""
        statuses = await self._server.known(marks)
        if statuses is None:
            self.again_at_once = 0
            return []
        return [post for post in legible(self._reader, self._server.host, statuses) if post.again in marks]

    async def canary(self) -> bool | None:
        """Look at a hashtag that is busy there; where nobody knows one, silence proves nothing."""
        server, chosen = self._server, self._settings.canary.lstrip("#")
        kind = (await server.facts()).kind
        busy = [chosen] if chosen else await server.trending()
        for tag in busy or [USUAL_TAG]:
            if legible(self._reader, server.host, (await server.timeline(kind, [tag])).statuses):
                return True
        return False if busy else None

    async def probe(self) -> str:
        """Ask the server what it is, whom it shows its tag timelines, and whether it takes the token."""
        facts = facts_of(table(await self._server.instance()))
        if not facts.version:
            raise UnexpectedPayload(
                f"this is no Mastodon: {self._server.host} does not tell what software it runs; check the address"
            )
        if self._settings.token:
            await self._server.get("/api/v1/accounts/verify_credentials")
        elif "authenticated" in facts.open_to or facts.software == "gotosocial":
            raise AccessRefused(self._server.closed, reason=Reason.RIGHTS)
        if self._settings.stream:
            check(facts.kind, self._server.host)
        feeds = ", ".join(facts.open_to) or "it does not tell"
        name = facts.software.capitalize()
        return f"{self._server.host} answers as {name}, version {facts.version}; tag timelines are for: {feeds}"

    def _ask_in_bulk(self, kind: Kind) -> None:
        """Give up asking again where it would cost a call a post; the sweeps raise the counters there."""
        self.again_at_once = self.again_at_once if kind.bulk else 0
