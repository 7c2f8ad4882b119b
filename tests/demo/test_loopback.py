"""The little server: one function answers, connections are kept, nothing is left behind."""

import asyncio

import httpx
import pytest

from monitor.demo.loopback import Reply, Request, Server

ECHO = Reply(body=b"hello", headers={"X-Seen": "yes"})


async def test_requests_arrive_decoded_and_in_order() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return ECHO

    async with Server(answer) as server, httpx.AsyncClient(trust_env=False) as http:
        await http.get(server.url + "/tag/حلب", params=[("id[]", "1"), ("id[]", "2"), ("q", "")], headers={"X-A": "b"})
    assert asked[0].path == "/tag/حلب"
    assert asked[0].every("id[]") == ["1", "2"]
    assert (asked[0].last("q"), asked[0].last("none")) == ("", None)
    assert asked[0].headers["x-a"] == "b"


async def test_what_is_posted_arrives_with_its_body_and_the_connection_lives_on() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return ECHO

    async with Server(answer) as server, httpx.AsyncClient(trust_env=False) as http:
        await http.post(server.url + "/session", json={"word": "حلب"})
        await http.get(server.url)
    assert [(request.method, request.path) for request in asked] == [("POST", "/session"), ("GET", "/")]
    assert "حلب" in asked[0].body.decode()
    assert asked[1].body == b""


async def test_status_headers_and_body_go_back() -> None:
    reply = Reply(404, b"gone", {"X-Seen": "yes"})
    async with Server(lambda _: reply) as server, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(server.url)
    assert (answer.status_code, answer.content, answer.headers["x-seen"]) == (404, b"gone", "yes")


async def test_a_broken_reply_ends_in_the_middle() -> None:
    async with (
        Server(lambda _: Reply(body=b"hello", broken=True)) as server,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(server.url)


async def test_a_delayed_reply_is_slower() -> None:
    async with Server(lambda _: Reply(delay=0.05)) as server, httpx.AsyncClient(trust_env=False) as http:
        begin = asyncio.get_running_loop().time()
        await http.get(server.url)
        assert asyncio.get_running_loop().time() - begin >= 0.05


async def test_nonsense_ends_the_connection_and_not_the_server() -> None:
    async with Server(lambda _: ECHO) as server, httpx.AsyncClient(trust_env=False) as http:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
        writer.write(b"GET\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400")
        writer.close()
        assert (await http.get(server.url)).text == "hello"


async def test_two_servers_have_two_ports() -> None:
    async with Server(lambda _: ECHO) as one, Server(lambda _: ECHO) as other:
        assert one.url != other.url
