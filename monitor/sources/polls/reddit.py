"""Polls on Reddit: a post by its address. An open poll tells only its total; votes are told when it has ended."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

import orjson
from pydantic import BeforeValidator, Field

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import epoch, rows, table, text
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.sources._reddit_door import SPACING, TERMS, App, Door
from monitor.sources.polls._numbers import count


def _post(written: object) -> object:
    """Take the address of a post for its number."""
    return (
        re.sub(r"^https?://.*?/comments/([a-z0-9]+)(?:/.*)?$", r"\1", written.strip())
        if isinstance(written, str)
        else written
    )


class Settings(App, PollSettings):
    """One post with a poll, and the approved app that asks for it."""

    platform: Literal["reddit"] = "reddit"
    post: Annotated[str, BeforeValidator(_post)] = Field(
        pattern=r"^[a-z0-9]{4,12}$", description="write the address of the post"
    )

    TERMS: ClassVar[str | None] = TERMS


class Source:
    """Reads one post."""

    platform = "reddit"
    spacing: ClassVar[float] = SPACING

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._door = settings, Door(settings, client)
        self.name = f"reddit-{settings.post}"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the poll of the post."""
        return [await self.look(f"t3_{self._settings.post}", now)]

    async def look(self, place: str, now: datetime) -> Tally:
        """Read the post again."""
        listing = await self._door.listing("/api/info", {"id": place})
        if not listing.rows:
            raise AccessRefused(f"Reddit shows no post {place} any more; it was deleted, or is private")
        return read(listing.rows[0], now)

    async def probe(self, now: datetime) -> str:
        """Say what the poll asks."""
        (tally,) = await self.newest(now)
        return f"Reddit shows {tally.question[:80]!r} with {len(tally.options)} options, {tally.total} votes"


def read(row: Mapping[str, Any], at: datetime) -> Tally:
    """Return the poll of a post; UnexpectedPayload when it has none."""
    poll, number = table(row.get("poll_data")), text(row.get("name"), 40)
    options = rows(poll.get("options"))
    labels = [text(option.get("text")) or "" for option in options]
    if number is None or len(labels) < 2 or not all(labels):  # noqa: PLR2004 - a poll has a choice
        raise UnexpectedPayload("the post on Reddit has no poll that can be read; check its address")
    counts = [count(option.get("vote_count")) for option in options]
    total, closes_at = count(poll.get("total_vote_count")), _milliseconds(poll.get("voting_end_timestamp"))
    is_over = closes_at is not None and at >= closes_at
    return Tally(
        place=number,
        at=at,
        question=text(row.get("title")) or "",
        options=tuple(map(Option.of, labels)),
        votes=tuple(Votes.exactly(one, total) for one in counts),
        total=total,
        state=State.CLOSED if is_over else State.HIDDEN if all(one is None for one in counts) else State.OPEN,
        opened_at=epoch(row.get("created_utc")),
        closes_at=closes_at,
        raw=orjson.dumps({"name": number, "title": row.get("title"), "poll_data": dict(poll)}),
    )


def _milliseconds(told: Any) -> datetime | None:
    return epoch(told // 1000) if type(told) in {int, float} else None
