"""TikTok: videos of one day after the other, a hundred to a question that is posted."""

import json
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.tiktok import Settings

POSTS = 10_000
FIRST = 7_572_345_678_901_234_567
HEAD = {"Content-Type": "application/json"}
TOKEN = b'{"access_token":"clt.a-token","expires_in":7200,"token_type":"Bearer"}'
ENDLESS = 10**8


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    limits: Any = {"requests_per_day": 10**6, "videos_per_day": ENDLESS, "accept_terms": True}
    return [Settings(client_key="awabcdef", client_secret=SecretStr("hush-hush"), **limits)]


def server(count: int, end: datetime) -> Answering:
    days: dict[str, list[dict[str, Any]]] = {}
    for number, created in enumerate(moments(count, end)):
        days.setdefault(f"{created:%Y%m%d}", []).append(video(number, created))

    def answer(request: Request) -> Reply:
        if request.path.endswith("/oauth/token/"):
            return Reply(body=TOKEN, headers=HEAD)
        asked = json.loads(request.body)
        found, at = days.get(asked["start_date"], []), asked.get("cursor", 0)
        beyond = at + asked["max_count"]
        sheet = {"videos": found[at:beyond], "cursor": beyond, "has_more": beyond < len(found), "search_id": "7572"}
        told = {"data": sheet, "error": {"code": "ok", "message": "", "log_id": "1"}}
        return Reply(body=json.dumps(told).encode(), headers=HEAD)

    return answer


def video(number: int, created: datetime) -> dict[str, Any]:
    tag = TAGS[number % len(TAGS)]
    return {
        "id": FIRST + number,
        "create_time": int(created.timestamp()),
        "username": f"user{number % 5000}",
        "video_description": f"أنقذوا حلب #{tag}",
        "hashtag_names": [tag, "news"],
        "view_count": number * 7,
        "like_count": number % 311,
        "comment_count": number % 31,
        "share_count": number % 7,
    }
