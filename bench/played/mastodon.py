"""Mastodon: a tag timeline of forty full statuses a page, 2 kB each."""

import json
import random
from bisect import bisect_right
from datetime import datetime
from typing import Any

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.mastodon import Settings

POSTS = 40_000
TARGET = 8_000
PAGE = 40
TEXT = "<p>" + "أنقذوا حلب اليوم وكل يوم " * 12 + '<a href="https://social.example/tags/savealeppo">#SaveAleppo</a></p>'
HEAD = {"Content-Type": "application/json; charset=utf-8"}


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(server="https://social.example")]


def server(count: int, end: datetime) -> Answering:
    dice = random.Random(17)
    posts = [status(number, created, dice) for number, created in enumerate(moments(count, end))]
    ids = [int(post["id"]) for post in posts]
    starts = range(0, count, PAGE)
    pages = [json.dumps(posts[start : start + PAGE][::-1], ensure_ascii=False).encode() for start in starts]

    def answer(request: Request) -> Reply:
        if not request.path.startswith("/api/v1/timelines/tag/"):
            return Reply(404, b"{}", HEAD)
        place = -(-bisect_right(ids, int(request.last("min_id") or 0)) // PAGE)
        return Reply(body=pages[place] if place < len(pages) else b"[]", headers=HEAD)

    return answer


def status(number: int, created: datetime, dice: random.Random) -> dict[str, Any]:
    """Return a status with every field a real server sends."""
    who, tag = dice.randrange(5_000), dice.choice(TAGS)
    home = f"https://social{who % 40}.example"
    return {
        "id": str((int(created.timestamp() * 1000) << 16) + number % 65_536),
        "created_at": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "ar",
        "uri": f"{home}/users/{who}/statuses/{number}",
        "url": f"{home}/@{who}/{number}",
        "replies_count": int(dice.paretovariate(1)) - 1,
        "reblogs_count": int(dice.paretovariate(1)) - 1,
        "favourites_count": int(dice.paretovariate(1)) - 1,
        "quotes_count": 0,
        "edited_at": None,
        "content": TEXT,
        "reblog": None,
        "account": {
            "id": str(who),
            "username": f"user{who}",
            "acct": f"user{who}@social{who % 40}.example",
            "display_name": "حلب",
            "locked": False,
            "bot": False,
            "discoverable": True,
            "indexable": True,
            "group": False,
            "created_at": "2015-01-01T00:00:00.000Z",
            "note": "<p>" + "من حلب " * 20 + "</p>",
            "url": f"{home}/@{who}",
            "uri": f"{home}/users/{who}",
            "avatar": f"{home}/avatars/{who}.png",
            "avatar_static": f"{home}/avatars/{who}.png",
            "header": f"{home}/headers/{who}.png",
            "header_static": f"{home}/headers/{who}.png",
            "followers_count": int(dice.paretovariate(0.8) * 20),
            "following_count": 17,
            "statuses_count": 430,
            "last_status_at": "2016-04-29",
            "emojis": [],
            "fields": [],
        },
        "media_attachments": [],
        "mentions": [],
        "tags": [{"name": name, "url": f"{home}/tags/{name}"} for name in (tag, "syria")],
        "emojis": [],
        "card": None,
        "poll": None,
    }
