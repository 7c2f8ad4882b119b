"""The way into YouTube's API: the key in a header, three daily buckets counted on our side, and its refusals in words.

YouTube tells nobody how much of a bucket is left. What it says is used up is used up in our ledger as well, until
midnight in California; the other buckets go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from pydantic import SecretStr

from monitor.errors import AccessRefused, RateLimited, Reason, SourceError, UnexpectedPayload
from monitor.fetch.client import Answer, Client
from monitor.fetch.fields import rows, table, text
from monitor.model.account import Allowance

ZONE: Final = "America/Los_Angeles"
_ACCEPTED = (400, 403, 404, 429)  # YouTube explains these
_PAUSE = 60.0  # seconds, when it asks for fewer calls a minute
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_HASTE = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"})
_CURES = {
    "keyInvalid": "it does not know this key: copy it again from the Google Cloud console",
    "API_KEY_INVALID": "it does not know this key: copy it again from the Google Cloud console",
    "accessNotConfigured": "switch on the YouTube Data API v3 in the key's project",
    "SERVICE_DISABLED": "switch on the YouTube Data API v3 in the key's project",
    "ipRefererBlocked": "the key is restricted to other machines: change its restrictions in the Google Cloud console",
    "API_KEY_SERVICE_BLOCKED": "the key is restricted to other services: allow it the YouTube Data API v3",
}


class Exhausted(RateLimited):
    """A bucket is empty until midnight in California."""


class BadPage(UnexpectedPayload):
    """The mark of the next page is not understood: what it would have brought is not known."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """What the project of the key may do in a day."""

    searches: Allowance
    statistics: Allowance
    others: Allowance

    @classmethod
    def of(cls, searches: int, statistics: int, others: int) -> "Quotas":
        """Return the buckets of these sizes; they are renewed at midnight in California, summer and winter."""
        return cls(
            Allowance("searches", searches, "calls", zone=ZONE),
            Allowance("statistics", statistics, "calls", zone=ZONE),
            Allowance("other calls", others, "units", zone=ZONE),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """One call, and the bucket it is taken from."""

    path: str
    params: Mapping[str, str]
    bucket: Allowance


class Door:
    """Asks YouTube; every call counts, whatever the answer, and every repeated one."""

    def __init__(self, server: str, key: SecretStr, client: Client) -> None:
        self._server, self._key, self._client = server, key, client

    async def ask(self, question: Question) -> Mapping[str, Any]:
        """Return the answer; raises Exhausted when the bucket is empty, by our ledger or by YouTube's word."""
        answer = await self._client.get(
            f"{self._server}/youtube/v3/{question.path}",
            params=question.params,
            headers={"X-Goog-Api-Key": self._key.get_secret_value()},  # never in an address: those are written to logs
            accept=_ACCEPTED,
            lane=question.bucket.name,
            before=partial(self._count, question.bucket),
        )
        if answer.status == HTTPStatus.OK:
            return _listed(answer)
        raise await self._refusal(answer, question.bucket)

    async def _count(self, bucket: Allowance) -> None:
        try:
            await self._client.account.take({bucket: 1.0})
        except RateLimited as error:
            raise Exhausted(str(error), error.retry_after, reason=error.reason) from error

    async def _refusal(self, answer: Answer, bucket: Allowance) -> SourceError:
        error = _error(answer)
        reasons, said = _reasons(error), str(error.get("message"))
        if reasons & _USED_UP or (reasons & _HASTE and "per day" in said.lower()):
            return await self._exhausted(bucket)
        if "invalidPageToken" in reasons:
            return BadPage("YouTube does not know its own mark of a next page; the next run asks anew")
        if "API key not valid" in said:
            reasons = {*reasons, "keyInvalid"}
        if cure := next((_CURES[reason] for reason in sorted(reasons) if reason in _CURES), None):
            return AccessRefused(f"YouTube refuses: {cure}", reason=Reason.KEY)
        if answer.status == HTTPStatus.FORBIDDEN and reasons & _HASTE:
            return RateLimited("YouTube asks for fewer calls a minute", _PAUSE)
        return self._client.refusal(answer)

    async def _exhausted(self, bucket: Allowance) -> SourceError:
        """Write the rest of a bucket off, so that nobody with this key asks for it again today."""
        account = self._client.account
        try:
            await account.take({bucket: await account.left(bucket)})
            await account.take({bucket: 1.0})
        except RateLimited as error:
            words = f"YouTube says that the day's {bucket.name} are used up (quotaExceeded)"
            return Exhausted(f"{words}; they go on at midnight in California", error.retry_after, reason=Reason.BUDGET)
        return Exhausted(
            "YouTube says that this quota is used up; look at its size in the Google Cloud console",
            _PAUSE,
            reason=Reason.BUDGET,
        )


def _listed(answer: Answer) -> Mapping[str, Any]:
    """Return an answer that holds a list, or says that it would: `items` may be missing where there are none."""
    told = answer.json()
    if not isinstance(told, dict) or not told.keys() & {"kind", "items", "pageInfo"}:
        raise UnexpectedPayload("YouTube answered with something that is no list of its API; check `server`")
    if not isinstance(told.get("items", []), list):
        raise UnexpectedPayload("YouTube answered with a list that is none; try again later")
    return told


def _error(answer: Answer) -> Mapping[str, Any]:
    try:
        return table(table(answer.json()).get("error"))
    except UnexpectedPayload:
        return {}


def _reasons(error: Mapping[str, Any]) -> set[str]:
    """Return why, in the old style of Google and in the new one."""
    told = [*rows(error.get("errors")), *rows(error.get("details"))]
    return {reason for one in (*told, {"reason": error.get("status")}) if (reason := text(one.get("reason")))}
