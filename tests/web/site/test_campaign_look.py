"""A campaign as people see it who have a real browser: from the overview to a spike, its reasons and the file."""

from urllib.parse import urljoin

import pytest
from playwright.async_api import Page

from monitor.store.store import Store
from tests.web.browser import grave, is_wider_than_its_window
from tests.web.site.month import Month

pytestmark = pytest.mark.slow

WEEK = "/campaigns/aleppo?last=7d&metric=posts&compare=before&split=spelling"
WHY = "/campaigns/aleppo/spikes/2016-04-29T09:00Z?metric=posts&last=7d"
EXCHANGE = """() => {
  const old = document.getElementById("chart"), fresh = old.cloneNode(true);
  fresh.querySelectorAll("[data-drawn]").forEach((place) => delete place.dataset.drawn);
  old.replaceWith(fresh);
  document.dispatchEvent(new CustomEvent("live", { detail: fresh }));
}"""
AGAIN = "#chart .wide[data-drawn]"


async def drawn_again(page: Page) -> None:
    """Look at the chart, and wait until its script drew it."""
    await page.locator("#chart .wide").scroll_into_view_if_needed()
    await page.wait_for_selector(AGAIN)


def address_of(page: Page, link: str | None) -> str:
    return urljoin(page.url, link)


@pytest.fixture
def house() -> Month:
    return Month()


@pytest.fixture
def store(month) -> Store:
    return month


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", [WEEK, WHY])
async def test_no_page_of_a_campaign_keeps_anybody_out(look, path: str, language: str):
    assert not await grave(await look(path, language=language))


@pytest.mark.parametrize("path", [WEEK, WHY])
async def test_no_page_of_a_campaign_is_wider_than_a_phone(look, path: str):
    assert not await is_wider_than_its_window(await look(path, width=320))


@pytest.mark.parametrize("scripts", [True, False])
async def test_one_comes_from_the_overview_to_a_spike_and_its_reasons(look, scripts: bool):
    page = await look("/", scripts=scripts)
    await page.click("main a[href*='/campaigns/aleppo']")
    await page.click("text=7 days")
    await page.click("#chart >> text=Posts")
    await page.click("h3:has-text('Spikes') + ul a")
    assert "Who carried it" in await page.inner_text("main")
    await page.click("main p a >> nth=-1")
    links = [await one.get_attribute("href") for one in await page.locator("#files a").all()]
    answers = [await page.request.get(address_of(page, link)) for link in links]
    assert [answer.status for answer in answers] == [200] * 7


async def test_a_chart_answers_to_the_pointer_and_moves_nothing(look):
    page = await look(WEEK)
    before = await page.evaluate("document.documentElement.scrollHeight")
    await drawn_again(page)
    assert await page.evaluate("document.documentElement.scrollHeight") == before
    await page.hover("#chart .wide .mark-rect a path")
    assert "posts from Fri 29 Apr 12:00 to 16:00" in await page.inner_text("#vg-tooltip-element")


async def test_a_chart_that_was_drawn_again_still_says_what_day_it_is(look):
    page = await look(WEEK)
    written = "[...document.querySelectorAll('#chart .wide svg text')].map((one) => one.textContent)"
    before = {*await page.evaluate(written)} - {""}
    await drawn_again(page)
    assert {"Mon 25", "Fri 29"} < before
    assert {*await page.evaluate(written)} >= before


async def test_a_spike_is_reached_with_the_keyboard_and_has_a_name(look):
    page = await look(WEEK)
    await drawn_again(page)
    drawn = page.locator("#chart .wide")
    assert await drawn.get_by_role("link", name="posts from Fri 29 Apr 12:00 to 16:00").count() == 1
    await page.focus("#chart .wide a")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/spikes/**")


async def test_a_chart_that_was_exchanged_for_a_newer_one_is_drawn_again(look):
    page = await look(WEEK)
    await drawn_again(page)
    await page.evaluate(EXCHANGE)
    await page.wait_for_selector(AGAIN)
