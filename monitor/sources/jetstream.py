"""Jetstream: everything posted on Bluesky as it is posted, told by public servers without a key.

Nothing can be asked for: all posts are heard, and those with a hashtag of a campaign are kept. A place is a moment of
the stream (`at`, epoch seconds); a host that no longer has it begins later without a word, which is seen by its first
event. Counters are not told; known posts are asked for at the public AppView.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from monitor.fetch.client import Client
from monitor.fetch.socket import messages
from monitor.model.campaign import Campaign
from monitor.model.mention import Post
from monitor.model.source import STREAM, Ask, Cursor, Page, SourceSettings, Walk
from monitor.sources._bluesky_post import COLLECTION, PLATFORM
from monitor.sources._bluesky_tags import tags
from monitor.sources._bluesky_view import AT_ONCE, PUBLIC, known
from monitor.sources._jetstream_event import hearing

__all__ = ["Settings", "Source", "tags"]

LONGEST_EVENT = 1_000_000  # bytes; no post comes near it
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
        connection = hearing(place, spellings, host)
        params = [("wantedCollections", COLLECTION), ("maxMessageSizeBytes", str(LONGEST_EVENT))]
        params += [("cursor", str(connection.asked))] if connection.asked else []
        async with aclosing(messages(self._client, f"{host}/subscribe", params)) as told:
            async for message in told:
                if (page := connection.page(message)) is not None:
                    yield page

    async def again(self, marks: Sequence[str]) -> Sequence[Post]:
        """Ask the public AppView; posts that were deleted or hidden are left out."""
        return await known(self._client, self._settings.appview, marks, followers=self._settings.followers)

    async def canary(self) -> bool | None:
        """There is no query: a stream that falls silent covers nothing."""
        return None

    async def probe(self) -> str:
        """Connect, and wait for the first event."""
        async with aclosing(self.listen(None, ())) as pages:
            place: Cursor = (await anext(pages)).cursor or {}
        said = datetime.fromtimestamp(place.get("at", 0.0), UTC)
        return f"{place.get('host')} tells what is posted on Bluesky; its last event is of {said:%Y-%m-%d %H:%M:%S} UTC"
