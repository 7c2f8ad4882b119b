"""X: recent search downwards, a hundred posts a page with entities and metrics."""

import json
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.x import Settings

POSTS = 20_000
EPOCH = 1_288_834_974_657  # milliseconds: where X's ids begin
ENDLESS = 10**9
HEAD = {"Content-Type": "application/json; charset=utf-8"}
TEXT = "أنقذوا حلب اليوم وكل يوم " * 8


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    money: Any = {
        "dollars_per_day": 1e9,
        "dollars_per_month": 1e9,
        "posts_per_day": ENDLESS,
        "posts_per_month": ENDLESS,
    }
    return [Settings(token=SecretStr("AAAA-bearer"), accept_terms=True, counts=False, first_days=7.0, **money)]


def server(count: int, end: datetime) -> Answering:
    made = [post(number, created) for number, created in enumerate(moments(count, end))]
    ids = [int(one["id"]) for one in made]
    bodies = [json.dumps(one, ensure_ascii=False).encode() for one in made]

    def answer(request: Request) -> Reply:
        first = bisect_right(ids, int(request.last("since_id") or 0))
        last = bisect_left(ids, int(request.last("next_token") or request.last("until_id") or 2**63))
        start = max(first, last - int(request.last("max_results") or 10))
        meta: dict[str, Any] = {"result_count": last - start}
        if start > first:
            meta["next_token"] = str(ids[start])
        found = b'"data":[%b],' % b",".join(bodies[start:last][::-1]) if last > start else b""
        return Reply(body=b'{%b"meta":%b}' % (found, json.dumps(meta).encode()), headers=HEAD)

    return answer


def post(number: int, created: datetime) -> dict[str, Any]:
    own = str((int(created.timestamp() * 1000) - EPOCH << 22) + number % 4096)
    tag = TAGS[number % len(TAGS)]
    return {
        "id": own,
        "text": f"#{tag} {TEXT}",
        "edit_history_post_ids": [own],
        "author_id": str(number % 5000),
        "lang": "ar",
        "created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "entities": {"hashtags": [{"start": 0, "end": len(tag) + 1, "tag": tag}]},
        "public_metrics": {
            "repost_count": number % 7,
            "reply_count": number % 3,
            "like_count": number % 31,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": number % 3100,
        },
    }
