"""The API of X in the world pages, limits, refuses and charges as the real one does."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from monitor.clock import Simulated
from monitor.demo.loopback import Request
from monitor.demo.manners import X
from monitor.demo.world import Tweet, id_at
from monitor.demo.x import COUNTS, IN_A_QUARTER, LOOKUP, SEARCH, TOKEN, USAGE, Api
from tests.demo.play import TINY, Play, made, play

TAG = "#SaveAleppo -is:retweet"
FIELDS = {"post.fields": "created_at,public_metrics,entities,referenced_posts"}


async def asked(world: Play, path: str, **params: Any) -> httpx.Response:
    return await world.get(X, path, params, authorization=f"Bearer {TOKEN}")


async def walked(world: Play, **params: Any) -> list[dict[str, Any]]:
    """Return all rows of a search, page by page."""
    found: list[dict[str, Any]] = []
    following: dict[str, str] = {}
    while True:
        told = (await asked(world, SEARCH, **params, **following)).json()
        found += told.get("data", [])
        if "next_token" not in told["meta"]:
            return found
        following = {"next_token": told["meta"]["next_token"]}


def tagged(world: Play, tag: str = "savealeppo") -> list[Tweet]:
    return [one for one in world.world.tweets if not one.original and tag in map(str.lower, one.tagged.at(1e12))]


async def test_a_walk_meets_every_post_with_the_tag_once_newest_first() -> None:
    async with play(hours=49) as world:
        ids = [int(row["id"]) for row in await walked(world, query=TAG, max_results=10)]
        assert ids == sorted((one.ids(1e12)[-1] for one in tagged(world)), reverse=True)


async def test_a_page_that_is_empty_leads_on() -> None:
    async with play() as world:
        world.clock.move_to(TINY.end + timedelta(days=4, hours=23))
        all_of_it = await walked(world, query=TAG, max_results=10)
        gone = [one for one in tagged(world) if one.gone and one.gone < world.clock.now().timestamp()]
        assert len({row["id"] for row in all_of_it}) <= len(tagged(world)) - len(gone)


async def test_nothing_found_is_an_answer_without_data() -> None:
    async with play() as world:
        assert (await asked(world, SEARCH, query="#nobody")).json() == {"meta": {"result_count": 0}}


async def test_reposts_are_rows_without_views_and_can_be_left_out() -> None:
    async with play() as world:
        with_them = await walked(world, query="#SaveAleppo", max_results=100, **FIELDS)
        reposts = [row for row in with_them if "referenced_posts" in row]
        assert reposts
        assert all(row["public_metrics"]["impression_count"] == 0 for row in reposts)
        assert len(await walked(world, query=TAG, max_results=100)) == len(with_them) - len(reposts)


async def test_without_fields_only_the_text_comes() -> None:
    async with play() as world:
        row = (await asked(world, SEARCH, query=TAG)).json()["data"][0]
        assert set(row) == {"id", "text", "edit_history_post_ids"}


@pytest.mark.parametrize(("word", "reposts"), [("post", "repost_count"), ("tweet", "retweet_count")])
def test_it_speaks_one_vocabulary_and_refuses_the_other(word: str, reposts: str) -> None:
    api = Api(made(TINY), Simulated(TINY.end), word)
    head = {"authorization": f"Bearer {TOKEN}"}
    other = "tweet" if word == "post" else "post"
    own = api(Request(SEARCH, (("query", TAG), (f"{word}.fields", "public_metrics")), head))
    assert reposts.encode() in own.body
    assert f"edit_history_{word}_ids".encode() in own.body
    strange = api(Request(SEARCH, (("query", TAG), (f"{other}.fields", "public_metrics")), head))
    assert (strange.status, f"{other}.fields".encode() in strange.body) == (400, True)


async def test_an_edit_is_a_new_id_with_the_first_before_it() -> None:
    async with play() as world:
        edited = next(one for one in world.world.tweets if len(one.versions) > 1)
        first, last = map(str, edited.ids(1e12))
        rows = {row["id"]: row for tag in edited.tagged.at(1e12) for row in await walked(world, query=f"#{tag}")}
        assert rows[last]["edit_history_post_ids"] == [first, last]
        assert first not in rows


async def test_since_id_is_not_included_and_until_id_is_neither() -> None:
    async with play() as world:
        ids = [row["id"] for row in await walked(world, query=TAG, max_results=100)]
        between = await walked(world, query=TAG, since_id=ids[9], until_id=ids[2])
        assert [row["id"] for row in between] == ids[3:9]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"query": "x" * 513}, "512"),
        ({"query": "-#a"}, "positive"),
        ({"query": "#a -(#b OR #c)"}, "negated groups"),
        ({"query": "#a min_faves:3"}, "min_faves"),
        ({"query": "(#a"}, "missing"),
        ({"query": "#a", "max_results": 9}, "between 10 and 100"),
        ({"query": "#a", "since_id": 1}, "larger than"),
        (
            {"query": "#a", "since_id": id_at(TINY.end.timestamp()), "start_time": "2016-04-18T00:00:00Z"},
            "can not be used",
        ),
        ({"query": "#a", "next_token": "x"}, "next_token"),
        ({"query": "#a", "post.fields": "retweet_count"}, "retweet_count"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(params: dict[str, Any], words: str) -> None:
    async with play() as world:
        answer = await asked(world, SEARCH, **params)
        assert answer.status_code == 400
        assert words in answer.json()["detail"]


async def test_counts_add_up_to_what_search_finds_with_partial_ends() -> None:
    async with play(hours=47.5) as world:
        told = (await asked(world, COUNTS, query=TAG)).json()
        assert told["meta"]["total_post_count"] == sum(row["post_count"] for row in told["data"])
        assert told["meta"]["total_post_count"] == len(await walked(world, query=TAG))
        lengths = [datetime.fromisoformat(r["end"]) - datetime.fromisoformat(r["start"]) for r in told["data"]]
        assert lengths[-1] < lengths[1] == timedelta(hours=1)


async def test_missing_posts_stand_beside_those_that_are_there() -> None:
    async with play() as world:
        known = str(tagged(world)[0].ids(1e12)[-1])
        told = (await asked(world, LOOKUP, ids=f"{known},123")).json()
        assert [row["id"] for row in told["data"]] == [known]
        assert told["errors"][0]["type"].endswith("/resource-not-found")
        assert "data" not in (await asked(world, LOOKUP, ids="123")).json()


async def test_a_hundred_and_one_ids_are_too_many() -> None:
    async with play() as world:
        assert (await asked(world, LOOKUP, ids=",".join(map(str, range(101))))).status_code == 400


async def test_authors_come_when_they_are_asked_for() -> None:
    async with play() as world:
        told = (
            await asked(world, SEARCH, query=TAG, expansions="author_id", **{"user.fields": "public_metrics"})
        ).json()
        assert told["includes"]["users"][0]["public_metrics"]["followers_count"] > 0


async def test_without_its_key_nothing_is_told() -> None:
    async with play() as world:
        assert (await world.get(X, SEARCH, {"query": TAG})).status_code == 401


async def test_each_endpoint_has_a_limit_of_its_own_for_a_quarter_of_an_hour() -> None:
    async with play() as world:
        answers = [await asked(world, USAGE) for _ in range(IN_A_QUARTER[USAGE] + 1)]
        assert [answer.status_code for answer in answers[-2:]] == [200, 429]
        assert int(answers[-1].headers["x-rate-limit-reset"]) > world.clock.now().timestamp()
        assert (await asked(world, SEARCH, query=TAG)).status_code == 200
        world.clock.move_to(world.clock.now() + timedelta(minutes=15))
        assert (await asked(world, USAGE)).status_code == 200


def test_a_post_is_charged_once_a_day_and_a_question_for_counts_each_time() -> None:
    clock = Simulated(TINY.end)
    api, head = Api(made(TINY), clock), {"authorization": f"Bearer {TOKEN}"}
    search, counts = (Request(path, (("query", TAG),), head) for path in (SEARCH, COUNTS))
    assert [api(search).status, api(search).status, api(counts).status] == [200] * 3
    assert api.charged(clock.now()) == pytest.approx(11 * 0.005)
    clock.move_to(TINY.end + timedelta(days=1))
    api(search)
    assert api.charged(clock.now()) == pytest.approx(21 * 0.005)
