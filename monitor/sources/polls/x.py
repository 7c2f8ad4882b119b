"""Polls on X: the newest of an account whose question fits, or of one post; votes are exact and shown while it is open.

A read costs money, once a day for the same post (docs/sources/x.md); the ledger is that of the key.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import orjson
from pydantic import BeforeValidator, Field, SecretStr, model_validator

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import moment, rows, table, text
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.sources import x
from monitor.sources._x_bill import Bill, Budget
from monitor.sources._x_door import Door, Question
from monitor.sources.polls._numbers import count

NEWEST = 10  # posts of the account that are looked through for a poll: the least X gives
WITHIN = timedelta(days=6)
_WITH_POLLS = {
    "expansions": "attachments.poll_ids",
    "poll.fields": "duration_minutes,end_datetime,id,options,voting_status",
}


def _post(written: object) -> object:
    """Take the address of a post for its number."""
    return re.sub(r"^https?://.*/status/(\d+).*$", r"\1", written.strip()) if isinstance(written, str) else written


class Settings(PollSettings):
    """An account, or one post, and the key that asks."""

    platform: Literal["x"] = "x"
    account: str | None = Field(
        default=None, pattern=r"^@?\w{1,15}$", description='write the name of an account, such as "@fridays"'
    )
    post: Annotated[str | None, BeforeValidator(_post)] = Field(
        default=None, pattern=r"^\d{5,25}$", description="write the address of a post"
    )
    token: SecretStr  # the bearer token of an app
    token_file: Path | None = None
    dollars_per_day: float = Field(default=1.0, ge=0.0)
    dollars_per_month: float = Field(default=20.0, ge=0.0)
    post_price: float = Field(default=0.005, ge=0.0)
    server: str = Field(default="https://api.x.com", pattern=r"^https?://[^/\s]+$")

    TERMS: ClassVar[str | None] = x.Settings.TERMS

    @model_validator(mode="after")
    def _names_one_place(self) -> "Settings":
        if (self.account is None) == (self.post is None):
            raise ValueError('name one place: account = "@name" or post = "https://x.com/…/status/…"')
        return self


class Source:
    """Reads the polls of one place."""

    platform = "x"
    spacing: ClassVar[float] = 1.0

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._door = Door(settings.server, settings.token, "post", client)
        spent = settings.model_dump(include={"dollars_per_day", "dollars_per_month", "post_price"})
        self._bill = Bill(Budget(platform="x", **spent), client)
        self.name = f"x-{(settings.account or settings.post or '').lstrip('@').lower()}"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the polls of the newest posts."""
        if self._settings.post:
            return [await self.look(self._settings.post, now)]
        name = (self._settings.account or "").lstrip("@")
        question = {
            "query": f"from:{name} -is:retweet",
            "max_results": str(NEWEST),
            "start_time": f"{now - WITHIN:%Y-%m-%dT%H:%M:%SZ}",
        }
        return await self._polls(
            Question("/2/tweets/search/recent", {**question, **_WITH_POLLS}, "search"), NEWEST, now
        )

    async def look(self, place: str, now: datetime) -> Tally:
        """Read the post of a poll again."""
        found = await self._polls(Question("/2/tweets", {"ids": place, **_WITH_POLLS}, "lookup"), 1, now)
        if not found:
            raise AccessRefused(
                "X shows the post, or its poll, no more: it was deleted, or its account is closed to us"
            )
        return found[0]

    async def probe(self, now: datetime) -> str:
        """Say which polls are there."""
        found = await self.newest(now)
        newest = f"; the newest: {found[0].question[:80]}" if found else ""
        return f"X shows {len(found)} polls there{newest}"

    async def _polls(self, question: Question, posts: int, now: datetime) -> list[Tally]:
        self._bill.today = now.date()
        async with self._bill.reading(posts) as receipt:
            answer = await self._door.posts(question)
            receipt.note(answer)
        return read(answer, now)


def read(answer: Mapping[str, Any], at: datetime) -> list[Tally]:
    """Return the polls of an answer, in its order; a post without one is none."""
    polls = {text(poll.get("id")): poll for poll in rows(table(answer.get("includes")).get("polls"))}
    found = []
    for post in rows(answer.get("data")):
        ids = table(post.get("attachments")).get("poll_ids")
        poll = polls.get(ids[0]) if isinstance(ids, list) and ids and isinstance(ids[0], str) else None
        if poll is not None:
            found.append(_tally(post, poll, at))
    return found


def _tally(post: Mapping[str, Any], poll: Mapping[str, Any], at: datetime) -> Tally:
    options = sorted(rows(poll.get("options")), key=lambda option: count(option.get("position")) or 0)
    labels, number = [text(option.get("label")) or "" for option in options], text(post.get("id"), 40)
    if number is None or len(labels) < 2 or not all(labels):  # noqa: PLR2004 - a poll has a choice
        raise UnexpectedPayload("a poll on X has no options that can be read; look for a newer version")
    counts = [count(option.get("votes")) for option in options]
    known = [one for one in counts if one is not None]
    total = sum(known) if len(known) == len(counts) else None
    return Tally(
        place=number,
        at=at,
        question=(text(post.get("text")) or "")[:500],
        options=tuple(map(Option.of, labels)),
        votes=tuple(Votes.exactly(one, total) for one in counts),
        total=total,
        views=count(table(post.get("public_metrics")).get("impression_count")),
        state={"open": State.OPEN, "closed": State.CLOSED}.get(str(poll.get("voting_status")), State.UNTOLD),
        opened_at=moment(post.get("created_at")),
        closes_at=moment(poll.get("end_datetime")),
        raw=orjson.dumps({"id": number, "text": post.get("text"), "poll": dict(poll)}),
    )
