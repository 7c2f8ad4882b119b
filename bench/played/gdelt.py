"""GDELT: lists of 250 articles at most, halved in time until they fit."""

import json
from bisect import bisect_left
from datetime import datetime
from typing import Any

from bench.played import moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.gdelt import Settings

POSTS = 10_000
HEAD = {"Content-Type": "application/json; charset=utf-8"}
STAMP = "%Y%m%d%H%M%S"


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(words=("aleppo",))]


def server(count: int, end: datetime) -> Answering:
    rows = [row(number, created) for number, created in enumerate(moments(count, end))]
    stamps = [f"{created:{STAMP}}" for created in moments(count, end)]
    bodies = [json.dumps(one, ensure_ascii=False).encode() for one in rows]

    def answer(request: Request) -> Reply:
        if request.last("mode") != "artlist":
            return Reply(body=b"{}", headers=HEAD)
        if "aleppo" not in (request.last("query") or ""):  # whether anything is found at all
            return Reply(body=b'{"articles":[%b]}' % bodies[0], headers=HEAD)
        first = bisect_left(stamps, request.last("startdatetime") or "")
        last = bisect_left(stamps, request.last("enddatetime") or "9")
        found = bodies[first : min(last, first + int(request.last("maxrecords") or 75))]
        return Reply(body=b'{"articles":[%b]}' % b",".join(found) if found else b"{}", headers=HEAD)

    return answer


def row(number: int, created: datetime) -> dict[str, Any]:
    return {
        "url": f"https://news{number % 300}.example/2016/04/aleppo-{number}.html",
        "url_mobile": "",
        "title": f"Aleppo , part {number} : what the residents say of the night",
        "seendate": f"{created:%Y%m%dT%H%M%SZ}",
        "socialimage": f"https://news{number % 300}.example/images/{number}.jpg",
        "domain": f"news{number % 300}.example",
        "language": "English",
        "sourcecountry": "Jordan",
    }
