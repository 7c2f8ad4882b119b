"""One question to a server and the bounded reading of its answer."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx

from monitor.errors import AccessRefused, Reason, UnexpectedPayload
from monitor.fetch.answer import Answer, shown
from monitor.fetch.body import Body

BODY_LIMIT = 10 * 1024 * 1024
LAST_PORT = 65_535
ERROR_LIMIT = 64 * 1024  # of the page that explains an error
DEADLINE = 30.0
SHORTEST_SECRET = 4  # characters; to mask less would leave no sentence legible
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_HARMLESS = frozenset({"accept", "accept-language", "if-none-match", "if-modified-since"})
_CONFIDING = ("key", "token", "secret", "pass", "auth", "sig")  # parts of the names of parameters that carry keys

WEB = frozenset({"http", "https"})
Params = Mapping[str, str] | Sequence[tuple[str, str]]
Before = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and which answers are welcome; `repeat`: no harm is done when it arrives twice.

    `before` is awaited before every attempt, the repeated ones too; what it raises ends the asking.
    """

    url: httpx.URL
    headers: httpx.Headers
    accept: Collection[int]
    follow: bool = True
    limit: int = BODY_LIMIT
    deadline: float = DEADLINE
    lane: str = ""
    body: Body | None = None
    repeat: bool = True
    before: Before | None = None

    @property
    def line(self) -> str:
        """Where it waits for its turn: at a host, or at one of its doors with a limit of its own."""
        return f"{host(self.url)} ({self.lane})" if self.lane else host(self.url)

    @property
    def secrets(self) -> frozenset[str]:
        """Everything in it that may be a key or a password."""
        words = [part for value in self.headers.values() for part in value.split()]
        words += [
            value for name, value in self.url.params.multi_items() if any(hint in name.lower() for hint in _CONFIDING)
        ]
        words += [self.url.password, *(self.body.texts if self.body else ())]
        return frozenset(word for word in words if len(word) >= SHORTEST_SECRET)

    @property
    def is_signed(self) -> bool:
        """Tell whether it says who asks: by a key, a token, a password, or in what it sends."""
        names = " ".join((*self.headers, *self.url.params)).lower()
        return bool(self.url.password or self.body) or any(hint in names for hint in _CONFIDING)

    def leads(self, url: httpx.URL) -> bool:
        """Tell whether an address is still the same server, over a line that is no less safe."""
        is_upgrade = (self.url.scheme, url.scheme) == ("http", "https") and self.url.host == url.host
        return is_upgrade or (url.scheme, host(url)) == (self.url.scheme, host(self.url))

    def moved(self, url: httpx.URL) -> "Question":
        """Ask somewhere else; another server gets nothing that only this one was meant to see."""
        if self.leads(url):
            return replace(self, url=url)
        harmless = {name: value for name, value in self.headers.items() if name in _HARMLESS}
        return replace(self, url=url, headers=httpx.Headers(harmless))


def address(url: str, params: Params | None, schemes: Collection[str] = WEB) -> httpx.URL:
    """Return the address with its parameters; UnexpectedPayload when it is none of the web (or of `schemes`)."""
    pairs = httpx.QueryParams(list(params.items() if isinstance(params, Mapping) else params or ()))
    try:
        if pairs and "?" in url:
            whole = httpx.URL(url).copy_merge_params(pairs)
        else:
            whole = httpx.URL(url, params=pairs) if pairs else httpx.URL(url)
    except httpx.InvalidURL:
        whole = httpx.URL()
    if not is_web(whole, schemes):
        raise UnexpectedPayload(f"{url[:80]!r} is no web address; write it as {max(schemes)}://…")
    return whole


def sendable(headers: Mapping[str, str], url: httpx.URL) -> httpx.Headers:
    """Return the headers as they are sent; AccessRefused, without repeating them, when they can not be."""
    try:
        return httpx.Headers(dict(headers))
    except UnicodeEncodeError:
        raise AccessRefused(
            f"{shown(url)} was not asked: the token holds characters that can not be sent; copy it again",
            reason=Reason.KEY,
        ) from None


def is_web(url: httpx.URL, schemes: Collection[str] = WEB) -> bool:
    """Tell whether an address can be asked at all."""
    return url.scheme in schemes and bool(url.host) and (url.port or 0) <= LAST_PORT


def host(url: httpx.URL) -> str:
    """Return the host with its port, the unit of politeness."""
    return url.netloc.decode("ascii")


async def read(http: httpx.AsyncClient, question: Question) -> Answer:
    """Ask once, without following redirects."""
    method, carried = ("POST", question.body.content) if question.body else ("GET", None)
    opened = http.stream(method, question.url, headers=question.headers, content=carried, follow_redirects=False)
    async with opened as response:
        return await answer_of(response, question)


async def answer_of(response: httpx.Response, question: Question) -> Answer:
    """Read an answer that has begun to its end."""
    body = await _body(response, question.limit)
    return Answer(
        response.status_code,
        response.headers,
        body,
        str(question.url),
        question.line,
        question.secrets,
        is_signed=question.is_signed,
    )


async def _body(response: httpx.Response, limit: int) -> bytes:
    """Read the unpacked body up to `limit`; of an error only what explains it."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:  # packed twice, a small answer can unpack to gigabytes
        packing = encoding[:40]
        raise UnexpectedPayload(f"{shown(response.url)} answered packed as {packing!r}, unasked; try again later")
    declared = response.headers.get("content-length", "")[:18]
    if response.is_success and declared.isdecimal() and int(declared) > limit:
        raise _too_long(response, limit)
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if not response.is_success and len(body) > ERROR_LIMIT:
            break
        if len(body) > limit:
            raise _too_long(response, limit)
    return bytes(body)


def _too_long(response: httpx.Response, limit: int) -> UnexpectedPayload:
    place = shown(response.url)
    return UnexpectedPayload(f"{place} answered with more than {limit:,} bytes, nothing was read; check the address")
