import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from monitor.errors import AccessRefused, UnexpectedPayload
from monitor.model.mention import Post
from monitor.model.window import Window
from monitor.sources.reddit import Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask

SETTINGS = Settings(app_id="abcdefgh", app_secret="hush-hush", user="desk_of_news", accept_terms=True)
CAMPAIGN = ALEPPO
HOSTS = ("oauth.reddit.com", "www.reddit.com")
MARKS = ("t3_b", "t3_a")
TOKEN = {"access_token": "a-token", "token_type": "bearer", "expires_in": 86400, "scope": "*"}


def row(name: str, hours: float, **fields: Any) -> dict[str, Any]:
    told = {
        "name": f"t3_{name}",
        "id": name,
        "title": "Reader's week #SaveAleppo",
        "selftext": "",
        "author": "example_user",
        "subreddit": "example",
        "subreddit_subscribers": 51234,
        "created_utc": (NOON + timedelta(hours=hours)).timestamp(),
        "score": 87,
        "num_comments": 14,
        "num_crossposts": 2,
        "edited": False,
        "removed_by_category": None,
        "view_count": None,
        "poll_data": None,
    }
    return told | fields


ROWS = [row("a", -1), row("b", -2), row("c", -3, edited=NOON.timestamp()), row("old", -24 * 10)]


def listing(rows: list[dict[str, Any]], after: str | None = None) -> httpx.Response:
    children = [{"kind": "t3", "data": one} for one in rows]
    return httpx.Response(
        200, json={"kind": "Listing", "data": {"after": after, "dist": len(rows), "children": children}}
    )


def played(rows: list[dict[str, Any]]) -> ask.Answers:
    """Play Reddit with these posts, newest first, as many a page as it gives."""

    def answers(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if request.url.path == "/api/v1/access_token":
            return httpx.Response(200, json=TOKEN)
        if request.url.path == "/api/info":
            return listing([one for one in rows if one["name"] in params["id"].split(",")])
        if not request.url.path.endswith(("/search", "/new")):
            return httpx.Response(404)
        start = next((at + 1 for at, one in enumerate(rows) if one["name"] == params.get("after")), 0)
        page = rows[start : start + int(params["limit"])]
        return listing(page, page[-1]["name"] if start + len(page) < len(rows) else None)

    return answers


answer = played(ROWS)
damaged = played([ROWS[0] | {"created_utc": "yesterday"}, *ROWS[1:]])
unreadable = played([one | {"created_utc": "yesterday"} for one in ROWS])


async def reading(rows: list[dict[str, Any]], **fields: Any) -> ask.Reading:
    return await ask.run(ask.source(SETTINGS.model_copy(update=fields), played(rows)), CAMPAIGN)


async def only(**fields: Any) -> Post:
    return (await reading([row("a", -1, **fields)])).mentions[0]


async def test_score_comments_and_crossposts_are_engagement_and_nobody_tells_views():
    counts = (await only()).counts
    assert (counts.likes, counts.replies, counts.reposts) == (87, 14, 2)
    assert counts.impressions is None


async def test_the_readers_of_a_place_are_not_the_followers_of_a_person():
    assert (await only()).followers is None


async def test_a_score_below_zero_is_no_likes():
    assert (await only(score=-4)).counts.likes == 0


async def test_a_post_whose_text_is_no_text_is_read():
    assert (await only(selftext=[])).id == "t3_a"


async def test_an_author_who_left_is_nobody():
    assert (await only(author="[deleted]")).author is None


@pytest.mark.parametrize("gone", [{"selftext": "[removed]"}, {"removed_by_category": "moderator"}])
async def test_a_removed_post_is_not_counted(gone: Mapping[str, Any]):
    found = await reading([row("a", -1, **gone), row("b", -2)])
    assert found.ids == {"t3_b"}


@pytest.mark.parametrize("written", ["#SaveAleppo now", "saveAleppo now", "we say: SAVEALEPPO"])
async def test_a_spelling_counts_with_its_sign_and_as_a_word(written: str):
    assert CAMPAIGN.subjects((await only(title=written)).tags)


async def test_an_arabic_tag_is_found_in_plain_words_too():
    assert CAMPAIGN.subjects((await only(title="معا: أنقذوا حلب", selftext="")).tags)


async def test_part_of_a_word_does_not_count():
    assert not CAMPAIGN.subjects((await only(title="unsaveAleppoed")).tags)


async def test_all_pages_down_to_the_beginning_are_read():
    many = [row(f"p{number}", -number / 10) for number in range(1, 160)]
    assert len((await reading(many)).ids) == 159


async def test_a_search_that_reddit_cut_off_covers_what_it_reached():
    cut = [row(f"p{number}", -number / 10) for number in range(1, 251)]
    found = await reading(cut)
    covered = next(page.covered for page in found.pages if page.covered)
    assert any(page.truncated for page in found.pages)
    assert covered == Window(NOON - timedelta(hours=25), NOON - timedelta(minutes=2))


async def test_after_a_search_that_was_cut_off_the_next_run_reads_down_to_the_overlap():
    cut = [row(f"p{number}", -number / 10) for number in range(1, 251)]
    cursors = (await reading(cut)).cursors
    again = await ask.run(ask.source(SETTINGS, played(cut)), CAMPAIGN, cursors, now=NOON + timedelta(minutes=10))
    assert not any(page.truncated for page in again.pages)


async def test_a_page_that_hangs_on_a_post_that_went_meanwhile_covers_nothing():
    many = [row(f"p{number}", -number / 10) for number in range(1, 160)]

    def anchorless(request: httpx.Request) -> httpx.Response:
        return listing([]) if "after" in request.url.params else played(many)(request)

    found = await ask.run(ask.source(SETTINGS, anchorless), CAMPAIGN)
    assert any(page.truncated for page in found.pages)
    assert found.cursors == {}


async def test_the_next_run_reads_down_to_the_overlap_only():
    many = [row(f"p{number}", -number / 10) for number in range(1, 160)]
    first, calls = await reading(many), []

    def counting(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return played(many)(request)

    await ask.run(ask.source(SETTINGS, counting), CAMPAIGN, first.cursors, now=NOON + timedelta(minutes=10))
    assert calls.count("/search") == len(CAMPAIGN.spellings)


async def test_without_a_place_all_of_reddit_is_searched_and_with_one_only_there():
    seen = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, request.url.params.get("restrict_sr")))
        return answer(request)

    await ask.run(ask.source(SETTINGS.model_copy(update={"subreddits": ("syria", "news")}), noting), CAMPAIGN)
    assert ("/r/syria+news/search", "1") in seen


async def test_an_unknown_place_is_told():
    def nowhere(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("search"):
            return httpx.Response(302, headers={"location": "https://www.reddit.com/subreddits/search?q=x"})
        return answer(request)

    with pytest.raises(AccessRefused, match="check the names of subreddits"):
        await ask.run(ask.source(SETTINGS.model_copy(update={"subreddits": ("nosuch",)}), nowhere), CAMPAIGN)


async def test_the_app_shows_its_secret_at_the_login_only_and_says_who_it_is():
    seen: list[httpx.Request] = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    await ask.run(ask.source(SETTINGS, noting), CAMPAIGN)
    login, *others = seen
    assert login.headers["authorization"] == "Basic " + base64.b64encode(b"abcdefgh:hush-hush").decode()
    assert {other.headers["authorization"] for other in others} == {"Bearer a-token"}
    assert all("(by /u/desk_of_news)" in request.headers["user-agent"] for request in seen)


async def test_runs_share_one_token():
    logins = 0

    def counting(request: httpx.Request) -> httpx.Response:
        nonlocal logins
        logins += request.url.path == "/api/v1/access_token"
        return answer(request)

    asked = ask.source(SETTINGS, counting)
    await ask.run(asked, CAMPAIGN)
    await ask.run(asked, CAMPAIGN)
    assert logins == 1


async def test_a_token_that_ended_early_is_made_anew_once():
    refused = 0

    def forgetful(request: httpx.Request) -> httpx.Response:
        nonlocal refused
        if request.url.path != "/api/v1/access_token" and not refused:
            refused += 1
            return httpx.Response(401)
        return answer(request)

    assert (await ask.run(ask.source(SETTINGS, forgetful), CAMPAIGN)).ids


async def test_a_login_without_a_token_is_told():
    def empty(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=json.dumps({"token_type": "bearer"}))

    with pytest.raises(UnexpectedPayload, match="check the id and the secret"):
        await ask.run(ask.source(SETTINGS, empty), CAMPAIGN)


async def test_where_even_the_newest_posts_are_missing_silence_is_blindness():
    assert await ask.source(SETTINGS, answer).canary() is True
    assert await ask.source(SETTINGS, played([])).canary() is False


def test_a_place_is_written_as_people_write_it():
    settings = Settings(app_id="abcdefgh", app_secret="x", user="desk", subreddits=("r/syria", "/r/news/"))
    assert settings.subreddits == ("syria", "news")


def test_no_place_is_made_of_a_path():
    with pytest.raises(ValidationError):
        Settings(app_id="abcdefgh", app_secret="x", user="desk", subreddits=("../api",))


def test_it_is_off_until_the_terms_are_accepted():
    assert "accept_terms" in (SETTINGS.model_copy(update={"accept_terms": False}).off or "")
