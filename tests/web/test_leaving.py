"""The page that ends mails, asked as browsers, mail programs and link scanners ask."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256

import httpx
import pytest
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser

from monitor.clock import Simulated
from monitor.digest.leaving import link
from monitor.store import readers, redis
from monitor.store.readers import Standing
from monitor.store.store import Store
from monitor.web.leaving import HEADERS, router
from monitor.web.metrics import Metrics
from monitor.web.pages import pages
from monitor.web.server import Settings
from tests.people import NOON

DESK = "desk@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Reader:
    """Somebody with a link in a mail."""

    store: Store
    client: httpx.AsyncClient

    def link(self, language: str = "en") -> str:
        return link("https://monitor", self.store, DESK, language)

    async def open(self, language: str = "en") -> httpx.Response:
        return await self.client.get(self.link(language))

    async def press(self, answer: httpx.Response) -> httpx.Response:
        """Press the one button of a page."""
        form = LexborHTMLParser(answer.text).css_first("form")
        return await self.client.post(answer.url.join(form.attributes["action"]), data=ONE_CLICK)

    async def standing(self) -> Standing:
        return await readers.standing(self.store, readers.reader(self.store, DESK))


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Reader]:
    app = pages(_nobody, Metrics(), router(store, Simulated(NOON)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://monitor") as client:
        yield Reader(store, client)


async def _nobody() -> None:
    raise AssertionError("nobody asks")


def said(answer: httpx.Response) -> str:
    return LexborHTMLParser(answer.text).css_first("h1").text()


async def test_to_look_changes_nothing_however_often(desk: Reader):
    for _ in range(3):
        assert said(await desk.open()) == "Unsubscribe from the digest?"
    assert (await desk.standing()).is_served


async def test_one_click_of_a_mail_program_ends_the_mails(desk: Reader):
    answer = await desk.client.post(desk.link(), data=ONE_CLICK)
    assert (answer.status_code, said(answer)) == (200, "You are unsubscribed")
    assert (await desk.standing()).unsubscribed == int(NOON.timestamp())


async def test_a_body_in_parts_is_a_click_too(desk: Reader):
    await desk.client.post(desk.link(), files={"List-Unsubscribe": (None, "One-Click")})
    assert not (await desk.standing()).is_served


async def test_the_button_ends_the_mails_and_the_next_one_brings_them_back(desk: Reader):
    left = await desk.press(await desk.open())
    assert not (await desk.standing()).is_served
    assert said(await desk.press(left)) == "You get the digest again"
    assert (await desk.standing()).is_served


async def test_a_second_click_changes_nothing(desk: Reader):
    for _ in range(2):
        assert said(await desk.client.post(desk.link(), data=ONE_CLICK)) == "You are unsubscribed"


async def test_an_arabic_reader_is_answered_in_arabic(desk: Reader):
    answer = await desk.open("ar")
    assert LexborHTMLParser(answer.text).css_first("html").attributes == {"lang": "ar", "dir": "rtl"}
    assert said(answer) == "أتريد إلغاء الاشتراك في النشرة؟"
    assert "Unsubscribe" not in LexborHTMLParser(answer.text).body.text()


@pytest.mark.parametrize("token", ["en.nonsense", "x", "ar." + "A" * 32, "%00", "<script>"])
async def test_a_wrong_link_is_told_in_every_language_and_repeated_nowhere(desk: Reader, token: str):
    answer = await desk.client.post(f"https://monitor/unsubscribe/{token}", data=ONE_CLICK)
    assert answer.status_code == 404
    assert "This link is not complete" in answer.text
    assert "هذا الرابط غير مكتمل" in answer.text
    assert "nonsense" not in answer.text
    assert "script" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_page_may_do_and_load_nothing_else(desk: Reader, method: str):
    answer = await desk.client.request(method, desk.link())
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "'unsafe" not in HEADERS["Content-Security-Policy"]
    assert not answer.cookies


async def test_without_a_store_nothing_is_promised(store: Store, tmp_path: object):
    lost = Store(redis.connect(f"unix://{tmp_path}/none"), store.keys, store.secret)
    app = pages(_nobody, Metrics(), router(lost, Simulated(NOON)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        answer = await client.post(link("https://monitor", store, DESK, "en"), data=ONE_CLICK)
    assert (answer.status_code, said(answer)) == (503, "This does not work just now")
    await lost.redis.aclose()


async def test_the_style_is_the_one_that_may_be_used(desk: Reader):
    style = (await desk.open()).text.partition("<style>")[2].partition("</style>")[0]
    told = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{told}'" in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url", ["https://m.example.org", "https://m.example.org:8443/monitor", "https://[2001:db8::1]"]
)
def test_a_public_address_is_taken_as_it_is(url: str):
    assert Settings(public_url=url).reachable_at == url
    assert Settings(public_url=url, enabled=False).reachable_at is None


@pytest.mark.parametrize(
    "url",
    ["http://m.example.org", "https://m.example.org/", "m.example.org", "https://m.example.org/?a=b"],
)
def test_a_public_address_that_makes_no_link_is_refused(url: str):
    with pytest.raises(ValidationError):
        Settings(public_url=url)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
async def test_no_other_method_is_known(desk: Reader, method: str):
    assert (await desk.client.request(method, desk.link())).status_code == 405
