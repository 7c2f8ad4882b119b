"""Plays a Mastodon server: tag timelines, bulk statuses, instance facts, rate limits, all as the real one does.

The traps are played, too: at most four tags count, `min_id` gives the page next to it but newest first, `since_id`
gives the newest page, the Link header forgets `any[]`, more than twenty ids are a 422, and limits clamp without a word.
"""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from math import inf
from typing import Any
from urllib.parse import quote, urlencode

from monitor.clock import Clock
from monitor.demo.loopback import Reply, Request
from monitor.demo.statuses import Statuses, iso, tag_key, tag_keys
from monitor.demo.turnstile import Turnstile
from monitor.demo.world import Toot, World

PAGE = 40  # the most the server gives in one answer
BULK = 20  # the most ids it looks up at once
TAGS = 4  # the tag in the path and three more
PAGED_IN_A_QUARTER = 300  # requests with min_id, max_id or since_id per address in 15 minutes
_QUARTER = 900


class Instance:
    """One server of the network; call it with a request. It sees its own copies only."""

    def __init__(self, name: str, world: World, clock: Clock) -> None:
        self._name = name
        self._quotes = name in world.quoting
        self._statuses = Statuses(name, quoting=self._quotes)
        self._clock = clock
        here = (toot for toot in world.toots if name in toot.copies)
        self._toots = sorted(here, key=lambda toot: toot.copies[name].id)
        self._ids = [toot.copies[name].id for toot in self._toots]
        self._tags = [(tag_keys(toot, -inf), tag_keys(toot, inf)) for toot in self._toots]
        self._places = defaultdict[str, list[int]](list)  # of the toots that have a tag, or come to have it
        for place, (first, last) in enumerate(self._tags):
            for key in first | last:
                self._places[key].append(place)
        self._turnstile = Turnstile(_QUARTER)

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        begin, used = self._count(now, request)
        limits = {
            "X-RateLimit-Limit": str(PAGED_IN_A_QUARTER),
            "X-RateLimit-Remaining": str(max(PAGED_IN_A_QUARTER - used, 0)),
            "X-RateLimit-Reset": iso(begin + _QUARTER, "microseconds"),
        }
        if used > PAGED_IN_A_QUARTER:
            return _json({"error": "Too many requests"}, limits, 429)
        if request.path.startswith("/api/v1/timelines/tag/"):
            return self._timeline(request, now, limits)
        return self._other(request, now, limits)

    def _count(self, now: float, request: Request) -> tuple[int, int]:
        """Count a paged request in its quarter of an hour."""
        paged = any(request.last(name) for name in ("page", "min_id", "max_id", "since_id"))
        return self._turnstile.count("pages", now, int(paged))

    def _other(self, request: Request, now: float, limits: dict[str, str]) -> Reply:
        if request.path == "/api/v1/statuses":
            ids = [*request.every("id[]"), *request.every("id")]
            if len(ids) > BULK:
                return _json({"error": f"Too many IDs: at most {BULK}"}, limits, 422)
            return self._listed(self._known(ids, now), now, limits)
        if request.path.startswith("/api/v1/statuses/"):
            found = list(self._known([request.path.rsplit("/", 1)[1]], now))
            return _reply(self._statuses.told(found[0], now), limits) if found else _missing(limits)
        if request.path in {"/api/v1/instance", "/api/v2/instance"}:
            return _json(self._facts(), limits)
        return _missing(limits)

    def _facts(self) -> dict[str, Any]:
        """Return what a server tells about itself: since 4.5 also who may read its tag timelines."""
        facts = {"domain": self._name, "uri": self._name, "title": self._name}
        if not self._quotes:
            return {**facts, "version": "4.4.3"}
        access = {"hashtag_feeds": {"local": "public", "remote": "public"}}
        return {**facts, "version": "4.5.1", "configuration": {"timelines_access": access}}

    def _timeline(self, request: Request, now: float, limits: dict[str, str]) -> Reply:
        tag = request.path.removeprefix("/api/v1/timelines/tag/")
        wanted = {tag_key(name) for name in (tag, *request.every("any[]"))[:TAGS]}
        size = min(int(request.last("limit") or 20), PAGE)
        toots = self._page(request, size, wanted, now)
        headers = limits | self._link(tag, size, toots) if toots else limits
        return self._listed(toots, now, headers)

    def _listed(self, toots: Iterable[Toot], now: float, headers: dict[str, str]) -> Reply:
        return _reply(f"[{', '.join(self._statuses.told(toot, now) for toot in toots)}]", headers)

    def _page(self, request: Request, size: int, wanted: set[str], now: float) -> list[Toot]:
        """Return one page, newest first, whichever end of the stretch it was taken from."""
        low = int(request.last("min_id") or request.last("since_id") or 0)
        high = min(int(request.last("max_id") or 1 << 62), int(now * 1000) + 1 << 16)  # nothing is seen before its id
        stretch = range(bisect_right(self._ids, low), bisect_right(self._ids, high - 1))
        upwards = request.last("min_id") is not None
        page: list[Toot] = []
        for place, _ in groupby(self._tagged(wanted, stretch, upwards=upwards)):
            toot = self._toots[place]
            first, last = self._tags[place]
            standing = first if now < (toot.tagged.edited or 0) else last
            if self._visible(toot, now) and not standing.isdisjoint(wanted):
                page.append(toot)
            if len(page) == size:
                break
        return page[::-1] if upwards else page

    def _tagged(self, wanted: Iterable[str], stretch: range, *, upwards: bool) -> Iterable[int]:
        """Return the places in a stretch with any of some tags, in order; with two of them twice."""
        lists = [self._places[key] for key in wanted if key in self._places]
        inside = [places[bisect_left(places, stretch.start) : bisect_left(places, stretch.stop)] for places in lists]
        return merge(*(places if upwards else places[::-1] for places in inside), reverse=not upwards)

    def _visible(self, toot: Toot, now: float) -> bool:
        return toot.copies[self._name].since <= now and (toot.gone is None or now < toot.gone)

    def _known(self, ids: Sequence[str], now: float) -> Iterator[Toot]:
        for wanted in sorted(int(id_) for id_ in ids if id_.isdigit()):
            place = bisect_right(self._ids, wanted) - 1
            if place >= 0 and self._ids[place] == wanted and self._visible(self._toots[place], now):
                yield self._toots[place]

    def _link(self, tag: str, size: int, toots: Sequence[Toot]) -> dict[str, str]:
        base = f"https://{self._name}/api/v1/timelines/tag/{quote(tag)}?"
        last, first = (str(toots[end].copies[self._name].id) for end in (-1, 0))
        older, newer = urlencode({"limit": size, "max_id": last}), urlencode({"limit": size, "min_id": first})
        return {"Link": f'<{base}{older}>; rel="next", <{base}{newer}>; rel="prev"'}


def _json(answer: Any, headers: dict[str, str], status: int = 200) -> Reply:
    return _reply(json.dumps(answer, ensure_ascii=False), headers, status)


def _reply(body: str, headers: dict[str, str], status: int = 200) -> Reply:
    head = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "max-age=15, public", **headers}
    return Reply(status, body.encode(), head)


def _missing(headers: dict[str, str]) -> Reply:
    return _json({"error": "Record not found"}, headers, 404)
