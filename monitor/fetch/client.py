"""Asking with manners: patience, shared waiting lines, and an error in words for everything that can go wrong."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import httpx

from monitor.clock import Clock
from monitor.errors import SourceError, UnexpectedPayload
from monitor.fetch.addresses import is_private
from monitor.fetch.answer import Answer, shown
from monitor.fetch.body import packed
from monitor.fetch.exchange import BODY_LIMIT, DEADLINE, Before, Params, Question, address, answer_of, read, sendable
from monitor.fetch.pocket import Pocket
from monitor.fetch.redirects import MOST_HOPS, Private, onward
from monitor.fetch.throttle import PATIENCE, Hosts, backoff, jitter, quota_left, reset_wait
from monitor.fetch.verdict import Setback, is_welcome, judged, lost
from monitor.model.account import Account

__all__ = ["BODY_LIMIT", "Answer", "Client", "Params", "http"]

SOFTWARE = f"campaign-monitor/{version('campaign-monitor')}"
TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=20.0, pool=60.0)
CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=20)  # some are listened to without end


def http(contact: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Build the one HTTP client all sources share: it says who we are, keeps no cookies and follows no redirects."""
    who = contact.encode("ascii", "ignore").decode() or "no contact given"
    return _Visitor(
        transport=transport,
        headers={
            "User-Agent": f"{SOFTWARE} (+{who})",
            "Accept-Encoding": "gzip, deflate",
        },
        timeout=TIMEOUT,
        limits=CONNECTIONS,
        mounts={"all://127.0.0.1": transport, "all://localhost": transport},  # never by a proxy of the environment
    )


class _NoCookies(httpx.Cookies):
    """Stays empty."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Take none."""


class _Visitor(httpx.AsyncClient):
    """Keeps no cookies, and does not look for them in any answer: that takes as long as to build the question."""

    @property  # type: ignore[misc]
    def cookies(self) -> httpx.Cookies:
        return _NoCookies()


class Client:
    """Asks servers on behalf of one source; `calls` and `quota_left` are for the record of its runs.

    All waiting goes through the clock, and the lines of `hosts` are shared with every other source. A `lane` is a door
    of a host that has limits of its own: its calls wait in a line of their own. `account` is what the source's key
    may spend, and what is kept for it.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        clock: Clock,
        hosts: Hosts,
        *,
        spacing: float = 0.0,
        tries: int = 3,
        private: Private = is_private,
        account: Account | None = None,
    ) -> None:
        self._http, self._clock, self._hosts = http, clock, hosts
        self._spacing, self._tries, self._private = spacing, tries, private
        self.account: Account = account or Pocket(clock)
        self.calls = 0
        self.quota_left: int | None = None

    async def get(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (304,),
        follow: bool = True,
        limit: int = BODY_LIMIT,
        deadline: float = DEADLINE,
        lane: str = "",
        before: Before | None = None,
    ) -> Answer:
        """Return the answer when its status is 2xx or in `accept` (3xx too without `follow`); else raise SourceError.

        Setbacks (408, 425, 429, 5xx, the network, the deadline in seconds) are repeated, a minute of waiting at most.
        `before` is awaited before each attempt, to take it from a ledger; what it raises ends the asking.
        """
        place = address(url, params)
        carried = sendable(headers or {}, place)
        return await self._ask(Question(place, carried, accept, follow, limit, deadline, lane, before=before))

    async def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
        lane: str = "",
        repeat: bool = False,
        before: Before | None = None,
    ) -> Answer:
        """Send JSON or a form, and return or raise as `get` does.

        Once it may have arrived it is not sent again, unless `repeat` says that no harm is done when it arrives twice.
        """
        place, body = address(url, None), packed(json, form)
        carried = sendable({"Content-Type": body.kind, **(headers or {})}, place)
        question = Question(place, carried, accept, lane=lane, body=body, repeat=repeat, before=before)
        return await self._ask(question)

    @asynccontextmanager
    async def opened(
        self, url: str, *, params: Params | None = None, headers: Mapping[str, str] | None = None, silence: float
    ) -> AsyncIterator[httpx.Response]:
        """Open an answer without an end, to be read inside; after `silence` seconds without a word it is broken off.

        It is neither repeated nor redirected; raises SourceError as `get` does, also for what happens on the way.
        """
        place = address(url, params)
        question = Question(place, sendable(headers or {}, place), accept=(), follow=False, deadline=silence)
        timeout = httpx.Timeout(**{**TIMEOUT.as_dict(), "read": silence})
        opened = self._http.stream("GET", place, headers=question.headers, timeout=timeout, follow_redirects=False)
        await self.turn(question.line)
        try:
            async with opened as response:
                if not response.is_success:
                    raise self.refusal(await answer_of(response, question))
                yield response
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise lost(question, error).error from None

    async def turn(self, line: str) -> None:
        """Wait for a turn at a host, for a call through another door such as a websocket; it is counted."""
        await self._hosts.turn(line, self._spacing, self._clock)
        self.calls += 1

    @property
    def who(self) -> str:
        """Who we say we are."""
        return self._http.headers["User-Agent"]

    def refusal(self, answer: Answer) -> SourceError:
        """Return the error that an answer would have been, had its status not been in `accept`; parks as it does."""
        setback = judged(answer, self._clock.now())
        if setback.wait is not None:
            self._hosts.park(answer.line, self._clock.now(), setback.wait)
        return setback.error

    async def _ask(self, question: Question) -> Answer:
        attempt, waited = 1, 0.0
        while isinstance(result := await self._attempt(question), Setback):
            wait = self._wait(question, result, attempt)
            waited += wait
            again = result.passes and (question.repeat or result.unheard)
            if not again or attempt >= self._tries or waited > PATIENCE:
                raise result.error
            await self._clock.sleep(wait)
            attempt += 1
        await self._hosts.hand_over()
        return result

    def _wait(self, question: Question, setback: Setback, attempt: int) -> float:
        if setback.wait is None:
            return backoff(attempt)
        wait = setback.wait + jitter()
        self._hosts.park(question.line, self._clock.now(), wait)
        return wait

    async def _attempt(self, question: Question) -> Answer | Setback:
        if question.before is not None:
            await question.before()
        await self._hosts.turn(question.line, self._spacing, self._clock)
        try:
            async with asyncio.timeout(question.deadline):
                answer = await self._followed(question)
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL, TimeoutError) as error:
            return lost(question, error)
        return answer if is_welcome(answer, question) else judged(answer, self._clock.now())

    async def _followed(self, question: Question) -> Answer:
        for _ in range(MOST_HOPS):
            self.calls += 1
            answer = await read(self._http, question)
            self._note_quota(question.line, answer.headers)
            further = await onward(question, answer, self._private)
            if further is None:
                return answer
            question = further
        raise UnexpectedPayload(f"{shown(answer.url)} redirects in circles; check the address in a browser")

    def _note_quota(self, line: str, headers: httpx.Headers) -> None:
        """Remember what is left of the quota; at zero nobody asks at this line again before it is renewed."""
        self.quota_left = quota_left(headers)
        if self.quota_left == 0 and (wait := reset_wait(headers, self._clock.now())) is not None:
            self._hosts.park(line, self._clock.now(), wait)
