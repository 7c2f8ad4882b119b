"""Doors of one host with limits of their own wait, park and empty alone; what was welcome can be refused."""

from typing import Any

import httpx
import pytest

from monitor.errors import AccessRefused, RateLimited, SourceUnavailable, UnexpectedPayload
from tests.fetch.play import PLACE, Played, ok, status
from tests.people import NOON

IN_FIVE_MINUTES = str(int(NOON.timestamp()) + 300)


async def test_a_parked_lane_leaves_the_others_open() -> None:
    played = Played(status(429, retry_after="300"), ok())
    with pytest.raises(RateLimited):
        await played.client.get(PLACE, lane="search")
    with pytest.raises(RateLimited, match=r"social\.example \(search\) asked to be left alone"):
        await played.client.get(PLACE, lane="search")
    assert (await played.client.get(PLACE, lane="lookup")).status == 200
    assert (await played.client.get(PLACE)).status == 200


async def test_an_empty_lane_is_left_alone_until_it_is_renewed() -> None:
    empty = {"x-rate-limit-limit": "60", "x-rate-limit-remaining": "0", "x-rate-limit-reset": IN_FIVE_MINUTES}
    played = Played(httpx.Response(200, json=1, headers=empty), ok())
    await played.client.get(PLACE, lane="search")
    assert played.client.quota_left == 0
    with pytest.raises(RateLimited) as raised:
        await played.client.get(PLACE, lane="search")
    assert raised.value.retry_after == pytest.approx(300, abs=1)
    assert (await played.client.get(PLACE, lane="counts")).status == 200


async def test_each_lane_keeps_its_own_distance() -> None:
    played = Played(ok(), spacing=2.0)
    for lane in ("search", "lookup", "search", "lookup"):
        await played.client.get(PLACE, lane=lane)
    assert played.waited == 2


async def test_a_lane_is_shared_by_questions_of_both_kinds() -> None:
    played = Played(status(429, retry_after="300"), ok())
    with pytest.raises(RateLimited):
        await played.client.post(PLACE, json={}, lane="video")
    with pytest.raises(RateLimited):
        await played.client.get(PLACE, lane="video")
    assert len(played.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"), [(402, AccessRefused), (403, AccessRefused), (404, UnexpectedPayload), (503, SourceUnavailable)]
)
async def test_what_was_welcome_can_be_refused_all_the_same(code: int, kind: type[Exception]) -> None:
    client = Played(status(code)).client
    answer = await client.get(PLACE, accept=(code,))
    error = client.refusal(answer)
    assert type(error) is kind
    assert f"{PLACE} answered {code}" in str(error)


async def test_a_refused_answer_parks_its_own_lane() -> None:
    played = Played(status(429, x_rate_limit_reset=IN_FIVE_MINUTES), ok())
    answer = await played.client.get(PLACE, accept=(429,), lane="search")
    error = played.client.refusal(answer)
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(300, abs=1)
    with pytest.raises(RateLimited):
        await played.client.get(PLACE, lane="search")
    assert (await played.client.get(PLACE)).status == 200


async def test_a_refused_answer_repeats_no_secret() -> None:
    answer = httpx.Response(403, json={"title": "Forbidden", "detail": "key k3y-of-ada may not do this"})
    client = Played(answer).client
    error = client.refusal(await client.get(PLACE, params={"api_key": "k3y-of-ada"}, accept=(403,)))
    assert "k3y-of-ada" not in str(error)
    assert "may not do this" in str(error)


@pytest.mark.parametrize(
    "said",
    [
        {"error": "why it failed"},
        {"error": "InvalidRequest", "message": "why it failed"},
        {"error": {"code": 403, "message": "why it failed", "errors": []}},
        {"title": "Unauthorized", "detail": "why it failed", "status": 401},
        {"errors": [{"message": "why it failed"}]},
        {"error": "invalid_grant", "error_description": "why it failed"},
    ],
)
async def test_the_reason_is_told_in_whatever_shape_it_comes(said: dict[str, object]) -> None:
    with pytest.raises(AccessRefused, match="why it failed"):
        await Played(httpx.Response(403, json=said)).client.get(PLACE)


@pytest.mark.parametrize(
    ("signed", "is_told"),
    [
        ({}, False),
        ({"headers": {"Accept": "text/html"}, "params": {"q": "#a"}}, False),
        ({"headers": {"Authorization": "Bearer abcdefgh"}}, True),
        ({"params": {"api_key": "abcdefgh"}}, True),
    ],
)
async def test_a_tokens_rights_are_told_of_only_where_one_was_shown(signed: dict[str, Any], *, is_told: bool) -> None:
    with pytest.raises(AccessRefused) as raised:
        await Played(httpx.Response(403)).client.get(PLACE, **signed)
    assert ("token's rights" in str(raised.value)) is is_told


@pytest.mark.parametrize("said", [[], {"error": 5}, {"errors": [3]}, {"error": {"message": []}}, "no", None])
async def test_a_reason_that_is_none_is_left_out(said: object) -> None:
    with pytest.raises(AccessRefused, match="answered 403; it refuses"):
        await Played(httpx.Response(403, json=said)).client.get(PLACE)
