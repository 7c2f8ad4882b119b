"""The overview: every campaign has a card, in the order of the mails, and nobody waits for a brief to be made."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from monitor.digest.render import ordered
from monitor.errors import StoreError
from monitor.model.brief import Brief
from monitor.store import briefs
from monitor.words.voice import voice
from tests.digest.briefs import BLIND, MADE_AT, QUIET, SURGE, VOTE
from tests.people import ALEPPO
from tests.web.api.test_api import Home
from tests.web.site.asking import asking

NOW = MADE_AT + timedelta(minutes=2)
SCRIPT = "<script>alert('x')</script>"
TOLD = [QUIET, VOTE, BLIND.model_copy(update={"campaign": "daraya"}), SURGE]


class Town(Home):
    """A house with these campaigns, and one of which nothing is known yet."""

    def __init__(self, *told: Brief) -> None:
        self.told = told

    def campaigns(self):
        known = (replace(ALEPPO, slug=one.campaign, title=one.title, titles=one.titles) for one in self.told)
        return [*known, replace(ALEPPO, slug="new", title=f"New {SCRIPT}", titles={})]


class Making:
    """Makes briefs of what is not known, and counts them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    async def __call__(self, _store, campaign, _window, now) -> Brief:
        self.made.append(campaign.slug)
        return QUIET.model_copy(update={"campaign": campaign.slug, "made_at": now, "title": campaign.title})


@pytest.fixture
async def published(store) -> list[Brief]:
    told = [one.model_copy(update={"made_at": MADE_AT}) for one in TOLD]
    for one in told:
        await briefs.publish(store, one.model_dump_json(), one.campaign)
    return told


def titles(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/campaigns/([^"]+)"', page)


async def test_cards_stand_in_the_order_of_the_mails_and_the_unknown_last(store, published):
    async with asking(store, NOW, Town(*published), Making()) as ask:
        page = (await ask.get("/")).text
    assert titles(page) == [*(one.campaign for one in ordered(published)), "new"]


async def test_no_brief_is_made_before_the_answer_and_only_what_is_missing_after_it(store, published):
    async with asking(store, NOW, Town(*published), making := Making()) as ask:
        first = (await ask.get("/")).text
        assert making.made == ["new"]
        assert "they are here in a moment" in first
        assert "data-soon" in first
        assert "data-soon" not in (await ask.get("/")).text


async def test_a_campaign_that_can_not_be_summed_up_says_so_and_keeps_no_page_asking(store):
    async def fails(*_asked: object) -> Brief:
        raise StoreError("the series can not be read")

    async with asking(store, NOW, Town(), fails) as ask:
        await ask.get("/")
        page = (await ask.get("/")).text
    assert "could not be summed up just now" in page
    assert "data-soon" not in page


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_card_says_of_when_it_is_in_the_language_of_whoever_looks(store, published, language):
    async with asking(store, NOW, Town(*published), Making()) as ask:
        page = unescape((await ask.get("/", params={"lang": language})).text)
    speaks = voice(language, "Asia/Damascus")
    assert page.count(speaks.moment(MADE_AT)) == len(published)
    assert page.count(speaks.lasting(timedelta(minutes=2))) >= len(published)


async def test_a_script_in_a_title_stays_text(store, published):
    async with asking(store, NOW, Town(*published), Making()) as ask:
        pages = [(await ask.get("/")).text for _ in range(2)]
    assert not [page for page in pages if "<script>alert" in page or " style=" in page]
    assert all("&lt;script&gt;" in page for page in pages)


async def test_without_campaigns_it_is_said_how_one_is_made(store):
    class Empty(Home):
        def campaigns(self):
            return ()

    async with asking(store, NOW, Empty()) as ask:
        assert "monitor new" in (await ask.get("/")).text
