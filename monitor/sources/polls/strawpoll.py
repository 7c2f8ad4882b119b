"""StrawPoll, version 3 of its API: one poll by its address, with both spellings of its fields.

Its only specification is from 2022 and contradicts its own examples; the names of voters are never asked for.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, SecretStr

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.fields import epoch, rows, table, text
from monitor.model.poll import Option, State, Tally, Votes
from monitor.model.poll_source import PollSettings
from monitor.sources.polls._numbers import count

_COUNTED = frozenset({"multiple_choice"})


def _number(written: object) -> object:
    """Take the address of a poll for its number: the last part of the path."""
    return (
        re.sub(r"^(?:https?://)?(?:www\.)?strawpoll\.com/(?:polls/)?", "", written.strip())
        if isinstance(written, str)
        else written
    )


class Settings(PollSettings):
    """One poll of StrawPoll."""

    platform: Literal["strawpoll"] = "strawpoll"
    poll: Annotated[str, BeforeValidator(_number)] = Field(
        pattern=r"^[A-Za-z0-9]{4,20}$", description="write the poll's address, https://strawpoll.com/…"
    )
    key: SecretStr
    key_file: Path | None = None
    server: str = Field(default="https://api.strawpoll.com/v3", pattern=r"^https?://\S+[^/\s]$")


class Source:
    """Reads one poll."""

    platform = "strawpoll"
    spacing: ClassVar[float] = 1.0

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings, self._client = settings, client
        self.name = f"strawpoll-{settings.poll}"

    async def newest(self, now: datetime) -> Sequence[Tally]:
        """Return the poll."""
        return [await self.look(self._settings.poll, now)]

    async def look(self, place: str, now: datetime) -> Tally:
        """Read the poll again."""
        headers = {"X-API-Key": self._settings.key.get_secret_value()}
        answer = await self._client.get(f"{self._settings.server}/polls/{place}", headers=headers, accept=(404, 410))
        if answer.status != HTTPStatus.OK:
            raise AccessRefused("StrawPoll shows no such poll: it was deleted, or its address is wrong")
        return read(answer.json(), answer.body, now)

    async def probe(self, now: datetime) -> str:
        """Say what the poll asks."""
        tally = await self.look(self._settings.poll, now)
        return f"StrawPoll shows {tally.question!r} with {len(tally.options)} options, {tally.total} votes"


def read(told: Any, body: bytes, at: datetime) -> Tally:
    """Return what a poll shows; UnexpectedPayload when it is none, or of a kind whose votes are no counts."""
    poll = table(told)
    meta, config = table(poll.get("poll_meta")), table(poll.get("poll_config"))
    total = _either(poll, meta, "vote_count", "voteCount")
    voters = _either(poll, meta, "participant_count", "participantCount")
    options = _options(poll)
    counts = [count(row.get("vote_count", row.get("voteCount"))) for row in options]
    is_multiple, hidden = config.get("is_multiple_choice") is True, _is_hidden(config, counts, voters)
    closes_at = epoch(config.get("deadline_at"))
    return Tally(
        place=str(poll["id"]),
        at=at,
        question=text(poll.get("title")) or "",
        options=tuple(Option.of(_label(row)) for row in options),
        votes=tuple(Votes() if hidden else Votes.exactly(one, voters if is_multiple else total) for one in counts),
        total=None if hidden else total,
        voters=voters,
        views=_either(poll, meta, "view_count", "viewCount"),
        state=State.HIDDEN if hidden else _state(closes_at, at),
        opened_at=epoch(poll.get("created_at")),
        closes_at=closes_at,
        is_multiple=is_multiple,
        raw=body,
    )


def _options(poll: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the options in their order, each with a name."""
    options = sorted(rows(poll.get("poll_options")), key=lambda row: count(row.get("position")) or 0)
    if text(poll.get("id")) is None or not options:
        raise UnexpectedPayload("StrawPoll answered with no poll; check its address")
    kind = text(poll.get("type")) or "multiple_choice"
    if kind not in _COUNTED:
        raise UnexpectedPayload(f"a StrawPoll of the kind {kind!r} has no votes that can be counted for options")
    if not all(map(_label, options)):
        raise UnexpectedPayload("an option of the StrawPoll has no name; its kind can not be followed")
    return options


def _label(row: Mapping[str, Any]) -> str:
    return text(row.get("value")) or text(row.get("description")) or ""


def _either(poll: Mapping[str, Any], meta: Mapping[str, Any], *names: str) -> int | None:
    """Return a number under either of its names, in the poll or beside it."""
    told = (count(place.get(name)) for place in (meta, poll) for name in names)
    return next((one for one in told if one is not None), None)


def _is_hidden(config: Mapping[str, Any], counts: Sequence[int | None], voters: int | None) -> bool:
    """Tell whether results are withheld: said, or all zero although people voted."""
    is_silent = not any(counts)
    said = config.get("results_visibility") not in (None, "always")
    return is_silent and (said or bool(voters))


def _state(closes_at: datetime | None, at: datetime) -> State:
    if closes_at is None:
        return State.UNTOLD
    return State.CLOSED if at >= closes_at else State.OPEN
