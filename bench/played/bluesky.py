"""Bluesky: sign-in, then searches of a hundred posts a page inside frozen windows, one tag each."""

import base64
import json
from bisect import bisect_left
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from bench.played import TAGS, moments
from monitor.demo.loopback import Answering, Reply, Request
from monitor.model.source import SourceSettings
from monitor.sources.bluesky import Settings

POSTS = 20_000
HEAD = {"Content-Type": "application/json"}
TEXT = "أنقذوا حلب اليوم وكل يوم " * 8


def sources(count: int) -> list[SourceSettings]:  # noqa: ARG001 - one reads them all
    return [Settings(handle="desk.bsky.example", app_password=SecretStr("abcd-efgh-ijkl-mnop"), calls_per_run=5000)]


def server(count: int, end: datetime) -> Answering:
    posts: dict[str, list[tuple[str, bytes]]] = {tag: [] for tag in TAGS}
    bodies: dict[str, bytes] = {}
    for number, created in enumerate(moments(count, end)):
        one = view(number, created, tag := TAGS[number % len(TAGS)])
        bodies[one["uri"]] = json.dumps(one, ensure_ascii=False).encode()
        posts[tag].append((iso(created), bodies[one["uri"]]))

    def answer(request: Request) -> Reply:
        if request.path.endswith("getPosts"):
            known = b",".join(bodies[uri] for uri in request.every("uris"))
            return Reply(body=b'{"posts":[%b]}' % known, headers=HEAD)
        if request.path.endswith("getProfiles"):
            return Reply(body=b'{"profiles":[]}', headers=HEAD)
        if not request.path.endswith("searchPosts"):
            return Reply(body=session(), headers=HEAD)
        found = posts.get(request.last("tag") or "", [])
        first = bisect_left(found, (request.last("since") or "",))
        last = bisect_left(found, (request.last("until") or "9",)) - int(request.last("cursor") or 0)
        start = max(first, last - int(request.last("limit") or 25))
        page = b",".join(body for _, body in found[start:last][::-1])
        beyond = int(request.last("cursor") or 0) + last - start
        cursor = b',"cursor":"%d"' % beyond if start > first else b""
        return Reply(body=b'{"posts":[%b]%b}' % (page, cursor), headers=HEAD)

    return answer


def view(number: int, created: datetime, tag: str) -> dict[str, Any]:
    """Return a post as the AppView shows it."""
    did = f"did:plc:{number % 5000:024}"
    features = [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}]
    facets = [{"index": {"byteStart": 0, "byteEnd": len(tag.encode()) + 1}, "features": features}]
    record = {"$type": "app.bsky.feed.post", "text": f"#{tag} {TEXT}", "createdAt": iso(created), "facets": facets}
    return {
        "uri": f"at://{did}/app.bsky.feed.post/3l{number:011}",
        "cid": "bafyreib2rxk3rh6kzwq4nq2zqj5r4z3y7wq6k5j4h3g2f1",
        "author": {"did": did, "handle": f"user{number % 5000}.bsky.example", "displayName": "حلب", "labels": []},
        "record": record | {"langs": ["ar"]},
        "replyCount": number % 3,
        "repostCount": number % 7,
        "likeCount": number % 31,
        "quoteCount": 0,
        "bookmarkCount": 0,
        "indexedAt": iso(created),
        "viewer": {"threadMuted": False, "embeddingDisabled": False},
        "labels": [],
    }


def session() -> bytes:
    claims = base64.urlsafe_b64encode(json.dumps({"iat": 1000, "exp": 8200}).encode()).decode().rstrip("=")
    tokens = {"accessJwt": f"e30.{claims}.sig", "refreshJwt": f"e30.{claims}.sig"}
    return json.dumps({**tokens, "did": "did:plc:me"}).encode()


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
