"""Asking for a feed: at its address, or at the one that was found when the settings name a page of the site."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from monitor.errors import UnexpectedPayload
from monitor.fetch.answer import Answer
from monitor.fetch.client import Client
from monitor.sources._feed_find import feeds_of, is_page
from monitor.sources._press import short

FEED_LIMIT = 10_000_000  # bytes; long feeds with full texts are 2 MB
FOUND_FOR = timedelta(days=30)  # how long the feed of a site is remembered
SOUGHT_EVERY = timedelta(hours=1)  # a site without a feed is not searched with every run
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
_NOT_THERE = (401, 403, 404, 410)


class Door:
    """One address of the settings, and the feed behind it."""

    def __init__(self, client: Client, url: str) -> None:
        self._client, self._url = client, url
        self._note, self._in_vain = f"feed/{short(url)}", f"feed-in-vain/{short(url)}"

    async def ask(self, headers: Mapping[str, str], *, may_look: bool) -> tuple[Answer, str]:
        """Return the answer of the feed, and words about where it was found when that is not where the settings say.

        `may_look`: nothing but a page was ever seen here, so the site's feed may be looked for.
        """
        known = await self._client.account.recall(self._note)
        answer = await self._again(known, headers) if known else await self._get(self._url, headers)
        if may_look and not known and is_page(answer.body):
            answer = await self._found(answer)
            known = answer.url
        return answer, f"the feed was found at {known}: write that address as url" if known else ""

    async def _again(self, known: str, headers: Mapping[str, str]) -> Answer:
        """Ask where a feed was found before; when there is none any more, the next run looks for another."""
        try:
            answer = await self._get(known, headers)
        except UnexpectedPayload:
            await self._forget()
            raise
        if is_page(answer.body):
            await self._forget()
            raise UnexpectedPayload(f"the feed found at {known} is a page now; the next run looks for another")
        return answer

    async def _forget(self) -> None:
        await self._client.account.keep(self._note, "", seconds=1)

    async def _found(self, page: Answer) -> Answer:
        """Return the first feed of a site that answers, and remember where it is, or for a while that there is none."""
        if looked := await self._client.account.recall(self._in_vain):
            raise _no_feed(page, looked)
        tried = feeds_of(page.text(), page.url)
        for address in tried:
            answer = await self._get(address, {}, accept=_NOT_THERE)
            if answer.status == HTTPStatus.OK and not is_page(answer.body):
                await self._client.account.keep(self._note, address, seconds=FOUND_FOR.total_seconds())
                return replace(answer, url=address)
        looked = f"none of {len(tried)} likely places is one" if tried else "it names none"
        await self._client.account.keep(self._in_vain, looked, seconds=SOUGHT_EVERY.total_seconds())
        raise _no_feed(page, looked)

    async def _get(self, address: str, headers: Mapping[str, str], accept: Collection[int] = (304,)) -> Answer:
        return await self._client.get(address, headers={"Accept": _ACCEPT, **headers}, accept=accept, limit=FEED_LIMIT)


def _no_feed(page: Answer, looked: str) -> UnexpectedPayload:
    said = f"{page.place} is no RSS or Atom feed but an HTML page, and {looked}; look for the feed in a browser"
    return UnexpectedPayload(said)
