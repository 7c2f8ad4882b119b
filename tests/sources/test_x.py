import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from monitor.model.mention import Post
from monitor.model.window import Window, merged
from monitor.sources._x_post import id_at
from monitor.sources.x import Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask

# Written from the reference of X's API, version 2 (openapi 2.167); every payload is made up.
KEY = "AAAA-bearer"
SETTINGS = Settings(token=SecretStr(KEY), accept_terms=True, first_days=7)
CAMPAIGN = ALEPPO
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "x"


def number(at: datetime, low: int = 0) -> str:
    return str(int(id_at(at.timestamp())) + low)


@dataclass(frozen=True)
class Shown:
    """What a test cares about of a post; `versions` are the moments of its edits, the first is its creation."""

    at: datetime
    low: int = 0
    metrics: dict[str, int] = field(default_factory=lambda: {"like_count": 3, "impression_count": 120})
    tag: str = "SaveAleppo"
    edited: tuple[datetime, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    is_gone: bool = False

    @property
    def ids(self) -> list[str]:
        return [number(at, self.low) for at in (self.at, *self.edited)]

    def json(self, words: str) -> dict[str, Any]:
        own = self.ids[-1]
        tags = [{"start": 0, "end": 9, "tag": self.tag}]
        return {
            "id": own, "text": f"#{self.tag} now", f"edit_history_{words}_ids": self.ids, "author_id": "7",
            "lang": "en", "created_at": iso((self.edited or (self.at,))[-1]), "entities": {"hashtags": tags},
            "public_metrics": self.metrics, **self.extra,
        }  # fmt: skip


class X:
    """Plays the API; `asked` keeps what was asked for, `instead` what is answered at the next question for a path."""

    def __init__(self, posts: Iterable[Shown] = (), *, size: int = 100, words: str = "post") -> None:
        self.posts, self.size, self.words = sorted(posts, key=lambda post: post.ids[-1]), size, words
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.instead: dict[str, list[httpx.Response]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, params = request.url.path.removeprefix("/2/"), dict(request.url.params)
        self.asked.append((path, params))
        if self.instead.get(path):
            return self.instead[path].pop(0)
        if wrong := next(
            (name for name in params if name in {"post.fields", "tweet.fields"} - {f"{self.words}.fields"}), ""
        ):
            return problem(400, {"errors": [{"parameters": {wrong: ["id"]}, "message": f"unknown {wrong}"}]})
        answers = {"tweets/search/recent": self.search, "tweets": self.lookup, "tweets/counts/recent": self.counts}
        if path == "usage/tweets":
            return httpx.Response(
                200, json={"data": {"project_usage": "12", "project_cap": "3000", "cap_reset_day": 3}}
            )
        return answers[path](params) if path in answers else httpx.Response(404)

    def search(self, params: dict[str, str]) -> httpx.Response:
        assert re.fullmatch(r"\((#\w+ OR )*#\w+\) -is:retweet", params["query"])
        assert not {"start_time", "end_time"} & params.keys()
        assert 10 <= int(params["max_results"]) <= 100
        above, below = int(params["since_id"]), int(params.get("next_token", params.get("until_id", 10**19)))
        found = [post for post in self.posts if above < int(post.ids[-1]) < below and not post.is_gone][::-1]
        page = found[: min(self.size, int(params["max_results"]))]
        meta: dict[str, Any] = {"result_count": len(page)}
        if len(found) > len(page):
            meta["next_token"] = page[-1].ids[-1]
        return httpx.Response(200, json={**self.data(page, params), "meta": meta})

    def data(self, page: list[Shown], params: dict[str, str]) -> dict[str, Any]:
        people = [{"id": "7", "public_metrics": {"followers_count": 50}}] if "user.fields" in params else []
        return {
            **({"data": [post.json(self.words) for post in page]} if page else {}),
            **({"includes": {"users": people}} if people else {}),
        }

    def lookup(self, params: dict[str, str]) -> httpx.Response:
        wanted = params["ids"].split(",")
        found = [post for post in self.posts if set(post.ids) & set(wanted) and not post.is_gone]
        gone = set(wanted) - {mark for post in found for mark in post.ids}
        errors = [{"value": mark, "type": "https://api.x.com/2/problems/resource-not-found"} for mark in sorted(gone)]
        return httpx.Response(200, json={**self.data(found, params), **({"errors": errors} if errors else {})})

    def counts(self, params: dict[str, str]) -> httpx.Response:
        begin, end = (datetime.fromisoformat(params[name]) for name in ("start_time", "end_time"))
        starts = [begin + HOUR * step for step in range(int((end - begin) / HOUR))]
        sums = [sum(start <= post.at < start + HOUR for post in self.posts) for start in starts]
        bare = [{"start": iso(start), "end": iso(start + HOUR)} for start in starts]
        data = [{**row, f"{self.words}_count": value} for row, value in zip(bare, sums, strict=True)]
        return httpx.Response(200, json={"data": data, "meta": {f"total_{self.words}_count": sum(sums)}})

    @property
    def searched(self) -> list[dict[str, str]]:
        return [params for path, params in self.asked if path == "tweets/search/recent"]


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.000Z}"


def problem(status: int, body: dict[str, Any], **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


def hourly(many: int, **fields: Any) -> list[Shown]:
    """Return posts an hour apart, the last an hour before NOON."""
    return [Shown(NOON - HOUR * hours, **fields) for hours in range(1, many + 1)]


GOOD = [*hourly(4), Shown(NOON - DAY * 5)]
MARKS = tuple(post.ids[-1] for post in GOOD[:2])


def answer(request: httpx.Request) -> httpx.Response:
    return Loose(GOOD, size=2)(request)


class Loose(X):
    """An X that also sends posts from before the beginning."""

    def search(self, params: dict[str, str]) -> httpx.Response:
        return super().search({**params, "since_id": "0"})


def damaged(request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        200, content=answer(request).content.replace(f'"id":"{MARKS[1]}"'.encode(), b'"id":"1.8E+18"')
    )


def unreadable(request: httpx.Request) -> httpx.Response:
    reply = answer(request)
    return httpx.Response(reply.status_code, content=reply.content.replace(b'"id":', b'"key":'))


def posts_of(reading: ask.Reading) -> list[Post]:
    return [mention for mention in reading.mentions if isinstance(mention, Post)]


def covered(reading: ask.Reading) -> list[Window]:
    return list(merged(page.covered for page in reading.pages if page.covered))


def searching(**fields: Any) -> Settings:
    return Settings.model_validate({**SETTINGS.model_dump(), "counts": False, **fields})


async def read(server: X, cursors: Any = None, now: datetime = NOON, **fields: Any) -> ask.Reading:
    """Return what one run reads; the source and its ledger are new."""
    return await ask.run(ask.source(searching(**fields), server, now), CAMPAIGN, cursors, now=now)


# Walking


async def test_all_spellings_are_asked_for_in_one_question() -> None:
    server = X(hourly(3))
    await read(server)
    assert [params["query"] for params in server.searched] == [
        "(#savealeppo OR #أنقذوا_حلب OR #انقذوا_حلب) -is:retweet"
    ]


async def test_all_pages_are_read_and_everything_is_covered_until_a_minute_ago() -> None:
    reading = await read(X(hourly(30), size=10))
    assert len(reading.ids) == 30
    assert covered(reading) == [Window(ask.SINCE, NOON - MINUTE)]
