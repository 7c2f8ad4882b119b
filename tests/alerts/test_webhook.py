"""The signed webhook against a real server on loopback that answers well, badly, or not at all."""

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from monitor.alerts import webhook
from monitor.alerts.webhook import Webhook, document, signature
from monitor.errors import DeliveryError
from tests.alerts.cases import SECRET, Hook, answers, channel, found, message, opened, parcel
from tests.people import NOON

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")


async def sent(hook: Hook, body: bytes = b"{}") -> str:
    async with opened(hook), httpx.AsyncClient() as http:
        return await Webhook(http, SecretStr(hook.url), SecretStr(SECRET)).send(body, "an-id", NOON)


async def refusal(hook: Hook) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await sent(hook)
    return caught.value


async def test_what_is_sent_is_signed_and_has_an_id():
    hook = Hook()
    assert await sent(hook, b'{"a": 1}') == "answered 204"
    assert (hook.ids, hook.got[0][1], hook.is_signed()) == (["an-id"], b'{"a": 1}', True)


@pytest.mark.parametrize("code", [400, 401, 404, 410, 413])
async def test_a_refusal_is_for_good(code: int):
    assert (await refusal(Hook(answers(code)))).permanent


@pytest.mark.parametrize("code", [301, 408, 425, 429, 500, 502, 503])
async def test_trouble_is_for_later(code: int):
    assert not (await refusal(Hook(answers(code)))).permanent


@pytest.mark.parametrize("answer", [b"\x00\xff garbage\r\n\r\n", b"", b"HTTP/1.1 99999 no\r\n\r\n"])
async def test_garbage_is_for_later_and_told_without_the_address(answer: bytes):
    hook = Hook(iter([answer]))
    error = await refusal(hook)
    assert not error.permanent
    assert str(hook.port) not in str(error)


async def test_a_server_that_never_answers_is_given_up():
    transport = httpx.MockTransport(_never)
    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(DeliveryError, match="did not answer"):
            await Webhook(http, SecretStr("http://hook.example"), SecretStr(SECRET)).send(b"", "id", NOON)


def _never(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("never", request=request)


async def test_a_server_that_answers_byte_by_byte_is_given_up():
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while await asyncio.sleep(0.01, not writer.is_closing()):
                writer.write(b"H")
                await writer.drain()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    url = SecretStr(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    async with server, httpx.AsyncClient() as http:
        with pytest.raises(DeliveryError, match="did not answer"):
            await Webhook(http, url, SecretStr(SECRET), within=0.1).send(b"", "id", NOON)


async def test_a_redirect_is_not_followed_and_says_what_to_correct():
    moved = b"HTTP/1.1 302 Moved\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert "correct the channel's url" in str(await refusal(Hook(iter([moved]))))


async def test_what_the_answer_says_beside_its_status_is_not_read():
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nbegins"
    assert await sent(Hook(iter([endless]))) == "answered 200"


def test_another_body_second_or_secret_has_another_signature():
    signed = {signature("a", 1, b"x"), signature("b", 1, b"x"), signature("a", 2, b"x"), signature("a", 1, b"y")}
    assert len(signed) == 4


def test_the_document_tells_sentences_and_findings():
    content = json.loads(document(parcel(1), title="Save Aleppo: more", body="more", language="en"))
    assert (content["id"], content["title"], content["text"]) == ("p1", "Save Aleppo: more", "more")
    assert content["messages"][0]["new"][0]["value"] == 1200.0
    assert content["messages"][0]["severity"] == "warning"


def test_hostile_names_stay_inside_the_document():
    told = parcel(1, messages=(message(1, found(of='"}\r\n\0<script>')),))
    assert json.loads(document(told, title="t", body="b", language="en"))["messages"][0]["new"][0]["of"][0] == '"'


def test_the_receiver_of_the_manual_takes_what_is_right_once_and_nothing_else():
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert code is not None
    room: dict[str, object] = {}
    exec(code[1], room)  # noqa: S102 - our own manual
    takes = room["takes"]
    body = b'{"id": "1"}'
    headers = {"Monitor-Id": "1", "Monitor-Timestamp": "1000", "Monitor-Signature": signature("s" * 16, 1000, body)}
    seen: set[str] = set()
    assert callable(takes)
    assert takes(headers, body, "s" * 16, seen, now=1010)
    assert not takes({**headers, "Monitor-Id": "2"}, body, "s" * 16, seen, now=1011)  # a repeat
    assert not takes(headers, b'{"id": "2"}', "s" * 16, seen, now=1010)  # another body
    assert not takes(headers, body, "s" * 16, set(), now=2000)  # too old


def test_nothing_waits_longer_than_the_sender_does():
    assert webhook.WITHIN < 60
    assert channel().url is not None
