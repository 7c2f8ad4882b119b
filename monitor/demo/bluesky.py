"""Plays a Bluesky account's own server (PDS): sessions that expire, search with its cursor, bulk views, rate limits.

The traps are played, too: an expired token is a 400, pages get short because removed posts are left out after the
query, a cursor of another kind is refused, and without a session there is no search.
"""

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from monitor.clock import Clock
from monitor.demo.loopback import Reply, Request
from monitor.demo.records import Views, profile
from monitor.demo.sessions import DID, HANDLE, PASSWORD, Refused, admit, opened, packed, unpacked
from monitor.demo.turnstile import Turnstile
from monitor.demo.world import Skeet, World, did

PAGE, BULK = 100, 25  # the most posts of a page, the most addresses looked up at once
DEEPEST = 10_000  # results further down are never shown
IN_FIVE_MINUTES = 3000  # calls of one address
LOGINS_IN_FIVE_MINUTES = 30
_FIVE_MINUTES = 300


class Pds:
    """The server of one account; call it with a request."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._skeets = {skeet.uri: skeet for skeet in world.skeets}
        self._people = {did(skeet.author): skeet.author for skeet in world.skeets}
        self._by_tag = _by_tag(world.skeets)
        self._views = Views()
        self._clock = clock
        self._turnstile = Turnstile(_FIVE_MINUTES)

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        begin, used = self._turnstile.count("calls", now)
        limits = {
            "ratelimit-limit": str(IN_FIVE_MINUTES),
            "ratelimit-remaining": str(max(IN_FIVE_MINUTES - used, 0)),
            "ratelimit-reset": str(begin + _FIVE_MINUTES),
            "ratelimit-policy": f"{IN_FIVE_MINUTES};w={_FIVE_MINUTES}",
        }
        try:
            return _json(self._answer(request, now, used), limits)
        except Refused as refused:
            return _json(f'{{"error": "{refused.error}", "message": "{refused.message}"}}', limits, refused.status)

    def _answer(self, request: Request, now: float, used: int) -> str:
        if used > IN_FIVE_MINUTES:
            raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
        name = request.path.removeprefix("/xrpc/")
        match request.method, name:
            case "POST", "com.atproto.server.createSession":
                return self._login(request, now)
            case "POST", "com.atproto.server.refreshSession":
                admit(request, "refresh", now)
                return opened(request, now)
            case "GET", "com.atproto.server.getSession":
                admit(request, "access", now)
                return json.dumps({"handle": HANDLE, "did": DID, "active": True})
            case "GET", "app.bsky.feed.searchPosts":
                admit(request, "access", now)
                return self._search(request, now)
            case "GET", "app.bsky.feed.getPosts":
                return self._posts(request.every("uris"), now)
            case "GET", "app.bsky.actor.getProfiles":
                return self._profiles(request.every("actors"))
        raise Refused(501, "MethodNotImplemented", "Method Not Implemented")

    def _login(self, request: Request, now: float) -> str:
        if self._turnstile.count("logins", now)[1] > LOGINS_IN_FIVE_MINUTES:
            raise Refused(429, "RateLimitExceeded", "Rate Limit Exceeded")
        given = json.loads(request.body or b"{}")
        if (given.get("identifier"), given.get("password")) not in {(HANDLE, PASSWORD), (DID, PASSWORD)}:
            raise Refused(401, "AuthenticationRequired", "Invalid identifier or password")
        return opened(request, now)

    def _posts(self, uris: Sequence[str], now: float) -> str:
        """Return views of known posts; what is gone or was never there is left out without a word."""
        if not 1 <= len(uris) <= BULK:
            raise Refused(400, "InvalidRequest", f"Error: uris must not have more than {BULK} elements")
        known = (self._skeets.get(uri) for uri in dict.fromkeys(uris))
        posts = [skeet for skeet in known if skeet and skeet.heard <= now and not _is_gone(skeet, now)]
        return f'{{"posts": [{", ".join(self._views.told(skeet, now) for skeet in posts)}]}}'

    def _profiles(self, actors: Sequence[str]) -> str:
        if not 1 <= len(actors) <= BULK:
            raise Refused(400, "InvalidRequest", f"Error: actors must not have more than {BULK} elements")
        known = [self._people[name] for name in dict.fromkeys(actors) if name in self._people]
        return json.dumps({"profiles": list(map(profile, known))})

    def _search(self, request: Request, now: float) -> str:
        if not request.last("q"):
            raise Refused(400, "InvalidRequest", "Error: Params must have the property q")
        size = _number(request.last("limit") or "25")
        if not 1 <= size <= PAGE:
            raise Refused(400, "InvalidRequest", "Error: limit can not be greater than 100")
        found, begin = self._found(request, now), _offset(request.last("cursor"))
        chosen = found[begin : min(begin + size, DEEPEST)]
        answer = f'"posts": [{", ".join(self._views.told(s, now) for s in chosen if not _is_gone(s, now))}]'
        answer += f', "hitsTotal": {len(found)}'
        if begin + size < min(len(found), DEEPEST):
            answer += f', "cursor": "{packed({"offset": begin + size})}"'
        return f"{{{answer}}}"

    def _found(self, request: Request, now: float) -> list[Skeet]:
        """Return what has all the tags and lies in the window, newest first; the removed ones are still among it."""
        tags = {_tag_key(tag) for tag in (*request.every("tag"), *_asked(request.last("q") or ""))}
        if not tags:
            return []  # words without a hashtag: nobody says them here
        rarest = min((self._by_tag.get(tag, []) for tag in tags), key=len)
        low, high = (_moment(request.last(name)) for name in ("since", "until"))
        first = 0 if low is None else bisect_left(rarest, low, key=lambda skeet: skeet.sorted_at)
        last = len(rarest) if high is None else bisect_left(rarest, high, key=lambda skeet: skeet.sorted_at)
        return [skeet for skeet in reversed(rarest[first:last]) if skeet.heard <= now and tags <= _tag_keys(skeet)]


class AppView:
    """The public door of the network: known posts for everybody, and no search for strangers."""

    def __init__(self, inner: Pds) -> None:
        self._inner = inner

    def __call__(self, request: Request) -> Reply:
        if request.path.endswith(".searchPosts"):
            words = b"<html><body><h1>403 Forbidden</h1>Request forbidden by administrative rules.</body></html>"
            return Reply(403, words, {"Content-Type": "text/html"})
        return self._inner(request)


def _by_tag(skeets: Sequence[Skeet]) -> Mapping[str, list[Skeet]]:
    """Return all posts by each of their tags, in the order in which a search shows them, oldest first."""
    found: defaultdict[str, list[Skeet]] = defaultdict(list)
    for skeet in sorted(skeets, key=lambda skeet: skeet.sorted_at):
        for tag in _tag_keys(skeet):
            found[tag].append(skeet)
    return found


def _tag_keys(skeet: Skeet) -> set[str]:
    return {_tag_key(tag) for tag in skeet.tagged.at(skeet.heard)}


def _tag_key(tag: str) -> str:
    """Return a tag as the search compares it: in lower case, and nothing else."""
    return tag.lstrip("#").lower()


def _asked(query: str) -> list[str]:
    return [word for word in query.split() if word.startswith("#")]


def _is_gone(skeet: Skeet, now: float) -> bool:
    return skeet.gone is not None and skeet.gone <= now


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    place = unpacked(cursor).get("offset")
    if not isinstance(place, int):
        raise Refused(400, "InvalidRequest", "Invalid cursor format")
    return place


def _number(text: str) -> int:
    if not text.isdigit():
        raise Refused(400, "InvalidRequest", "Error: limit must be an integer")
    return int(text)


def _moment(text: str | None) -> float | None:
    """Read `since` or `until`: a full moment, as the older search insists."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(f"{text.removesuffix('Z')}+00:00").timestamp()
    except ValueError:
        raise Refused(400, "InvalidRequest", "Error: since must be a valid datetime") from None


def _json(body: str, headers: Mapping[str, str], status: int = HTTPStatus.OK) -> Reply:
    return Reply(status, body.encode(), {"Content-Type": "application/json; charset=utf-8", **headers})
