"""Names that people vote on, in a daemon that lives in the process of the tests."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.demo.loopback import Reply, Request, Server
from monitor.store import series
from monitor.store.store import Store
from tests.daemon.machine import Machine
from tests.daemon.town import Town

pytestmark = pytest.mark.slow

_POLL = """
[[polls]]
opens = "{opens} 00:00"
closes = "{closes} 24:00"
names = "{names}"
[polls.at]
platform = "page"
url = "{url}"
kind = "json"
rows = "$.rows[*]"
label = "$.name"
votes = "$.votes"
"""


def page(request: Request) -> Reply:
    rows = [{"name": "كسر الحصار", "votes": 7}, {"name": "خبز وحرية", "votes": 5}]
    return Reply(200, json.dumps({"rows": rows}).encode(), {"Content-Type": "application/json"})


async def test_the_names_of_a_poll_are_asked_for_as_soon_as_it_is_found(
    house: Machine, store: Store, town: Town, server: str
):
    today = datetime.now(UTC)
    yesterday, tomorrow, after = (f"{today + timedelta(days=days):%A}" for days in (-1, 1, 2))
    file = house.campaign("aleppo", server)
    town.write("خبز_وحرية", 3)
    async with Server(page) as voting:
        poll = _POLL.format(opens=yesterday, closes=tomorrow, names=after, url=f"{voting.url}/poll.json")
        file.write_text(file.read_text() + poll)
        async with house.alive(store):
            await town.is_asked("خبز_وحرية")
            await town.is_asked("كسر_الحصار")
    assert town.asked["aleppo"] >= 1
    assert "tag/خبز_وحريه" in await series.subjects(store, "aleppo", "tag")
