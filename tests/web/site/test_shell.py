"""What every page promises: the visitor's language, errors in words, nothing from elsewhere."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from monitor.clock import Simulated
from monitor.store import redis
from monitor.store.keys import Keys
from monitor.store.store import Store
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.site import site
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home


@pytest.fixture
async def look(store) -> AsyncIterator[httpx.AsyncClient]:
    clock = Simulated(NOW)
    transport = httpx.ASGITransport(site(Desk(store, clock, Home()), Gate(store, clock)), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_a_page_speaks_the_language_that_the_browser_asks_for(look):
    page = await look.get("/", headers={"accept-language": "de, ar-SY;q=0.9, en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in page.text


async def test_a_language_that_was_chosen_stays_chosen(look):
    await look.get("/", params={"lang": "ar"})
    assert '<html lang="ar" dir="rtl">' in (await look.get("/", headers={"accept-language": "en"})).text


@pytest.mark.parametrize("nonsense", ["", ";;,;q=", "x;q=nan", "ar;q=9e999", "a" * 5000, "zz"])
async def test_nonsense_in_place_of_a_language_is_answered_in_one_we_speak(look, nonsense: str):
    assert (await look.get("/", headers={"accept-language": nonsense})).status_code == 200


@pytest.mark.parametrize("path", ["/nowhere", "/campaigns/%00", "/static/x/..%2f..%2fshell.py", "/static/x/site.cs"])
async def test_a_wrong_address_is_an_honest_page(look, path: str):
    page = await look.get(path)
    assert page.status_code == 404
    assert "<h1>This did not work</h1>" in page.text


async def test_files_of_a_page_are_found_and_kept_for_ever(look):
    sheet = re.search(r'href="(/static/[^"]+\.css)"', (await look.get("/")).text)
    found = await look.get(sheet[1])
    assert (found.status_code, "immutable" in found.headers["cache-control"]) == (200, True)


async def test_no_page_lets_scripts_of_others_in(look):
    assert "script-src 'self';" in (await look.get("/nowhere")).headers["content-security-policy"]


async def test_an_error_is_told_in_the_language_of_the_visitor_first(look):
    assert "لا يوجد شيء في هذا العنوان." in (await look.get("/nowhere?lang=ar")).text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/campaigns/nix", "لا حملة بهذا الاسم"),
        ("/campaigns/alepo", "هل قصدت"),
        ("/campaigns/aleppo?metric=x", "لا مقياس بهذا الاسم"),
        ("/campaigns/aleppo/polls/nix", "لا استطلاع بهذا الاسم"),
        ("/campaigns/aleppo/sources/nix", "لا مصدر بهذا الاسم"),
        ("/digests/abc", "لا نشرة كهذه محفوظة"),
        ("/live/nix", "لا شيء عام هنا"),
    ],
)
async def test_what_exactly_is_wrong_is_told_in_the_language_of_the_visitor_too(look, path: str, words: str):
    page = (await look.get(path, headers={"accept-language": "ar"})).text
    assert words in page
    assert 'lang="en"' not in page.partition("<main")[2]


async def test_an_address_that_can_not_be_leads_nowhere_and_names_no_pattern(look):
    page = await look.get("/digests/zzz")
    assert (page.status_code, "pattern" in page.text) == (404, False)
    assert page.text.count("There is nothing at this address.") == 1


@pytest.mark.parametrize(("language", "words"), [("en", "fill in the form"), ("ar", "واملأ الاستمارة")])
async def test_a_form_that_was_sent_empty_asks_to_be_filled_in(look, language: str, words: str):
    page = await look.post("/alerts/silences", headers={"accept-language": language, "sec-fetch-site": "same-origin"})
    assert (page.status_code, words in page.text, "Field" in page.text) == (422, True, False)


async def test_while_the_store_is_away_a_page_says_so_and_comes_back_by_itself():
    client = redis.connect("redis://127.0.0.1:1")
    desk = Desk(Store(client, Keys("t"), b"secret"), Simulated(NOW), Home())
    transport = httpx.ASGITransport(site(desk, Gate(desk.store, desk.clock)), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        page = await browser.get("/alerts")
    await client.aclose()
    assert (page.status_code, '<meta http-equiv="refresh" content="10">' in page.text) == (503, True)
    assert "The store does not answer just now." in page.text


async def test_who_asks_for_the_head_alone_is_answered_as_for_the_page(look):
    head, page = await look.head("/method"), await look.get("/method")
    assert (head.status_code, head.headers["content-type"]) == (200, page.headers["content-type"])
