"""Plays a Mastodon server: tag timelines, bulk statuses, instance facts, rate limits, all as the real one does.

The traps are played, too: at most four tags count, `min_id` gives the page next to it but newest first, `since_id`
gives the newest page, the Link header forgets `any[]`, more than twenty ids are a 422, and limits clamp without a word.
"""

import html
import json
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from monitor.clock import Clock
from monitor.demo.life import shown
from monitor.demo.loopback import Reply, Request
from monitor.demo.world import Copy, Toot, World

PAGE = 40  # the most the server gives in one answer
BULK = 20  # the most ids it looks up at once
TAGS = 4  # the tag in the path and three more
PAGED_IN_A_QUARTER = 300  # requests with min_id, max_id or since_id per address in 15 minutes
_QUARTER = 900


@cache
def tag_key(tag: str) -> str:
    """Return a tag as the server compares it: compatibility forms and case folded, tatweel and harakat kept."""
    return unicodedata.normalize("NFKC", tag.lstrip("#")).lower()


class Instance:
    """One server of the network; call it with a request. It sees its own copies only."""

    def __init__(self, name: str, world: World, clock: Clock) -> None:
        self._name = name
        self._quotes = name in world.quoting
        self._clock = clock
        copies = sorted((toot.copies[name].id, toot) for toot in world.toots if name in toot.copies)
        self._ids = [id_ for id_, _ in copies]
        self._toots = [toot for _, toot in copies]
        self._quarter = (0, 0)
        self._fixed: dict[tuple[int, bool], str] = {}

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        begin, used = self._count(now, request)
        limits = {
            "X-RateLimit-Limit": str(PAGED_IN_A_QUARTER),
            "X-RateLimit-Remaining": str(max(PAGED_IN_A_QUARTER - used, 0)),
            "X-RateLimit-Reset": _iso(begin + _QUARTER, "microseconds"),
        }
        if used > PAGED_IN_A_QUARTER:
            return _json({"error": "Too many requests"}, limits, 429)
        if request.path.startswith("/api/v1/timelines/tag/"):
            return self._timeline(request, now, limits)
        return self._other(request, now, limits)

    def _count(self, now: float, request: Request) -> tuple[int, int]:
        """Count a paged request in its quarter of an hour; the quarters are those of the clock on the wall."""
        begin = int(now) - int(now) % _QUARTER
        used = self._quarter[1] if self._quarter[0] == begin else 0
        paged = any(request.last(name) for name in ("page", "min_id", "max_id", "since_id"))
        self._quarter = (begin, used + paged)
        return self._quarter

    def _other(self, request: Request, now: float, limits: dict[str, str]) -> Reply:
        if request.path == "/api/v1/statuses":
            ids = [*request.every("id[]"), *request.every("id")]
            if len(ids) > BULK:
                return _json({"error": f"Too many IDs: at most {BULK}"}, limits, 422)
            return self._listed(self._known(ids, now), now, limits)
        if request.path.startswith("/api/v1/statuses/"):
            found = list(self._known([request.path.rsplit("/", 1)[1]], now))
            return _reply(self._told(found[0], now), limits) if found else _missing(limits)
        if request.path in {"/api/v1/instance", "/api/v2/instance"}:
            version = "4.5.1" if self._quotes else "4.4.3"
            return _json({"domain": self._name, "uri": self._name, "title": self._name, "version": version}, limits)
        return _missing(limits)

    def _timeline(self, request: Request, now: float, limits: dict[str, str]) -> Reply:
        tag = request.path.removeprefix("/api/v1/timelines/tag/")
        wanted = {tag_key(name) for name in (tag, *request.every("any[]"))[:TAGS]}
        size = min(int(request.last("limit") or 20), PAGE)
        toots = self._page(request, size, lambda toot: not wanted.isdisjoint(_keys(toot, now)), now)
        headers = limits | self._link(tag, size, toots) if toots else limits
        return self._listed(toots, now, headers)

    def _listed(self, toots: Iterable[Toot], now: float, headers: dict[str, str]) -> Reply:
        return _reply(f"[{', '.join(self._told(toot, now) for toot in toots)}]", headers)

    def _page(self, request: Request, size: int, fits: Callable[[Toot], bool], now: float) -> list[Toot]:
        """Return one page, newest first, whichever end of the stretch it was taken from."""
        low = int(request.last("min_id") or request.last("since_id") or 0)
        high = int(request.last("max_id") or 1 << 62)
        stretch = range(bisect_right(self._ids, low), bisect_right(self._ids, high - 1))
        upwards = request.last("min_id") is not None
        page: list[Toot] = []
        for place in stretch if upwards else reversed(stretch):
            toot = self._toots[place]
            if self._visible(toot, now) and fits(toot):
                page.append(toot)
            if len(page) == size or (upwards and self._ids[place] >> 16 > now * 1000):
                break
        return page[::-1] if upwards else page

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

    def _told(self, toot: Toot, now: float) -> str:
        """Return a status as JSON: what does not change is written once, its counters at every moment anew."""
        edited = toot.tagged.edited is not None and toot.tagged.edited <= now
        fixed = self._fixed.get((toot.number, edited))
        if fixed is None:
            fixed = json.dumps(self._status(toot, now), ensure_ascii=False)[:-1]
            self._fixed[toot.number, edited] = fixed
        counters = _counters(toot, toot.copies[self._name], now)
        if not self._quotes:
            del counters["quotes_count"]
        return f"{fixed}, {json.dumps(counters)[1:]}"

    def _status(self, toot: Toot, now: float) -> dict[str, Any]:
        edited = toot.tagged.edited
        return {
            "id": str(toot.copies[self._name].id),
            "uri": toot.uri,
            "url": f"https://{toot.author.home}/@{toot.author.number}/{toot.number}",
            "created_at": _iso(toot.created),
            "edited_at": _iso(edited) if edited is not None and edited <= now else None,
            "in_reply_to_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": toot.text[0],
            "content": _content(toot, now),
            "reblog": None,
            "account": self._account(toot),
            "media_attachments": [],
            "mentions": [],
            "tags": [
                {"name": key, "url": f"https://{self._name}/tags/{quote(key)}"} for key in sorted(_keys(toot, now))
            ],
            "poll": None,
        }

    def _account(self, toot: Toot) -> dict[str, Any]:
        author = toot.author
        name = f"user{author.number}"
        return {
            "id": str(author.number),
            "username": name,
            "acct": name if author.home == self._name else f"{name}@{author.home}",
            "uri": f"https://{author.home}/users/{author.number}",
            "url": f"https://{author.home}/@{author.number}",
            "bot": False,
            "followers_count": author.followers,
        }


def _counters(toot: Toot, copy: Copy, now: float) -> dict[str, int | None]:
    share = toot.curve.share(now) * copy.hears
    return {
        "replies_count": shown(toot.totals.replies, share),
        "reblogs_count": shown(toot.totals.reposts, share),
        "favourites_count": shown(toot.totals.likes, share),
        "quotes_count": shown(toot.totals.quotes, share),
    }


def _keys(toot: Toot, now: float) -> frozenset[str]:
    return frozenset(map(tag_key, toot.tagged.at(now)))


def _content(toot: Toot, now: float) -> str:
    tags = (
        f'<a href="https://{toot.author.home}/tags/{quote(tag)}" class="mention hashtag">#<span>{tag}</span></a>'
        for tag in toot.tagged.at(now)
    )
    return f"<p>{html.escape(toot.text[1])} {' '.join(tags)}</p>"


def _iso(moment: float, precision: str = "milliseconds") -> str:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)
    return when.isoformat(timespec=precision).replace("+00:00", "Z")


def _json(answer: Any, headers: dict[str, str], status: int = 200) -> Reply:
    return _reply(json.dumps(answer, ensure_ascii=False), headers, status)


def _reply(body: str, headers: dict[str, str], status: int = 200) -> Reply:
    head = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "max-age=15, public", **headers}
    return Reply(status, body.encode(), head)


def _missing(headers: dict[str, str]) -> Reply:
    return _json({"error": "Record not found"}, headers, 404)
