import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.model.mention import Counts, Post
from monitor.sources.tiktok import MOST_PAGES, Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask

SETTINGS = Settings(client_key="awabcdef", client_secret="hush-hush", accept_terms=True)
CAMPAIGN = ALEPPO
LATE = timedelta(days=3)
SINCE = NOON - timedelta(days=6)
FIRST = 7572345678901234567
MARKS = (f"{FIRST + 1}@2016-04-28", f"{FIRST + 2}@2016-04-28")
TROUBLE = httpx.Response(503)
TOKEN = {"access_token": "clt.a-token", "expires_in": 7200, "token_type": "Bearer"}


def row(number: int, hours: float, **fields: Any) -> dict[str, Any]:
    told = {
        "id": FIRST + number,
        "create_time": int((NOON + timedelta(hours=hours)).timestamp()),
        "username": "example",
        "video_description": "#SaveAleppo",
        "hashtag_names": ["savealeppo", "news"],
        "view_count": 15200,
        "like_count": 830,
        "comment_count": 41,
        "share_count": 95,
    }
    return told | fields


ROWS = [row(1, -20), row(2, -21), row(3, -22), row(4, -24 * 9)]


def envelope(code: str = "ok", message: str = "", status: int = 200, **told: Any) -> httpx.Response:
    return httpx.Response(status, json={"data": told, "error": {"code": code, "message": message, "log_id": "1"}})


def played(rows: list[dict[str, Any]], size: int = 100) -> ask.Answers:
    def answers(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth/token/"):
            return httpx.Response(200, json=TOKEN)
        if not request.url.path.endswith("/research/video/query/"):
            return httpx.Response(404)
        body = json.loads(request.content)
        if not body["query"]:
            return envelope("invalid_params", "query is empty", 400)
        found = [one for one in rows if asked_for(one, body)]
        start = body.get("cursor", 0)
        has_more = start + size < len(found)
        return envelope(videos=found[start : start + size], cursor=start + size, has_more=has_more, search_id="7572")

    return answers


def asked_for(one: dict[str, Any], body: dict[str, Any]) -> bool:
    (condition,) = body["query"]["and"]
    if condition["field_name"] == "video_id" and str(one["id"]) not in condition["field_values"]:
        return False
    made = one["create_time"]
    return made is None or body["start_date"] <= f"{datetime.fromtimestamp(made, UTC):%Y%m%d}" <= body["end_date"]


answer = played(ROWS)
damaged = played([ROWS[0] | {"create_time": None}, *ROWS[1:]])
unreadable = played([one | {"create_time": None} for one in ROWS])


async def run(answers: ask.Answers = answer, **options: Any) -> ask.Reading:
    return await ask.run(ask.source(SETTINGS, answers), CAMPAIGN, **{"since": SINCE, **options})


async def only(**fields: Any) -> Post:
    return (await run(played([row(1, -20, **fields)]))).mentions[0]


def noting(seen: list[Any], answers: ask.Answers = answer) -> ask.Answers:
    def notes(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("query/"):
            seen.append(json.loads(request.content))
        return answers(request)

    return notes


def failing(code: str, message: str = "", status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: answer(request) if "oauth" in request.url.path else envelope(code, message, status)


async def test_views_of_anybodys_videos_are_measured_impressions():
    assert (await only()).counts == Counts(impressions=15200, likes=830, reposts=95, replies=41)


async def test_a_number_beyond_two_to_the_53_keeps_all_its_digits():
    assert (await only()).id == "7572345678901234568"


async def test_more_likes_than_views_are_taken_as_told():
    assert (await only(view_count=4, like_count=6)).counts.likes == 6


async def test_a_counter_that_was_left_out_is_unknown():
    told = row(1, -20)
    del told["view_count"]
    assert (await run(played([told]))).mentions[0].counts.impressions is None


async def test_a_name_with_a_nul_is_read():
    assert (await only(username="exam\0ple")).author == "example"


async def test_each_question_asks_for_one_day_and_all_spellings():
    seen: list[Any] = []
    await run(noting(seen))
    assert all(body["start_date"] == body["end_date"] for body in seen)
    assert {tuple(body["query"]["and"][0]["field_values"]) for body in seen} == {CAMPAIGN.spellings}


async def test_short_pages_are_followed_to_the_end():
    many = [row(number, -20) for number in range(10)]
    assert len((await run(played(many, size=3))).ids) == 10


async def test_the_last_four_days_are_read_every_time_and_older_ones_once():
    first, seen = await run(), []
    await run(noting(seen), cursors=first.cursors)
    assert sorted(body["start_date"] for body in seen) == ["20160426", "20160427", "20160428", "20160429"]


async def test_the_last_two_days_are_not_covered_yet():
    covered = [page.covered for page in (await run()).pages if page.covered]
    assert max(window.end for window in covered) == NOON - timedelta(days=2)


async def test_a_day_too_long_to_be_read_is_a_gap_and_the_next_days_are_read():
    many = [row(number, -60) for number in range(MOST_PAGES + 1)]
    found = await run(played([*many, row(900, -51), row(901, -20)], size=1))
    covered = {page.covered.start.day for page in found.pages if page.covered}
    assert [len(page.mentions) for page in found.pages if page.truncated] == [1]
    assert (len(found.ids), covered) == (MOST_PAGES + 1, {23, 24, 25, 26})
    assert found.cursors["videos"] == {"settled": "2016-04-25"}


async def test_a_day_of_exactly_as_many_pages_as_are_read_is_whole():
    found = await run(played([row(number, -60) for number in range(MOST_PAGES)], size=1))
    assert not [page for page in found.pages if page.truncated]


async def test_every_call_that_tiktok_fails_to_answer_is_one_of_the_day():
    asked = ask.source(SETTINGS, lambda request: answer(request) if "oauth" in request.url.path else TROUBLE)
    with pytest.raises(SourceUnavailable):
        await ask.run(asked, CAMPAIGN, since=SINCE)
    assert await asked._door.client.account.left(asked._door.requests) == SETTINGS.requests_per_day - 3


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("daily_quota_limit_exceeded", "", RateLimited),
        ("scope_not_authorized", "", AccessRefused),
        ("internal_error", "", SourceUnavailable),
        ("invalid_params", "Search Id 1 is invalid or expired", SourceUnavailable),
        ("invalid_params", "Invalid count or cursor", SourceUnavailable),
        ("invalid_params", "field_name", UnexpectedPayload),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
async def test_an_error_is_told_by_its_envelope_whatever_the_status(code, message, kind, status):
    with pytest.raises(kind):
        await run(failing(code, message, status))


async def test_a_day_with_one_broken_video_is_no_changed_platform():
    found = await run(played([row(1, -20, id="no number"), row(2, -50)]))
    assert (len(found.ids), sum(page.refused for page in found.pages)) == (1, 1)


async def test_a_project_without_approval_is_told_at_the_first_look():
    with pytest.raises(AccessRefused, match="approved"):
        await ask.source(SETTINGS, failing("scope_not_authorized", status=403)).probe()


async def test_the_quota_of_a_day_is_kept_before_tiktok_says_so():
    seen: list[Any] = []
    asked = ask.source(SETTINGS.model_copy(update={"requests_per_day": 3}), noting(seen))
    with pytest.raises(RateLimited, match="requests"):
        await ask.run(asked, CAMPAIGN, since=SINCE)
    assert len(seen) == 3


async def test_videos_that_did_not_come_are_given_back():
    asked = ask.source(SETTINGS, answer)
    await ask.run(asked, CAMPAIGN, since=SINCE)
    assert await asked._door.client.account.left(asked._door.videos) == SETTINGS.videos_per_day - 3


async def test_known_videos_are_asked_for_in_the_days_they_were_made():
    seen: list[Any] = []
    await ask.source(SETTINGS, noting(seen)).again((MARKS[0], f"{FIRST}@2016-04-25"))
    assert [(body["start_date"], body["end_date"]) for body in seen] == [("20160425", "20160428")]


def test_a_mark_tells_its_day():
    from monitor.sources.tiktok import _Mark

    assert _Mark.of(MARKS[0]).day == date(2016, 4, 28)
