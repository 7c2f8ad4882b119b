"""Polls in a public Telegram channel, by its web preview: the newest whose question fits, or one message.

The preview tells whole percents and a rounded total: each option gets a lower and an upper bound and no more precision.
It does not say when a poll ends, only that it has.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from monitor.errors import AccessRefused, SourceUnavailable
from monitor.fetch.client import Answer, Client
from monitor.model.poll import Tally
from monitor.model.poll_source import PollSettings
from monitor.sources import telegram
from monitor.sources.polls import _telegram_polls

PAGE_LIMIT = telegram.PAGE_LIMIT


def _place(written: object) -> object:
    """Take what people paste: @name, t.me/name, t.me/s/name are the channel, t.me/name/17 is one message of it."""
    return (
        re.sub(r"^(?:(?:https?://)?t\.me/(?:s/)?|@)", "", written.strip()).rstrip("/")
        if isinstance(written, str)
        else written
    )


class Settings(PollSettings):
    """A public channel, or one message of it."""

    platform: Literal["telegram"] = "telegram"
    channel: Annotated[str, BeforeValidator(_place)] = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9_]{3,31}(/\d{1,15})?$",
        description="write the channel's name, or the address of one message",
    )
    pages: int = Field(default=3, ge=1, le=20)  # of twenty messages each, that are looked through for a poll
    quickest_minutes: float = Field(default=5.0, ge=0.5, le=1440.0)
    server: str = Field(default="https://t.me", pattern=r"^https?://[^/\s]+$")

    TERMS: ClassVar[str | None] = telegram.Settings.TERMS


class Source:
    """Reads the polls of one channel."""

    platform = "telegram"
    spacing: ClassVar[float] = 2.0

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self._channel, _, self._message = settings.channel.partition("/")
        self.name = f"telegram-{self._channel.lower()}"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the polls of the newest pages, or the one of the message."""
        if self._message:
            return [await self.look(self._settings.channel, now)]
        found: list[Tally] = []
        before: dict[str, str] = {}
        for _ in range(self._settings.pages):
            answer = await self._ask(f"/s/{self._channel}", before)
            found += _telegram_polls.read(answer.body, now)
            numbers = [int(number) for number in re.findall(rb'data-post="[^"/]{1,40}/(\d{1,15})"', answer.body)]
            if not numbers or min(numbers) <= 1:
                break
            before = {"before": str(min(numbers))}
        if not numbers and not found:
            raise SourceUnavailable(f"Telegram shows no posts of @{self._channel}; it is asked again later")
        return found

    async def look(self, place: str, now: datetime) -> Tally:
        """Read the message of a poll again."""
        answer = await self._ask(f"/{place}", {"embed": "1", "mode": "tme"})
        found = [tally for tally in _telegram_polls.read(answer.body, now) if tally.place == place.lower()]
        if not found:
            raise AccessRefused(f"Telegram shows no poll at {place} any more: it was deleted, or its channel is closed")
        return found[0]

    async def probe(self, now: datetime) -> str:
        """Say which polls are there."""
        found = await self.newest(now)
        newest = f"; the newest: {found[0].question[:80]}" if found else ""
        return f"@{self._channel} shows {len(found)} polls on its newest pages{newest}"

    async def _ask(self, path: str, params: dict[str, str]) -> Answer:
        answer = await self._client.get(
            self._settings.server + path,
            params=params,
            headers={"Accept-Language": "en"},  # the words that tell a closed poll are translated otherwise
            follow=False,
            limit=PAGE_LIMIT,
        )
        if answer.status != HTTPStatus.OK:
            raise AccessRefused(
                f"@{self._channel} has no preview: no such channel, or a private one; look at it in a browser"
            )
        return answer
