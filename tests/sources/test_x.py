import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.errors import AccessRefused, Blind, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.pocket import Pocket
from monitor.model.account import Allowance, Period
from monitor.model.campaign import Family
from monitor.model.mention import Counts, Post, Reported
from monitor.model.metric import Metric, family_subject
from monitor.model.run import Outcome
from monitor.model.window import Resolution, Window, merged
from monitor.sources._x_post import id_at, moment_of, told
from monitor.sources.x import Settings, Source
from monitor.store import runs, series
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask

# Written from the reference of X's API, version 2 (openapi 2.167); every payload is made up.
KEY = "AAAA-bearer"
SETTINGS = Settings(token=SecretStr(KEY), accept_terms=True, first_days=7)
CAMPAIGN = ALEPPO
SHORTLY = NOON + timedelta(minutes=5)
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
        place = params.get("next_token", params.get("until_id", str(10**19)))
        if not place.isdecimal():
            return httpx.Response(400, json={"title": "Invalid Request", "detail": "next_token is not valid"})
        above, below = int(params["since_id"]), int(place)
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
    content = reply.content.replace(b'"id":', b'"key":').replace(b'"start":', b'"from":')
    return httpx.Response(reply.status_code, content=content)


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
    (asked,) = server.searched
    assert asked["query"] == "(#savealeppo OR #أنقذوا_حلب OR #انقذوا_حلب) -is:retweet"


def test_spellings_that_do_not_fit_make_several_questions() -> None:
    many = tuple(f"{'a' * 40}{letter}" for letter in "abcdefghijklmno")
    campaign = replace(CAMPAIGN, families=(Family("A", many),))
    walks = ask.source(searching(), answer).walks(campaign)
    assert sum((walk.spellings for walk in walks), ()) == many
    assert [len(walk.spellings) for walk in walks] == [10, 5]


async def test_all_pages_are_read_and_everything_is_covered_until_a_minute_ago() -> None:
    reading = await read(X(hourly(30), size=10))
    assert len(reading.ids) == 30
    assert covered(reading) == [Window(ask.SINCE, NOON - MINUTE)]


async def test_an_empty_page_that_leads_on_is_not_the_end() -> None:
    server = X(hourly(3))
    on = str(int(number(NOON - HOUR)) + 1)
    server.instead["tweets/search/recent"] = [problem(200, {"meta": {"result_count": 0, "next_token": on}})]
    assert len((await read(server)).ids) == 3


async def test_no_result_at_all_is_silence_that_was_covered() -> None:
    reading = await read(X())
    assert (reading.mentions, covered(reading)) == ([], [Window(ask.SINCE, NOON - MINUTE)])


async def test_the_next_run_asks_for_what_is_new_only() -> None:
    server = X(hourly(30))
    first = await read(server)
    server.asked.clear()
    again = await read(server, first.cursors, NOON + 15 * MINUTE)
    assert moment_of(server.searched[0]["since_id"]) == NOON - 31 * MINUTE
    assert (again.mentions, covered(again)) == ([], [Window(NOON - MINUTE, NOON + 14 * MINUTE)])


def test_a_post_is_linked_to_without_the_name_of_its_author() -> None:
    assert one().link == f"https://x.com/i/status/{one().id}"


async def test_a_post_that_search_had_a_minute_late_is_found() -> None:
    server = X(hourly(3))
    first = await read(server)
    server.posts.append(Shown(NOON - 2 * MINUTE))
    assert len((await read(server, first.cursors, NOON + 15 * MINUTE)).ids) == 1


async def broken_off(server: X, pages: int) -> ask.Reading:
    """Return what a run has read until X failed."""
    reading, served = ask.Reading(), server.search

    def failing(params: dict[str, str]) -> httpx.Response:
        return served(params) if len(server.searched) <= pages else httpx.Response(503)

    server.search = failing  # type: ignore[method-assign]
    with suppress(SourceUnavailable):
        await ask.run(ask.source(searching(), server), CAMPAIGN, into=reading)
    server.search = served  # type: ignore[method-assign]
    return reading


async def test_a_walk_that_broke_off_is_finished_before_anything_new_is_read() -> None:
    server = X(hourly(30), size=10)
    first = await broken_off(server, pages=1)
    server.posts.append(Shown(NOON + 5 * MINUTE))
    server.asked.clear()
    rest = await read(server, first.cursors, NOON + 15 * MINUTE)
    below = [moment_of(params.get("until_id", number(NOON + DAY))) for params in server.searched]
    assert below[0] == NOON - 10 * HOUR
    assert len(first.ids | rest.ids) == 31
    assert list(merged([*covered(first), *covered(rest)])) == [Window(ask.SINCE, NOON + 14 * MINUTE)]


async def test_what_a_broken_walk_has_not_read_is_not_covered() -> None:
    first = await broken_off(X(hourly(30), size=10), pages=1)
    assert covered(first) == [Window(NOON - 10 * HOUR + timedelta(milliseconds=1), NOON - MINUTE)]


async def test_the_same_post_on_two_pages_stops_nothing() -> None:
    server = X(hourly(12), size=5)
    page = server.search({"query": "(#a) -is:retweet", "max_results": "10", "since_id": "1"}).json()
    server.instead["tweets/search/recent"] = [problem(200, page), problem(200, page | {"meta": page["meta"] | {
        "next_token": str(int(page["meta"]["next_token"]) + 1)}})]  # fmt: skip
    assert len((await read(server)).ids) == 12


async def test_the_first_run_goes_back_as_far_as_it_may_cost() -> None:
    reading = await read(X(hourly(40)), first_days=1)
    assert covered(reading) == [Window(NOON - DAY, NOON - MINUTE)]
    assert len(reading.ids) == 24


async def test_after_a_long_interruption_what_search_has_no_more_stays_a_gap() -> None:
    server = X(hourly(30))
    first = await read(server)
    later = NOON + 10 * DAY
    server.posts.append(Shown(later - HOUR))
    source = ask.source(searching(), server, later)
    reading = await ask.run(source, CAMPAIGN, first.cursors, since=later - 8 * DAY, now=later)
    assert covered(reading)[0].start == later - timedelta(days=6, hours=23, minutes=50)
    assert reading.pages[0].truncated


async def test_a_beginning_that_x_calls_too_old_is_taken_from_its_answer() -> None:
    server = X(hourly(30))
    words = "'since_id' must be a tweet id created after [2016-04-28]. Please use a 'since_id' that is larger than {}"
    detail = words.format(number(NOON - DAY))
    server.instead["tweets/search/recent"] = [
        problem(400, {"errors": [{"message": detail}], "title": "Invalid Request"})
    ]
    reading = await read(server)
    assert [page.truncated for page in reading.pages] == [True, False]
    assert len(reading.ids) == 23
    assert NOON - DAY < covered(reading)[0].start < NOON - DAY + 31 * MINUTE


async def test_the_day_is_read_once_more_before_midnight_for_nothing() -> None:
    night = NOON + timedelta(hours=11, minutes=15)
    server = X([Shown(NOON + HOUR * hours) for hours in range(1, 11)])
    source = ask.source(searching(), server, night)
    first = await ask.run(source, CAMPAIGN, since=NOON, now=night)
    spent = await left(source)
    server.posts.append(Shown(NOON + 3 * HOUR, low=5))  # search had it late
    server.posts.sort(key=lambda post: post.ids[-1])
    cursors = {name: {**cursor, "swept": ""} for name, cursor in first.cursors.items()}
    again = await ask.run(source, CAMPAIGN, cursors, since=NOON, now=night + 15 * MINUTE)
    assert number(NOON + 3 * HOUR, 5) in again.ids
    assert spent - await left(source) == pytest.approx(0.005)
    assert moment_of(server.searched[-1]["since_id"]) == NOON - 30 * MINUTE
    assert not any(page.truncated for page in again.pages)


async def test_a_day_on_whose_evening_nobody_asked_is_read_once_more_on_the_next() -> None:
    server = X([Shown(NOON + HOUR * hours) for hours in range(1, 6)])
    source = ask.source(searching(), server, NOON + 9 * HOUR)
    first = await ask.run(source, CAMPAIGN, since=NOON, now=NOON + 9 * HOUR)
    server.posts.append(Shown(NOON + 3 * HOUR, low=5))  # search had it late
    server.posts.sort(key=lambda post: post.ids[-1])
    again = await ask.run(source, CAMPAIGN, first.cursors, since=NOON, now=NOON + 21 * HOUR)
    assert number(NOON + 3 * HOUR, 5) in again.ids


async def looked_from(now: datetime, **fields: Any) -> list[datetime | None]:
    """Return from when on a run reads that knows all until an hour ago, and has read 27 April once more."""
    cursor = {"known": (now - HOUR).timestamp(), "swept": "2016-04-27"}
    server = X()
    source = ask.source(searching(**fields), server, now)
    await ask.run(source, CAMPAIGN, {source.walks(CAMPAIGN)[0].name: cursor}, since=now - 5 * DAY, now=now)
    return [moment_of(params["since_id"]) for params in server.searched]


MIDNIGHT, HALF = NOON - DAY / 2, 30 * MINUTE  # the 29th begins


async def test_who_asks_seldom_reads_the_day_once_more_earlier() -> None:
    now = MIDNIGHT - 2 * HOUR
    assert (await looked_from(now, every_minutes=120.0))[1:] == [MIDNIGHT - DAY - HALF]
    assert (await looked_from(now))[1:] == []


async def test_a_day_whose_evening_was_missed_is_read_once_more_on_the_next() -> None:
    assert (await looked_from(MIDNIGHT + 4 * HOUR))[1:] == [MIDNIGHT - DAY - HALF]


async def test_a_second_look_that_broke_off_ends_with_the_next_day() -> None:
    cursor = {
        "known": (NOON - HOUR).timestamp(),
        "start": 1.0,
        "end": 2.0,
        "below": "3",
        "swept": "2016-04-28",
        "again": True,
    }
    server = X(hourly(3))
    walk = ask.source(searching(), server).walks(CAMPAIGN)[0]
    await read(server, {walk.name: cursor})
    assert [moment_of(params["since_id"]) for params in server.searched] == [NOON - HOUR - 30 * MINUTE]


# What a post says


def one(words: str = "post", **fields: Any) -> Post:
    """Return the post that a row with these fields is read as."""
    return told({"data": [replace(Shown(datetime(2026, 3, 1, tzinfo=UTC)), **fields).json(words)]}).posts[0]


@pytest.mark.parametrize(("words", "name"), [("post", "repost_count"), ("tweet", "retweet_count")])
def test_both_vocabularies_are_read(words: str, name: str) -> None:
    metrics = {name: 8, "reply_count": 3, "like_count": 41, "quote_count": 2, "impression_count": 5230}
    assert one(words, metrics=metrics).counts == Counts(5230, 41, 8, 3, 2)


@pytest.mark.parametrize("words", ["post", "tweet"])
def test_a_hashtag_in_the_long_part_of_a_post_counts(words: str) -> None:
    extra = {"entities": {}, f"note_{words}": {"text": "…", "entities": {"hashtags": [{"tag": "أنقذوا_حلب"}]}}}
    assert one(words, extra=extra).tags == ("أنقذوا_حلب",)


def test_an_impression_count_of_zero_beside_likes_is_unknown() -> None:
    assert one(metrics={"like_count": 3, "impression_count": 0}).counts.impressions is None
    assert one(metrics={"like_count": 0, "impression_count": 0}).counts.impressions == 0


async def test_the_versions_of_an_edited_post_are_one() -> None:
    post = Shown(NOON - 3 * HOUR)
    server = X([post])
    first = await read(server)
    server.posts = [replace(post, edited=(NOON + MINUTE,))]
    second = await read(server, first.cursors, NOON + 15 * MINUTE)
    assert first.ids == second.ids == {post.ids[0]}
    assert posts_of(second)[0].created_at == post.at


@pytest.mark.parametrize(("server", "first"), [("tweet", "post"), ("post", "tweet"), ("post", "post")])
async def test_the_vocabulary_that_the_server_knows_is_found(server: str, first: str) -> None:
    played = X(hourly(2), words=server)
    assert [post.counts.impressions for post in posts_of(await read(played, vocabulary=first))] == [120, 120]
    assert len(played.searched) == (1 if server == first else 2)


async def test_a_vocabulary_that_is_ignored_instead_of_refused_is_found_out() -> None:
    server = X(hourly(2), words="tweet")
    bare = [{"id": post.ids[-1], "text": "#SaveAleppo"} for post in server.posts]
    server.instead["tweets/search/recent"] = [problem(200, {"data": bare, "meta": {"result_count": 2}})]
    assert [post.counts.likes for post in posts_of(await read(server))] == [3, 3]


async def test_a_server_without_any_fields_is_not_asked_twice_for_ever() -> None:
    server = X(hourly(30), size=10)
    page = {
        "data": [{"id": post.ids[-1], "text": "#SaveAleppo"} for post in server.posts],
        "meta": {"result_count": 30},
    }
    server.instead["tweets/search/recent"] = [problem(200, page) for _ in range(9)]
    source = ask.source(searching(), server)
    for _ in range(3):
        assert len((await ask.run(source, CAMPAIGN)).ids) == 30
    assert len(server.searched) == 4


@pytest.mark.parametrize("words", ["post", "tweet"])
async def test_a_retweet_that_comes_unasked_is_no_post(words: str) -> None:
    repeated = {f"referenced_{words}s": [{"type": "retweeted", "id": number(NOON - DAY)}]}
    server = X([Shown(NOON - HOUR, extra=repeated), Shown(NOON - 2 * HOUR)], words=words)
    (post,) = posts_of(await read(server))
    assert post.again == number(NOON - 2 * HOUR)


async def test_the_vocabulary_is_asked_for_once_per_key() -> None:
    server = X(hourly(2), words="tweet")
    account = Pocket(Simulated(NOON))
    for _ in range(2):
        await ask.run(Source(searching(), ask.client(server, account=account)), CAMPAIGN)
    assert len(server.searched) == 3


async def test_followers_are_asked_for_only_when_they_may_cost() -> None:
    server = X(hourly(1))
    assert posts_of(await read(server))[0].followers is None
    assert posts_of(await read(server, followers=True))[0].followers == 50


# Counts


async def counted(server: X, cursors: Any = None, now: datetime = SHORTLY, **fields: Any) -> ask.Reading:
    settings = Settings.model_validate({**SETTINGS.model_dump(), "search": False, **fields})
    return await ask.run(ask.source(settings, server, now), CAMPAIGN, cursors, since=NOON - 5 * HOUR, now=now)


def reported(reading: ask.Reading, subject: str = "tag/savealeppo") -> dict[datetime, float]:
    return {one.start: one.value for page in reading.pages for one in page.reported if one.subject == subject}


@pytest.mark.parametrize("words", ["post", "tweet"])
async def test_full_hours_are_reported_for_each_family_and_no_post_is_read(words: str) -> None:
    server = X(hourly(3), words=words)
    reading = await counted(server)
    assert reported(reading) == {NOON - HOUR * hours: float(hours <= 3) for hours in range(1, 6)}
    assert {path for path, _ in server.asked} == {"tweets/counts/recent"}
    assert reading.mentions == []


async def test_counts_cover_no_posts() -> None:
    assert covered(await counted(X(hourly(3)))) == []


async def test_a_report_names_its_metric_and_its_hour() -> None:
    reading = await counted(X(hourly(1)))
    first = reading.pages[0].reported[0]
    assert first == Reported(Metric.REPORTED_POSTS, "tag/savealeppo", NOON - 5 * HOUR, 3600, 0.0)


async def test_within_the_same_hour_counts_are_not_asked_for_again() -> None:
    server = X(hourly(3))
    first = await counted(server)
    server.asked.clear()
    again = await counted(server, first.cursors, NOON + 45 * MINUTE)
    assert (server.asked, again.pages) == ([], [])


async def test_an_hour_later_the_day_before_is_counted_again() -> None:
    server = X(hourly(3))
    first = await counted(server)
    server.posts = server.posts[1:]  # one was removed
    again = await counted(server, first.cursors, NOON + 61 * MINUTE)
    assert reported(again)[NOON - 3 * HOUR] == 0


async def test_a_bucket_that_is_no_full_hour_is_left_out() -> None:
    server = X(hourly(1))
    rows = [{"start": iso(NOON - HOUR), "end": iso(NOON - HOUR / 2), "post_count": 9}]
    server.instead["tweets/counts/recent"] = [problem(200, {"data": rows, "meta": {"total_post_count": 9}})] * 2
    assert reported(await counted(server)) == {}


async def test_counts_that_can_not_be_read_are_no_silence() -> None:
    server = X(hourly(1))
    server.instead["tweets/counts/recent"] = [problem(200, {"data": [{"when": "now"}] * 3, "meta": {}})]
    with pytest.raises(UnexpectedPayload, match="changed"):
        await counted(server)


async def test_the_canary_sings_only_where_it_is_free() -> None:
    free = Settings.model_validate({**SETTINGS.model_dump(), "count_price": 0.0})
    assert await ask.source(SETTINGS, answer).canary() is None
    server = X()
    server.instead["tweets/counts/recent"] = [
        problem(200, {"data": [{"tweet_count": 9}], "meta": {}}), problem(200, {"meta": {"total_tweet_count": 0}})
    ]  # fmt: skip
    assert await ask.source(free, server).canary() is True
    assert await ask.source(free, server).canary() is False


# A search that is silent where X itself counts posts


class Mute(X):
    """Counts what was posted, and finds none of it while it is mute."""

    is_mute = True

    def search(self, params: dict[str, str]) -> httpx.Response:
        return httpx.Response(200, json={"meta": {"result_count": 0}}) if self.is_mute else super().search(params)


def many(*, until: datetime = NOON) -> list[Shown]:
    """Return a post every two minutes of five hours."""
    return [Shown(until - MINUTE * (2 * step + 1)) for step in range(150)]


async def looked(
    server: X, account: Pocket, cursors: Any = None, now: datetime = SHORTLY, **fields: Any
) -> ask.Reading:
    """Run anew, as a restarted process does, and keep what was read before it turned out to be blind."""
    settings, reading = Settings.model_validate({**SETTINGS.model_dump(), **fields}), ask.Reading()
    source = Source(settings, ask.client(server, now, account=account))
    with suppress(Blind):
        await ask.run(source, CAMPAIGN, cursors, since=NOON - 6 * HOUR, now=now, into=reading)
    return reading


async def test_a_search_that_brings_nothing_of_what_x_counts_is_blind_and_covers_nothing() -> None:
    reading = ask.Reading()
    with pytest.raises(Blind, match="X counts 150 posts since 2016-04-29 06:00 UTC, its search brings none"):
        await ask.run(ask.source(SETTINGS, Mute(many())), CAMPAIGN, since=NOON - 6 * HOUR, now=SHORTLY, into=reading)
    assert covered(reading) == []


async def test_the_run_of_such_a_search_is_blind_and_keeps_what_x_counted(store: Store) -> None:
    source = ask.source(SETTINGS, Mute(many()), SHORTLY)
    run = await collect(store, source, CAMPAIGN, Simulated(SHORTLY))
    assert (run.outcome, "the search is blind" in run.message) == (Outcome.BLIND, True)
    (searched,) = [walk.name for walk in source.walks(CAMPAIGN) if not walk.way]
    assert (await runs.standing(store, CAMPAIGN.slug, "x", searched)).covered == ()
    subject = family_subject(CAMPAIGN.families[0].key)
    frame = await series.frame(
        store, CAMPAIGN.slug, subjects=[subject], platforms=["x"], metrics=[Metric.REPORTED_POSTS],
        window=Window(NOON - HOUR, NOON), resolution=Resolution.HOUR, zone=CAMPAIGN.zone, now=SHORTLY,
    )  # fmt: skip
    assert float(frame.values.to_numpy()[0, 0]) == 30


@pytest.mark.parametrize("posts", [hourly(5), many(until=NOON + HOUR)[:30]], ids=["few", "in an hour that runs"])
async def test_a_silence_that_counts_do_not_deny_is_silence(posts: list[Shown]) -> None:
    reading = await looked(Mute(posts), Pocket(Simulated(NOON)))
    assert covered(reading) == [Window(NOON - 6 * HOUR, SHORTLY - MINUTE)]


async def test_what_search_found_is_no_silence() -> None:
    assert covered(await looked(X(many()), Pocket(Simulated(NOON)))) != []


async def test_a_search_that_falls_silent_is_found_out_by_the_counts_of_the_next_full_hour() -> None:
    server, account = Mute(many()), Pocket(Simulated(NOON))
    server.is_mute = False
    before = await looked(server, account)
    server.posts, server.is_mute = many(until=NOON + 2 * HOUR), True
    during = await looked(server, account, before.cursors, NOON + 50 * MINUTE)  # X counts full hours only
    later = await looked(server, account, during.cursors, NOON + 125 * MINUTE)
    assert ([window.end for window in covered(during)], covered(later)) == ([NOON + 49 * MINUTE], [])


async def test_it_stays_blind_also_in_runs_that_do_not_count_anew() -> None:
    server, account = Mute(many()), Pocket(Simulated(NOON))
    first = await looked(server, account)
    server.asked.clear()
    again = await looked(server, account, first.cursors, SHORTLY + 15 * MINUTE)
    assert {path for path, _ in server.asked} == {"tweets/search/recent"}
    assert covered(again) == []


async def test_what_a_blind_search_missed_is_read_when_it_sees_again() -> None:
    server, account = Mute(many()), Pocket(Simulated(NOON))
    blind = await looked(server, account)
    server.is_mute = False
    sees = await looked(server, account, blind.cursors, SHORTLY + 15 * MINUTE)
    assert len(sees.ids) == 150
    assert list(merged(covered(sees))) == [Window(NOON - 6 * HOUR, SHORTLY + 14 * MINUTE)]


async def test_without_counts_a_silence_is_believed() -> None:
    assert covered(await looked(Mute(many()), Pocket(Simulated(NOON)), counts=False)) != []


async def test_a_cursor_from_before_silence_was_measured_goes_on() -> None:
    server, account = Mute(many()), Pocket(Simulated(NOON))
    server.is_mute = False
    known = await looked(server, account)
    old = {
        name: {key: told for key, told in cursor.items() if key != "heard"} for name, cursor in known.cursors.items()
    }
    assert covered(await looked(server, account, old, SHORTLY + 15 * MINUTE)) != []


# What it costs


DAILY = Allowance("dollars a day", 5.0, "dollars")


async def left(source: Any, allowance: Allowance = DAILY) -> float:
    return float(await source._bill._account.left(allowance))


async def spent(server: X, **fields: Any) -> float:
    """Return the dollars of one run."""
    source = ask.source(searching(**fields), server)
    await ask.run(source, CAMPAIGN)
    return round(5.0 - await left(source), 6)


async def test_a_post_costs_what_the_settings_say() -> None:
    assert await spent(X(hourly(30), size=10)) == pytest.approx(0.15)
    assert await spent(X(hourly(30)), post_price=0.001) == pytest.approx(0.03)


async def test_an_author_is_charged_once() -> None:
    assert await spent(X(hourly(30)), followers=True) == pytest.approx(30 * 0.005 + 0.010)


async def test_a_question_for_counts_costs_the_same_whatever_the_answer() -> None:
    source = ask.source(SETTINGS, X())
    await ask.run(source, CAMPAIGN)
    assert 5.0 - await left(source) == pytest.approx(2 * 0.005)


async def test_a_post_is_charged_once_a_day_however_often_it_is_read() -> None:
    server, account = X(hourly(11)), Pocket(Simulated(NOON))
    for _ in range(3):  # three campaigns with one key
        await ask.run(Source(searching(), ask.client(server, account=account)), CAMPAIGN)
    assert 5.0 - await account.left(DAILY) == pytest.approx(0.055)


async def test_the_next_day_it_is_charged_again() -> None:
    server, clock = X(hourly(11)), Simulated(NOON)
    account = Pocket(clock)
    for now in (NOON, NOON + DAY):
        clock.move_to(now)
        source = Source(searching(), ask.client(server, now, account=account))
        await ask.run(source, CAMPAIGN, since=NOON - DAY, now=now)
        assert 5.0 - await account.left(DAILY) == pytest.approx(0.055)
    assert 100.0 - await account.left(Allowance("dollars a month", 100.0, period=Period.MONTH)) == pytest.approx(0.11)


async def test_the_posts_themselves_are_counted_too() -> None:
    source = ask.source(searching(), X(hourly(30)))
    await ask.run(source, CAMPAIGN)
    assert await left(source, Allowance("posts a day", 10_000)) == 9_970


async def test_what_is_left_of_a_cap_is_used_by_smaller_pages() -> None:
    server, reading = X([Shown(NOON - MINUTE * n) for n in range(2, 302)]), ask.Reading()
    with suppress(RateLimited):
        await ask.run(ask.source(searching(posts_per_day=150), server), CAMPAIGN, into=reading)
    assert [params["max_results"] for params in server.searched] == ["100", "50"]
    assert len(reading.ids) == 150


@pytest.mark.parametrize("cap", [{"dollars_per_day": 0.1}, {"dollars_per_month": 0.1}, {"posts_per_day": 20}])
async def test_nothing_is_asked_that_could_pass_a_cap(cap: dict[str, float]) -> None:
    server, reading = X(hourly(40)), ask.Reading()
    with pytest.raises(RateLimited) as raised:
        await ask.run(ask.source(searching(**cap), server), CAMPAIGN, into=reading)
    assert len(reading.ids) == 20
    assert sum(int(params["max_results"]) for params in server.searched) <= 20
    assert raised.value.retry_after == pytest.approx(DAY.total_seconds() / 2 + ("dollars_per_month" in cap) * 86_400)


async def test_what_a_cap_left_unread_follows_on_the_next_day() -> None:
    server, reading = X(hourly(40)), ask.Reading()
    with suppress(RateLimited):
        await ask.run(ask.source(searching(posts_per_day=25), server), CAMPAIGN, into=reading)
    rest = await ask.run(ask.source(searching(), server, NOON + DAY), CAMPAIGN, reading.cursors, now=NOON + DAY)
    assert len(reading.ids | rest.ids) == 40
    assert list(merged([*covered(reading), *covered(rest)])) == [Window(ask.SINCE, NOON + DAY - MINUTE)]


async def test_what_a_cap_left_out_is_counted_where_x_counts() -> None:
    server, reading = X(hourly(40)), ask.Reading()
    settings = Settings.model_validate({**SETTINGS.model_dump(), "posts_per_day": 20})
    source = ask.source(settings, server, SHORTLY)
    walks = source.walks(CAMPAIGN)
    with suppress(RateLimited):
        for walk in walks:
            async for page in source.pages(ask.Ask(walk, None, ask.SINCE, SHORTLY)):
                reading.pages.append(page)
    assert len(reading.ids) == 20
    assert sum(page.skipped for page in reading.pages) == 20


async def test_a_call_that_failed_is_given_back() -> None:
    def down(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    source = ask.source(searching(), down)
    with suppress(SourceUnavailable):
        await ask.run(source, CAMPAIGN)
    assert await left(source) == 5.0


async def test_known_posts_read_today_are_asked_again_for_nothing() -> None:
    source = ask.source(searching(), X(GOOD))
    await ask.run(source, CAMPAIGN)
    before = await left(source)
    assert len(await source.again(MARKS)) == 2
    assert await left(source) == before


async def test_known_posts_may_use_only_their_share() -> None:
    server = X(hourly(40))
    source = ask.source(searching(dollars_per_day=1.0, again_share=0.1, first_days=0.5), server)
    await ask.run(source, CAMPAIGN)
    assert source.again_at_once == 20
    assert len(await source.again([post.ids[-1] for post in server.posts[:20]])) == 20
    reading = await ask.run(source, CAMPAIGN, now=NOON)
    assert source.again_at_once is None
    assert "known posts wait" in reading.pages[-1].remark


async def test_known_posts_without_a_share_are_never_asked_and_wait_for_nothing() -> None:
    source = ask.source(searching(again_share=0.0), X(hourly(2)))
    reading = await ask.run(source, CAMPAIGN)
    assert source.again_at_once == 0
    assert not any(page.remark for page in reading.pages)


async def test_the_ledger_keeps_no_ids() -> None:
    account = Pocket(Simulated(NOON))
    await ask.run(Source(searching(), ask.client(X(GOOD), account=account)), CAMPAIGN)
    kept = await account.recall("read on 2016-04-29") or ""
    assert kept
    assert not any(mark in kept for mark in MARKS)


# Known posts


async def test_a_deleted_post_is_left_out() -> None:
    server = X([GOOD[0], replace(GOOD[1], is_gone=True)])
    assert [post.again for post in await ask.source(searching(), server).again(MARKS)] == [MARKS[0]]


async def test_a_post_that_was_edited_since_is_found_by_the_version_that_is_known() -> None:
    post = replace(GOOD[0], edited=(NOON,))
    (found,) = await ask.source(searching(), X([post])).again([post.ids[0]])
    assert (found.again, found.id) == (post.ids[0], post.ids[0])


async def test_an_answer_of_errors_only_says_that_all_are_gone() -> None:
    assert await ask.source(searching(), X()).again(MARKS) == []


async def test_a_search_that_answers_with_errors_only_is_no_silence() -> None:
    server = X(hourly(2))
    server.instead["tweets/search/recent"] = [problem(200, {"errors": [{"title": "Service Trouble"}]})]
    with pytest.raises(UnexpectedPayload, match="Service Trouble"):
        await read(server)


async def test_posts_beside_an_error_are_read() -> None:
    server = X(hourly(2))
    page = server.search({"query": "(#a) -is:retweet", "max_results": "10", "since_id": "1"}).json()
    server.instead["tweets/search/recent"] = [problem(200, {**page, "errors": [{"title": "Not Found Error"}]})]
    assert len((await read(server)).ids) == 2


# Refusals


CAPPED = {"title": "UsageCapExceeded", "type": "https://api.x.com/2/problems/usage-capped", "scope": "Product"}


async def refused(answered: httpx.Response) -> tuple[SourceError, X, Pocket]:
    """Return the error of a run that is answered so, and what a second source with the same key can use."""
    server, account = X(hourly(2)), Pocket(Simulated(NOON))
    server.instead["tweets/search/recent"] = [answered] * 3
    with pytest.raises(SourceError) as raised:
        await ask.run(Source(searching(), ask.client(server, account=account)), CAMPAIGN)
    server.instead.clear()
    return raised.value, server, account


@pytest.mark.parametrize(
    ("answered", "words", "seconds"),
    [
        (problem(402, {"title": "CreditsDepleted"}), "no credits left", 3600),
        (problem(429, {**CAPPED, "period": "Monthly"}, **{"x-rate-limit-remaining": "9"}), "month", 86_400),
        (problem(429, {**CAPPED, "period": "Daily"}), "the day", 3600),
    ],
    ids=["credits", "month", "day"],
)
async def test_an_empty_purse_parks_everybody_with_the_same_key(answered: Any, words: str, seconds: float) -> None:
    error, server, account = await refused(answered)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds
    assert words in str(error)
    with pytest.raises(RateLimited, match=words):
        await Source(searching(), ask.client(server, account=account)).again(MARKS)
    assert len(server.asked) == 1


async def test_when_the_purse_is_full_again_it_goes_on() -> None:
    _, server, account = await refused(problem(402, {"title": "CreditsDepleted"}))
    later = NOON + 61 * MINUTE
    account.clock.move_to(later)  # type: ignore[attr-defined]
    source = Source(searching(), ask.client(server, later, account=account))
    assert len((await ask.run(source, CAMPAIGN, now=later)).ids) == 2


async def test_a_key_without_a_plan_is_told_in_words() -> None:
    body = {"reason": "client-not-enrolled", "required_enrollment": "Appropriate Level of API Access"}
    error, _, _ = await refused(problem(403, body))
    assert isinstance(error, AccessRefused)
    assert "not enrolled in 'Appropriate Level of API Access'" in str(error)


async def test_haste_is_another_thing_than_a_limit() -> None:
    error, _, _ = await refused(problem(429, {"title": "Too Many Requests"}, **{"x-rate-limit-remaining": "300"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 10


async def test_a_limit_is_over_when_x_says_so() -> None:
    reset = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int((NOON + 9 * MINUTE).timestamp()))}
    error, _, _ = await refused(problem(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, **reset))
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(540, abs=2)


async def test_a_question_that_x_does_not_take_is_told_in_its_words() -> None:
    error, _, _ = await refused(problem(400, {"detail": "There were errors processing your request: missing EOF"}))
    assert isinstance(error, UnexpectedPayload)
    assert "missing EOF" in str(error)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 429, 500])
async def test_the_key_is_in_no_message(status: int) -> None:
    error, _, _ = await refused(problem(status, {"detail": f"Bearer {KEY} is wrong", "reason": KEY, "title": KEY}))
    assert KEY not in str(error)


def test_the_key_is_in_no_representation() -> None:
    assert KEY not in repr(SETTINGS)


# Settings


def test_its_name_is_known_before_there_is_a_client() -> None:
    assert Source(SETTINGS, cast("Client", None)).name == "x"


def test_the_source_is_off_until_its_terms_are_accepted() -> None:
    assert Settings(token=SecretStr(KEY)).off == "off until accept_terms = true"
    assert "protests" in (Settings.TERMS or "")


def test_a_source_that_does_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="switch on search or counts"):
        Settings(token=SecretStr(KEY), search=False, counts=False)


async def test_the_probe_says_how_much_is_used() -> None:
    assert "12 of 3000 posts" in await ask.source(SETTINGS, answer).probe()


# Recordings


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
@pytest.mark.parametrize(
    "name", ["recorded/test_client_search_recent_tweets", "recorded/test_asyncclient_search_all_tweets"]
)
def test_recorded_searches_are_read_whole(name: str) -> None:
    exchanges = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    page = exchanges[0]["json"]
    read_so = told(page)
    assert [post.again for post in read_so.posts] == [row["id"] for row in page["data"]]
    assert {post.counts for post in read_so.posts} == {Counts()}


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not here")
async def test_of_recorded_counts_only_full_hours_are_told() -> None:
    (exchange,) = json.loads(
        (RECORDINGS / "recorded/test_client_get_recent_tweets_count.json").read_text(encoding="utf-8")
    )
    rows, now = exchange["json"]["data"], datetime(2021, 9, 20, 19, 18, tzinfo=UTC)

    def recorded(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=exchange["json"])

    settings = Settings.model_validate({**SETTINGS.model_dump(), "search": False})
    reading = await ask.run(ask.source(settings, recorded, now), CAMPAIGN, since=now - 7 * DAY, now=now)
    assert len(reported(reading)) == len(rows) - 2
    assert sum(reported(reading).values()) == sum(row["tweet_count"] for row in rows[1:-1])
