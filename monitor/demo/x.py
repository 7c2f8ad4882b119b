"""Plays X's API: recent search, counts, lookup, limits for each endpoint, and either vocabulary of its fields.

The traps are played, too: no `data` where nothing was found, a page that is empty and leads on, missing posts beside a
200, ids that are too old, and edits that are new ids.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from math import inf
from typing import Any

from monitor.clock import Clock
from monitor.demo.loopback import Reply, Request
from monitor.demo.operators import Misread, question
from monitor.demo.rows import Rows, user
from monitor.demo.spans import Problem, bounds, invalid, stretches, time_of
from monitor.demo.statuses import iso
from monitor.demo.turnstile import Turnstile
from monitor.demo.world import Tweet, World

TOKEN = "demo-bearer"  # noqa: S105 - of the demo's own invented app
PAGE, LEAST, BULK = 100, 10, 100  # posts in an answer, at most and at least; ids looked up at once
LONGEST_QUERY = 512
POST_PRICE = COUNT_PRICE = 0.005  # dollars
SEARCH, COUNTS, LOOKUP, USAGE = "/2/tweets/search/recent", "/2/tweets/counts/recent", "/2/tweets", "/2/usage/tweets"
IN_A_QUARTER = {SEARCH: 450, COUNTS: 300, LOOKUP: 3500, USAGE: 50}
_QUARTER, _DAY = 900, 86_400
_STEPS = {"minute": 60, "hour": 3600, "day": _DAY}
_EDITED_FOR = 3600  # seconds in which a post's last version may come


class Api:
    """The API for one app; `word` is the vocabulary it speaks: tweet or post. Call it with a request."""

    def __init__(self, world: World, clock: Clock, word: str = "post") -> None:
        self._tweets = sorted(world.tweets, key=lambda tweet: tweet.created)
        self._by_id = {id_: tweet for tweet in world.tweets for id_ in tweet.ids(inf)}
        self._clock = clock
        self._word, self._rows = word, Rows(word)
        self._turnstile = Turnstile(_QUARTER)
        self._charged: set[tuple[int, int]] = set()
        self._counted: list[float] = []

    def charged(self, now: datetime) -> float:
        """Return the dollars of this month (UTC): for every post once a day, and for every question for counts."""
        month = int(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp())
        posts = sum(day * _DAY >= month for _, day in self._charged)
        return POST_PRICE * posts + COUNT_PRICE * sum(at >= month for at in self._counted)

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now().timestamp()
        left, limits = self._limits(request.path, now)
        try:
            _admit(request, left)
            return _json(self._answer(request, now), limits)
        except Problem as problem:
            return _json(problem.told, limits, problem.status)
        except Misread as misread:
            return _json(invalid(str(misread)).told, limits, 400)

    def _limits(self, path: str, now: float) -> tuple[int, dict[str, str]]:
        """Count a request in its endpoint's quarter of an hour; return how many are left, and the headers about it."""
        begin, used = self._turnstile.count(path, now)
        most = IN_A_QUARTER.get(path, 75)
        left = most - used
        told = {"limit": most, "remaining": max(left, 0), "reset": begin + _QUARTER}
        return left, {f"x-rate-limit-{name}": str(value) for name, value in told.items()}

    def _answer(self, request: Request, now: float) -> Mapping[str, Any]:
        answers: dict[str, Callable[[Request, float], Mapping[str, Any]]] = {
            SEARCH: self._search, COUNTS: self._counts, LOOKUP: self._lookup, USAGE: self._usage
        }  # fmt: skip
        if request.path not in answers:
            raise Problem(404, "Not Found Error", "Not Found", "resource-not-found")
        return answers[request.path](request, now)

    def _search(self, request: Request, now: float) -> Mapping[str, Any]:
        size = _number(request, "max_results", LEAST)
        if not LEAST <= size <= PAGE:
            raise invalid(f"The `max_results` query parameter value [{size}] is not between {LEAST} and {PAGE}")
        fields = self._fields(request)
        token, below = request.last("next_token") or request.last("pagination_token"), inf
        if token is not None:
            below = _place(token)
        found = [tweet for tweet in self._found(request, now)[::-1] if tweet.ids(now)[-1] < below]
        page = found[:size]
        shown = [tweet for tweet in page if not _is_gone(tweet, now)]  # what was removed is left out after the query
        ids = [str(tweet.ids(now)[-1]) for tweet in shown]
        meta: dict[str, Any] = {"result_count": len(ids)}
        meta |= {"newest_id": ids[0], "oldest_id": ids[-1]} if ids else {}
        meta |= {"next_token": _token(page[-1].ids(now)[-1])} if len(found) > size else {}
        return {**self._told(request, shown, fields, now), "meta": meta}

    def _counts(self, request: Request, now: float) -> Mapping[str, Any]:
        """Return how many posts there are in each stretch; those that were removed since are counted."""
        step = _STEPS.get(request.last("granularity") or "hour")
        if step is None:
            raise invalid("The `granularity` query parameter value is not one of [minute,hour,day]")
        self._counted.append(now)
        low, high = bounds(request, now)
        times = [max(made for made in tweet.versions if made <= now) for tweet in self._found(request, now)]
        edges = list(stretches(time_of(low), time_of(high), step))
        row = f"{self._word}_count"
        buckets = [
            {"start": iso(start), "end": iso(end), row: sum(start <= time < end for time in times)}
            for start, end in edges
        ]
        return {"data": buckets, "meta": {f"total_{row}": len(times)}}

    def _lookup(self, request: Request, now: float) -> Mapping[str, Any]:
        ids = (request.last("ids") or "").split(",")
        if not 1 <= len(ids) <= BULK or not all(id_.isdigit() for id_ in ids):
            raise invalid(f"The `ids` query parameter must hold 1 to {BULK} ids")
        fields = self._fields(request)
        known = {id_: self._by_id.get(int(id_)) for id_ in dict.fromkeys(ids)}
        there = {id_: tweet for id_, tweet in known.items() if tweet and not _is_gone(tweet, now)}
        missing = [self._missing(id_) for id_ in known if id_ not in there]
        return {**self._told(request, list(there.values()), fields, now), **({"errors": missing} if missing else {})}

    def _usage(self, _request: Request, _now: float) -> Mapping[str, Any]:
        used = {"project_usage": str(len(self._charged)), "project_cap": "3000000", "cap_reset_day": 1}
        return {"data": used}

    def _fields(self, request: Request) -> Collection[str]:
        """Return the fields that are asked for; the other vocabulary is none."""
        strange = "tweet" if self._word == "post" else "post"
        if request.last(f"{strange}.fields") is not None:
            raise invalid(f"The query parameter [{strange}.fields] is not one of [{self._word}.fields,user.fields]")
        fields = (request.last(f"{self._word}.fields") or "id").split(",")
        if unknown := set(fields) - self._rows.fields:
            raise invalid(f"The `{self._word}.fields` query parameter value [{unknown.pop()}] is not known")
        return fields

    def _told(self, request: Request, tweets: Sequence[Tweet], fields: Collection[str], now: float) -> dict[str, Any]:
        """Return posts as `data`, which is absent when there are none, with their authors if asked; and charge them."""
        day = int(now) // _DAY
        self._charged |= {(tweet.number, day) for tweet in tweets}
        told: dict[str, Any] = {"data": [self._rows.told(tweet, fields, now) for tweet in tweets]} if tweets else {}
        if tweets and "author_id" in (request.last("expansions") or "").split(","):
            told["includes"] = {"users": list({tweet.author.number: user(tweet) for tweet in tweets}.values())}
        return told

    def _found(self, request: Request, now: float) -> list[Tweet]:
        """Return what fits a question, oldest id first; search shows the latest version of a post only."""
        query = request.last("query") or ""
        if not 1 <= len(query) <= LONGEST_QUERY:
            raise invalid(f"The `query` query parameter must have 1 to {LONGEST_QUERY} characters")
        fits = question(query)
        low, high = bounds(request, now)
        first = bisect_left(self._tweets, time_of(low) - _EDITED_FOR, key=lambda tweet: tweet.created)
        last = bisect_left(self._tweets, time_of(high) + 1, key=lambda tweet: tweet.created)
        found = [tweet for tweet in self._tweets[first:last] if tweet.since <= now and fits(tweet, now)]
        inside = [tweet for tweet in found if low <= tweet.ids(now)[-1] < high]
        return sorted(inside, key=lambda tweet: tweet.ids(now)[-1])

    def _missing(self, id_: str) -> Mapping[str, Any]:
        return {
            "resource_id": id_,
            "resource_type": self._word,
            "parameter": "ids",
            "value": id_,
            "title": "Not Found Error",
            "detail": f"Could not find {self._word} with ids: [{id_}].",
            "type": "https://api.x.com/2/problems/resource-not-found",
        }


def _admit(request: Request, left: int) -> None:
    """Refuse who has no key, and who has asked too much."""
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        raise Problem(401, "Unauthorized", "Unauthorized")
    if left < 0:
        raise Problem(429, "Too Many Requests", "Too Many Requests")


def _is_gone(tweet: Tweet, now: float) -> bool:
    return tweet.gone is not None and tweet.gone <= now


def _number(request: Request, name: str, usual: int) -> int:
    told = request.last(name) or str(usual)
    return int(told) if told.isdigit() else 0


def _token(id_: int) -> str:
    return f"b26v{id_:x}"


def _place(token: str) -> int:
    if not re.fullmatch("b26v[0-9a-f]+", token):
        raise invalid("The next_token is not valid")
    return int(token[4:], 16)


def _json(answer: Mapping[str, Any], headers: Mapping[str, str], status: int = 200) -> Reply:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=utf-8", **headers})
