"""A key never reaches a message, whatever goes wrong."""

import httpx
import pytest

from monitor.errors import SourceError
from tests.fetch.play import PLACE, Played, status

TOKEN = "s3cr3t-of-ada"
WRONG = [
    *(status(code) for code in (400, 401, 403, 404, 422, 429, 500, 503)),
    httpx.Response(401, json={"error": f"the token {TOKEN} was revoked"}),
    httpx.Response(302, headers={"location": f"ftp://x.example/{TOKEN}"}),
    httpx.ConnectError(f"no route for {TOKEN}"),
    httpx.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'"),
    httpx.DecodingError(TOKEN),
]


@pytest.mark.parametrize("answer", WRONG, ids=repr)
async def test_no_message_holds_a_token(answer: httpx.Response | Exception) -> None:
    address = f"https://user:{TOKEN}@social.example/api?key={TOKEN}"
    with pytest.raises(SourceError) as raised:
        await Played(answer).client.get(address, headers={"Authorization": f"Bearer {TOKEN}"}, params={"t": TOKEN})
    told = f"{raised.value} {raised.value!r} {raised.value.__cause__!r}"
    assert TOKEN not in told


@pytest.mark.parametrize("answer", WRONG, ids=repr)
async def test_every_message_names_the_place_and_what_to_do(answer: httpx.Response | Exception) -> None:
    with pytest.raises(SourceError, match=r"https://social\.example/api") as raised:
        await Played(answer).client.get(PLACE)
    assert "; " in str(raised.value)


@pytest.mark.parametrize("token", ["رمز", "tök\u200ben"])
async def test_a_token_that_can_not_be_sent_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(SourceError, match="copy it again") as raised:
        await Played(status(200)).client.get(PLACE, headers={"Authorization": token})
    assert token not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_the_servers_own_words_are_told_on_one_short_line() -> None:
    answer = httpx.Response(403, json={"error": "This action\n\nis not allowed " + "!" * 500})
    with pytest.raises(SourceError, match="This action is not allowed") as raised:
        await Played(answer).client.get(PLACE)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 350
