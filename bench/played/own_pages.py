"""Own pages: the posts of a page of Facebook, a hundred a page, and a question for the views of each."""

from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played._graph import page, said, written
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.own_pages import Settings

POSTS = 2_000
PAGE = "1000000"


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(network="facebook", page=PAGE, token=SecretStr("a-token"), accept_terms=True)]


def server(count: int, end: datetime) -> Answering:
    made = [post(*told) for told in written(count, end)]

    def answer(request: Request) -> Reply:
        if request.path.endswith("/insights"):
            number = int(request.path.split("/")[-2].partition("_")[2])
            return said({"data": [{"name": "post_media_view", "values": [{"value": number * 7}]}]})
        if request.path.endswith("/published_posts"):
            return page(made, request)
        return said({"id": PAGE, "followers_count": 51_234})

    return answer


def post(number: int, text: str, at: str) -> dict[str, Any]:
    return {
        "id": f"{PAGE}_{number}",
        "message": text,
        "created_time": at,
        "permalink_url": f"https://www.facebook.com/{PAGE}/posts/{number}",
        "shares": {"count": number % 7},
        "reactions": {"data": [], "summary": {"total_count": number % 311}},
        "comments": {"data": [], "summary": {"total_count": number % 31}},
    }
