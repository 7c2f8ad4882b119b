"""The daemon's lives, in the process of the tests: what it does when leases, files and servers change."""

import asyncio

import httpx
import pytest

from monitor.demo.loopback import Reply
from monitor.digest.leaving import link
from monitor.model.run import Outcome
from monitor.store import leases, readers, runs
from monitor.store.store import Store
from tests.daemon.machine import Machine
from tests.daemon.town import Town

pytestmark = pytest.mark.slow


async def test_a_second_daemon_stands_by_until_the_first_has_stopped(
    house: Machine, store: Store, town: Town, server: str
):
    house.campaign("aleppo", server, minutes=0.5)
    async with house.alive(store), house.alive(store):
        await town.is_asked("aleppo")
        holder = await leases.holder(store)
        await asyncio.sleep(0.6)
        assert await leases.holder(store) == holder
    assert await leases.holder(store) is None


async def test_who_loses_the_lease_stops_collecting(house: Machine, store: Store, town: Town, server: str):
    town.trouble["aleppo"] = Reply(delay=600)
    house.campaign("aleppo", server)
    async with house.alive(store):
        await town.is_asked("aleppo")
        await store.redis.set(store.keys.lease, "a thief")
        await house.is_said_to_be("standing by")


async def test_a_new_campaign_is_asked_and_the_others_are_left_alone(
    house: Machine, store: Store, town: Town, server: str
):
    house.campaign("aleppo", server)
    async with house.alive(store):
        await town.is_asked("aleppo")
        house.campaign("homs", server)
        await town.is_asked("homs")
    assert town.asked["aleppo"] == 1


async def test_a_campaign_that_was_taken_out_is_no_gap(house: Machine, store: Store, town: Town, server: str):
    file = house.campaign("aleppo", server)
    house.campaign("homs", server)
    async with house.alive(store):
        await town.is_asked("aleppo")
        file.write_text(file.read_text().replace('name = "town"', 'name = "city"'))
        await town.is_asked("aleppo", times=2)
        assert [state.name for state in await runs.states(store, "aleppo")] == ["city"]


async def test_other_settings_begin_a_new_life(house: Machine, store: Store, town: Town, server: str):
    house.campaign("aleppo", server)
    file = house.config / "monitor.toml"
    async with house.alive(store) as watch:
        await town.is_asked("aleppo")
        before = await leases.holder(store)
        file.write_text(file.read_text().replace("[collect]", "[collect]\nat_once = 3"))
        house.campaign("homs", server)
        await town.is_asked("homs")
        assert watch.settings.monitor.collect.at_once == 3
        assert await leases.holder(store) != before


async def test_a_source_that_hangs_or_answers_nonsense_stops_no_other(
    house: Machine, store: Store, town: Town, server: str
):
    town.trouble = {"homs": Reply(delay=600), "idlib": Reply(200, b"<html>")}
    for slug in ("homs", "idlib", "aleppo"):
        house.campaign(slug, server)
    async with house.alive(store):
        await asyncio.gather(*map(town.is_asked, ("homs", "idlib", "aleppo")))
    outcomes = {slug: [r.outcome for s in await runs.states(store, slug) for r in s.runs] for slug in town.trouble}
    assert outcomes == {"homs": [], "idlib": [Outcome.SOFT_ERROR]}


async def test_who_was_told_to_wait_is_not_asked_again_by_the_next_daemon(
    house: Machine, store: Store, town: Town, server: str
):
    town.trouble["aleppo"] = Reply(429, headers={"Retry-After": "3600"})
    house.campaign("aleppo", server, minutes=0.5)
    async with house.alive(store):
        await town.is_asked("aleppo")
    house.campaign("homs", server)
    async with house.alive(store):
        await town.is_asked("homs")
    assert town.asked["aleppo"] == 1


async def test_a_reader_leaves_by_the_page_of_the_daemon(house: Machine, store: Store, server: str):
    house.campaign("aleppo", server)
    async with house.alive(store):
        await house.is_said_to_be("collecting")
        path = link("", store, "desk@example.org", "en")
        assert (await house.ask(path)).status_code == 200
        async with httpx.AsyncClient() as mail_program:
            answer = await mail_program.post((await house.ask(path)).url, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not (await readers.standing(store, readers.reader(store, "desk@example.org"))).is_served
