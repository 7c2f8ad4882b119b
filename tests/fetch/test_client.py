"""What a source may rely on when it asks a server."""

from datetime import timedelta

import httpx
import pytest

from monitor.errors import AccessRefused, RateLimited, SourceError, SourceUnavailable, UnexpectedPayload
from monitor.fetch.client import http
from monitor.fetch.throttle import PATIENCE
from tests.fetch.play import PLACE, Played, ok, status
from tests.people import NOON


async def test_an_answer_is_returned_as_it_came() -> None:
    answer = await Played(ok({"posts": 3})).client.get(PLACE)
    assert (answer.status, answer.json(), answer.url) == (200, {"posts": 3}, PLACE)


async def test_who_asks_is_said_with_a_contact() -> None:
    played = Played(ok())
    await played.client.get(PLACE)
    assert played.asked[0].headers["user-agent"].startswith("campaign-monitor/")
    assert "(+desk@example.org)" in played.asked[0].headers["user-agent"]


async def test_an_arabic_contact_does_not_break_the_header() -> None:
    async with http("غرفة الأخبار") as session:
        assert "no contact" in session.headers["user-agent"] or session.headers["user-agent"].isascii()


async def test_parameters_may_repeat_and_join_those_of_the_address() -> None:
    played = Played(ok())
    await played.client.get(PLACE + "?limit=40", params=[("any[]", "حلب"), ("any[]", "b")])
    assert played.asked[0].url.params.multi_items() == [("limit", "40"), ("any[]", "حلب"), ("any[]", "b")]


async def test_not_modified_is_an_answer() -> None:
    assert (await Played(status(304)).client.get(PLACE)).status == 304


async def test_a_status_that_is_welcome_is_an_answer() -> None:
    assert (await Played(status(404)).client.get(PLACE, accept=(404,))).status == 404


@pytest.mark.parametrize("code", [401, 403, 451])
async def test_refusals_are_not_repeated(code: int) -> None:
    played = Played(status(code))
    with pytest.raises(AccessRefused):
        await played.client.get(PLACE)
    assert len(played.asked) == 1


@pytest.mark.parametrize("code", [304, 400, 404, 410, 418, 422])
async def test_what_will_not_change_is_not_repeated(code: int) -> None:
    played = Played(status(code))
    with pytest.raises(UnexpectedPayload, match=str(code)):
        await played.client.get(PLACE, accept=())
    assert len(played.asked) == 1


@pytest.mark.parametrize("code", [408, 425, 500, 502, 503, 504, 520])
async def test_setbacks_are_repeated_three_times_at_most(code: int) -> None:
    played = Played(status(code))
    with pytest.raises(SourceUnavailable, match=str(code)):
        await played.client.get(PLACE)
    assert len(played.asked) == 3


async def test_a_setback_that_passes_is_not_noticed() -> None:
    played = Played(status(503), httpx.ConnectTimeout("slow"), ok())
    assert (await played.client.get(PLACE)).json() == "fine"


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.PoolTimeout])
async def test_the_network_is_tried_again_then_unavailable(error: type[httpx.TransportError]) -> None:
    played = Played(error("whatever"))
    with pytest.raises(SourceUnavailable, match=r"social\.example"):
        await played.client.get(PLACE)
    assert len(played.asked) == 3


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired", "certificate"),
        ("[Errno -2] Name or service not known", "spelling"),
        ("[Errno -3] Temporary failure in name resolution", "looked up"),
        ("[Errno 111] Connection refused", "does not listen"),
        ("All connection attempts failed", "could not be reached"),
    ],
)
async def test_why_no_connection_came_about_is_told(told: str, words: str) -> None:
    with pytest.raises(SourceUnavailable, match=words):
        await Played(httpx.ConnectError(told)).client.get(PLACE)


async def test_back_off_is_spread_and_short() -> None:
    waits = set()
    for _ in range(20):
        played = Played(status(500))
        with pytest.raises(SourceUnavailable):
            await played.client.get(PLACE)
        waits.add(played.waited)
    assert len(waits) == 20
    assert max(waits) <= 12


async def test_a_short_wait_that_was_asked_for_is_waited() -> None:
    played = Played(status(429, retry_after="20"), ok())
    await played.client.get(PLACE)
    assert 20 <= played.waited <= 22


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "300"},
        {"retry_after": "Fri, 29 Apr 2016 12:05:00 GMT"},
        {"x_ratelimit_reset": "2016-04-29T12:05:00.512034Z"},
        {"x_rate_limit_reset": str(int(NOON.timestamp()) + 300)},
        {"ratelimit_reset": "300"},
    ],
)
async def test_a_long_wait_ends_the_run_in_whatever_form_it_comes(headers: dict[str, str]) -> None:
    played = Played(status(429, **headers))
    with pytest.raises(RateLimited) as raised:
        await played.client.get(PLACE)
    assert raised.value.retry_after == pytest.approx(300, abs=1)
    assert played.waited == 0


async def test_a_parked_host_is_left_alone_by_everybody() -> None:
    played = Played(status(429, retry_after="300"))
    with pytest.raises(RateLimited):
        await played.client.get(PLACE)
    with pytest.raises(RateLimited, match="left alone") as raised:
        await played.client.get(PLACE + "/other")
    assert len(played.asked) == 1
    assert raised.value.retry_after == pytest.approx(300, abs=2)


async def test_after_the_wait_the_host_is_asked_again() -> None:
    played = Played(status(429, retry_after="300"), ok())
    with pytest.raises(RateLimited):
        await played.client.get(PLACE)
    played.clock.move_to(NOON + timedelta(seconds=302))
    assert (await played.client.get(PLACE)).json() == "fine"


async def test_other_hosts_are_not_parked() -> None:
    played = Played(status(429, retry_after="300"), ok())
    with pytest.raises(RateLimited):
        await played.client.get(PLACE)
    assert (await played.client.get("https://other.example")).status == 200


async def test_waiting_in_one_call_never_exceeds_a_minute() -> None:
    played = Played(status(429, retry_after="45"))
    with pytest.raises(RateLimited):
        await played.client.get(PLACE)
    assert played.waited <= PATIENCE


async def test_an_overloaded_server_is_given_its_time() -> None:
    played = Played(status(503, retry_after="30"), ok())
    await played.client.get(PLACE)
    assert 30 <= played.waited <= 32


async def test_a_server_closed_for_hours_is_unavailable_not_limited() -> None:
    with pytest.raises(SourceUnavailable):
        await Played(status(503, retry_after="7200")).client.get(PLACE)


async def test_too_many_requests_without_a_time_are_limited_after_some_tries() -> None:
    with pytest.raises(RateLimited) as raised:
        await Played(status(429)).client.get(PLACE)
    assert raised.value.retry_after is None


async def test_calls_and_quota_are_counted() -> None:
    played = Played(status(500), httpx.Response(200, json=1, headers={"X-RateLimit-Remaining": "287"}))
    await played.client.get(PLACE)
    assert (played.client.calls, played.client.quota_left) == (2, 287)


@pytest.mark.parametrize("told", ["", "many", "-1", "1e9", "٣", "9" * 400])
async def test_a_quota_that_is_no_number_is_not_told(told: str) -> None:
    played = Played(httpx.Response(200, json=1, headers=[(b"X-RateLimit-Remaining", told.encode())]))
    await played.client.get(PLACE)
    assert played.client.quota_left is None


async def test_nobody_asks_with_an_empty_quota() -> None:
    empty = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2016-04-29T12:15:00.000000Z"}
    played = Played(httpx.Response(200, json=1, headers=empty))
    assert (await played.client.get(PLACE)).status == 200
    with pytest.raises(RateLimited) as raised:
        await played.client.get(PLACE)
    assert raised.value.retry_after == pytest.approx(900, abs=1)


async def test_calls_to_one_host_keep_their_distance() -> None:
    played = Played(ok(), spacing=2.0)
    for _ in range(4):
        await played.client.get(PLACE)
    assert played.waited == 6


async def test_two_packings_are_not_unpacked() -> None:
    bomb = httpx.Response(200, headers={"content-encoding": "gzip, gzip"}, content=b"")
    with pytest.raises(UnexpectedPayload, match="packed"):
        await Played(bomb).client.get(PLACE)


@pytest.mark.parametrize(
    "address",
    ["", "social.example", "ftp://social.example", "https://", "http://[::1", "javascript:1", "http://a:99999"],
)
async def test_what_is_no_web_address_is_not_asked(address: str) -> None:
    played = Played(ok())
    with pytest.raises(UnexpectedPayload, match="no web address"):
        await played.client.get(address)
    assert not played.asked


async def test_cookies_are_not_kept() -> None:
    played = Played(status(200, set_cookie="visitor=17"), ok())
    for _ in range(2):
        await played.client.get(PLACE)
    assert "cookie" not in played.asked[1].headers


@pytest.mark.parametrize(
    ("code", "reason"),
    [(401, "key"), (402, "paid"), (403, "rights"), (404, "gone"), (410, "gone"), (422, "question"), (418, "changed")],
)
async def test_a_refusal_has_a_reason_that_can_be_told_in_any_language(code: int, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        await Played(status(code)).client.get(PLACE)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(status(500), "trouble"), (status(408), "slow"), (httpx.ConnectError(""), "unreached")],
)
async def test_so_has_a_setback(answer, reason: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        await Played(answer).client.get(PLACE)
    assert caught.value.reason == reason
