from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused
from monitor.model.mention import Counts, Post
from monitor.sources.own_pages import Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask, graph

SETTINGS = Settings(network="facebook", page="1000000", token=graph.TOKEN, accept_terms=True)
INSTAGRAM = SETTINGS.model_copy(update={"network": "instagram", "page": "17841400000000000"})
THREADS = SETTINGS.model_copy(update={"network": "threads", "page": "me"})
CAMPAIGN = ALEPPO
MARKS = ()
VIEWS = {"name": "post_media_view", "period": "lifetime", "values": [{"value": 18342}]}


def at(hours: float) -> str:
    return f"{NOON + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}+0000"


def row(number: int, hours: float, **fields: Any) -> dict[str, Any]:
    told = {
        "id": f"1000000_{number}",
        "message": "Tomorrow #SaveAleppo",
        "created_time": at(hours),
        "shares": {"count": 7},
        "reactions": {"data": [], "summary": {"total_count": 41}},
        "comments": {"data": [], "summary": {"total_count": 5}},
    }
    return told | fields


ROWS = [row(1, -1), row(2, -3), row(3, -5), row(4, -24 * 9)]


def played(rows: list[dict[str, Any]], insights: list[dict[str, Any]] | httpx.Response | None = None) -> ask.Answers:
    def answers(request: httpx.Request) -> httpx.Response:
        last = request.url.path.rpartition("/")[2]
        if last == "insights":
            told = [VIEWS] if insights is None else insights
            return told if isinstance(told, httpx.Response) else httpx.Response(200, json={"data": told})
        if last in {"published_posts", "media", "threads"}:
            return graph.page(rows, request)
        return httpx.Response(200, json={"id": last, "followers_count": 51234})

    return answers


answer = played(ROWS)
damaged = played([ROWS[0] | {"created_time": None}, *ROWS[1:]])
unreadable = played([one | {"created_time": None} for one in ROWS])


async def only(settings: Settings = SETTINGS, insights: Any = None, **fields: Any) -> Post:
    found = await ask.run(ask.source(settings, played([row(1, -1) | fields], insights)), CAMPAIGN)
    return found.mentions[0]


async def test_views_of_ones_own_posts_are_measured_impressions():
    post = await only()
    assert post.counts == Counts(impressions=18342, likes=41, reposts=7, replies=5)
    assert post.followers == 51234


async def test_shares_that_are_absent_are_the_one_zero():
    told = row(1, -1)
    del told["shares"]
    post = (await ask.run(ask.source(SETTINGS, played([told])), CAMPAIGN)).mentions[0]
    assert post.counts.reposts == 0


@pytest.mark.parametrize("insights", [[], graph.error(100, "metric invalid"), graph.error(10, "not enough viewers")])
async def test_views_that_are_not_told_are_unknown(insights):
    post = await only(insights=insights)
    assert post.counts.impressions is None
    assert post.counts.likes == 41


async def test_a_token_without_insights_is_told():
    with pytest.raises(AccessRefused, match="lacks a permission"):
        await only(insights=graph.error(200, "requires read_insights"))


async def test_the_name_of_the_metric_can_be_set_when_meta_changes_it():
    seen = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.params.get("metric"))
        return answer(request)

    await ask.run(ask.source(SETTINGS.model_copy(update={"views": "post_views_2027"}), noting), CAMPAIGN)
    assert {name for name in seen if name} == {"post_views_2027"}


async def test_a_post_without_words_is_read_and_counts_for_nothing():
    assert (await only(message=None)).tags == ()


async def test_an_own_post_of_instagram_is_the_same_post_that_its_hashtag_shows():
    post = await only(
        INSTAGRAM,
        [{"name": "views", "values": [{"value": 900}]}],
        id="17990000000000001",
        caption="#أنقذوا_حلب",
        permalink="https://www.instagram.com/p/EXAMPLE1/",
        timestamp=at(-1),
        like_count=12,
        comments_count=3,
    )
    assert (post.platform, post.id) == ("instagram", "EXAMPLE1")
    assert post.link == "https://www.instagram.com/p/EXAMPLE1/"
    assert post.counts == Counts(impressions=900, likes=12, replies=3)


async def test_threads_tells_all_counters_of_ones_own_posts():
    told = [{"name": name, "values": [{"value": 1 + place}]} for place, name in enumerate(("views", "likes", "quotes"))]
    post = await only(THREADS, told, id="18100000000000001", text="#SaveAleppo", timestamp=at(-1))
    assert (post.platform, post.counts) == ("threads", Counts(impressions=1, likes=2, quotes=3))


async def test_what_threads_only_passes_on_is_no_post_of_ours():
    found = await ask.run(ask.source(THREADS, played([row(1, -1, media_type="REPOST_FACADE")])), CAMPAIGN)
    assert found.mentions == []
    assert not any(page.refused for page in found.pages)


async def test_a_page_can_not_be_a_path():
    with pytest.raises(ValueError, match="page"):
        Settings(network="facebook", page="../me", token="x")


async def test_a_token_of_threads_is_exchanged_before_it_ends():
    seen: list[httpx.Request] = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        is_renewal = request.url.path.endswith("/refresh_access_token")
        return httpx.Response(200, json={"access_token": "a-new-token"}) if is_renewal else played([])(request)

    asked = ask.source(THREADS, noting)
    await ask.run(asked, CAMPAIGN)
    await asked._client._clock.sleep(timedelta(days=45).total_seconds())
    await ask.run(asked, CAMPAIGN, now=NOON + timedelta(days=45))
    renewals = [request for request in seen if request.url.path == "/refresh_access_token"]
    assert [request.headers["authorization"] for request in renewals] == [f"Bearer {graph.TOKEN}"]
    assert seen[-1].headers["authorization"] == "Bearer a-new-token"


async def test_a_token_of_threads_that_is_not_renewed_goes_on_and_that_is_told():
    def refusing(request: httpx.Request) -> httpx.Response:
        return graph.error(190) if request.url.path.endswith("/refresh_access_token") else played([])(request)

    asked = ask.source(THREADS, refusing)
    await ask.run(asked, CAMPAIGN)
    await asked._client._clock.sleep(timedelta(days=45).total_seconds())
    found = await ask.run(asked, CAMPAIGN, now=NOON + timedelta(days=45))
    assert "does not renew the token, which ends on 2016-06-28" in found.pages[-1].remark
