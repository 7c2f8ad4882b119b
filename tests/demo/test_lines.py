"""The way to the servers of the world."""

from collections import Counter

import httpx

from monitor.demo.lines import Lines
from monitor.demo.loopback import Reply, Server


async def test_each_server_answers_for_itself_again_and_again() -> None:
    async with (
        Server(lambda _: Reply(body=b"one")) as one,
        Server(lambda _: Reply(body=b"two")) as two,
        httpx.AsyncClient(transport=Lines()) as http,
    ):
        told = [(await http.get(server.url)).text for server in (one, two, one, two)]
    assert told == ["one", "two", "one", "two"]


async def test_a_connection_is_used_again() -> None:
    ports = Counter[str]()
    async with Server(lambda _: Reply()) as server, httpx.AsyncClient(transport=Lines()) as http:
        for _ in range(3):
            async with http.stream("GET", server.url) as response:
                await response.aread()
                ports[str(response.extensions["network_stream"].get_extra_info("client_addr"))] += 1
    assert list(ports.values()) == [3]
