"""One server of the Mastodon family: what software it runs, what that does its own way, and its answers in lists."""

import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
from httpx_sse import ServerSentEvent
from pydantic import SecretStr

from monitor.errors import AccessRefused, Reason, UnexpectedPayload
from monitor.fetch.client import Answer, Client, Params
from monitor.fetch.events import events
from monitor.fetch.fields import rows, table, text
from monitor.sources._mastodon_ids import FLAKES, SNOWFLAKES, ULIDS, Ids
from monitor.sources._mastodon_status import mark

PAGE_SIZE = 40  # the most a server gives in one answer; GoToSocial refuses more
DOUBTED = 30 * 24 * 3600  # seconds
REMEMBERED = 24 * 3600  # seconds that what a server is stays noted; it is updated at night
_UNTOLD = (404, 410)  # a server that does not tell what it is; one that refuses to is refused like any other
_NAMED = re.compile(r"\(compatible; ([A-Za-z]+)")
_REL_PREV = re.compile(r'<[^<>]*[?&]min_id=([A-Za-z0-9_-]{1,40})[^<>]*>;\s*rel="prev"')


@dataclass(frozen=True, slots=True)
class Kind:
    """What the software of a server does its own way."""

    ids: Ids | None = SNOWFLAKES  # None: nobody here knows how it makes them
    several: bool = True  # knows any[]: up to four tags in one question
    by_link: bool = False  # takes hidden posts out of a page it has cut already, only the Link header tells its end
    misses: bool = False  # 404 is a tag that nobody has used yet
    bulk: bool = True  # tells many posts by their ids in one answer
    streams: bool = True  # tells new posts as server-sent events


_PLEROMA = Kind(FLAKES, streams=False)
KINDS: Mapping[str, Kind] = {
    "mastodon": Kind(),
    "gotosocial": Kind(ULIDS, several=False, by_link=True, misses=True, bulk=False, streams=False),
    "pleroma": _PLEROMA,
    "akkoma": _PLEROMA,
    "unknown": Kind(ids=None, several=False),  # it claimed to be a Mastodon
}
_OTHER = Kind(ids=None, several=False, streams=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server tells about itself: `open_to` are those who may see tag timelines, as far as it says."""

    software: str = "mastodon"
    version: str = ""
    open_to: Sequence[str] = ()
    streaming: str = ""  # where it tells new posts, when that is another host

    @property
    def kind(self) -> Kind:
        return KINDS.get(self.software, _OTHER)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer of a timeline; `marks` are how far it reaches, `age` is how long it lay in a cache.

    A cache may show a day-old answer while the server itself is down.
    """

    statuses: Sequence[Any]
    marks: Sequence[str]
    age: timedelta


class Server:
    """Asks one server, with the token of one of its users if there is one."""

    def __init__(self, address: str, token: SecretStr | None, client: Client) -> None:
        self._address, self._token, self._client = address, token, client
        self.host = host(address)
        self._note = f"facts/1 {self.host}"  # another number when Facts changes: notes outlive an update

    @property
    def quota_left(self) -> int | None:
        return self._client.quota_left

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token.get_secret_value()}"} if self._token else {}

    async def facts(self) -> Facts:
        """Return what the server is, asked once a day; one that knows no such question is taken for a Mastodon."""
        if kept := await self._client.account.recall(self._note):
            return Facts(**json.loads(kept))
        instance = await self.instance(_UNTOLD)
        facts, seconds = (facts_of(instance), REMEMBERED) if instance is not None else (Facts(), REMEMBERED / 24)
        await self._client.account.keep(self._note, json.dumps(asdict(facts)), seconds=seconds)
        return facts

    async def doubt(self, facts: Facts) -> None:
        """Note for a month that a server is not what it claims."""
        await self._client.account.keep(
            self._note, json.dumps(asdict(replace(facts, software="unknown"))), seconds=DOUBTED
        )

    async def instance(self, accept: tuple[int, ...] = ()) -> Mapping[str, Any] | None:
        """Return what the server tells about itself (the second way since 4.0); None where `accept` was answered."""
        answer = await self.get("/api/v2/instance", accept=_UNTOLD)
        if answer.status != HTTPStatus.OK:
            answer = await self.get("/api/v1/instance", accept=accept)
        return table(answer.json()) if answer.status == HTTPStatus.OK else None

    async def timeline(self, kind: Kind, tags: Sequence[str], **place: str) -> Sheet:
        """Ask for the page next above `min_id` or below `max_id`, else for the newest.

        The server's own links to further pages are no help: they lose `any[]`.
        """
        first, *others = tags
        params = [*place.items(), ("limit", str(PAGE_SIZE)), *(("any[]", other) for other in others)]
        path = f"/api/v1/timelines/tag/{quote(first, safe='')}"
        answer = await self.get(path, params, accept=(404,) if kind.misses else ())
        statuses = _listed(answer) if answer.status == HTTPStatus.OK else []
        reached = _REL_PREV.findall(answer.headers.get("link", "")) if kind.by_link else []
        return Sheet(statuses, [*marks(statuses), *reached], _age(answer))

    async def known(self, wanted: Sequence[str]) -> Sequence[Any] | None:
        """Return the statuses with these ids that still exist; None from a server that cannot be asked so."""
        answer = await self.get("/api/v1/statuses", [("id[]", mark) for mark in wanted], accept=(404, 405, 410))
        return _listed(answer) if answer.status == HTTPStatus.OK else None

    async def stream(self, tag: str) -> AsyncGenerator[ServerSentEvent, None]:
        """Return what the server says from now on about posts with a tag; many do so from another host of theirs."""
        own, told = httpx.URL(self._address), httpx.URL((await self.facts()).streaming)
        is_theirs = f".{told.host}".endswith(f".{own.host}")  # the token goes nowhere else
        place = own.join("/api/v1/streaming/hashtag").copy_with(netloc=told.netloc if is_theirs else own.netloc)
        return events(self._client, str(place), params={"tag": tag}, headers=self.headers)

    async def trending(self) -> Sequence[str]:
        """Return the hashtags that are in use on the server right now, where it tells."""
        answer = await self.get("/api/v1/trends/tags", [("limit", "3")], accept=(401, 403, 404, 410))
        told = rows(answer.json()) if answer.status == HTTPStatus.OK else ()
        return [name for tag in told if (name := text(tag.get("name"), 100))]

    async def get(self, path: str, params: Params = (), accept: tuple[int, ...] = ()) -> Answer:
        """Ask for one thing; a refusal says what is missing."""
        answer = await self._client.get(
            self._address + path, params=params, headers=self.headers, accept=(401, 422, *accept)
        )
        if answer.status in accept or answer.status not in {401, 422}:
            return answer
        if answer.status == HTTPStatus.UNAUTHORIZED and self._token:
            raise AccessRefused(
                f"{self.host} does not accept the token; it was revoked or mistyped, make a new one", reason=Reason.KEY
            )
        if answer.status == HTTPStatus.UNAUTHORIZED or b"authenticated user" in answer.body:
            raise AccessRefused(self.closed, reason=Reason.RIGHTS)  # documented as 401, answered as 422
        raise UnexpectedPayload(
            f"{self.host} does not accept the question (422); check the campaign's spellings", reason=Reason.QUESTION
        )

    @property
    def closed(self) -> str:
        return (
            f"{self.host} shows its tag timelines to its own users only; add the token of an account there "
            "(scope read:statuses), the token of an app is not enough"
        )


def facts_of(instance: Mapping[str, Any]) -> Facts:
    """Read what a server tells about itself."""
    configuration = table(instance.get("configuration"))
    feeds = table(table(configuration.get("timelines_access")).get("hashtag_feeds"))
    urls = table(configuration.get("urls")) or table(instance.get("urls"))
    version = str(instance.get("version") or "")[:60]
    return Facts(
        software=_software(version, str(instance.get("source_url"))),
        version=version,
        open_to=sorted(set(filter(None, map(text, feeds.values())))),
        streaming=_web(urls.get("streaming") or urls.get("streaming_api")),
    )


def _software(version: str, source: str) -> str:
    """Return the name of the software: "2.7.2 (compatible; Akkoma 3.10)" is akkoma; forks of Mastodon are Mastodons."""
    if named := _NAMED.search(version):
        return named[1].lower()
    is_young = re.match(r"0\.", version) or re.search(r"\+0\.", version)  # GoToSocial; it may claim a Mastodon's
    return "gotosocial" if "gotosocial" in source.lower() or is_young else "mastodon"


def _web(told: Any) -> str:
    """Return an address where one is told; whatever else is there is none."""
    try:
        return str(httpx.URL(text(told, 200) or "")) if told else ""
    except httpx.InvalidURL:
        return ""


def marks(statuses: Sequence[Any]) -> Sequence[str]:
    """Return the ids of the statuses, of those that have one."""
    return [known for status in rows(statuses) if (known := mark(status.get("id")))]


def host(address: str) -> str:
    """Return the host of an address, with its port."""
    return httpx.URL(address).netloc.decode("ascii")


def _listed(answer: Answer) -> Sequence[Any]:
    statuses = answer.json()
    if not isinstance(statuses, list):
        raise UnexpectedPayload(f"{answer.place} answered with something else than a list of posts; check the address")
    return statuses


def _age(answer: Answer) -> timedelta:
    told = answer.headers.get("age", "")
    return timedelta(seconds=int(told[:6])) if told.isascii() and told.isdecimal() else timedelta(0)
