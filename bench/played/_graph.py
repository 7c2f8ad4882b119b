"""Meta's Graph API: rows of JSON behind a cursor, the newest first."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bench.played import TAGS, moments
from monitor.demo.loopback import Reply, Request

HEAD = {"Content-Type": "application/json; charset=UTF-8"}
TEXT = "أنقذوا حلب اليوم وكل يوم " * 8


def written(count: int, end: datetime) -> list[tuple[int, str, str]]:
    """Return number, text and time of so many posts, the newest first."""
    made = [(number, f"{at:%Y-%m-%dT%H:%M:%S}+0000") for number, at in enumerate(moments(count, end))]
    return [(number, f"{TEXT} #{TAGS[number % len(TAGS)]}", at) for number, at in reversed(made)]


def said(told: Any) -> Reply:
    return Reply(body=json.dumps(told).encode(), headers=HEAD)


def page(rows: Sequence[Any], request: Request) -> Reply:
    """Return the rows behind the cursor `after`; the last page has no other."""
    start, size = int(request.last("after") or 0), int(request.last("limit") or 25)
    paging = {"cursors": {"before": "b", "after": str(start + size)}} if start + size < len(rows) else {}
    return said({"data": rows[start : start + size], "paging": paging})
