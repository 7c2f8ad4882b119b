"""Instagram: the posts of each hashtag, fifty a page."""

from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS
from bench.played._graph import page, said, written
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.instagram import Settings

POSTS = 12_000
FIRST = 17_900_000_000_000_000


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(account="17841400000000000", token=SecretStr("a-token"), accept_terms=True)]


def server(count: int, end: datetime) -> Answering:
    made = [post(*told) for told in written(count, end)]

    def answer(request: Request) -> Reply:
        if request.path.endswith("/ig_hashtag_search"):
            return said({"data": [{"id": str(TAGS.index(request.last("q") or ""))}]})
        tag = TAGS[int(request.path.split("/")[-2])]
        return page([one for one in made if one["caption"].endswith(f"#{tag}")], request)

    return answer


def post(number: int, text: str, at: str) -> dict[str, Any]:
    return {
        "id": str(FIRST + number),
        "caption": text,
        "media_type": "IMAGE",
        "comments_count": number % 31,
        "like_count": number % 311,
        "permalink": f"https://www.instagram.com/p/EXAMPLE{number}/",
        "timestamp": at,
    }
