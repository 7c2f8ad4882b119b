"""YouTube: searches of fifty ids a page, then the videos of each page; five hundred to a search, a key for each lot."""

import json
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.youtube import Settings

POSTS = 12_000
PAGE, PAGES = 50, 10
LOT = PAGE * PAGES * len(TAGS)  # what one key finds
HEAD = {"Content-Type": "application/json; charset=UTF-8"}
TEXT = "أنقذوا حلب اليوم وكل يوم " * 40


def sources(count: int) -> list[SourceSettings]:
    buckets: Any = {"searches_per_day": 10**9, "statistics_per_day": 10**9, "units_per_day": 10**9}
    return [
        Settings(
            name=f"key{lot}", key=SecretStr(str(lot)), accept_terms=True, search_pages=PAGES, followers=False, **buckets
        )
        for lot in range(count // LOT)
    ]


def server(count: int, end: datetime) -> Answering:
    made = [video(number, created) for number, created in enumerate(moments(count, end))]
    bodies = {one["id"]: json.dumps(one, ensure_ascii=False).encode() for one in made}

    def found(request: Request) -> Reply:
        lot, tag = int(request.headers["x-goog-api-key"]), TAGS.index((request.last("q") or "").removeprefix("#"))
        own = made[lot * LOT : (lot + 1) * LOT][tag :: len(TAGS)][::-1]
        at = int(request.last("pageToken") or 0)
        items = [{"id": {"videoId": one["id"]}, "snippet": one["snippet"]} for one in own[at : at + PAGE]]
        more = {"nextPageToken": str(at + PAGE)} if at + PAGE < len(own) else {}
        return Reply(body=json.dumps({"kind": "youtube#searchListResponse", **more, "items": items}).encode())

    def answer(request: Request) -> Reply:
        if request.path.endswith("/search"):
            return found(request)
        items = b",".join(bodies[own] for own in (request.last("id") or "").split(","))
        return Reply(body=b'{"kind":"youtube#videoListResponse","items":[%b]}' % items, headers=HEAD)

    return answer


def video(number: int, created: datetime) -> dict[str, Any]:
    told = {"channelId": f"UC{number % 900:022}", "title": f"Aleppo now #{TAGS[number % len(TAGS)]}"}
    return {
        "id": f"v{number:010}",
        "snippet": {"publishedAt": f"{created:%Y-%m-%dT%H:%M:%SZ}", **told, "description": TEXT},
        "statistics": {"viewCount": str(number * 7), "likeCount": str(number % 311), "commentCount": str(number % 31)},
    }
