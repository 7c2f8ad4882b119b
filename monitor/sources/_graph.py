"""Meta's Graph API (Facebook, Instagram, Threads): its errors are told by a code of its own, its budget in headers.

The HTTP status of an error is nearly always 400. Codes: developers.facebook.com/docs/graph-api/guides/error-handling.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from monitor.errors import AccessRefused, RateLimited, Reason, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.answer import Answer, read_json
from monitor.fetch.client import Client
from monitor.fetch.fields import count, rows, table, text

FULL = 90  # per cent of a budget; at 100 Meta refuses for hours
HOUR = 3600.0
MOST_PAGES = 200

_LIMITS = frozenset({4, 17, 32, 613, *range(80000, 80015)})
_PASSING = frozenset({1, 2})
_TOKEN = 190
_NOT_ALLOWED = frozenset({10, *range(200, 300)})
_BUDGETS = ("x-app-usage", "x-business-use-case-usage")
_PAUSE = "pause"  # for all campaigns with this token
_SHARES = ("call_count", "total_cputime", "total_time")


class BadQuestion(UnexpectedPayload):
    """Meta did not understand a parameter: a metric that is gone, a hashtag it does not search for (code 100 or 24)."""


@dataclass(slots=True)
class Graph:
    """Asks one of Meta's hosts with one token; `who` is what the operator knows the token by."""

    client: Client
    server: str
    token: str = field(repr=False)
    who: str

    async def get(self, path: str, **params: str) -> Mapping[str, Any]:
        """Return an answer's table, or raise what its error code means."""
        if pause := await self.client.account.recall(_PAUSE):
            raise RateLimited(
                f"Meta's budget for {self.who} is nearly used up; it is left alone for a while",
                float(pause),
                reason=Reason.BUDGET,
            )
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.client.get(self.server + path, params=params, headers=headers, accept=(400,))
        told = answer.json()
        if answer.status == HTTPStatus.BAD_REQUEST or "error" in table(told):
            raise self._meant(answer, table(table(told).get("error")))
        if not isinstance(told, dict) or not (told.keys() & {"data", "id", "access_token"}):
            raise UnexpectedPayload(f"{answer.place} answered with something that Meta's documentation does not know")
        if rest := _rest(answer):
            await self.client.account.keep(_PAUSE, repr(rest), seconds=rest)
        return told

    async def pages(self, path: str, **params: str) -> AsyncIterator[list[Mapping[str, Any]]]:
        """Yield the rows page by page; Instagram's cursor is the same text on every page, and still moves on."""
        after: dict[str, str] = {}
        met: set[str] = set()
        for _ in range(MOST_PAGES):
            answer = await self.get(path, **params, **after)
            found = list(rows(answer.get("data")))
            names = {str(row.get("id")) for row in found}
            yield found
            place = text(table(table(answer.get("paging")).get("cursors")).get("after"), 2000)
            if place is None or names <= met:
                return
            met |= names
            after = {"after": place}
        raise UnexpectedPayload(f"Meta's answer to {self.who} has not ended after {MOST_PAGES} pages; ask more often")

    async def renewed(self) -> str:
        """Return a new token for one of Threads' that lasts sixty days and is a day old at least."""
        told = await self.get("/refresh_access_token", grant_type="th_refresh_token")
        token = text(told.get("access_token"), 2000)
        if token is None or not token.isascii() or not token.isprintable():
            raise UnexpectedPayload(f"Threads gave no new token for {self.who}; make one by hand")
        return token

    async def metrics(self, thing: str, names: Collection[str]) -> Mapping[str, int | None]:
        """Return measured numbers of something that is ours; None for each that Meta does not tell (yet)."""
        try:
            answer = await self.get(f"/{thing}/insights", metric=",".join(names))
        except BadQuestion:  # this kind of post has none of it
            return dict.fromkeys(names)
        except AccessRefused as error:
            if "viewers" in str(error):  # too few people saw it
                return dict.fromkeys(names)
            raise
        told = {str(row.get("name")): row for row in rows(answer.get("data"))}
        return {name: _value(told.get(name, {})) for name in names}

    def _meant(self, answer: Answer, error: Mapping[str, Any]) -> SourceError:
        code, said = count(error.get("code")), (text(error.get("message")) or "no reason given")[:160]
        if self.token in said:
            said = said.replace(self.token, "***")
        if code in _LIMITS:
            return RateLimited(
                f"Meta's budget for {self.who} is used up ({said!r}); asked again later",
                _wait(answer) or HOUR,
                reason=Reason.BUDGET,
            )
        if code == _TOKEN:
            return AccessRefused(
                f"the token of {self.who} has ended or was taken back; make a new one ({said!r})", reason=Reason.KEY
            )
        if code in _NOT_ALLOWED:
            return AccessRefused(
                f"{self.who} lacks a permission of Meta's: {said!r}; see docs/sources.md", reason=Reason.RIGHTS
            )
        if code in _PASSING or error.get("is_transient") is True:
            return SourceUnavailable(f"Meta has trouble of its own ({said!r}); try again later", reason=Reason.TROUBLE)
        if code in {100, 24}:
            return BadQuestion(f"Meta does not accept the question of {self.who} ({said!r}); check its settings")
        return self.client.refusal(answer)


def _value(row: Mapping[str, Any]) -> int | None:
    """Return the number of a metric, which has two shapes."""
    values = rows(row.get("values"))
    return count(values[0].get("value")) if values else count(table(row.get("total_value")).get("value"))


def _rest(answer: Answer) -> float:
    """Return how long to pause when a budget is nearly used up, else 0."""
    used = max((count(round(share)) or 0 for share in _used(answer)), default=0)
    return (_wait(answer) or HOUR / 4) if used >= FULL else 0.0


def _used(answer: Answer) -> Iterator[float]:
    for budget in _budgets(answer):
        yield from (budget[name] for name in _SHARES if type(budget.get(name)) in {int, float})


def _wait(answer: Answer) -> float | None:
    """Return the seconds until Meta answers again, which it tells in minutes."""
    told = [count(budget.get("estimated_time_to_regain_access")) for budget in _budgets(answer)]
    return max((minutes for minutes in told if minutes), default=0) * 60.0 or None


def _budgets(answer: Answer) -> Iterator[Mapping[str, Any]]:
    for name in _BUDGETS:
        try:
            told = table(read_json(answer.headers.get(name, "{}").encode()))
        except (ValueError, RecursionError):
            continue  # a header that is no JSON tells nothing
        yield told
        yield from (row for listed in told.values() for row in rows(listed))
