"""Outlets that stand in no table."""

from dataclasses import replace

import pytest

from monitor.collect.observe import observe
from monitor.collect.unlisted import hint, unlisted
from monitor.model.mention import Article
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.model.sighting import Batch
from monitor.store import ingest
from monitor.store.store import Store
from tests.people import ALEPPO, NOON

LISTED = replace(ALEPPO, outlets=Outlets((Outlet("news.example", "The News", "en", "GB", Region.WESTERN),)))


async def test_outlets_that_the_table_does_not_know_are_named(store: Store):
    links = {"1": "https://news.example/1", "2": "https://paper.example/2", "3": "https://blog.example/3"}
    articles = [Article("feeds", n, NOON, link.split("/")[2], "en", "Aleppo", link=link) for n, link in links.items()]
    seen = observe(LISTED, articles, now=NOON).articles
    now = int(NOON.timestamp())
    await ingest.write(store, Batch(LISTED.slug, "UTC", "feeds", "papers", "articles", now, now, sightings=seen))
    assert await unlisted(store, LISTED) == ("blog.example", "paper.example")


@pytest.mark.parametrize(
    ("many", "said"),
    [
        (0, ""),
        (1, "1 outlet is not in outlets.csv, and counted by country or as other press: a0"),
        (9, "9 outlets are not in outlets.csv, and counted by country or as other press: a0, a1, a2, a3, a4, a5, …"),
    ],
)
def test_the_hint_names_the_first_of_them(many: int, said: str):
    assert hint(tuple(f"a{number}" for number in range(many))) == said
