"""Reddit: searches of a hundred posts a page for each spelling, 800 to a spelling, as many places as it takes."""

import json
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.reddit import Settings

POSTS = 12_000
PAGE = 100
LOT = 800 * len(TAGS)  # of one place: a search ends near a thousand
HEAD = {"Content-Type": "application/json; charset=UTF-8"}
TOKEN = b'{"access_token":"a-token","token_type":"bearer","expires_in":86400,"scope":"*"}'
TEXT = "أنقذوا حلب اليوم وكل يوم " * 20


def sources(count: int) -> list[SourceSettings]:
    app: Any = {"app_id": "abcdefgh", "app_secret": SecretStr("hush-hush"), "user": "desk", "accept_terms": True}
    return [Settings(subreddits=(f"place{lot}",), **app) for lot in range(count // LOT)]


def server(count: int, end: datetime) -> Answering:
    rows = [row(number, created) for number, created in enumerate(moments(count, end))]

    def answer(request: Request) -> Reply:
        if request.path.endswith("/access_token"):
            return Reply(body=TOKEN, headers=HEAD)
        lot = int(request.path.split("/")[2].removeprefix("place"))
        tag = TAGS.index((request.last("q") or "").strip('"'))
        own = rows[lot * LOT : (lot + 1) * LOT][tag :: len(TAGS)][::-1]
        at = int((request.last("after") or "t3_0").removeprefix("t3_"), 36)
        start = next((place + 1 for place, one in enumerate(own) if one["number"] == at), 0)
        page = own[start : start + PAGE]
        after = page[-1]["name"] if start + PAGE < len(own) else None
        children = [{"kind": "t3", "data": one} for one in page]
        told = {"kind": "Listing", "data": {"after": after, "dist": len(page), "children": children}}
        return Reply(body=json.dumps(told).encode(), headers=HEAD)

    return answer


def row(number: int, created: datetime) -> dict[str, Any]:
    """Return a post; `number` is only for finding it again."""
    return {
        "number": number + 36**5,
        "name": f"t3_{_base36(number + 36**5)}",
        "title": f"Aleppo, part {number} #{TAGS[number % len(TAGS)]}",
        "selftext": TEXT,
        "author": f"user{number % 5000}",
        "subreddit": "place",
        "subreddit_subscribers": 51_234,
        "created_utc": created.timestamp(),
        "score": number % 311,
        "num_comments": number % 31,
        "num_crossposts": number % 3,
        "edited": False,
        "removed_by_category": None,
        "view_count": None,
        "poll_data": None,
    }


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
