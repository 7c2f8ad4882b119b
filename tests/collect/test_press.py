"""The press from several sources into one store: one article counts once, and by its outlet, whoever brings it."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from pydantic import SecretStr

from monitor.clock import Simulated
from monitor.collect.collector import collect
from monitor.digest.gather import brief
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.run import Outcome, Run
from monitor.model.window import Window
from monitor.sources import feeds, gdelt, mediacloud
from monitor.store import runs
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.sources import ask, test_feed_door, test_feeds, test_gdelt, test_mediacloud

TABLE = Outlets((Outlet("news.example", "The News", "en", "JO", Region.ARAB),))
CAMPAIGN = replace(ALEPPO, outlets=TABLE)
TRACKED = "https://www.news.example/articles/1?utm_source=rss"
PLAIN = "http://news.example/articles/1/"

FEED = feeds.Settings(url="https://news.example/rss", outlet="My feed of the News")
GDELT = gdelt.Settings()
CLOUD = mediacloud.Settings(token=SecretStr("x"), collections=(1,), accept_terms=True)
PLAYED: dict[str, tuple[Any, Any]] = {
    "feeds": (FEED, test_feeds.Outlet([test_feeds.dated(1, 1, link=TRACKED), test_feeds.dated(2, 2)])),
    "gdelt": (GDELT, test_gdelt.Gdelt([test_gdelt.article(1, -1, url=PLAIN), test_gdelt.article(7, -3)])),
    "mediacloud": (CLOUD, test_mediacloud.MediaCloud([test_mediacloud.story(1, -0.5, url=PLAIN)])),
}


async def collected(store: Store, name: str, campaign: Campaign = CAMPAIGN, played: Any = None) -> Run:
    settings, answers = PLAYED[name]
    source = ask.source(settings, played or answers)
    await runs.declare(store, campaign.slug, {source.name: source.platform}, NOON)
    return await collect(store, source, campaign, Simulated(NOON))


async def told(store: Store, *, days: float = 1) -> Brief:
    return await brief(store, CAMPAIGN, Window(NOON - timedelta(days=days), NOON), NOON)


@pytest.mark.parametrize("order", [*permutations(PLAYED)], ids="-".join)
async def test_an_article_that_three_sources_bring_counts_once_in_any_order(store: Store, order: tuple[str, ...]):
    for name in order:
        assert (await collected(store, name)).outcome.is_up
    found = await told(store)
    articles = found.total("articles")
    assert articles
    assert articles.now.value == 3
    assert [(share.name, share.value) for share in found.outlets] == [("The News", 3)]
    assert [(share.name, share.value) for share in found.regions] == [("arab", 3)]
    assert [(share.name, share.value) for share in found.countries] == [("JO", 3)]


@pytest.mark.parametrize("order", [("feeds", "gdelt"), ("gdelt", "feeds")], ids="-".join)
async def test_an_article_of_an_outlet_nobody_lists_has_one_outlet_and_one_region(store: Store, order: tuple[str, ...]):
    for name in order:
        await collected(store, name, replace(ALEPPO, outlets=Outlets(())))
    found = await told(store)
    assert found.total("articles").now.value == 3
    assert sum(share.value for share in found.outlets) == 3
    assert sum(share.value for share in found.regions) == 3


async def test_each_index_tells_its_own_counts_beside_ours(store: Store):
    for name in PLAYED:
        await collected(store, name)
    found = {(line.platform, line.of): line.now.value for line in (await told(store, days=3)).reported}
    assert found["gdelt", "latin"] == found["gdelt", "arabic"] == 6
    assert found["mediacloud", None] == 44


async def test_arabic_words_that_are_not_found_leave_a_remark_and_no_gap(store: Store):
    silent = test_gdelt.Gdelt(finds_arabic=False)
    run = await collected(store, "gdelt", played=silent)
    assert (run.outcome, run.platform) == (Outcome.OK, "feeds")
    assert "finds no words in Arabic letters at present" in run.message
    found = await told(store)
    assert [source.gaps for source in found.sources] == [()]
    assert not found.totals[-1].now.partial


async def test_a_found_feed_is_told_with_the_run(store: Store):
    settings = FEED.model_copy(update={"url": "https://news.example/"})
    source = ask.source(settings, test_feed_door.Site())
    run = await collect(store, source, CAMPAIGN, Simulated(NOON))
    assert "the feed was found at https://news.example/world/rss" in run.message
