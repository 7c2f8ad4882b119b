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
