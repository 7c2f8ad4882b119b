"""A POST may have an effect: what it carries goes to one server, and once, unless it is said to do no harm."""

import asyncio
from functools import partial

import httpx
import pytest

from monitor.clock import Simulated
from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.pocket import Pocket
from monitor.model.account import Allowance
from tests.fetch.play import PLACE, Played, ok, online, raw, status
from tests.people import NOON

CALLS = Allowance("calls", 3)
PASSWORD = "xxxx-app-pass"
LOGIN = {"identifier": "ada.example", "password": PASSWORD}


async def test_json_arrives_as_json() -> None:
    played = Played(ok({"did": "did:plc:1"}))
    answer = await played.client.post(PLACE, json={"any": ["حلب"]}, headers={"Accept": "application/json"})
    request = played.asked[0]
    assert answer.json() == {"did": "did:plc:1"}
    assert (request.method, request.headers["content-type"]) == ("POST", "application/json")
    assert httpx.Response(200, content=request.content).json() == {"any": ["حلب"]}


async def test_a_form_arrives_as_a_form() -> None:
    played = Played(ok())
    await played.client.post(PLACE, form={"grant_type": "client_credentials", "tag": "حلب &"})
    assert played.asked[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert httpx.QueryParams(played.asked[0].content.decode())["tag"] == "حلب &"


@pytest.mark.parametrize(
    "answer", [status(500), status(503), status(408), httpx.ReadTimeout("x"), httpx.ReadError("x")]
)
async def test_what_may_have_had_an_effect_is_not_sent_again(answer: httpx.Response | Exception) -> None:
    played = Played(answer, ok())
    with pytest.raises(SourceUnavailable):
        await played.client.post(PLACE, json={})
    assert len(played.asked) == 1


@pytest.mark.parametrize("answer", [status(500), status(503), httpx.ReadTimeout("x"), httpx.ReadError("x")])
async def test_what_does_no_harm_twice_is_sent_again(answer: httpx.Response | Exception) -> None:
    played = Played(answer, ok())
    assert (await played.client.post(PLACE, json={"a": 1}, repeat=True)).json() == "fine"
    assert played.asked[0].content == played.asked[1].content


@pytest.mark.parametrize("door", ["get", "post"])
async def test_every_attempt_can_be_counted_before_it_is_made(door: str) -> None:
    played, taken = Played(status(503), httpx.ReadError("x"), ok()), Pocket(Simulated(NOON))
    options = {"repeat": True} if door == "post" else {}
    await getattr(played.client, door)(PLACE, before=partial(taken.take, {CALLS: 1}), **options)
    assert await taken.left(CALLS) == 0


async def test_no_attempt_is_made_that_the_ledger_does_not_allow() -> None:
    played, taken = Played(status(503)), Pocket(Simulated(NOON))
    with pytest.raises(RateLimited, match="calls"):
        await played.client.get(PLACE, before=partial(taken.take, {CALLS: 2}))
    assert len(played.asked) == 1


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_what_never_left_is_sent_again(error: type[httpx.TransportError]) -> None:
    assert (await Played(error("x"), ok()).client.post(PLACE, json={})).json() == "fine"


@pytest.mark.parametrize("answer", [status(429, retry_after="20"), status(425)])
async def test_what_the_server_did_not_deal_with_is_sent_again(answer: httpx.Response) -> None:
    assert (await Played(answer, ok()).client.post(PLACE, json={})).json() == "fine"


async def test_a_long_wait_parks_the_host() -> None:
    played = Played(status(503, retry_after="300"))
    for _ in range(2):
        with pytest.raises(SourceError):
            await played.client.post(PLACE, json={})
    assert len(played.asked) == 1


@pytest.mark.parametrize("code", [400, 404, 422])
async def test_a_question_that_is_not_understood_is_an_error_in_words(code: int) -> None:
    with pytest.raises(UnexpectedPayload, match=str(code)):
        await Played(status(code)).client.post(PLACE, json={})


async def test_a_status_that_is_welcome_is_an_answer() -> None:
    assert (await Played(status(400)).client.post(PLACE, json={}, accept=(400,))).status == 400


@pytest.mark.parametrize("code", [307, 308])
async def test_the_same_server_may_redirect_it(code: int) -> None:
    played = Played(status(code, location="/v2"), ok())
    await played.client.post(PLACE, json=LOGIN)
    assert [request.method for request in played.asked] == ["POST", "POST"]
    assert played.asked[1].content == played.asked[0].content


@pytest.mark.parametrize("place", ["https://other.example/v2", "http://social.example/api", "//social.example:8443/"])
@pytest.mark.parametrize("code", [307, 308])
async def test_no_other_server_is_sent_what_it_carries(code: int, place: str) -> None:
    played = Played(status(code, location=place), ok())
    with pytest.raises(UnexpectedPayload, match=str(code)):
        await played.client.post(PLACE, json=LOGIN)
    assert len(played.asked) == 1


@pytest.mark.parametrize("code", [301, 302, 303])
async def test_a_redirect_that_would_lose_what_it_carries_is_not_followed(code: int) -> None:
    played = Played(status(code, location="/v2"), ok())
    with pytest.raises(UnexpectedPayload, match=str(code)):
        await played.client.post(PLACE, json=LOGIN)
    assert len(played.asked) == 1


@pytest.mark.parametrize("carried", [{"json": LOGIN}, {"form": LOGIN}, {"json": {"in": [{"deep": PASSWORD}]}}])
async def test_no_message_repeats_what_was_sent(carried: dict[str, dict[str, str]]) -> None:
    answer = httpx.Response(401, json={"error": "AuthFactor", "message": f"{PASSWORD} is not the password"})
    with pytest.raises(AccessRefused, match="is not the password") as raised:
        await Played(answer).client.post(PLACE, **carried)  # type: ignore[arg-type]
    assert PASSWORD not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"


async def test_an_answer_that_is_printed_tells_no_secret() -> None:
    answer = await Played(ok({"token": "t0k3n"})).client.post(f"{PLACE}?key=k3y-of-ada", form=LOGIN)
    assert not any(secret in repr(answer) for secret in (PASSWORD, "k3y-of-ada", "t0k3n"))


async def test_it_really_arrives() -> None:
    created = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
    async with raw(lambda writer: _write(writer, created)) as url, online() as client:
        assert (await client.post(url, json={"a": 1})).status == 201


async def test_a_connection_that_breaks_after_it_arrived_is_not_tried_again() -> None:
    async with raw(lambda writer: _write(writer, b"")) as url, online() as client:
        with pytest.raises(SourceUnavailable):
            await client.post(url, json={"a": 1})
        assert client.calls == 1


async def test_too_many_are_limited_with_the_time_to_wait() -> None:
    with pytest.raises(RateLimited) as raised:
        await Played(status(429, retry_after="300")).client.post(PLACE, form={"a": "1"})
    assert raised.value.retry_after == pytest.approx(300, abs=1)


async def _write(writer: asyncio.StreamWriter, answer: bytes) -> None:
    writer.write(answer)
    await writer.drain()
