"""One question to a server and the bounded reading of its answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import httpx

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.fetch.answer import Answer, shown

BODY_LIMIT = 10 * 1024 * 1024
LAST_PORT = 65_535
ERROR_LIMIT = 64 * 1024  # of the page that explains an error
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

Params = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and which answers are welcome."""

    url: httpx.URL
    headers: httpx.Headers
    accept: Collection[int]
    follow: bool
    limit: int
    deadline: float

    def moved(self, url: httpx.URL) -> "Question":
        """Ask somewhere else; another host gets no key of ours."""
        headers = self.headers.copy()
        is_upgrade = (self.url.scheme, url.scheme) == ("http", "https") and self.url.host == url.host
        if not is_upgrade and (url.scheme, host(url)) != (self.url.scheme, host(self.url)):
            headers.pop("authorization", None)
        return replace(self, url=url, headers=headers)


def address(url: str, params: Params | None) -> httpx.URL:
    """Return the web address with its parameters; UnexpectedPayload when it is none."""
    pairs = httpx.QueryParams(list(params.items() if isinstance(params, Mapping) else params or ()))
    try:
        whole = httpx.URL(url).copy_merge_params(pairs) if pairs else httpx.URL(url)
    except httpx.InvalidURL:
        whole = httpx.URL()
    if not is_web(whole):
        raise UnexpectedPayload(f"{url[:80]!r} is no web address; write it as https://…")
    return whole


def sendable(headers: Mapping[str, str], url: httpx.URL) -> httpx.Headers:
    """Return the headers as they are sent; AccessRefused, without repeating them, when they can not be."""
    try:
        return httpx.Headers(dict(headers))
    except UnicodeEncodeError:
        raise AccessRefused(
            f"{shown(url)} was not asked: the token holds characters that can not be sent; copy it again",
        ) from None


def is_web(url: httpx.URL) -> bool:
    """Tell whether an address can be asked at all."""
    return url.scheme in {"http", "https"} and bool(url.host) and (url.port or 0) <= LAST_PORT


def host(url: httpx.URL) -> str:
    """Return the host with its port, the unit of politeness."""
    return url.netloc.decode("ascii")


async def read(http: httpx.AsyncClient, question: Question) -> Answer:
    """Ask once, without following redirects."""
    async with http.stream("GET", question.url, headers=question.headers, follow_redirects=False) as response:
        body = await _body(response, question.limit)
    return Answer(response.status_code, response.headers, body, str(question.url))


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
