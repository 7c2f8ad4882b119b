"""Who printed first, as far back as the store remembers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.alerts.finding import Kind
from monitor.alerts.found import findings
from monitor.alerts.press import EVER, days
from monitor.alerts.reading import seen
from monitor.alerts.rules import FirstOutlet
from monitor.model.outlet import Outlet, Outlets, Region
from monitor.store.store import Store
from tests.alerts.street import printed
from tests.people import ALEPPO, NOON

ROWS = (
    Outlet("bbc.example", "BBC", "en", "GB", Region.WESTERN),
    Outlet("aj.example", "Jazeera", "ar", "QA", Region.ARAB),
)
LISTED = replace(ALEPPO, outlets=Outlets(ROWS))


async def first(store: Store, region: str, now: datetime = NOON) -> list[str]:
    rules = [FirstOutlet(on="first-outlet", region=region)]
    read = await seen(store, LISTED, rules, now)
    found = list(findings(read, rules))
    assert all(one.kind is Kind.FIRST_OUTLET for one in found)
    return [one.name for one in found]


@pytest.mark.parametrize(("articles", "region", "names"), [
    ((), "any", []),
    ((("BBC", 1),), "any", ["BBC"]),
    ((("BBC", 1), ("Jazeera", 2)), "any", ["Jazeera"]),
    ((("BBC", 1), ("Jazeera", 2)), "western", ["BBC"]),
    ((("BBC", 1), ("Jazeera", 8)), "any", []),
    ((("BBC", 1), ("Jazeera", 20)), "any", []),
    ((("BBC", 1), ("Jazeera", 20)), "western", ["BBC"]),
    ((("BBC", 1), ("BBC", 20)), "western", []),
    ((("Nobody", 1),), "arab", []),
])  # fmt: skip
async def test_the_first_article_of_a_part_of_the_world_is_told(store: Store, articles, region: str, names: list[str]):
    await printed(store, *articles)
    assert await first(store, region) == names


@pytest.mark.parametrize("region", ["any", "western"])
async def test_an_outlet_that_printed_long_ago_is_remembered_when_its_headlines_are_gone(store: Store, region: str):
    await printed(store, ("BBC", 24 * 300), ("BBC", 1))
    await store.redis.zremrangebyrank(store.keys.headlines(ALEPPO.slug), 0, 0)
    assert await first(store, region) == []


async def test_after_a_thousand_articles_of_one_night_the_first_is_still_the_first(store: Store):
    await printed(store, ("BBC", 5), *(("Jazeera", 4 - number / 1000) for number in range(1200)))
    assert await first(store, "any") == ["BBC"]


async def test_what_was_printed_before_the_campaign_began_is_not_its_first(store: Store):
    await printed(store, ("BBC", 24 * 30), ("BBC", 2))
    rules = [FirstOutlet(on="first-outlet")]
    late = replace(LISTED, since=NOON - timedelta(days=7))
    assert [one.name for one in findings(await seen(store, late, rules, NOON), rules)] == ["BBC"]


async def test_the_day_on_which_a_part_of_the_world_began_to_print_is_known(store: Store):
    await printed(store, ("BBC", 24 * 300), ("Jazeera", 24 * 40), ("BBC", 1))
    began = await days(store, LISTED, ["any", "arab", "western"], NOON)
    told = {region: (NOON - day).days for region, day in began.items()}
    assert told == {"any": 300, "arab": 40, "western": 300}
    assert await days(store, LISTED, ["any"], EVER) == {}
