"""Briefs of all campaigns at once: from what was published first, made again by and by."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.errors import StoreError
from monitor.model.brief import Brief
from monitor.store import briefs
from monitor.web.desk import Desk
from monitor.web.newest import YOUNG, Newest
from tests.digest.briefs import MADE_AT, QUIET
from tests.web.api.test_api import Home

MINE = QUIET.model_copy(update={"campaign": "aleppo", "made_at": MADE_AT})


class Made:
    """Makes briefs at once, and counts them."""

    def __init__(self, fails: bool = False) -> None:
        self.number, self.fails = 0, fails

    async def __call__(self, _store, campaign, _window, now) -> Brief:
        self.number += 1
        if self.fails:
            raise StoreError("the store is gone")
        return MINE.model_copy(update={"campaign": campaign.slug, "made_at": now})


@pytest.fixture
def clock():
    return Simulated(MADE_AT + timedelta(minutes=1))


async def test_right_after_a_start_there_is_what_was_published_last(store, clock):
    await briefs.publish(store, MINE.model_dump_json(), "aleppo")
    made = Made()
    assert await Newest(Desk(store, clock, Home(), made)).briefs() == {"aleppo": MINE}
    assert made.number == 0


async def test_a_campaign_without_a_brief_is_left_out_and_made_after_the_answer(store, clock):
    newest = Newest(Desk(store, clock, Home(), Made()))
    assert await newest.briefs() == {}
    await newest.renew()
    assert (await newest.briefs())["aleppo"].made_at == clock.now()


async def test_a_young_brief_is_left_alone_and_an_old_one_is_made_again(store, clock):
    await briefs.publish(store, MINE.model_dump_json(), "aleppo")
    newest = Newest(Desk(store, clock, Home(), made := Made()))
    await newest.briefs()
    await newest.renew()
    assert made.number == 0
    await clock.sleep(YOUNG.total_seconds())
    await newest.renew()
    assert (made.number, (await newest.briefs())["aleppo"].made_at) == (1, clock.now())


async def test_many_who_look_bring_about_one_round(store, clock):
    newest = Newest(Desk(store, clock, Home(), made := Made()))
    await asyncio.gather(*(newest.renew() for _ in range(5)))
    assert made.number == 1


async def test_when_nobody_looked_for_hours_what_the_daemon_published_since_is_shown(store, clock):
    newest = Newest(Desk(store, clock, Home(), Made()))
    await newest.renew()
    await clock.sleep(3 * 3600)
    later = MINE.model_copy(update={"made_at": clock.now() - timedelta(minutes=20)})
    await briefs.publish(store, later.model_dump_json(), "aleppo")
    assert await newest.briefs() == {"aleppo": later}


async def test_a_store_that_goes_away_leaves_the_last_brief_standing(store, clock):
    await briefs.publish(store, MINE.model_dump_json(), "aleppo")
    newest = Newest(Desk(store, clock, Home(), made := Made(fails=True)))
    await newest.briefs()
    await clock.sleep(YOUNG.total_seconds())
    await newest.renew()
    assert (made.number, await newest.briefs()) == (1, {"aleppo": MINE})


async def test_a_campaign_that_can_not_be_summed_up_keeps_no_other_waiting(store, clock):
    class Two(Home):
        def campaigns(self):
            return [replace(one, slug=slug) for one in super().campaigns() for slug in ("broken", "aleppo")]

    async def make(_store, campaign, _window, now) -> Brief:
        if campaign.slug == "broken":
            raise StoreError("this one can not be read")
        return MINE.model_copy(update={"made_at": now})

    newest = Newest(Desk(store, clock, Two(), make))
    for _ in range(2):
        await newest.renew()
    assert set(await newest.briefs()) == {"aleppo"}


async def test_a_brief_that_another_version_published_counts_as_none(store, clock):
    await briefs.publish(store, '{"campaign": "aleppo", "mood": "fine"}', "aleppo")
    newest = Newest(Desk(store, clock, Home(), Made()))
    assert await newest.briefs() == {}
    await newest.renew()
    assert "aleppo" in await newest.briefs()


async def test_what_was_published_replaces_nothing_younger(store, clock):
    newest = Newest(Desk(store, clock, Home(), Made()))
    await newest.renew()
    young = (await newest.briefs())["aleppo"]
    await clock.sleep(2 * 3600)
    await briefs.publish(store, MINE.model_copy(update={"made_at": MADE_AT}).model_dump_json(), "aleppo")
    assert await newest.briefs() == {"aleppo": young}
