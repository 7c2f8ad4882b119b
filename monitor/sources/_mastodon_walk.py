"""Walking one question to a server of the Mastodon family: upwards by id, then sweeps over what is known.

A post that a server fetched from elsewhere gets an id from its creation, below what was already read; therefore sweeps
of the last days follow the forward pass (docs/sources/mastodon.md). Where ids tell no time, the first way is down.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.model.mention import Post
from monitor.model.source import Ask, Page
from monitor.sources._illegible import SEVERAL, illegible
from monitor.sources._mastodon_ids import Ids, order
from monitor.sources._mastodon_place import DEEP_EVERY, Place
from monitor.sources._mastodon_server import PAGE_SIZE, Facts, Server, Sheet
from monitor.sources._mastodon_status import Reader

RESERVE = 20  # calls of a server's quota that sweeps leave to the forward passes
AHEAD = timedelta(hours=1)  # an id further in the future than this would hide everything until then


@dataclass(frozen=True, slots=True)
class Question:
    """Some tags asked together, from a server that is known, and how far its sweeps go."""

    tags: Sequence[str]
    server: Server
    facts: Facts
    reader: Reader
    sweep: timedelta
    sweep_pages: int

    async def pages(self, ask: Ask, place: Place) -> AsyncIterator[Page]:
        """Yield everything above the highest id read, with two minutes of overlap, then a part of the sweep if due."""
        ids = self.facts.kind.ids
        async for page in self._climb(ask, place, ids) if ids or place.high else self._first_descent(ask, place):
            yield page
        since = place.next_sweep(ask, self.sweep)
        if ids and since and ids.time(place.high):
            place.sweep = ids.at(since)
        async for page in self._sweep(ask, place) if ids else self._descend(ask, since, self.sweep_pages):
            yield page

    async def _is_misled(self, ask: Ask, place: Place, ids: Ids) -> bool:
        """Tell, once a day at most and when nothing was found, whether ids are older than the posts they stand for.

        Then they are not made as this software makes them, and whatever is new lies below where it was looked for.
        """
        now = ask.now.timestamp()
        if now - place.checked < DEEP_EVERY.total_seconds():
            return False
        place.checked = now
        posts, _ = self.reader.posts((await self._ask()).statuses)
        told = [(ids.time(post.again or ""), post.created_at) for post in posts]
        return bool(told) and all(time and time < created - DEEP_EVERY for time, created in told)

    async def _climb(self, ask: Ask, place: Place, ids: Ids | None) -> AsyncIterator[Page]:
        """Climb from the highest id read until an empty page, the only end a server gives."""
        above = begin = place.start(ask.since, ids) if ids else place.high
        while (sheet := await self._ask(min_id=above)).statuses or sheet.marks:
            if not _all_above(sheet, above):  # this server does not go by min_id: there is a hole
                yield await self._page(ask, sheet, truncated=True)
                return
            newest = _newest(sheet, ids, ask.now)
            above = newest or above
            place.rise(above)
            yield await self._page(ask, sheet)
            if newest is None:  # nothing but ids of the future, or odd ones, is left
                break
        if above == begin and list(self.facts.open_to) == ["disabled"]:  # such a timeline is empty, whatever is written
            raise AccessRefused(f"{self.server.host} has its tag timelines switched off; choose another server")
        if ids and above == begin and await self._is_misled(ask, place, ids):
            await self.server.doubt(self.facts)  # the next run begins anew, and takes nothing for granted
            return
        place.cover(ask.now - sheet.age)
        yield Page()

    async def _sweep(self, ask: Ask, place: Place) -> AsyncIterator[Page]:
        """Go over known ground again, some pages per run, until the highest id is met."""
        for _ in range(self.sweep_pages):
            left = self.server.quota_left
            if place.sweep is None or (left is not None and left < RESERVE):
                return
            sheet = await self._ask(min_id=place.sweep)
            newest = _newest(sheet, self.facts.kind.ids, ask.now)
            goes_on = newest is not None and order(place.sweep) < order(newest) < order(place.high)
            place.sweep = newest if goes_on else None
            yield await self._page(ask, sheet)

    async def _first_descent(self, ask: Ask, place: Place) -> AsyncIterator[Page]:
        """Begin at the newest post; only when all of the way down was gone, it is known where to go on."""
        top = ""
        async for page in self._descend(ask, ask.since):
            top = max(top, *(post.again or "" for post in page.mentions if isinstance(post, Post)), "", key=order)
            yield page
        place.rise(top)
        place.cover(ask.now)
        yield Page()

    async def _descend(self, ask: Ask, since: datetime | None, pages: int | None = None) -> AsyncIterator[Page]:
        """Go down from the newest post to a page of which all was created before `since`."""
        below: dict[str, str] = {}
        while since is not None and pages != 0:
            sheet = await self._ask(**below)
            if not sheet.marks:
                return
            lowest = min(sheet.marks, key=order)
            if below and order(lowest) >= order(below["max_id"]):
                raise UnexpectedPayload(f"{self.server.host} shows newer posts where older ones were asked for")
            yield await self._page(ask, sheet)
            below, pages = {"max_id": lowest}, pages and pages - 1
            created = [post.created_at for post in self.reader.posts(sheet.statuses)[0]]
            if created and max(created) < since:
                return

    async def _ask(self, **place: str) -> Sheet:
        return await self.server.timeline(self.facts.kind, self.tags, **place)

    async def _page(self, ask: Ask, sheet: Sheet, *, truncated: bool = False) -> Page:
        """Return the page of an answer; one without a readable post is believed if the newest posts can be read."""
        posts, refused = self.reader.posts(sheet.statuses)
        if refused and not posts:
            legible(self.reader, self.server.host, (await self._ask()).statuses)
        young = [post for post in posts if post.created_at >= ask.since]
        return Page(young, truncated=truncated, refused=refused)


def legible(reader: Reader, host: str, statuses: Sequence[Any]) -> Sequence[Post]:
    """Return the posts among the statuses; UnexpectedPayload when several are there and none can be read."""
    posts, refused = reader.posts(statuses)
    if refused >= SEVERAL and not posts:
        raise illegible(f"the {refused} posts that {host} shows")
    return posts


def _newest(sheet: Sheet, ids: Ids | None, now: datetime) -> str | None:
    """Return the highest id a cursor may stand on."""
    latest = order(ids.at(now + AHEAD)) if ids else ()
    believed = (mark for mark in sheet.marks if not (ids and ids.writes(mark)) or order(mark) <= latest)
    return max(believed, key=order, default=None)


def _all_above(sheet: Sheet, above: str) -> bool:
    """Tell whether a page lies where it was asked for; of one without an id, whether it can be the last."""
    return order(min(sheet.marks, key=order)) > order(above) if sheet.marks else len(sheet.statuses) < PAGE_SIZE
