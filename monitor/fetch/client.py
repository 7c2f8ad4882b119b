"""GET with manners: patience, shared waiting lines, and an error in words for everything that can go wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from monitor.clock import Clock
from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.addresses import is_private
from monitor.fetch.answer import Answer, shown
from monitor.fetch.exchange import BODY_LIMIT, Params, Question, address, host, is_web, read, sendable
from monitor.fetch.pocket import Pocket
from monitor.fetch.throttle import PATIENCE, Hosts, asked_wait, backoff, jitter, reset_wait
from monitor.fetch.words import broken_off, refusal
from monitor.model.account import Account

__all__ = ["BODY_LIMIT", "Answer", "Client", "Params", "http"]

DEADLINE = 30.0
MOST_HOPS = 5
TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=20.0, pool=60.0)
CONNECTIONS = httpx.Limits(max_connections=40, max_keepalive_connections=20)

_MOVED = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})


def http(contact: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """Build the one HTTP client all sources share: it says who we are, keeps no cookies and follows no redirects."""
    who = contact.encode("ascii", "ignore").decode() or "no contact given"
    return httpx.AsyncClient(
        transport=transport,
        headers={
            "User-Agent": f"campaign-monitor/{version('campaign-monitor')} (+{who})",
            "Accept-Encoding": "gzip, deflate",
        },
        timeout=TIMEOUT,
        limits=CONNECTIONS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        mounts={"all://127.0.0.1": transport, "all://localhost": transport},  # never by a proxy of the environment
    )


@dataclass(frozen=True, slots=True)
class _Setback:
    """An answer that may be better next time, and how long the server asked us to wait for it."""

    error: SourceError
    wait: float | None = None


class Client:
    """Asks servers on behalf of one source.

    `calls` and `quota_left` are for the record of its runs, `account` is what it keeps and spends beyond them (without
    one: in memory).

    All waiting goes through the clock, and the lines of `hosts` are shared with every other source.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        clock: Clock,
        hosts: Hosts,
        *,
        spacing: float = 0.0,
        tries: int = 3,
        private: Callable[[str], Awaitable[bool]] = is_private,
        account: Account | None = None,
    ) -> None:
        self._http, self._clock, self._hosts = http, clock, hosts
        self._spacing, self._tries, self._private = spacing, tries, private
        self.account = account or Pocket(clock)
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
    ) -> Answer:
        """Return the answer when its status is 2xx or in `accept` (3xx too without `follow`); else raise SourceError.

        Setbacks (408, 425, 429, 5xx, the network, the deadline in seconds) are repeated, a minute of waiting at most.
        """
        place = address(url, params)
        question = Question(place, sendable(headers or {}, place), accept, follow, limit, deadline)
        attempt, waited = 1, 0.0
        while isinstance(result := await self._attempt(question), _Setback):
            wait = self._wait(question, result, attempt)
            waited += wait
            if attempt >= self._tries or waited > PATIENCE:
                raise result.error
            await self._clock.sleep(wait)
            attempt += 1
        return result

    def _wait(self, question: Question, setback: _Setback, attempt: int) -> float:
        if setback.wait is None:
            return backoff(attempt)
        wait = setback.wait + jitter()
        self._hosts.park(host(question.url), self._clock.now(), wait)
        return wait

    async def _attempt(self, question: Question) -> Answer | _Setback:
        await self._hosts.turn(host(question.url), self._spacing, self._clock)
        try:
            async with asyncio.timeout(question.deadline):
                answer = await self._followed(question)
        except (httpx.LocalProtocolError, httpx.DecodingError, httpx.InvalidURL) as error:
            raise UnexpectedPayload(broken_off(question, error)) from None  # its text may hold a token
        except (httpx.TransportError, TimeoutError) as error:
            return _Setback(SourceUnavailable(broken_off(question, error)))
        return self._judged(answer, question)

    def _judged(self, answer: Answer, question: Question) -> Answer | _Setback:
        status = answer.status
        wanted = httpx.codes.is_success(status) or status in question.accept
        if wanted or (httpx.codes.is_redirect(status) and not question.follow):
            return answer
        words = refusal(answer, secrets=question.headers.values())
        if status in _REFUSED:
            raise AccessRefused(words)
        wait = asked_wait(answer.headers, self._clock.now())
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return _Setback(RateLimited(words, wait), wait)
        if status in _PASSING or httpx.codes.is_server_error(status):
            return _Setback(SourceUnavailable(words), wait if "retry-after" in answer.headers else None)
        raise UnexpectedPayload(words)

    async def _followed(self, question: Question) -> Answer:
        """Follow redirects one by one, so that none leads where it should not and no key goes to another host."""
        for _ in range(MOST_HOPS):
            self.calls += 1
            answer = await read(self._http, question)
            self._note_quota(question.url, answer.headers)
            place = answer.headers.get("location")
            if not question.follow or answer.status not in _MOVED or place is None:
                return answer
            target = question.url.join(place)
            await self._check_redirect(question.url, target)
            question = question.moved(target)
        raise UnexpectedPayload(f"{shown(answer.url)} redirects in circles; check the address in a browser")

    async def _check_redirect(self, origin: httpx.URL, target: httpx.URL) -> None:
        if not is_web(target):
            raise UnexpectedPayload(f"{shown(origin)} redirects to something that is no web page; check the address")
        if target.host != origin.host and await self._private(target.host) and not await self._private(origin.host):
            raise UnexpectedPayload(
                f"{shown(origin)} redirects into a private network ({target.host}), which is not followed; "
                "if that server is yours, write its own address in the settings",
            )

    def _note_quota(self, url: httpx.URL, headers: httpx.Headers) -> None:
        """Remember what is left of the quota; at zero nobody asks this host again before it is renewed."""
        left = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", ""))
        self.quota_left = int(left) if left.isascii() and left[:9].isdigit() and left == left[:9] else None
        if self.quota_left == 0 and (wait := reset_wait(headers, self._clock.now())) is not None:
            self._hosts.park(host(url), self._clock.now(), wait)
