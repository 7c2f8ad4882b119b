import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.model.account import Allowance, Period
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.model.words import Phrase
from monitor.sources._mediacloud_answer import query
from monitor.sources.mediacloud import PAGE_SIZE, Settings, Source
from tests.people import ALEPPO, NOON
from tests.sources import ask

# https://github.com/mediacloud/web-search: mcweb/backend/search/views.py

SETTINGS = Settings(token=SecretStr("of-a-desk"), collections=(34412234,))
CAMPAIGN = ALEPPO
MARKS = ()
Row = dict[str, Any]


def story(number: int, hours: float = 0, **fields: Any) -> Row:
    indexed = NOON + timedelta(hours=hours)
    return {
        "id": f"{number:064x}", "indexed_date": indexed.replace(tzinfo=None).isoformat(), "language": "en",
        "media_name": "news.example", "media_url": "news.example", "publish_date": indexed.date().isoformat(),
        "title": f"Aleppo, part {number}", "url": f"https://news.example/{number}", **fields,
    }  # fmt: skip


def day(date: str, matching: int = 3, every: int = 800) -> Row:
    return {"date": f"{date}T00:00:00", "count": matching, "total_count": every, "ratio": matching / every}


@dataclass
class MediaCloud:
    """Plays the search: stories by the moment of indexing that the question names, in pages, and counts by day."""

    stories: list[Row] = field(default_factory=lambda: [story(1, -1), story(2, -5), story(3, -30), story(4, -60)])
    days: list[Row] = field(default_factory=lambda: [day("2016-04-27"), day("2016-04-28", 41, 7904)])
    at_once: int = PAGE_SIZE
    total: int = 9000
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path == "/api/sources/collections/":
            return httpx.Response(200, json={"count": 412, "next": None, "previous": None, "results": []})
        if request.url.path == "/api/search/count-over-time":
            return httpx.Response(200, json={"count_over_time": {"counts": self.days, "normalized_total": self.total}})
        params = request.url.params
        after = re.search(r"indexed_date:\[(\S+) TO \*\]", params["q"])
        assert after
        found = [row for row in self.stories if row["indexed_date"] >= after[1]]
        found.sort(key=lambda row: row["indexed_date"])
        start = int(told) if (told := params.get("pagination_token", "0")).isdecimal() else len(found)
        page = found[start : start + self.at_once]
        token = str(start + self.at_once) if len(page) == self.at_once else None
        return httpx.Response(200, json={"stories": page, "pagination_token": token})

    def asked_at(self, door: str) -> list[httpx.QueryParams]:
        return [request.url.params for request in self.asked if request.url.path.endswith(door)]


def answer(request: httpx.Request) -> httpx.Response:
    return MediaCloud()(request)


def damaged(request: httpx.Request) -> httpx.Response:
    cloud = MediaCloud()
    cloud.stories[0]["url"] = None
    return cloud(request)


def unreadable(request: httpx.Request) -> httpx.Response:
    return MediaCloud([{**row, "url": None} for row in MediaCloud().stories])(request)


async def run(cloud: Any, settings: Settings = SETTINGS, **options: Any) -> ask.Reading:
    return await ask.run(ask.source(settings, cloud), CAMPAIGN, **options)


def refusing(status: int, **body: Any) -> ask.Answers:
    return lambda _request: httpx.Response(status, content=json.dumps({"status": "error", **body}))


# Stories


async def test_a_story_is_told_in_our_words() -> None:
    [found] = (await run(MediaCloud([story(1, -1, language="ar", title="آلاف في  حلب")]))).mentions
    assert (found.title, found.outlet, found.language, found.created_at, found.dated) == (
        "آلاف في حلب", "news.example", "ar", NOON - timedelta(hours=1), False
    )  # fmt: skip


@pytest.mark.parametrize(
    ("published", "created"),
    [
        ("2016-04-29", NOON - timedelta(hours=1)),
        ("2016-04-28", datetime(2016, 4, 28, 12, tzinfo=UTC)),
        ("2016-05-03", NOON - timedelta(hours=1)),
        (None, NOON - timedelta(hours=1)),
        ("soon", NOON - timedelta(hours=1)),
    ],
)
async def test_a_story_indexed_late_counts_on_its_day(published: str | None, created: datetime) -> None:
    [found] = (await run(MediaCloud([story(1, -1, publish_date=published)]))).mentions
    assert found.created_at == created


@pytest.mark.parametrize("indexed", ["2016-04-29 11:00:00.482913", "2016-04-29T11:00:00"])
async def test_the_moment_of_indexing_is_read_in_both_forms(indexed: str) -> None:
    assert (await run(MediaCloud([story(1, indexed_date=indexed)]))).ids


async def test_pages_are_read_to_the_last_which_has_no_token() -> None:
    cloud = MediaCloud([story(number, -number) for number in range(1, 26)], at_once=10)
    reading = await run(cloud)
    assert len(reading.ids) == 25
    assert [params.get("pagination_token") for params in cloud.asked_at("story-list")] == [None, "10", "20"]


async def test_only_the_last_page_tells_that_the_time_is_covered() -> None:
    reading = await run(MediaCloud([story(number, -number) for number in range(1, 16)], at_once=10))
    assert [page.covered for page in reading.pages] == [None, Window(ask.SINCE, NOON), None]


async def test_a_token_that_repeats_itself_ends_the_walk() -> None:
    def repeating(request: httpx.Request) -> httpx.Response:
        if "story-list" in request.url.path:
            return httpx.Response(200, json={"stories": [story(1, -1)], "pagination_token": "same"})
        return answer(request)

    reading = await run(repeating)
    assert len(reading.pages) == 3


async def test_the_next_run_goes_on_six_hours_before_the_last_story() -> None:
    cloud = MediaCloud()
    first = await run(cloud)
    await run(cloud, cursors=first.cursors, now=NOON + timedelta(hours=2))
    assert "indexed_date:[2016-04-29T05:00:00 TO *]" in cloud.asked_at("story-list")[-1]["q"]


async def test_other_words_are_looked_for_from_the_beginning() -> None:
    cloud = MediaCloud()
    first = await run(cloud)
    other = replace(CAMPAIGN, phrases=(Phrase("Homs"),))
    await ask.run(ask.source(SETTINGS, cloud), other, first.cursors)
    assert "indexed_date:[2016-04-27T12:00:00 TO *]" in cloud.asked_at("story-list")[-1]["q"]


async def test_stories_published_two_weeks_ago_and_indexed_now_are_asked_for() -> None:
    cloud = MediaCloud()
    await run(cloud)
    [params] = cloud.asked_at("story-list")
    assert (params["start"], params["end"], params["sort_order"]) == ("2016-04-15", "2016-04-30", "asc")
    assert (params["cs"], params["platform"], params.get("ss")) == ("34412234", "onlinenews-mediacloud", None)


# Its own counts


def days_of(reading: ask.Reading, metric: Metric) -> dict[datetime, float]:
    return {one.start: one.value for page in reading.pages for one in page.reported if one.metric is metric}


async def test_days_are_told_with_all_stories_of_the_day() -> None:
    told = await run(MediaCloud())
    assert days_of(told, Metric.ALL_ARTICLES) == {
        datetime(2016, 4, 26, 21, tzinfo=UTC): 800,
        datetime(2016, 4, 27, 21, tzinfo=UTC): 7904,
    }
    assert {(one.subject, one.seconds) for page in told.pages for one in page.reported} == {("index/mediacloud", 86400)}


async def test_a_day_that_is_over_and_not_told_had_no_story_and_today_is_not_over() -> None:
    cloud = MediaCloud(days=[day("2016-04-28", 41), day("2016-04-29", 2)])
    matching = days_of(await run(cloud), Metric.REPORTED_ARTICLES)
    assert len(matching) == 14
    assert sum(matching.values()) == 41


async def test_collections_that_hold_nothing_are_wrong_ids() -> None:
    with pytest.raises(AccessRefused, match="check their ids"):
        await run(MediaCloud(days=[], total=0))


# Errors, most of which come as 400


async def test_what_is_called_temporary_passes() -> None:
    with pytest.raises(SourceUnavailable, match="the next run asks again"):
        await run(refusing(400, note="Search service is currently unavailable.", temporary=True))


async def test_a_used_up_quota_is_a_limit() -> None:
    with pytest.raises(RateLimited, match="renewed on Monday"):
        await run(refusing(400, note="You have used up your quota of 4000 for this week"))


@pytest.mark.parametrize(("status", "note"), [(400, "parse error at 7"), (422, "No sources found")])
async def test_a_question_it_does_not_accept_is_for_a_person(status: int, note: str) -> None:
    with pytest.raises(AccessRefused, match="check the words and ids"):
        await run(refusing(status, note=note))


async def test_every_call_that_fails_is_one_of_the_week_and_a_look_is_none():
    client = ask.client(lambda _: httpx.Response(503))
    with pytest.raises(SourceUnavailable):
        await ask.run(Source(SETTINGS, client), CAMPAIGN)
    with pytest.raises(SourceUnavailable):
        await Source(SETTINGS, client).probe()
    assert await client.account.left(Allowance("calls a week", 4000, period=Period.WEEK)) == 3997


async def test_the_weeks_calls_are_counted_and_end_before_the_quota_does() -> None:
    asked = Source(SETTINGS.model_copy(update={"weekly_calls": 3}), ask.client(cloud := MediaCloud()))
    await ask.run(asked, CAMPAIGN)
    with pytest.raises(RateLimited, match="calls a week"):
        await ask.run(asked, CAMPAIGN)
    assert len(cloud.asked) == 3


async def test_counts_that_are_none_are_no_zero() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}) if "count" in request.url.path else answer(request)

    with pytest.raises(UnexpectedPayload, match="without counts"):
        await run(broken)


async def test_the_token_is_sent_and_never_shown() -> None:
    cloud = MediaCloud()
    await run(cloud)
    assert {request.headers["authorization"] for request in cloud.asked} == {"Token of-a-desk"}
    with pytest.raises(AccessRefused) as raised:
        await run(lambda request: httpx.Response(401, json={"detail": f"no {request.headers['authorization']}"}))
    assert "of-a-desk" not in str(raised.value)


async def test_the_probe_costs_nothing() -> None:
    said = await ask.source(SETTINGS, cloud := MediaCloud()).probe()
    assert "1 of its collections" in said
    assert "4,000 calls are left" in said
    assert cloud.asked_at("story-list") == []


# Questions and settings


@pytest.mark.parametrize(
    ("words", "excluded", "asked"),
    [
        (["Aleppo", "حلب"], [], '"Aleppo" OR "حلب"'),
        (["#Save_Aleppo"], [], '"Save Aleppo"'),
        (['a "quoted" /word*'], [], '"a quoted word"'),
        (["Homs", "Homs"], ["hummus recipe"], '("Homs") AND NOT ("hummus recipe")'),
        (["!"], [], ""),
    ],
)
def test_words_are_quoted_so_that_none_is_an_operator(words: list[str], excluded: list[str], asked: str) -> None:
    assert query(words, excluded) == asked


async def test_a_campaign_without_words_says_so() -> None:
    with pytest.raises(AccessRefused, match="no word that can be searched"):
        await run(MediaCloud(), SETTINGS.model_copy(update={"words": ("!",)}))


def test_without_a_collection_nothing_is_searched() -> None:
    with pytest.raises(ValidationError, match="at least one id"):
        Settings(token=SecretStr("x"))


def test_it_is_off_until_its_terms_are_accepted() -> None:
    assert SETTINGS.off
    assert SETTINGS.model_copy(update={"accept_terms": True}).off is None
