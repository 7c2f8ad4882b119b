"""The page of a campaign that everybody may look at, and nothing else."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from monitor.clock import Simulated
from monitor.model.person import Role, User
from monitor.model.window import Window
from monitor.store import people
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.site import site
from tests.digest.test_gather import NOW, SINCE, seen, store_all
from tests.people import ADA
from tests.web.api.test_api import HOUR, VOTING, Home
from tests.web.browser import grave, is_wider_than_its_window
from tests.web.test_gate import HASHED

LINK = "https://social.example/ada/1"


class Open(Home):
    """A house whose campaign may be looked at by everybody, and another one that may not."""

    def campaigns(self):
        return (replace(VOTING, is_public=True), replace(VOTING, slug="hidden", title="A secret"))


@pytest.fixture
def house() -> Open:
    return Open()


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger from far away, to a house in which somebody can sign in."""
    await people.put_user(store, User(name="desk", role=Role.READER, password=HASHED, made_at=NOW))
    clock = Simulated(NOW)
    transport = httpx.ASGITransport(site(Desk(store, clock, Open()), Gate(store, clock)), client=("192.0.2.7", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://monitor.example") as client:
        yield client


async def test_everybody_may_look_at_what_is_public(store, ask):
    await store_all(store, [seen(number, 2 * number) for number in range(10)])
    page = await ask.get("/live/aleppo")
    assert (page.status_code, "<b>10</b>" in page.text) == (200, True)
    assert "definitions:" in page.text


@pytest.mark.parametrize("path", ["hidden", "nowhere", "hidden/events", "%2e%2e", "aleppo/more", "%00"])
async def test_of_anything_else_nobody_learns_whether_it_is_there(ask, path: str):
    page = await ask.get(f"/live/{path}")
    assert (page.status_code, "secret" in page.text) == (404, False)


@pytest.mark.parametrize("path", ["/", "/alerts", "/digests", "/sources", "/events", "/campaigns/aleppo"])
async def test_nothing_else_of_the_site_is_open_with_it(ask, path: str):
    assert (await ask.get(path)).headers["location"].startswith("/sign-in")


async def test_no_person_and_no_post_can_be_found_by_it(store, ask):
    posts = [seen(number, number, author=ADA, link=LINK, followers=10**6) for number in range(9)]
    await store_all(store, posts)
    page = (await ask.get("/live/aleppo")).text
    assert "social.example" not in page
    assert "mastodon" not in page.lower()


async def test_the_course_is_drawn_with_its_gaps_and_its_table_and_leads_nowhere(store, ask):
    await store_all(store, [seen(number, number) for number in range(9)], covered=Window(SINCE, NOW - 5 * HOUR))
    page = (await ask.get("/live/aleppo")).text
    article = page.partition("<article")[2].partition("</article>")[0]
    assert article.count('fill="url(#hatch)"') == 2
    assert article.count("</th><td>n/a</td>") == 5
    assert not {"<a ", "data-spec", "mastodon"} & set(re.findall("<a |data-spec|mastodon", article))


async def test_it_may_be_embedded_and_kept_and_leaves_nothing_in_a_browser(ask):
    page = await ask.get("/live/aleppo?lang=ar", headers={"cookie": "lang=en"})
    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "public, max-age=60"
    assert not {"set-cookie", "x-frame-options"} & set(page.headers)
    assert '<html lang="ar" dir="rtl">' in page.text


async def test_it_is_the_same_for_all_who_ask_in_one_language(ask):
    english, arabic = [
        (await ask.get("/live/aleppo", headers={"accept-language": wished, "cookie": "lang=en"})).text
        for wished in ("en", "ar")
    ]
    assert english != arabic


async def test_who_has_it_already_is_told_so(ask):
    tag = (await ask.get("/live/aleppo")).headers["etag"]
    again = await ask.get("/live/aleppo", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_it_keeps_nobody_out_and_fits_a_small_frame(store, look, language: str):
    await store_all(store, [seen(number, 2 * number) for number in range(10)])
    page = await look("/live/aleppo", language=language, width=320)
    assert not await grave(page)
    assert not await is_wider_than_its_window(page)
