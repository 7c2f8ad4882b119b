from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from monitor.sources.youtube import Settings
from tests.people import ALEPPO, NOON

# Written from the reference of YouTube's Data API v3 (as of August 2026); every payload is made up.
KEY = "AIza-a-secret-key"
SETTINGS = Settings(key=SecretStr(KEY), accept_terms=True)
CAMPAIGN = ALEPPO
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Video:
    """What a test cares about of a video."""

    id: str
    at: datetime
    title: str = "Now #SaveAleppo"
    description: str = ""
    statistics: dict[str, Any] = field(
        default_factory=lambda: {"viewCount": "1200", "likeCount": "30", "commentCount": "4"}
    )
    channel: str = "UC-a"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def found(self) -> dict[str, Any]:
        return {"id": {"kind": "youtube#video", "videoId": self.id}, "snippet": {"publishedAt": iso(self.at)}}

    @property
    def whole(self) -> dict[str, Any]:
        texts = {"title": self.title, "description": self.description, "channelId": self.channel, **self.extra}
        return {"id": self.id, "snippet": {"publishedAt": iso(self.at), **texts}, "statistics": self.statistics}

    @property
    def counted(self) -> dict[str, Any]:
        return {"id": self.id, "snippet": {"publishTime": iso(self.at)}, "statistics": self.statistics}


class YouTube:
    """Plays the API; `asked` keeps the questions, `instead` what is answered at the next one for a path."""

    def __init__(self, videos: Iterable[Video] = (), *, size: int = 50) -> None:
        self.videos, self.size = sorted(videos, key=lambda video: video.at, reverse=True), size
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.instead: dict[str, list[httpx.Response]] = {}
        self.subscribers: dict[str, dict[str, Any]] = {"UC-a": {"subscriberCount": "12300"}}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["x-goog-api-key"] == KEY
        assert KEY not in str(request.url)
        path, params = request.url.path.removeprefix("/youtube/v3/"), dict(request.url.params)
        self.asked.append((path, params))
        if self.instead.get(path):
            return self.instead[path].pop(0)
        doors = {
            "search": self.search,
            "videos": self.listed,
            "videos:batchGetStats": self.bulk,
            "channels": self.channels,
        }
        return doors[path](params) if path in doors else httpx.Response(404)

    def search(self, params: dict[str, str]) -> httpx.Response:
        after, before = params["publishedAfter"], params.get("publishedBefore", "3000")
        word = params["q"].removeprefix("#").lower()
        found = [v for v in self.videos if word in f"{v.title} {v.description}".lower() and after <= iso(v.at) < before]
        first = int(params.get("pageToken", "0"))
        page = found[first : first + self.size]
        more = {"nextPageToken": str(first + self.size)} if len(found) > first + self.size else {}
        return listing("searchListResponse", [video.found for video in page], **more)

    def listed(self, params: dict[str, str]) -> httpx.Response:
        return listing("videoListResponse", [video.whole for video in self.wanted(params)])

    def bulk(self, params: dict[str, str]) -> httpx.Response:
        return listing("batchGetStatsResponse", [video.counted for video in self.wanted(params)])

    def wanted(self, params: dict[str, str]) -> list[Video]:
        ids = params.get("id", self.videos[0].id if self.videos else "").split(",")
        assert len(ids) <= 50
        return [video for video in self.videos if video.id in ids]

    def channels(self, params: dict[str, str]) -> httpx.Response:
        found = [{"id": own, "statistics": self.subscribers[own]} for own in params["id"].split(",")]
        return listing("channelListResponse", found)

    def calls(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


def listing(kind: str, items: list[Any], **fields: Any) -> httpx.Response:
    """Return a list as YouTube sends it: without `items` when there are none."""
    total = {"pageInfo": {"totalResults": 1834, "resultsPerPage": 50}}
    return httpx.Response(
        200, json={"kind": f"youtube#{kind}", **total, **fields, **({"items": items} if items else {})}
    )


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def problem(status: int, reason: str, message: str = "no") -> httpx.Response:
    errors = [{"message": message, "domain": "youtube.quota", "reason": reason}]
    return httpx.Response(status, json={"error": {"code": status, "message": message, "errors": errors}})


GOOD = [Video(f"video{number}", NOON - HOUR * number) for number in range(1, 5)]
MARKS = ("video2 SaveAleppo", "video1 SaveAleppo")


class Loose(YouTube):
    """A YouTube that also finds what was published before the window."""

    def search(self, params: dict[str, str]) -> httpx.Response:
        return super().search({**params, "publishedAfter": "2000"})


def answer(request: httpx.Request) -> httpx.Response:
    return Loose([*GOOD, Video("old", NOON - DAY * 6)], size=3)(request)


def damaged(request: httpx.Request) -> httpx.Response:
    reply = answer(request)
    return httpx.Response(reply.status_code, content=reply.content.replace(b'"id":"video2"', b'"id":null'))


def unreadable(request: httpx.Request) -> httpx.Response:
    content = answer(request).content
    for name in (b"publishedAt", b"publishTime"):
        content = content.replace(name, b"when")
    return httpx.Response(200, content=content)
