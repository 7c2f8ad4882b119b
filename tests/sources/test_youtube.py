import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from pydantic import SecretStr

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.collect.observe import OBSERVED_FOR
from monitor.collect.page import KEEP, kept_for
from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.client import Client
from monitor.fetch.pocket import Pocket
from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Counts, Post
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome, Run
from monitor.model.window import Resolution, Window, merged
from monitor.sources import platforms
from monitor.sources._youtube_door import Quotas
from monitor.sources.youtube import Settings, Source
from monitor.store import causes, series
from monitor.store.ladder import FORGOTTEN_AFTER
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask

# Written from the reference of YouTube's Data API v3 (as of August 2026); every payload is made up.
KEY = "AIza-a-secret-key"
SETTINGS = Settings(key=SecretStr(KEY), accept_terms=True)
CAMPAIGN = ALEPPO
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Video:
    """What a test cares about of a video."""

    id: str
    at: datetime
    title: str = "Now #SaveAleppo"
    description: str = ""
    statistics: dict[str, Any] = field(
        default_factory=lambda: {"viewCount": "1200", "likeCount": "30", "commentCount": "4"}
    )
    channel: str = "UC-a"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def found(self) -> dict[str, Any]:
        shown = {"publishedAt": iso(self.at), "title": html.escape(self.title), "description": self.description[:20]}
        return {"id": {"kind": "youtube#video", "videoId": self.id}, "snippet": shown}

    @property
    def whole(self) -> dict[str, Any]:
        texts = {"title": self.title, "description": self.description, "channelId": self.channel, **self.extra}
        return {"id": self.id, "snippet": {"publishedAt": iso(self.at), **texts}, "statistics": self.statistics}

    @property
    def counted(self) -> dict[str, Any]:
        return {"id": self.id, "snippet": {"publishTime": iso(self.at)}, "statistics": self.statistics}


class YouTube:
    """Plays the API; `asked` keeps the questions, `instead` what is answered at the next one for a path."""

    def __init__(self, videos: Iterable[Video] = (), *, size: int = 50) -> None:
        self.videos, self.size = sorted(videos, key=lambda video: video.at, reverse=True), size
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.instead: dict[str, list[httpx.Response]] = {}
        self.subscribers: dict[str, dict[str, Any]] = {"UC-a": {"subscriberCount": "12300"}}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["x-goog-api-key"] == KEY
        assert KEY not in str(request.url)
        path, params = request.url.path.removeprefix("/youtube/v3/"), dict(request.url.params)
        self.asked.append((path, params))
        if self.instead.get(path):
            return self.instead[path].pop(0)
        doors = {
            "search": self.search,
            "videos": self.listed,
            "videos:batchGetStats": self.bulk,
            "channels": self.channels,
        }
        return doors[path](params) if path in doors else httpx.Response(404)

    def search(self, params: dict[str, str]) -> httpx.Response:
        after, before = params["publishedAfter"], params.get("publishedBefore", "3000")
        words = [word.removeprefix("#") for word in params["q"].lower().split("|")]
        found = [
            v
            for v in self.videos
            if any(w in f"{v.title} {v.description}".lower() for w in words) and after <= iso(v.at) < before
        ]
        if not re.fullmatch("[0-9]{1,6}", token := params.get("pageToken", "0")):
            return problem(400, "invalidPageToken")
        first = int(token)
        page = found[first : first + self.size]
        more = {"nextPageToken": str(first + self.size)} if len(found) > first + self.size else {}
        return listing("searchListResponse", [video.found for video in page], **more)

    def listed(self, params: dict[str, str]) -> httpx.Response:
        return listing("videoListResponse", [video.whole for video in self.wanted(params)])

    def bulk(self, params: dict[str, str]) -> httpx.Response:
        return listing("batchGetStatsResponse", [video.counted for video in self.wanted(params)])

    def wanted(self, params: dict[str, str]) -> list[Video]:
        ids = params.get("id", self.videos[0].id if self.videos else "").split(",")
        assert len(ids) <= 50
        return [video for video in self.videos if video.id in ids]

    def channels(self, params: dict[str, str]) -> httpx.Response:
        found = [{"id": own, "statistics": self.subscribers[own]} for own in params["id"].split(",")]
        return listing("channelListResponse", found)

    def calls(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


def listing(kind: str, items: list[Any], **fields: Any) -> httpx.Response:
    """Return a list as YouTube sends it: without `items` when there are none."""
    total = {"pageInfo": {"totalResults": 1834, "resultsPerPage": 50}}
    return httpx.Response(
        200, json={"kind": f"youtube#{kind}", **total, **fields, **({"items": items} if items else {})}
    )


def iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def problem(status: int, reason: str, message: str = "no") -> httpx.Response:
    errors = [{"message": message, "domain": "youtube.quota", "reason": reason}]
    return httpx.Response(status, json={"error": {"code": status, "message": message, "errors": errors}})


GOOD = [Video(f"video{number}", NOON - HOUR * number) for number in range(1, 5)]
MARKS = ("video2 SaveAleppo", "video1 SaveAleppo")


class Loose(YouTube):
    """A YouTube that also finds what was published before the window."""

    def search(self, params: dict[str, str]) -> httpx.Response:
        return super().search({**params, "publishedAfter": "2000"})


def answer(request: httpx.Request) -> httpx.Response:
    return Loose([*GOOD, Video("old", NOON - DAY * 6)], size=3)(request)


def damaged(request: httpx.Request) -> httpx.Response:
    reply = answer(request)
    return httpx.Response(reply.status_code, content=reply.content.replace(b'"id":"video2"', b'"id":null'))


def unreadable(request: httpx.Request) -> httpx.Response:
    content = answer(request).content
    for name in (b"publishedAt", b"publishTime"):
        content = content.replace(name, b"when")
    return httpx.Response(200, content=content)


TEN = timedelta(minutes=10)
ONE_TAG = replace(CAMPAIGN, families=(Family("SaveAleppo", ("savealeppo",)),))


def posts_of(reading: ask.Reading) -> list[Post]:
    return [mention for mention in reading.mentions if isinstance(mention, Post)]


def covered(reading: ask.Reading) -> list[Window]:
    return list(merged(page.covered for page in reading.pages if page.covered))


def given(**fields: Any) -> Settings:
    return Settings.model_validate({**SETTINGS.model_dump(), **fields})


def asking(server: YouTube, now: datetime = NOON, account: Pocket | None = None, **fields: Any) -> Source:
    return Source(given(**fields), ask.client(server, now, account=account))


async def read(server: YouTube, cursors: Any = None, now: datetime = NOON, **fields: Any) -> ask.Reading:
    """Return what one run of a campaign with one spelling reads; the ledger is new."""
    return await ask.run(asking(server, now, **fields), ONE_TAG, cursors, now=now)


def hourly(many: int, **fields: Any) -> list[Video]:
    """Return videos an hour apart, the last an hour before NOON."""
    return [Video(f"v{hours}", NOON - HOUR * hours, **fields) for hours in range(1, many + 1)]


# What a video says


async def one(**fields: Any) -> Post:
    """Return the post that a video with these fields is read as."""
    (post,) = posts_of(await read(YouTube([replace(GOOD[0], **fields)])))
    return post


async def test_counters_are_strings() -> None:
    assert (await one()).counts == Counts(impressions=1200, likes=30, replies=4)


async def test_counters_may_become_numbers() -> None:
    assert (await one(statistics={"viewCount": 7})).counts.impressions == 7


@pytest.mark.parametrize("told", ["", "many", "-1", "1.5", "٣", "9" * 30, None, True])
async def test_what_is_no_counter_is_unknown(told: Any) -> None:
    assert (await one(statistics={"viewCount": told})).counts.impressions is None


async def test_hidden_likes_and_closed_comments_are_unknown() -> None:
    assert (await one(statistics={"viewCount": "5"})).counts == Counts(impressions=5)


async def test_a_live_stream_that_has_not_begun_has_no_counters() -> None:
    assert (await one(statistics={})).counts == Counts()


async def test_hashtags_are_cut_from_the_title_and_the_whole_description() -> None:
    assert (await one(description="#أنقذوا_حلب and #SaveAleppo")).tags == ("SaveAleppo", "أنقذوا_حلب")


async def test_what_search_escapes_is_read_as_it_was_written() -> None:
    assert "&#x27;" in Video("v", NOON, title="Reader's #SaveAleppo").found["snippet"]["title"]
    assert (await one(title="Reader's & week #SaveAleppo")).tags == ("SaveAleppo",)


async def test_of_too_many_hashtags_none_counts() -> None:
    many = " ".join(f"#tag{letter}x{number}" for letter in "abcdef" for number in range(10))
    assert (await one(description=many)).tags == ()
    (post,) = posts_of(await read(YouTube([replace(GOOD[0], description=many)]), most_hashtags=61))
    assert len(post.tags) == 61


async def test_a_language_is_that_of_the_sound_else_of_the_text() -> None:
    assert (await one(extra={"defaultLanguage": "en", "defaultAudioLanguage": "ar-SY"})).language == "ar"
    assert (await one(extra={"defaultLanguage": "en"})).language == "en"


async def test_subscribers_are_those_of_the_channel() -> None:
    assert ((await one()).author, (await one()).followers) == ("UC-a", 12_300)


async def test_hidden_subscribers_are_unknown() -> None:
    server = YouTube([GOOD[0]])
    server.subscribers["UC-a"] = {"subscriberCount": "0", "hiddenSubscriberCount": True}
    assert posts_of(await read(server))[0].followers is None


async def test_subscribers_are_left_alone_where_they_are_not_wanted_or_units_are_short() -> None:
    for fields in ({"followers": False}, {"units_per_day": 900}):
        server = YouTube([GOOD[0]])
        assert posts_of(await read(server, **fields))[0].followers is None
        assert server.calls("channels") == 0


# Searching


async def test_every_spelling_is_searched_for_newest_first() -> None:
    server = YouTube(GOOD)
    await ask.run(asking(server), CAMPAIGN)
    searches = [params for path, params in server.asked if path == "search"]
    assert [params["q"] for params in searches] == ["#savealeppo", "#أنقذوا_حلب", "#انقذوا_حلب"]
    assert {params["order"] for params in searches} == {"date"}
    assert {params["safeSearch"] for params in searches} == {"none"}


async def test_several_spellings_may_share_a_search() -> None:
    server = YouTube(GOOD)
    await ask.run(asking(server, together=2), CAMPAIGN)
    assert [params["q"] for path, params in server.asked if path == "search"] == [
        "#savealeppo|#أنقذوا_حلب",
        "#انقذوا_حلب",
    ]


async def test_a_search_that_came_to_its_end_covers_its_whole_window() -> None:
    assert covered(await read(YouTube(hourly(5)))) == [Window(ask.SINCE, NOON - TEN)]


async def test_finding_nothing_is_an_answer_though_items_are_missing() -> None:
    reading = await read(YouTube())
    assert (reading.mentions, covered(reading)) == ([], [Window(ask.SINCE, NOON - TEN)])


async def test_a_search_that_was_cut_off_covers_only_what_it_reached() -> None:
    reading = await read(YouTube(hourly(30), size=10))
    assert len(reading.ids) == 20
    assert covered(reading) == [Window(NOON - 20 * HOUR, NOON - TEN)]
    assert reading.pages[-1].truncated


async def test_more_pages_reach_further() -> None:
    assert len((await read(YouTube(hourly(30), size=10), search_pages=3)).ids) == 30


async def test_a_page_that_repeats_is_read_once_and_ends_the_search() -> None:
    server = YouTube(hourly(30), size=10)
    page = server.search({"q": "#savealeppo", "publishedAfter": "2000"})
    server.instead["search"] = [page, httpx.Response(200, content=page.content)]
    reading = await read(server, search_pages=5)
    assert (len(reading.mentions), server.calls("search"), server.calls("videos")) == (10, 2, 1)
    assert reading.pages[-1].truncated


async def test_an_empty_page_that_leads_on_is_not_the_end() -> None:
    server = YouTube(hourly(3))
    server.instead["search"] = [listing("searchListResponse", [], nextPageToken="0")]
    assert len((await read(server)).ids) == 3


async def test_a_full_page_without_a_next_one_is_not_believed_to_be_all() -> None:
    reading = await read(YouTube([Video(f"v{n}", NOON - HOUR - n * TEN) for n in range(50)]))
    assert reading.pages[-1].truncated


async def test_a_mark_of_a_page_that_is_not_known_ends_the_search_there() -> None:
    server = YouTube(hourly(30), size=10)
    page = server.search({"q": "#savealeppo", "publishedAfter": "2000"})
    server.instead["search"] = [page, problem(400, "invalidPageToken")]
    reading = await read(server)
    assert len(reading.ids) == 10
    assert covered(reading) == [Window(NOON - 10 * HOUR, NOON - TEN)]


async def test_a_private_video_is_left_out_without_a_word() -> None:
    server = YouTube(hourly(3))
    server.instead["videos"] = [listing("videoListResponse", [video.whole for video in server.videos[1:]])]
    assert (await read(server)).ids == {"v2", "v3"}


async def test_the_next_search_goes_a_day_into_what_is_known() -> None:
    server = YouTube(hourly(3))
    first = await read(server)
    await read(server, first.cursors, NOON + HOUR)
    assert server.asked[-3][1]["publishedAfter"] == iso(NOON - TEN - DAY)


async def test_once_a_day_it_goes_a_week_back() -> None:
    server = YouTube(hourly(3))
    first = await read(server)
    later = NOON + DAY
    await ask.run(asking(server, later), ONE_TAG, first.cursors, since=NOON - 30 * DAY, now=later)
    searches = [params for path, params in server.asked if path == "search"]
    assert searches[-1]["publishedAfter"] == iso(later - 7 * DAY)


async def test_a_wide_look_that_was_cut_off_below_what_is_known_is_no_loss() -> None:
    server = YouTube(hourly(40), size=10)
    first = await read(server)
    later = NOON + DAY  # nothing new in a day
    reading = await read(server, first.cursors, later)
    assert len(reading.ids) == 20
    assert not any(page.truncated for page in reading.pages)


# Buckets


QUOTAS = Quotas.of(100, 10_000, 10_000)


async def searched(source: Source, server: YouTube, campaign: Campaign, now: datetime) -> int:
    """Return how many searches one run makes."""
    before = server.calls("search")
    await ask.run(source, campaign, now=now)
    return server.calls("search") - before


@pytest.mark.parametrize(("month", "hour"), [(1, 8), (7, 7)], ids=["winter", "summer"])
def test_a_day_begins_at_midnight_in_california(month: int, hour: int) -> None:
    noon = datetime(2026, month, 10, 12, tzinfo=UTC)
    assert QUOTAS.searches.window(noon).start == noon.replace(hour=hour)


def test_the_day_of_the_clock_change_is_an_hour_shorter() -> None:
    assert QUOTAS.searches.window(datetime(2026, 3, 8, 20, tzinfo=UTC)).length == timedelta(hours=23)


async def test_searches_are_spread_over_the_day() -> None:
    many = replace(CAMPAIGN, families=(Family("A", tuple(f"tag{n}" for n in range(40))),))
    midnight = QUOTAS.searches.window(NOON).start
    clock, server = Simulated(midnight), YouTube()
    source, made_of = asking(server, account=Pocket(clock)), []
    for hour in range(24):
        clock.move_to(midnight + hour * HOUR)
        made_of.append(await searched(source, server, many, clock.now()))
    assert sum(made_of) == 100
    assert max(made_of) <= 8
    assert min(made_of[:-1]) >= 4


async def test_a_small_bucket_is_still_used() -> None:
    midnight = QUOTAS.searches.window(NOON).start
    server = YouTube()
    assert await searched(asking(server, midnight, searches_per_day=3), server, CAMPAIGN, midnight) == 1


async def test_a_search_that_is_not_due_covers_nothing() -> None:
    server, account = YouTube(hourly(3)), Pocket(Simulated(NOON))
    await account.take({QUOTAS.searches: 60})
    reading = await ask.run(asking(server, account=account), CAMPAIGN)
    assert (reading.pages, server.asked) == ([], [])


async def test_used_up_searches_are_told() -> None:
    account = Pocket(Simulated(NOON))
    await account.take({QUOTAS.searches: 100})
    reading = await ask.run(asking(YouTube(), account=account), ONE_TAG)
    assert "midnight in California" in reading.pages[0].remark
    assert covered(reading) == []


EMPTY = {"reason": "quotaExceeded", "message": "The request cannot be completed because you have exceeded your quota."}


async def test_a_quota_that_youtube_calls_used_up_is_used_up_for_everybody_with_the_key() -> None:
    server, account = YouTube(hourly(3)), Pocket(Simulated(NOON))
    server.instead["search"] = [problem(403, **EMPTY)]
    for _ in range(2):
        reading = await ask.run(asking(server, account=account), CAMPAIGN)
        assert reading.mentions == []
    assert server.calls("search") == 1
    assert await account.left(QUOTAS.searches) == 0


async def test_every_call_that_youtube_fails_to_answer_is_one_of_the_day() -> None:
    account = Pocket(Simulated(NOON))
    failing = Source(given(), ask.client(lambda _: httpx.Response(503), account=account))
    with pytest.raises(SourceUnavailable):
        await failing.again(MARKS)
    assert await account.left(QUOTAS.statistics) == 9_997


async def test_one_empty_bucket_stops_no_other() -> None:
    server, account = YouTube(GOOD), Pocket(Simulated(NOON))
    server.instead["search"] = [problem(403, **EMPTY)]
    source = asking(server, account=account)
    await ask.run(source, CAMPAIGN)
    assert len(await source.again(MARKS)) == 2
    assert await account.left(QUOTAS.statistics) == 9_999


async def test_after_midnight_in_california_it_goes_on() -> None:
    clock, server = Simulated(NOON), YouTube(hourly(3))
    server.instead["search"] = [problem(403, **EMPTY)]
    account = Pocket(clock)
    await ask.run(asking(server, account=account), ONE_TAG)
    clock.move_to(QUOTAS.searches.window(NOON).end)
    reading = await ask.run(asking(server, clock.now(), account), ONE_TAG, now=clock.now())
    assert len(reading.ids) == 3


async def test_a_limit_per_day_in_the_new_style_is_a_used_up_bucket_too() -> None:
    server, account = YouTube(hourly(3)), Pocket(Simulated(NOON))
    words = "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day'"
    error = {
        "code": 429,
        "message": words,
        "status": "RESOURCE_EXHAUSTED",
        "details": [{"reason": "RATE_LIMIT_EXCEEDED"}],
    }
    server.instead["search"] = [httpx.Response(429, json={"error": error})]
    await ask.run(asking(server, account=account), ONE_TAG)
    assert await account.left(QUOTAS.searches) == 0


async def test_a_limit_per_minute_is_waited_for() -> None:
    server, account = YouTube(hourly(3)), Pocket(Simulated(NOON))
    server.instead["search"] = [problem(403, "rateLimitExceeded")]
    with pytest.raises(RateLimited) as raised:
        await ask.run(asking(server, account=account), ONE_TAG)
    assert raised.value.retry_after == 60
    assert await account.left(QUOTAS.searches) == 99


async def test_every_call_counts_whatever_the_answer() -> None:
    server, account = YouTube(hourly(3)), Pocket(Simulated(NOON))
    server.instead["search"] = [problem(400, "badRequest")]
    with pytest.raises(SourceError):
        await ask.run(asking(server, account=account), ONE_TAG)
    assert await account.left(QUOTAS.searches) == 99


# Known videos


async def test_statistics_are_asked_for_in_bulk_with_the_hashtags_that_are_known() -> None:
    server = YouTube(GOOD)
    posts = await asking(server).again(["video1 SaveAleppo أنقذوا_حلب"])
    assert [(post.id, post.tags, post.counts.impressions) for post in posts] == [
        ("video1", ("SaveAleppo", "أنقذوا_حلب"), 1200)
    ]
    assert [path for path, _ in server.asked] == ["videos:batchGetStats"]


async def test_a_mark_holds_the_campaigns_hashtags_and_no_other() -> None:
    (post,) = posts_of(await read(YouTube([replace(GOOD[0], description="#cats #SAVEALEPPO")])))
    assert post.again == "video1 SaveAleppo SAVEALEPPO"


@pytest.mark.parametrize("refusal", [httpx.Response(404), problem(403, "forbidden"), problem(403, **EMPTY)])
async def test_where_there_is_no_bulk_call_videos_are_asked_for(refusal: httpx.Response) -> None:
    server = YouTube(GOOD)
    server.instead["videos:batchGetStats"] = [refusal]
    source = asking(server)
    assert {post.again for post in await source.again(MARKS)} == set(MARKS)
    await source.again(MARKS)
    assert [path for path, _ in server.asked] == ["videos:batchGetStats", "videos", "videos"]


async def test_a_video_that_is_gone_is_left_out() -> None:
    assert [post.id for post in await asking(YouTube(GOOD[:1])).again(MARKS)] == ["video1"]


async def test_all_of_them_may_be_gone() -> None:
    assert await asking(YouTube()).again(MARKS) == []


# Refusals


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (400, "keyInvalid", "copy it again"),
        (403, "accessNotConfigured", "switch on the YouTube Data API"),
        (403, "ipRefererBlocked", "restricted to other machines"),
        (403, "forbidden", "refuses us"),
    ],
)
async def test_what_a_person_must_do_is_told_in_words(status: int, reason: str, words: str) -> None:
    server = YouTube()
    server.instead["search"] = [problem(status, reason)]
    with pytest.raises(AccessRefused, match=words):
        await read(server)


async def test_a_wrong_key_is_seen_in_the_new_style_too() -> None:
    server = YouTube()
    error = {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}
    server.instead["search"] = [httpx.Response(400, json={"error": error})]
    with pytest.raises(AccessRefused, match="does not know this key"):
        await read(server)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_the_key_is_in_no_message_though_errors_quote_it(status: int) -> None:
    server = YouTube()
    said = f"Permission denied: Consumer 'api_key:{KEY}' at https://www.googleapis.com/youtube/v3/search?key={KEY}"
    server.instead["search"] = [problem(status, f"because of {KEY}", said)] * 3
    with pytest.raises(SourceError) as raised:
        await read(server)
    assert KEY not in str(raised.value)
    assert KEY not in repr(SETTINGS)


async def test_the_key_is_not_carried_to_another_server() -> None:
    def moved(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "www.googleapis.com" or "x-goog-api-key" not in request.headers
        return httpx.Response(302, headers={"location": f"https://elsewhere.example/{request.url.host}"})

    with pytest.raises(UnexpectedPayload):
        await ask.run(ask.source(SETTINGS, moved), ONE_TAG)


# Blindness


async def test_the_canary_sings_when_a_common_word_is_found() -> None:
    server = YouTube([Video("n", NOON - HOUR, title="news")])
    source = asking(server)
    await ask.run(source, ONE_TAG)
    assert await source.canary() is True
    server.videos.clear()
    assert await source.canary() is False


async def test_the_canary_is_silent_where_searches_are_short_or_it_is_switched_off() -> None:
    account = Pocket(Simulated(NOON))
    await account.take({QUOTAS.searches: 60})
    for source in (asking(YouTube(), account=account), asking(YouTube(), canary="")):
        await ask.run(source, ONE_TAG)
        assert await source.canary() is None


async def test_the_probe_spends_no_search() -> None:
    server = YouTube(GOOD)
    assert "100 of the day's 100 searches" in await asking(server).probe()
    assert server.calls("search") == 0


# In the store


async def collected(store: Store, server: YouTube, clock: Simulated) -> Run:
    return await collect(store, asking(server, clock.now(), Pocket(clock)), ONE_TAG, clock)


async def views(store: Store, now: datetime) -> float:
    frame = await series.frame(
        store, ALEPPO.slug, subjects=[WHOLE], platforms=["youtube"], metrics=[Metric.IMPRESSIONS],
        window=Window(NOON - DAY, NOON + DAY), resolution=Resolution.HOUR, zone=ALEPPO.zone, now=now,
    )  # fmt: skip
    return float(frame.values.fillna(0).to_numpy().sum())


async def test_views_that_fall_change_nothing(store: Store) -> None:
    clock, server = Simulated(NOON), YouTube(GOOD[:1])
    await collected(store, server, clock)
    server.videos = [replace(GOOD[0], statistics={"viewCount": "900"})]
    clock.move_to(NOON + 2 * HOUR)
    run = await collected(store, server, clock)
    assert (run.outcome, run.new, await views(store, clock.now())) == (Outcome.OK, 0, 1200)


async def test_an_empty_bucket_leaves_a_gap_and_known_videos_are_asked(store: Store) -> None:
    clock, server = Simulated(NOON), YouTube(GOOD[:1])
    await collected(store, server, clock)
    server.videos = [replace(GOOD[0], statistics={"viewCount": "1500"})]
    server.instead["search"] = [problem(403, **EMPTY)]
    clock.move_to(NOON + 2 * HOUR)
    run = await collected(store, server, clock)
    assert (run.outcome, run.retry_at) == (Outcome.TRUNCATED, None)
    assert "used up" in run.message
    assert await views(store, clock.now()) == 1500


async def lived(store: Store) -> list[bytes]:
    """Return the keys of the store that hold something of a single video, after all that has a life has lost it."""
    names = await store.redis.keys(f"{store.keys.of(ALEPPO.slug)}*")
    single = [name for name in names if any(kind in name for kind in (b":st:", b":due:", b":largest:"))]
    mortal = {name: await store.redis.ttl(name) for name in single}
    assert len(mortal) == 6  # state, mark, and one of the largest of an hour in views and in engagement, with its link
    assert all(0 < seconds <= Settings.FORGET_AFTER.total_seconds() for seconds in mortal.values())  # type: ignore[union-attr]
    for name in mortal:
        await store.redis.pexpire(name, 1)
    while left := await store.redis.exists(*mortal):
        assert left
    return [name for name in names if await store.redis.exists(name)]


async def test_what_is_known_of_a_video_ends_within_thirty_days_and_our_sums_stay(store: Store) -> None:
    await collected(store, YouTube(GOOD[:1]), Simulated(NOON))
    for name in await lived(store):
        assert b"video1" not in name
        kept = await store.redis.dump(name) or b""
        assert b"video1" not in kept
        assert b"UC-a" not in kept
    assert await views(store, NOON + HOUR) == 1200


@pytest.mark.parametrize("platform", [name for name, one in platforms().items() if one.Settings.FORGET_AFTER])
def test_no_life_in_the_store_is_longer_than_the_terms_of_a_platform(platform: str) -> None:
    limit = platforms()[platform].Settings.FORGET_AFTER
    assert limit
    assert kept_for(platform) <= limit
    assert OBSERVED_FOR + kept_for(platform) <= limit  # written for the last time, and forgotten
    assert limit >= OBSERVED_FOR + causes.KEPT
    assert timedelta(seconds=FORGOTTEN_AFTER) <= limit


def test_platforms_without_such_terms_are_kept_as_ever() -> None:
    assert kept_for("mastodon") == kept_for("none such") == KEEP


def test_its_name_is_known_before_there_is_a_client() -> None:
    assert Source(SETTINGS, cast("Client", None)).name == "youtube"


def test_the_source_is_off_until_its_terms_are_accepted() -> None:
    assert Settings(key=SecretStr(KEY)).off == "off until accept_terms = true"
    assert "30 days" in (Settings.TERMS or "")
