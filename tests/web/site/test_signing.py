"""Signing in and out as a browser does it."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from monitor.clock import Simulated
from monitor.model.person import Role, User
from monitor.store import people
from monitor.web.approach import Approach
from monitor.web.desk import Desk
from monitor.web.gate import COOKIE, Gate
from monitor.web.passwords import GUESSES_OF_A_PLACE, GUESSES_THERE, WITHIN
from monitor.web.server import Settings
from monitor.web.site import site
from monitor.web.site.signing import local
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home
from tests.web.browser import grave
from tests.web.test_gate import HASHED, PASSWORD

RIGHT = {"name": "desk", "password": PASSWORD}
Visit = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def visit(store) -> AsyncIterator[Visit]:
    """A browser far away; the page stands behind a proxy when it has a prefix."""
    clock = Simulated(NOW)
    app = site(Desk(store, clock, Home()), Gate(store, clock))
    opened: list[httpx.AsyncClient] = []

    def client(base: str = "http://monitor.example", prefix: str = "", **headers: str) -> httpx.AsyncClient:
        settings = Settings(prefix=prefix, trusted_proxies=("192.0.2.1",), hosts=("monitor.example",))
        transport = httpx.ASGITransport(Approach(app, settings), client=("192.0.2.1", 50_000))
        opened.append(httpx.AsyncClient(transport=transport, base_url=base, headers=headers))
        return opened[-1]

    yield client
    for one in opened:
        await one.aclose()


@pytest.fixture
async def desk(store) -> User:
    user = User(name="desk", role=Role.READER, password=HASHED, made_at=NOW)
    await people.put_user(store, user)
    return user


async def test_who_must_sign_in_comes_back_to_the_page_that_was_wanted(visit, desk):
    browser = visit()
    led = await browser.get("/method/../", follow_redirects=False)
    assert led.headers["location"] == "/sign-in?next=%2F"
    signed = await browser.post("/sign-in", data={**RIGHT, "next": "/alerts"})
    assert (signed.status_code, signed.headers["location"]) == (303, "/alerts")
    assert (await browser.get("/")).status_code == 200


async def test_the_cookie_is_kept_from_scripts_and_other_sites(visit, desk):
    kept = (await visit().post("/sign-in", data=RIGHT)).headers["set-cookie"]
    assert all(word in kept for word in ("HttpOnly", "SameSite=lax", "Path=/;"))
    assert "Secure" not in kept


async def test_behind_a_proxy_with_https_it_is_kept_from_the_open_wire_and_from_other_paths(visit, desk):
    browser = visit(prefix="/monitor", **{"x-forwarded-proto": "https"})
    signed = await browser.post("/sign-in", data={**RIGHT, "next": "/alerts"})
    assert signed.headers["location"] == "/monitor/alerts"
    assert {"Secure", "Path=/monitor"} <= set(signed.headers["set-cookie"].split("; "))


async def test_a_wrong_password_is_told_in_the_language_of_the_visitor(visit, desk):
    refused = await visit().post("/sign-in?lang=ar", data={**RIGHT, "password": "wrong", "next": "/alerts"})
    assert (refused.status_code, "لا يتوافقان" in refused.text) == (401, True)
    assert 'value="/alerts"' in refused.text


async def test_who_guesses_too_often_must_wait(visit, desk):
    browser = visit()
    for _ in range(GUESSES_THERE):
        await browser.post("/sign-in", data={**RIGHT, "password": "wrong"})
    refused = await browser.post("/sign-in", data=RIGHT)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert "Wait a quarter of an hour" in refused.text


async def test_who_writes_another_address_before_the_proxy_does_guesses_no_more_often(store, visit, desk):
    for _ in range(GUESSES_OF_A_PLACE):
        await people.guesses(store, "place:198.51.100.4", WITHIN)
    refused = [
        await visit(**{"x-forwarded-for": f"203.0.113.{number}, 198.51.100.4"}).post("/sign-in", data=RIGHT)
        for number in range(2)
    ]
    assert [answer.status_code for answer in refused] == [429, 429]


async def test_a_session_that_was_there_before_is_not_the_one_of_who_signs_in(store, visit, desk):
    browser = visit()
    browser.cookies[COOKIE] = "planted"
    await browser.post("/sign-in", data=RIGHT)
    first = browser.cookies.get(COOKIE, domain="monitor.example")
    assert first != "planted"
    assert await people.session(store, "planted", NOW) is None


async def test_signing_in_once_more_ends_the_session_before(store, visit, desk):
    browser = visit()
    cookies = []
    for _ in range(2):
        await browser.post("/sign-in", data=RIGHT)
        cookies.append(browser.cookies[COOKIE])
    assert [await people.session(store, cookie, NOW) is None for cookie in cookies] == [True, False]


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
async def test_no_other_site_signs_a_visitor_in(visit, desk, headers):
    answer = await visit(**headers).post("/sign-in", data=RIGHT)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_who_is_signed_in_already_is_led_on(visit, desk):
    browser = visit()
    await browser.post("/sign-in", data=RIGHT)
    assert (await browser.get("/sign-in", params={"next": "/alerts"})).headers["location"] == "/alerts"


async def test_signing_out_ends_the_session_for_everybody_who_has_the_cookie(store, visit, desk):
    browser = visit()
    await browser.post("/sign-in", data=RIGHT)
    cookie = browser.cookies[COOKIE]
    form = (await people.session(store, cookie, NOW))[0].form
    out = await browser.post("/sign-out", data={"form": form})
    assert (out.headers["location"], browser.cookies.get(COOKIE)) == ("/sign-in", None)
    assert await people.session(store, cookie, NOW) is None


async def test_nobody_is_signed_out_by_a_form_of_somebody_else(store, visit, desk):
    browser = visit()
    await browser.post("/sign-in", data=RIGHT)
    assert (await browser.post("/sign-out", data={"form": "guessed"})).status_code == 403
    assert await people.session(store, browser.cookies[COOKIE], NOW)


async def test_while_nobody_can_sign_in_the_page_says_how_to_make_a_user(visit):
    page = await visit().get("/sign-in")
    assert "monitor user add NAME" in page.text
    assert "<form" not in page.text


@pytest.mark.parametrize("long", [{"name": "n" * 61}, {"password": "p" * 1001}, {"next": "/" * 2001}])
async def test_what_nobody_types_is_refused_in_words(visit, desk, long):
    assert (await visit().post("/sign-in", data={**RIGHT, **long})).status_code == 422


@pytest.mark.parametrize("path", ["/", "/alerts", "/campaigns/aleppo?last=7d", "/a//b"])
def test_a_path_of_this_site_is_kept(path: str):
    assert local(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil",
        "/\\evil",
        "\\\\evil",
        "https://evil",
        "evil",
        "",
        "/\t/evil",
        "\n//evil",
        "/\r\n",
        "///[",
        "javascript:x",
    ],
)
def test_what_leads_elsewhere_leads_to_the_overview(path: str):
    assert local(path) == "/"


async def test_what_the_numbers_mean_is_told_to_everybody(visit, desk):
    page = await visit().get("/method?lang=ar")
    assert (page.status_code, "impressions/1" in page.text) == (200, True)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_person_signs_in_and_out_in_a_browser(look, desk, language: str):
    page = await look("/alerts", language=language)
    assert not await grave(page)
    await page.locator("#name").fill("desk")
    await page.locator("#password").fill(PASSWORD)
    await page.locator("main button").click()
    await page.locator("#history").wait_for()
    await page.locator(".visitor button").click()
    await page.locator("#password").wait_for()
