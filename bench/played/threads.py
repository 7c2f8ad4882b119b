"""Threads: a hundred posts a page, newest first; every second has a topic and is found by both searches."""

from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS
from bench.played._graph import page, said, written
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.threads import Settings

POSTS = 12_000
FIRST = 18_100_000_000_000_000


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(token=SecretStr("a-token"), accept_terms=True)]


def server(count: int, end: datetime) -> Answering:
    made = [post(*told) for told in written(count, end)]

    def answer(request: Request) -> Reply:
        if request.path.endswith("/me"):
            return said({"id": "1", "username": "our_desk"})
        words, mode = request.last("q"), request.last("search_mode")
        if words not in TAGS:  # what others write for certain
            return page(made[:25], request)
        own = [one for one in made if one["text"].endswith(f"#{words}")]
        return page([one for one in own if mode == "KEYWORD" or "topic_tag" in one], request)

    return answer


def post(number: int, text: str, at: str) -> dict[str, Any]:
    told = {
        "id": str(FIRST + number),
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.com/@user{number % 5000}/post/EX{number}",
        "username": f"user{number % 5000}",
        "text": text,
        "timestamp": at,
    }
    return told | ({"topic_tag": TAGS[number % len(TAGS)]} if number % 2 else {})
