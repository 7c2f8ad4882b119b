"""Plays YouTube's Data API: search with a bucket of its own, statistics as strings, and errors that give a reason.

The traps are played, too: search is a sample that finds more than was asked for and late, a call counts whatever it
brings, hidden counters and missing videos are left out without a word.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from monitor.clock import Clock
from monitor.demo.clips import channel, counters, listed, result, rounded, written
from monitor.demo.loopback import Reply, Request
from monitor.demo.world import Video, World

KEY = "demo-key"
PAGE, BULK = 50, 50
SEARCHES, STATISTICS, OTHERS = "search", "videos:batchGetStats", "others"
BUCKETS = {SEARCHES: 100, STATISTICS: 10_000, OTHERS: 10_000}
"""How many calls a day each bucket holds; they are renewed at midnight in California."""

ZONE = ZoneInfo("America/Los_Angeles")
_FORGETFUL = 0.05  # of all searches leave something out


class Refused(Exception):
    """The server says no: a status, its reason and its words."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class DataApi:
    """The API for one key; call it with a request."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._videos = {video.id: video for video in world.videos}
        self._clock = clock
        self._chance = Random(f"{world.plan.seed} searches")
        self._day = ""
        self.used: dict[str, int] = {}

    def __call__(self, request: Request) -> Reply:
        now = self._clock.now()
        try:
            return _json(self._answer(request, now))
        except Refused as refused:
            return refusal(refused.status, refused.reason, str(refused))

    def _answer(self, request: Request, now: datetime) -> Mapping[str, Any]:
        if KEY not in {request.last("key"), request.headers.get("x-goog-api-key")}:
            raise Refused(400, "keyInvalid", "API key not valid. Please pass a valid API key.")
        name = request.path.removeprefix("/youtube/v3/")
        self._count(name if name in BUCKETS else OTHERS, now)
        answers: dict[str, Callable[[Request, float], Mapping[str, Any]]] = {
            SEARCHES: self._search, "videos": self._list, STATISTICS: self._statistics, "channels": self._channels
        }  # fmt: skip
        if name not in answers:
            raise Refused(404, "notFound", "Not Found")
        return answers[name](request, now.timestamp())

    def _count(self, bucket: str, now: datetime) -> None:
        """Take a call from a bucket; a request that is none counts as well."""
        today = now.astimezone(ZONE).date().isoformat()
        if today != self._day:
            self._day, self.used = today, {}
        self.used[bucket] = self.used.get(bucket, 0) + 1
        if self.used[bucket] > BUCKETS[bucket]:
            raise Refused(403, "quotaExceeded", EXCEEDED)

    def _search(self, request: Request, now: float) -> Mapping[str, Any]:
        words = [word.strip().lstrip("#").lower() for word in (request.last("q") or "").split("|")]
        low, high = _moment(request.last("publishedAfter")), _moment(request.last("publishedBefore"))
        found = [
            video
            for video in reversed(self._videos.values())
            if _is_there(video, now) and (low or 0) <= video.created < (high or now) and _is_near(video, words)
        ]
        if self._chance.random() < _FORGETFUL:
            found = [video for number, video in enumerate(found, start=1) if number % 3]
        size = min(int(request.last("maxResults") or 5), PAGE)
        begin = _place(request.last("pageToken"))
        items = [result(video) for video in found[begin : begin + size]]
        answer = {
            "kind": "youtube#searchListResponse",
            "etag": "e1",
            "regionCode": "GB",
            "pageInfo": {"totalResults": len(found) + self._chance.randrange(90), "resultsPerPage": size},
            "items": items,
        }
        return answer | ({"nextPageToken": f"C{begin + size:05d}Q"} if begin + size < len(found) else {})

    def _list(self, request: Request, now: float) -> Mapping[str, Any]:
        if request.last("chart"):
            return {"kind": "youtube#videoListResponse", "etag": "e3", "items": [{"kind": "youtube#video", "id": "a"}]}
        items = [listed(video, now) for video in self._known(request, now)]
        page = {"totalResults": len(items), "resultsPerPage": len(items)}
        answer = {"kind": "youtube#videoListResponse", "etag": "e3", "pageInfo": page}
        return answer | ({"items": items} if items else {})

    def _statistics(self, request: Request, now: float) -> Mapping[str, Any]:
        items = [
            {
                "id": video.id,
                "snippet": {"publishTime": written(video.created)},
                "statistics": counters(video, now),
                "contentDetails": {"duration": "PT58S", "durationMillis": "58000"},
            }
            for video in self._known(request, now)
        ]
        return {"kind": "youtube#batchGetStatsResponse", "etag": "e5", "items": items}

    def _channels(self, request: Request, _now: float) -> Mapping[str, Any]:
        wanted = set(_ids(request))
        people = {video.author.number: video.author for video in self._videos.values()}
        items = [
            {
                "kind": "youtube#channel",
                "id": channel(author.number),
                "statistics": {"subscriberCount": str(rounded(author.followers)), "hiddenSubscriberCount": False},
            }
            for author in people.values()
            if channel(author.number) in wanted
        ]
        return {"kind": "youtube#channelListResponse", "etag": "e6", "items": items}

    def _known(self, request: Request, now: float) -> list[Video]:
        known = (self._videos.get(id_) for id_ in dict.fromkeys(_ids(request)))
        return [video for video in known if video and _is_there(video, now)]


EXCEEDED = "The request cannot be completed because you have exceeded your quota."


def refusal(status: int, reason: str, message: str) -> Reply:
    """Return an error as Google's APIs tell it."""
    domain = "youtube.quota" if reason == "quotaExceeded" else "youtube"
    error = {"message": message, "domain": domain, "reason": reason}
    return _json({"error": {"code": status, "message": message, "errors": [error]}}, status)


def _ids(request: Request) -> Sequence[str]:
    ids = ",".join(request.every("id")).split(",")
    if not 1 <= len(ids) <= BULK:
        raise Refused(400, "invalidFilters", f"The request specifies more than {BULK} ids.")
    return ids


def _is_there(video: Video, now: float) -> bool:
    return video.since <= now and (video.gone is None or now < video.gone)


def _is_near(video: Video, words: Iterable[str]) -> bool:
    """Tell whether search shows a video: because of its words, or because it thinks that it belongs to them."""
    if not video.tagged.typed:
        return True
    text = " ".join((video.text[1], *video.tagged.at(video.created))).lower()
    return any(word in text for word in words)


def _place(token: str | None) -> int:
    if token is None:
        return 0
    if not (token.startswith("C") and token[1:6].isdigit()):
        raise Refused(400, "invalidPageToken", "The page token is not valid.")
    return int(token[1:6])


def _moment(told: str | None) -> float | None:
    if told is None:
        return None
    if not told.endswith("Z"):
        raise Refused(400, "invalidSearchFilter", "A moment must be RFC 3339 and end with Z.")
    return datetime.fromisoformat(told).timestamp()


def _json(answer: Mapping[str, Any], status: int = 200) -> Reply:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Reply(status, body, {"Content-Type": "application/json; charset=UTF-8"})
