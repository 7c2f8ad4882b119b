import json
from typing import Any

import httpx
import pytest

from monitor.clock import Simulated
from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from monitor.sources._graph import BadQuestion, Graph
from tests.people import NOON
from tests.sources import ask, graph


def asked(answer: httpx.Response) -> Graph:
    return Graph(ask.client(lambda _request: answer), "https://graph.example", graph.TOKEN, "our page")


def pausing(**options: Any) -> tuple[Graph, Simulated]:
    """Return the door of a campaign whose every answer says that 92 % of the budget are used up, and its clock."""
    nearly = httpx.Response(200, json={"data": []}, headers={"x-app-usage": '{"call_count": 92, "total_time": 3}'})
    options = {"clock": Simulated(NOON), **options}
    return Graph(ask.client(lambda _: nearly, **options), "https://graph.example", graph.TOKEN, "us"), options["clock"]


CODES = {
    RateLimited: (4, 32, 80002),
    AccessRefused: (10, 200, 190),
    SourceUnavailable: (1,),
    BadQuestion: (100, 24),
    UnexpectedPayload: (999,),
}


@pytest.mark.parametrize(("code", "kind"), [(code, kind) for kind, codes in CODES.items() for code in codes])
async def test_an_error_is_told_by_its_code(code, kind):
    with pytest.raises(kind):
        await asked(graph.error(code)).get("/me")


async def test_a_used_up_budget_tells_in_minutes_when_there_is_more():
    budget = json.dumps({"123": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 20}]})
    with pytest.raises(RateLimited) as raised:
        await asked(graph.error(80001, x_business_use_case_usage=budget)).get("/me")
    assert raised.value.retry_after == 1200


async def test_before_a_budget_is_used_up_there_is_a_pause():
    door, clock = pausing()
    await door.get("/me")
    with pytest.raises(RateLimited) as raised:
        await door.get("/me")
    await clock.sleep(raised.value.retry_after)
    await door.get("/me")


async def test_the_pause_holds_for_every_campaign_with_the_same_token():
    first, clock = pausing()
    other, _ = pausing(account=first.client.account, clock=clock)
    await first.get("/me")
    with pytest.raises(RateLimited, match="nearly used up"):
        await other.get("/me")


@pytest.mark.parametrize("header", ["", "no json", "[]", '{"a": {"b": 1}}', '{"call_count": "many"}', "null"])
async def test_an_odd_budget_harms_nobody(header):
    door = asked(httpx.Response(200, json={"data": []}, headers={"x-app-usage": header}))
    assert await door.get("/me") == await door.get("/me")


async def test_no_message_holds_the_token():
    with pytest.raises(AccessRefused) as raised:
        await asked(graph.error(190, f"token {graph.TOKEN} is invalid")).get("/me")
    assert graph.TOKEN not in str(raised.value)


async def test_pages_are_read_to_the_last():
    rows = [{"id": str(number)} for number in range(120)]
    door = Graph(ask.client(lambda request: graph.page(rows, request)), "https://graph.example", "t", "our page")
    assert [len(found) async for found in door.pages("/me/media", limit="50")] == [50, 50, 20]


async def test_a_cursor_that_stays_the_same_still_moves_on_and_ends_when_nothing_is_new():
    turns = iter([["1", "2"], ["3"], ["3"]])

    def constant(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"data": [{"id": name} for name in next(turns)], "paging": {"cursors": {"after": "QV"}}}
        )

    door = Graph(ask.client(constant), "https://graph.example", "t", "our page")
    assert [len(found) async for found in door.pages("/1/recent_media")] == [2, 1, 1]


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ([{"name": "views", "period": "lifetime", "values": [{"value": 2310}]}], 2310),
        ([{"name": "views", "total_value": {"value": 7}}], 7),
        ([], None),
        ([{"name": "views", "values": []}], None),
        ([{"name": "views", "values": [{"value": {"a": 1}}]}], None),
        ([{"name": "reach", "values": [{"value": 5}]}], None),
    ],
)
async def test_a_metric_that_is_not_there_is_unknown_and_never_zero(told, read):
    assert await asked(httpx.Response(200, json={"data": told})).metrics("17", ["views"]) == {"views": read}


@pytest.mark.parametrize("answer", [graph.error(100, "metric invalid"), graph.error(10, "not enough viewers")])
async def test_a_metric_that_meta_refuses_for_one_post_is_unknown(answer):
    assert await asked(answer).metrics("17", ["views"]) == {"views": None}


async def test_a_metric_behind_a_missing_permission_is_an_error():
    with pytest.raises(AccessRefused):
        await asked(graph.error(10, "requires pages_read_engagement")).metrics("17", ["views"])
