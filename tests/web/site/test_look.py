"""What people see who use the pages without a mouse, without eyes, on a phone, in the dark: in a real Chromium."""

import pytest

from tests.web.browser import grave, is_wider_than_its_window

PAGES = ["/", "/method"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
async def test_no_page_keeps_anybody_out(look, path: str, language: str):
    page = await look(path, language=language)
    assert not await grave(page)


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_is_wider_than_a_phone(look, path: str):
    assert not await is_wider_than_its_window(await look(path, width=320))


async def test_on_paper_nothing_is_left_that_can_be_pressed(look):
    page = await look("/alerts")
    await page.emulate_media(media="print")
    assert not await page.locator("button, input, select, nav").filter(visible=True).count()


async def test_whoever_uses_the_keyboard_comes_to_the_content_at_once_and_sees_where_they_are(look):
    page = await look("/alerts")
    await page.keyboard.press("Tab")
    assert await page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


EDGES = "one => { const box = one.getBoundingClientRect(); return [box.left, document.body.clientWidth - box.right] }"


@pytest.mark.parametrize("what", [".home", "h1", ".visitor"])
async def test_a_page_in_arabic_is_the_mirror_image(look, what: str):
    english, arabic = [await look("/alerts", language=language) for language in ("en", "ar")]
    near, far = await english.locator(what).evaluate(EDGES), await arabic.locator(what).evaluate(EDGES)
    side = near.index(min(near))
    assert near[side] == pytest.approx(far[1 - side], abs=1)


async def test_arabic_letters_come_from_the_page_itself_where_the_machine_has_none(look):
    page = await look("/", language="ar")
    asked = "fetch(new URL('noto-sans-arabic.woff2', document.styleSheets[0].href))"
    assert await page.evaluate(f"{asked}.then((answer) => answer.headers.get('content-type'))") == "font/woff2"
