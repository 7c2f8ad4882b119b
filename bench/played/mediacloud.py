"""Media Cloud: stories by the moment of indexing, pages of a thousand."""

import json
import re
from bisect import bisect_left
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.mediacloud import PAGE_SIZE, Settings

POSTS = 10_000
HEAD = {"Content-Type": "application/json"}


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(token=SecretStr("of-a-desk"), collections=(34412234,), accept_terms=True, weekly_calls=10**6)]


def server(count: int, end: datetime) -> Answering:
    stories = [story(number, created) for number, created in enumerate(moments(count, end))]
    indexed = [one["indexed_date"] for one in stories]

    def answer(request: Request) -> Reply:
        if request.path.endswith("count-over-time"):
            counts = [{"date": f"{end:%Y-%m-%d}T00:00:00", "count": 41, "total_count": 7904, "ratio": 0.005}]
            told = {"count_over_time": {"counts": counts, "normalized_total": 9000}}
            return Reply(body=json.dumps(told).encode(), headers=HEAD)
        after = re.search(r"indexed_date:\[(\S+) TO \*\]", request.last("q") or "")
        first = bisect_left(indexed, after[1] if after else "")
        start = first + int(request.last("pagination_token") or 0)
        page, beyond = stories[start : start + PAGE_SIZE], start + PAGE_SIZE - first
        token = str(beyond) if first + beyond < count else None
        return Reply(body=json.dumps({"stories": page, "pagination_token": token}).encode(), headers=HEAD)

    return answer


def story(number: int, created: datetime) -> dict[str, Any]:
    return {
        "id": f"{number:064x}",
        "indexed_date": created.replace(tzinfo=None).isoformat(),
        "language": "en",
        "media_name": f"news{number % 300}.example",
        "media_url": f"news{number % 300}.example",
        "publish_date": created.date().isoformat(),
        "title": f"Aleppo, part {number}: what the residents say of the night",
        "url": f"https://news{number % 300}.example/2016/04/aleppo-{number}.html",
    }
