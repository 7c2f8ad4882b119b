"""A Mastodon server on loopback that the daemon of a test asks, and that can misbehave by tag."""

import asyncio
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.demo.loopback import Reply, Request

PAGE = 40
PATIENCE = 30.0  # seconds until a test gives up


@dataclass
class Town:
    """Posts by tag, all of the last hours; `trouble` is what a tag answers instead."""

    posts: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    trouble: dict[str, Reply] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    delay: float = 0.0
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, tag: str, amount: int, *, likes: int = 3, hours_ago: float = 2) -> None:
        """Let people write `amount` posts under `tag`, one a second from so many hours ago on."""
        known = len(self.posts[tag])
        begun = datetime.now(UTC) - timedelta(hours=hours_ago)
        for number in range(known, known + amount):
            created = begun + timedelta(seconds=number)
            self.posts[tag].append(_status(tag, number, created, likes))

    async def is_asked(self, tag: str, times: int = 1) -> None:
        """Wait until somebody has asked for the timeline of a tag so many times since the beginning."""
        async with asyncio.timeout(PATIENCE):
            while self.asked[tag] < times:
                self._heard.clear()
                await self._heard.wait()

    def __call__(self, request: Request) -> Reply:
        """Answer the tag timeline, the bulk look-up, and 404 to everything else."""
        tag = request.path.rpartition("/")[2]
        self.asked[tag] += request.last("min_id") is not None  # once a run; an empty timeline is looked at twice
        self._heard.set()
        if tag in self.trouble:
            return self.trouble[tag]
        if request.path.startswith("/api/v1/timelines/tag/"):
            above = int(request.last("min_id") or 0)
            return self._json([one for one in self.posts[tag] if int(one["id"]) > above][:PAGE][::-1])
        if request.path == "/api/v1/statuses":
            wanted = set(request.every("id[]"))
            return self._json([one for posts in self.posts.values() for one in posts if one["id"] in wanted])
        return Reply(404, b"{}")

    def _json(self, statuses: list[dict[str, Any]]) -> Reply:
        body = json.dumps(statuses).encode()
        return Reply(200, body, {"Content-Type": "application/json"}, delay=self.delay)


def _status(tag: str, number: int, created: datetime, likes: int) -> dict[str, Any]:
    return {
        "id": str((int(created.timestamp() * 1000) << 16) + number),
        "uri": f"https://town.example/{tag}/{number}",
        "created_at": created.isoformat(),
        "visibility": "public",
        "favourites_count": likes,
        "reblogs_count": 1,
        "replies_count": 0,
        "account": {"uri": f"https://town.example/users/{number % 7}", "followers_count": 10},
        "tags": [{"name": tag}],
    }
