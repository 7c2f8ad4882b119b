"""Redirects are followed, but not everywhere."""

import httpx
import pytest

from monitor.errors import UnexpectedPayload
from monitor.fetch.client import Client
from tests.fetch.play import PLACE, Played, ok, status

INSIDE = {"10.0.0.7", "localhost", "nas.home"}


async def is_inside(host: str) -> bool:
    return host in INSIDE


def moved(*places: str, then: httpx.Response | None = None) -> Played:
    return Played(*(status(302, location=place) for place in places), then or ok(), private=is_inside)


async def test_a_redirect_is_followed_and_its_end_is_named() -> None:
    answer = await moved("/v2", "https://new.example/v3").client.get(PLACE)
    assert (answer.json(), answer.url) == ("fine", "https://new.example/v3")


async def test_a_redirect_is_an_answer_when_it_is_not_to_be_followed() -> None:
    answer = await moved("/v2").client.get(PLACE, follow=False)
    assert (answer.status, answer.headers["location"]) == (302, "/v2")


async def test_circles_end() -> None:
    played = Played(status(302, location=PLACE))
    with pytest.raises(UnexpectedPayload, match="circles"):
        await played.client.get(PLACE)
    assert len(played.asked) == 5


@pytest.mark.parametrize("place", ["http://10.0.0.7/admin", "https://nas.home", "//localhost:6379/"])
async def test_no_public_server_leads_us_into_a_private_network(place: str) -> None:
    played = moved(place)
    with pytest.raises(UnexpectedPayload, match="private network"):
        await played.client.get(PLACE)
    assert len(played.asked) == 1


@pytest.mark.parametrize(
    "inside",
    ["169.254.169.254", "10.0.0.7", "127.0.0.1", "[::1]", "[fe80::1]", "[::ffff:169.254.169.254]", "2852039166", "0"],
)
async def test_an_address_of_the_internet_leads_to_none_of_a_private_network(inside: str) -> None:
    played = Played(status(302, location=f"http://{inside}/latest/meta-data"), ok())
    with pytest.raises(UnexpectedPayload, match="private network"):
        await played.client.get("http://1.1.1.1/feed", headers={"Authorization": "Bearer x"})
    assert [request.url.host for request in played.asked] == ["1.1.1.1"]


async def test_a_key_does_not_travel_from_one_address_of_the_internet_to_another() -> None:
    played = Played(status(307, location="http://8.8.8.8/"), ok())
    await played.client.get("http://1.1.1.1/feed", headers={"Authorization": "Bearer x"})
    assert [("authorization" in request.headers) for request in played.asked] == [True, False]


async def test_a_private_server_of_the_operator_may_redirect_to_another() -> None:
    assert (await moved("http://10.0.0.7/rss").client.get("http://nas.home/feed")).json() == "fine"


@pytest.mark.parametrize(
    "place", ["ftp://files.example/a", "file:///etc/passwd", "javascript:alert(1)", "http://x.example:99999/"]
)
async def test_only_web_pages_are_followed(place: str) -> None:
    with pytest.raises(UnexpectedPayload):
        await moved(place).client.get(PLACE)


async def test_another_host_gets_no_key() -> None:
    played = moved("/v2", "https://new.example/v3")
    await played.client.get(PLACE, headers={"Authorization": "Bearer x", "Accept-Language": "en"})
    assert [("authorization" in request.headers) for request in played.asked] == [True, True, False]
    assert played.asked[2].headers["accept-language"] == "en"


async def test_a_key_in_a_header_of_its_own_stays_too() -> None:
    played = moved("https://new.example/v3")
    await played.client.get(PLACE, headers={"X-Api-Key": "k3y", "Cookie": "session=1", "If-None-Match": "e1"})
    assert not {"x-api-key", "cookie"} & set(played.asked[1].headers)
    assert played.asked[1].headers["if-none-match"] == "e1"


async def test_the_same_host_keeps_the_key_when_it_asks_for_https_only() -> None:
    played = moved("https://social.example/api", "http://social.example/api")
    await played.client.get("http://social.example/api", headers={"Authorization": "Bearer x"})
    assert [("authorization" in request.headers) for request in played.asked] == [True, True, False]


async def test_a_redirect_without_a_place_is_told() -> None:
    with pytest.raises(UnexpectedPayload, match="302"):
        await Played(status(302)).client.get(PLACE)


async def test_every_hop_is_a_call() -> None:
    played = moved("/v2")
    client: Client = played.client
    await client.get(PLACE)
    assert client.calls == 2
