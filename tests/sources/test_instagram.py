from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused
from monitor.model.campaign import Campaign, Family
from monitor.model.mention import Post
from monitor.sources.instagram import Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask, graph

SETTINGS = Settings(account="17841400000000000", token=graph.TOKEN, accept_terms=True)
CAMPAIGN = ALEPPO
MARKS = ()


def row(number: int, hours: float, **fields: Any) -> dict[str, Any]:
    at = NOON + timedelta(hours=hours)
    told = {
        "id": f"1799{number}",
        "caption": "معا #أنقذوا_حلب",
        "media_type": "IMAGE",
        "comments_count": 4,
        "like_count": 120,
        "permalink": f"https://www.instagram.com/p/EXAMPLE{number}/",
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}+0000",
    }
    return told | fields


ROWS = [row(1, -1), row(2, -3), row(3, -2), row(4, -24 * 9)]


def played(rows: list[dict[str, Any]]) -> ask.Answers:
    def answers(request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v26.0")
        if path == "/ig_hashtag_search":
            return httpx.Response(200, json={"data": [{"id": "17841500000000001"}]})
        if path.endswith("/recent_media"):
            return graph.page(rows, request)
        if path.endswith("/recently_searched_hashtags"):
            return httpx.Response(200, json={"data": [{"id": "1"}, {"id": "2"}]})
        return graph.error(100, "unknown path", status=404)

    return answers


answer = played(ROWS)
damaged = played([ROWS[0] | {"timestamp": None}, *ROWS[1:]])
unreadable = played([one | {"timestamp": None} for one in ROWS])


async def only(**fields: Any) -> Post:
    return (await ask.run(ask.source(SETTINGS, played([row(1, -1, **fields)])), CAMPAIGN)).mentions[0]


def tagged(count: int) -> Campaign:
    families = tuple(Family(f"tag{number}", (f"tag{number}",)) for number in range(count))
    return Campaign(slug="many", title="Many", zone="UTC", families=families)


async def test_likes_and_comments_are_told_and_views_are_not():
    counts = (await only()).counts
    assert (counts.likes, counts.replies, counts.impressions, counts.reposts) == (120, 4, None, None)


async def test_hidden_likes_are_unknown():
    hidden = row(1, -1)
    del hidden["like_count"]
    assert (await ask.run(ask.source(SETTINGS, played([hidden])), CAMPAIGN)).mentions[0].counts.likes is None


async def test_a_post_without_a_caption_counts_for_the_hashtag_it_was_found_by():
    assert (await only(caption=None)).tags == ("savealeppo",)


@pytest.mark.parametrize("kind", ["p", "reel", "tv"])
async def test_a_post_is_known_by_the_code_of_its_address(kind):
    assert (await only(permalink=f"https://www.instagram.com/{kind}/EX-AM_9/")).id == "EX-AM_9"


async def test_only_the_last_day_is_covered():
    found = await ask.run(ask.source(SETTINGS, answer), CAMPAIGN)
    assert min(page.covered.start for page in found.pages if page.covered) == NOON - timedelta(hours=24)


async def test_a_day_without_asking_leaves_a_gap():
    found = await ask.run(ask.source(SETTINGS, answer), CAMPAIGN)
    later = await ask.run(
        ask.source(SETTINGS, answer),
        CAMPAIGN,
        found.cursors,
        now=NOON + timedelta(hours=40),
        since=NOON - timedelta(days=5),
    )
    assert min(page.covered.start for page in later.pages if page.covered) == NOON + timedelta(hours=16)


async def test_the_thirty_first_hashtag_of_a_week_is_refused_by_our_own_ledger():
    asked, found = ask.source(SETTINGS, answer), ask.Reading()
    with pytest.raises(AccessRefused, match="30 hashtags in seven days; #tag30 has to wait"):
        await ask.run(asked, tagged(31), into=found)
    assert len(found.cursors) == 30


async def test_two_campaigns_that_share_an_account_share_its_thirty_hashtags():
    one, other = ask.source(SETTINGS, answer), ask.source(SETTINGS, answer)
    other._client.account = one._client.account
    await ask.run(one, tagged(29))
    with pytest.raises(AccessRefused, match="the next is free on 2016-05-06 12:00 UTC"):
        await ask.run(other, CAMPAIGN)


async def test_a_hashtag_that_was_looked_at_may_be_looked_at_again():
    asked = ask.source(SETTINGS, answer)
    first = await ask.run(asked, tagged(30))
    await ask.run(asked, tagged(30), first.cursors)


async def test_after_seven_days_the_ledger_is_free_again():
    asked, week = ask.source(SETTINGS, answer), timedelta(days=7)
    await ask.run(asked, tagged(30))
    await asked._client._clock.sleep(week.total_seconds())
    fresh = Campaign(slug="new", title="New", zone="UTC", families=(Family("fresh", ("fresh",)),))
    assert (await ask.run(asked, fresh, now=NOON + week, since=NOON)).cursors


async def test_the_number_of_a_hashtag_is_asked_for_once():
    searches = 0

    def counting(request: httpx.Request) -> httpx.Response:
        nonlocal searches
        searches += request.url.path.endswith("ig_hashtag_search")
        return answer(request)

    asked = ask.source(SETTINGS, counting)
    first = await ask.run(asked, CAMPAIGN)
    await ask.run(asked, CAMPAIGN, first.cursors)
    assert searches == len(CAMPAIGN.spellings)


async def test_a_hashtag_that_instagram_does_not_search_for_is_told():
    with pytest.raises(AccessRefused, match="does not search for #savealeppo"):
        await ask.run(
            ask.source(SETTINGS, lambda _: graph.error(24, "The requested resource does not exist")), CAMPAIGN
        )


async def test_the_token_travels_in_a_header_only():
    seen: list[httpx.Request] = []

    def noting(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    await ask.run(ask.source(SETTINGS, noting), CAMPAIGN)
    assert not [request for request in seen if graph.TOKEN in str(request.url)]
    assert {request.headers["authorization"] for request in seen} == {f"Bearer {graph.TOKEN}"}


async def test_there_is_no_canary_because_it_would_cost_a_hashtag():
    assert await ask.source(SETTINGS, answer).canary() is None
