"""Overview, races and sources as people see them: in a real Chromium, on a phone, by keyboard, in both languages."""

from datetime import timedelta

import pytest

from monitor.clock import Simulated
from monitor.store import briefs
from tests.digest.briefs import SURGE
from tests.digest.races import RUNNING
from tests.web.browser import grave, is_wider_than_its_window
from tests.web.site import ballots
from tests.web.site.test_poll import NOW
from tests.web.site.test_sources import Spent, blind  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow

RACE = "/campaigns/aleppo/polls/friday"
PAGES = ["/", RACE, "/sources", "/campaigns/aleppo/sources", "/campaigns/aleppo/sources/mastodon"]


@pytest.fixture
def clock():
    return Simulated(NOW)


@pytest.fixture
def house():
    return Spent()


@pytest.fixture(autouse=True)
async def filled(store, blind):  # noqa: F811
    """A campaign that jumped, a race an hour before its end, a source that is down."""
    await ballots.running(store)
    told = SURGE.model_copy(update={"campaign": "aleppo", "polls": (RUNNING,), "made_at": NOW - timedelta(minutes=2)})
    await briefs.publish(store, told.model_dump_json(), "aleppo")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
async def test_a_phone_keeps_nobody_out_and_scrolls_one_way(look, path: str, language: str):
    page = await look(path, language=language, width=320)
    assert not await grave(page)
    assert not await is_wider_than_its_window(page)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("path", "table"), [("/sources", ".sources"), ("/campaigns/aleppo/sources/mastodon", ".runs")])
async def test_a_phone_shows_everything_of_a_source_without_scrolling_sideways(
    look, path: str, table: str, language: str
):
    page = await look(path, language=language, width=360)
    ends = "one => one.getBoundingClientRect()"
    for cell in await page.locator(f"{table} tbody tr:first-child > *").all():
        place = await cell.evaluate(ends)
        assert place["left"] >= 0
        assert place["right"] <= 360


async def test_right_after_a_start_the_cards_come_by_themselves(look, store):
    await store.redis.delete(store.keys.brief("aleppo"))
    page = await look("/")
    await page.wait_for_selector(".card .numbers", timeout=15_000)
    assert await page.locator("[data-soon]").count() == 0


async def test_from_the_overview_a_race_is_one_click_away_and_every_number_of_its_chart_two(look):
    page = await look("/")
    await page.click("text=Naming poll for Friday 29 April")
    await page.wait_for_url(f"**{RACE}")
    assert await page.locator(".race svg").is_visible()
    table = page.locator("details table")
    assert not await table.is_visible()
    await page.locator("summary").press("Enter")
    assert await table.is_visible()


async def test_an_answer_behind_a_flag_is_saved_as_it_came(look):
    page = await look(RACE)
    async with page.expect_download() as saving:
        await page.click(".proof a >> nth=0")
    download = await saving.value
    assert await page.locator(".proof code").first.inner_text() in download.url


async def test_a_visitor_chooses_the_clock_without_scripts(look):
    page = await look(RACE, scripts=False)
    await page.fill("#zone", "Europe/Berlin")
    await page.press("#zone", "Enter")
    await page.wait_for_url("**zone=Europe%2FBerlin")
    assert "It closes Wed 27 Apr 23:00" in await page.inner_text("main")


async def test_an_arabic_page_is_mirrored_and_its_chart_is_not(look):
    page = await look(RACE, language="ar")
    sides = await page.evaluate(
        "[document.querySelector('h1'), document.querySelector('.race')].map(one => getComputedStyle(one).direction)"
    )
    assert sides == ["rtl", "ltr"]


async def test_nothing_jumps_while_a_page_loads(look):
    page = await look("/")
    shifted = await page.evaluate(
        """new Promise(done => { let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
            .observe({type: 'layout-shift', buffered: true});
        requestAnimationFrame(() => setTimeout(() => done(sum), 50)); })"""
    )
    assert shifted < 0.01
