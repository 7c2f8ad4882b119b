"""The way into X's API: the key, the two vocabularies of its fields, and its refusals in words.

The same field is called by an old name (tweet) or a new one (post); which of them a server knows it shows by refusing
the other, or by answering without what was asked for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import SecretStr

from monitor.errors import AccessRefused, RateLimited, Reason, SourceError, UnexpectedPayload
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import rows, table, text
from monitor.sources._x_place import OVERLAP
from monitor.sources._x_post import moment_of

HOUR, DAY = 3600.0, 86_400.0
_MONTH = 30 * DAY
_PAUSE = 10.0  # seconds after a refusal for haste while calls are left: X has limits per second, too
_ACCEPTED = (400, 402, 403, 429)  # X explains these
_FIELDS = "id,text,created_at,author_id,lang,public_metrics,entities,edit_history_{0}_ids,note_{0},referenced_{0}s"
_ABOUT_FIELDS = re.compile(rb"(tweet|post)\.fields")
_STALE = re.compile(rb"since_id.{0,200}?larger than \D{0,3}(\d{5,25})", re.DOTALL)
_CLOSED: Final = "closed"
_EMPTY = "X's account has no credits left (402); buy some or raise its spending limit in X's developer portal"
_CAPPED = "X says that the {period} of this key is used up (UsageCapExceeded)"


class Stale(UnexpectedPayload):
    """Search does not go as far back as was asked for, only to `floor` (epoch seconds)."""

    def __init__(self, floor: float) -> None:
        super().__init__("X does not search as far back as its documentation says; set `first_days` lower")
        self.floor = floor


@dataclass(frozen=True, slots=True)
class Question:
    """One call; `lane` is the endpoint, which has a limit of its own."""

    path: str
    params: Mapping[str, str]
    lane: str


class Door:
    """Asks X; raises what it refuses in words that say what to do."""

    def __init__(self, server: str, token: SecretStr, vocabulary: str, client: Client) -> None:
        self._server, self._token, self._client = server, token, client
        self._words, self._settled = vocabulary, False

    async def posts(self, question: Question) -> Mapping[str, Any]:
        """Ask for posts with everything we read of them, in the vocabulary that this server knows."""
        self._words = await self._client.account.recall("vocabulary") or self._words
        answer = await self._with_fields(question)
        if _is_refused(answer) or (_is_bare(answer) and not self._settled):
            self._words, self._settled = "tweet" if self._words == "post" else "post", True
            answer = await self._with_fields(question)
            await self._client.account.keep("vocabulary", self._words, seconds=_MONTH)
        return await self._judged(answer)

    async def ask(self, question: Question) -> Mapping[str, Any]:
        """Ask for anything else."""
        return await self._judged(await self._get(question))

    async def _with_fields(self, question: Question) -> Answer:
        fields = {f"{self._words}.fields": _FIELDS.format(self._words)}
        return await self._get(Question(question.path, {**question.params, **fields}, question.lane))

    async def _get(self, question: Question) -> Answer:
        if closed := await self._client.account.recall(_CLOSED):
            raise RateLimited(closed, HOUR)
        headers = {"Authorization": f"Bearer {self._token.get_secret_value()}"}
        url = self._server + question.path
        return await self._client.get(
            url, params=question.params, headers=headers, accept=_ACCEPTED, lane=question.lane
        )

    async def _judged(self, answer: Answer) -> Mapping[str, Any]:
        if answer.status != HTTPStatus.OK:
            raise await self._refusal(answer)
        told = answer.json()
        if not isinstance(told, dict) or not told.keys() & {"data", "meta", "errors"}:
            raise UnexpectedPayload("X answered with something that is no answer of its API; check `server`")
        return told

    async def _refusal(self, answer: Answer) -> SourceError:
        problem = _told(answer)
        if answer.status == HTTPStatus.PAYMENT_REQUIRED:
            return await self._closed(f"{_EMPTY}; it is asked again in an hour", HOUR)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return await self._limit(answer, problem)
        if "client-not-enrolled" in str(problem.get("reason")):
            needed = text(problem.get("required_enrollment"), 80) or "a plan"
            return AccessRefused(
                f"X refuses this key: its app is not enrolled in {needed!r}; put it into a project with access to the "
                "API, version 2, in X's developer portal",
                reason=Reason.RIGHTS,
            )
        if (stale := _STALE.search(answer.body)) and (floor := moment_of(stale[1].decode())):
            return Stale(floor.timestamp() + OVERLAP.total_seconds() + 1.0)
        return self._client.refusal(answer)

    async def _limit(self, answer: Answer, problem: Mapping[str, Any]) -> SourceError:
        """Tell the cap of a month or a day from the limit of a quarter of an hour, and from haste."""
        if "usage-capped" in str(problem.get("type")) or problem.get("title") == "UsageCapExceeded":
            is_day = problem.get("period") == "Daily"
            words = _CAPPED.format(period="day" if is_day else "month")
            rest = "; it is asked again every hour" if is_day else "; it is asked again once a day until it is renewed"
            return await self._closed(words + rest, HOUR if is_day else DAY)
        left = answer.headers.get("x-rate-limit-remaining", "0")
        if left.isdecimal() and int(left[:9]) > 0:
            return RateLimited("X answered 429 with calls left: more came in a second than it likes", _PAUSE)
        return self._client.refusal(answer)

    async def _closed(self, words: str, seconds: float) -> SourceError:
        """Let nobody with this key ask for a while."""
        await self._client.account.keep(_CLOSED, words, seconds=seconds)
        return RateLimited(words, seconds)


def _told(answer: Answer) -> Mapping[str, Any]:
    try:
        return table(answer.json())
    except UnexpectedPayload:
        return {}


def _is_refused(answer: Answer) -> bool:
    """Tell whether a server says that it does not know the fields by this name."""
    return answer.status == HTTPStatus.BAD_REQUEST and _ABOUT_FIELDS.search(answer.body) is not None


def _is_bare(answer: Answer) -> bool:
    """Tell whether posts came without anything that was asked for: the fields were ignored, not refused."""
    found = rows(_told(answer).get("data")) if answer.status == HTTPStatus.OK else ()
    return bool(found) and not any("public_metrics" in row or "created_at" in row for row in found)
