from datetime import timedelta
from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused, RateLimited
from monitor.model.mention import Counts, Post
from monitor.sources.threads import Settings
from tests.people import ALEPPO, NOON
from tests.sources import ask, graph

SETTINGS = Settings(token=graph.TOKEN, accept_terms=True)
CAMPAIGN = ALEPPO
MARKS = ()


def row(number: int, hours: float, **fields: Any) -> dict[str, Any]:
    at = NOON + timedelta(hours=hours)
    told = {
        "id": f"1810000000000000{number}",
        "media_product_type": "THREADS",
        "media_type": "TEXT_POST",
        "permalink": f"https://www.threads.com/@example/post/EX{number}",
        "username": "example",
        "text": "غدا #أنقذوا_حلب",
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}+0000",
        "is_reply": False,
    }
    return told | fields


ROWS = [row(1, -1), row(2, -3), row(3, -5), row(4, -24 * 9)]


def played(rows: list[dict[str, Any]], me: str = "our_desk") -> ask.Answers:
    def answers(request: httpx.Request) -> httpx.Response:
        params = request.url.params
        if request.url.path.endswith("/me"):
            return httpx.Response(200, json={"id": "1", "username": me})
        if request.url.path.endswith("/refresh_access_token"):
            return httpx.Response(
                200, json={"access_token": "a-new-token", "token_type": "bearer", "expires_in": 5183944}
            )
        if not request.url.path.endswith("/keyword_search"):
            return graph.error(100, "unknown path", status=404)
        since, until = int(params.get("since", 0)), int(params.get("until", 2**40))
        shown = [one for one in rows if one["timestamp"] is None or since <= ask_time(one) <= until]
        return graph.page(shown, request)

    return answers


def ask_time(one: dict[str, Any]) -> float:
    from datetime import datetime

    return datetime.fromisoformat(one["timestamp"]).timestamp()


answer = played(ROWS)
damaged = played([ROWS[0] | {"timestamp": None}, *ROWS[1:]])
unreadable = played([one | {"timestamp": None} for one in ROWS])


def noting(seen: list[httpx.Request], answers: ask.Answers = answer) -> ask.Answers:
    def answers_and_notes(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers(request)

    return answers_and_notes


async def only(**fields: Any) -> Post:
    return (await ask.run(ask.source(SETTINGS, played([row(1, -1, **fields)])), CAMPAIGN)).mentions[0]


async def test_of_others_posts_nothing_is_told_but_that_they_are_there():
    post = await only()
    assert post.counts == Counts()
    assert post.again is None


async def test_a_topic_of_several_words_is_a_hashtag_of_several_words():
    assert CAMPAIGN.subjects((await only(text="", topic_tag="أنقذوا حلب")).tags)


async def test_both_kinds_of_search_are_asked_for_every_spelling():
    seen: list[httpx.Request] = []
    await ask.run(ask.source(SETTINGS, noting(seen)), CAMPAIGN)
    asked = {(r.url.params["search_mode"], r.url.params["q"]) for r in seen if "search_mode" in r.url.params}
    assert asked == {(mode, spelling) for mode in ("TAG", "KEYWORD") for spelling in CAMPAIGN.spellings}
    assert {r.url.params["search_type"] for r in seen if "q" in r.url.params} == {"RECENT"}


async def test_a_post_that_only_mentions_the_words_is_none_of_the_campaign():
    found = await ask.run(ask.source(SETTINGS, played([row(1, -1, text="savealeppo without the sign")])), CAMPAIGN)
    keyword = [post for post in found.mentions if isinstance(post, Post) and not CAMPAIGN.subjects(post.tags)]
    assert keyword


async def test_an_app_that_was_not_reviewed_is_told_so_instead_of_finding_only_itself():
    with pytest.raises(AccessRefused, match="not reviewed for threads_keyword_search"):
        await ask.run(ask.source(SETTINGS, played([row(1, -1, username="our_desk")], me="our_desk")), CAMPAIGN)


async def test_the_review_is_looked_at_once():
    seen: list[httpx.Request] = []
    asked = ask.source(SETTINGS, noting(seen))
    first = await ask.run(asked, CAMPAIGN)
    await ask.run(asked, CAMPAIGN, first.cursors)
    assert sum(request.url.path.endswith("/me") for request in seen) == 1


async def test_the_next_search_begins_two_hours_before_the_last_ended():
    first = await ask.run(ask.source(SETTINGS, answer), CAMPAIGN)
    seen: list[httpx.Request] = []
    await ask.run(ask.source(SETTINGS, noting(seen)), CAMPAIGN, first.cursors, now=NOON + timedelta(hours=1))
    begun = {request.url.params["since"] for request in seen if "since" in request.url.params}
    assert begun == {str(int((NOON - timedelta(hours=2, minutes=2)).timestamp()))}


@pytest.mark.parametrize(("topics", "is_heard"), [((), True), (("News",), False)])
async def test_a_search_for_topics_that_finds_nothing_is_betrayed_by_a_common_one(
    topics: tuple[str, ...], is_heard: bool
):
    def deaf_to_topics(request: httpx.Request) -> httpx.Response:
        is_topic = request.url.params.get("search_mode") == "TAG"
        return httpx.Response(200, json={"data": []}) if is_topic else answer(request)

    asked = ask.source(SETTINGS.model_copy(update={"common_topics": topics}), deaf_to_topics)
    assert await asked.canary() is is_heard


def test_words_and_topics_do_not_vouch_for_each_other():
    walks = ask.source(SETTINGS, answer).walks(CAMPAIGN)
    assert {walk.way for walk in walks} == {"tag", "keyword"}
    assert all(walk.name.startswith(f"{walk.way}/") for walk in walks)


async def test_searches_of_a_day_are_counted_unless_they_found_nothing():
    asked = ask.source(SETTINGS.model_copy(update={"searches_per_day": 3}), played([row(1, -1)]))
    with pytest.raises(RateLimited, match="keyword searches"):
        await ask.run(asked, CAMPAIGN)
    silent = ask.source(SETTINGS.model_copy(update={"searches_per_day": 3}), played([row(1, -24 * 30)]))
    await ask.run(silent, CAMPAIGN)


async def test_looking_whether_others_are_found_is_a_search_of_the_day_too():
    asked = ask.source(SETTINGS.model_copy(update={"searches_per_day": 1}), answer)
    assert await asked.canary() is True
    with pytest.raises(RateLimited, match="keyword searches"):
        await asked.canary()


async def test_a_token_of_45_days_is_exchanged_and_the_new_one_used():
    seen: list[httpx.Request] = []
    asked = ask.source(SETTINGS, noting(seen))
    await ask.run(asked, CAMPAIGN)
    await asked._client._clock.sleep(timedelta(days=45).total_seconds())
    later = NOON + timedelta(days=45)
    await ask.run(asked, CAMPAIGN, now=later, since=later - timedelta(days=2))
    renewals = [request for request in seen if request.url.path.endswith("/refresh_access_token")]
    assert [request.headers["authorization"] for request in renewals] == [f"Bearer {graph.TOKEN}"]
    assert seen[-1].headers["authorization"] == "Bearer a-new-token"


def refusing(request: httpx.Request) -> httpx.Response:
    """Renews no token."""
    return graph.error(190, "no") if request.url.path.endswith("/refresh_access_token") else answer(request)


async def test_a_token_that_is_not_renewed_is_used_as_long_as_it_lasts_and_that_is_told():
    seen: list[httpx.Request] = []
    asked = ask.source(SETTINGS, noting(seen, refusing))
    await ask.run(asked, CAMPAIGN)
    for days in (45, 45.5, 46, 59):
        later = NOON + timedelta(days=days)
        await asked._client._clock.sleep((later - asked._client._clock.now()).total_seconds())
        found = await ask.run(asked, CAMPAIGN, now=later, since=later - timedelta(days=2))
        assert all("which ends on 2016-06-28 at the latest" in page.remark for page in found.pages if page.cursor)
    assert sum(request.url.path.endswith("/refresh_access_token") for request in seen) == 3  # once a day


async def test_a_token_that_has_ended_ends_the_source():
    asked = ask.source(SETTINGS, lambda request: dead if asked._client._clock.now() > NOON else answer(request))
    dead, later = graph.error(190, "expired"), NOON + timedelta(days=60)
    await ask.run(asked, CAMPAIGN)
    await asked._client._clock.sleep(timedelta(days=60).total_seconds())
    with pytest.raises(AccessRefused, match="make a new one"):
        await ask.run(asked, CAMPAIGN, now=later, since=later - timedelta(days=2))


async def test_a_word_that_others_write_tells_silence_from_blindness():
    assert await ask.source(SETTINGS, answer).canary() is True
    assert await ask.source(SETTINGS, played([])).canary() is False
