"""Polls on Mastodon: the newest of an account whose question fits, or one by its address; read at the origin server.

Other servers keep copies that may be frozen. Hidden counts are None, and an edit of the options resets all votes.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import quote

import orjson
from pydantic import Field, SecretStr, model_validator

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client, Params
from monitor.fetch.fields import moment, rows, table, text
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.model.words import tokens
from monitor.sources.polls._numbers import count

GONE = (404, 410)
_STATUS = re.compile(r"^https?://[^/]+/(?:@[^/]+|users/[^/]+/statuses|notes|notice)/(?P<id>[A-Za-z0-9]{4,40})/?$")


class Settings(PollSettings):
    """An account or a tag of one server, or one post by its address there."""

    platform: Literal["mastodon"] = "mastodon"
    server: str = Field(
        pattern=r"^https?://[^/\s]+$", description="write the server the polls are posted on, with https://"
    )
    account: str | None = Field(
        default=None, pattern=r"^@?[\w.\-]{1,60}$", description='write the name of an account there, such as "@fridays"'
    )
    tag: str | None = Field(default=None, pattern=r"^#?\w{1,100}$", description='write one hashtag, such as "#fridays"')
    post: str | None = Field(default=None, description="write the address of the post on its own server")
    token: SecretStr | None = None
    token_file: Path | None = None

    @model_validator(mode="after")
    def _names_one_place(self) -> "Settings":
        if sum(one is not None for one in (self.account, self.tag, self.post)) != 1:
            raise ValueError('name one place: account = "@name", tag = "#name" or post = "https://…"')
        if self.post is not None and not _STATUS.match(self.post):
            raise ValueError("post is not the address of a post, such as https://social.example/@name/1234")
        return self


class Source:
    """Reads the polls of one place."""

    platform = "mastodon"
    spacing: ClassVar[float] = 0.5

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        place = settings.account or settings.tag or "post"
        self.name = f"mastodon-{place.lstrip('@#')}"[:60]

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the polls among the newest posts of the place."""
        found = [await self._status(self._settings.post)] if self._settings.post else await self._timeline()
        return [read(status, now) for status in found if table(status.get("poll"))]

    async def look(self, place: str, now: datetime) -> Tally:
        """Read the post of a poll again: its question, its options and its votes."""
        answer = await self._get(f"/api/v1/statuses/{quote(place, safe='')}", accept=GONE)
        status = table(answer.json()) if answer.status not in GONE else {}
        if not table(status.get("poll")):
            raise AccessRefused("the post shows no poll any more: it was edited, or taken back")
        return read(status, now, answer.body)

    async def probe(self, now: datetime) -> str:
        """Say which polls are there."""
        found = await self.newest(now)
        newest = f"; the newest: {found[0].question[:80]}" if found else ""
        return f"{self._settings.server} shows {len(found)} polls there{newest}"

    async def _timeline(self) -> list[Mapping[str, Any]]:
        if self._settings.tag:
            path = f"/api/v1/timelines/tag/{quote(self._settings.tag.lstrip('#'), safe='')}"
            return _listed(await self._get(path, [("local", "true"), ("limit", "40")]))
        name = (self._settings.account or "").lstrip("@")
        account = table((await self._get("/api/v1/accounts/lookup", [("acct", name)])).json())
        number = text(account.get("id"), 60)
        if number is None:
            raise UnexpectedPayload(f"{self._settings.server} knows no account @{name}; check its name and its server")
        path = f"/api/v1/accounts/{quote(number, safe='')}/statuses"
        return _listed(
            await self._get(path, [("exclude_reblogs", "true"), ("exclude_replies", "true"), ("limit", "40")])
        )

    async def _status(self, address: str) -> Mapping[str, Any]:
        match = _STATUS.match(address)
        return table((await self._get(f"/api/v1/statuses/{match['id'] if match else ''}")).json())

    async def _get(self, path: str, params: Params = (), accept: Collection[int] = ()) -> Answer:
        token = self._settings.token
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
        return await self._client.get(self._settings.server + path, params=params, headers=headers, accept=accept)


def read(status: Mapping[str, Any], at: datetime, body: bytes = b"") -> Tally:
    """Return the poll of a post; UnexpectedPayload when it can not be read."""
    poll, number = table(status.get("poll")), text(status.get("id"), 60)
    options = rows(poll.get("options"))
    labels = [text(option.get("title")) or "" for option in options]
    if number is None or len(labels) < 2 or not all(labels):  # noqa: PLR2004 - a poll has a choice
        raise UnexpectedPayload("a poll on Mastodon has no options that can be read; look for a newer version")
    counts = [count(option.get("votes_count")) for option in options]
    is_multiple, voters = poll.get("multiple") is True, count(poll.get("voters_count"))
    total = count(poll.get("votes_count"))
    is_hidden = all(one is None for one in counts)
    base = voters if is_multiple and voters else total
    return Tally(
        place=number,
        at=at,
        question=" ".join(tokens(text(status.get("content")) or ""))[:500],
        options=tuple(map(Option.of, labels)),
        votes=tuple(Votes.exactly(one, base) for one in counts),
        total=total,
        voters=voters,
        state=State.CLOSED if poll.get("expired") is True else State.HIDDEN if is_hidden else State.OPEN,
        opened_at=moment(status.get("created_at")),
        closes_at=moment(poll.get("expires_at")),
        is_multiple=is_multiple,
        raw=body or _proof(status),
    )


def _proof(status: Mapping[str, Any]) -> bytes:
    """Return what was told of the poll and its question, without the account."""
    kept = {name: status.get(name) for name in ("id", "created_at", "edited_at", "content", "poll")}
    return orjson.dumps(kept)


def _listed(answer: Answer) -> list[Mapping[str, Any]]:
    told = answer.json()
    if not isinstance(told, list):
        raise UnexpectedPayload(f"{answer.place} answered with no list of posts; check the server's address")
    return list(rows(told))
