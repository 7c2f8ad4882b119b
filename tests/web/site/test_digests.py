"""What was sent, as the page shows it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import httpx
import pytest

from monitor.clock import Simulated
from monitor.digest.kept import Archive
from monitor.digest.render import Rendered, rendered
from monitor.store import mails
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.site import site
from monitor.words.voice import voice
from tests.digest.briefs import PNG, SURGE
from tests.digest.test_gather import NOW
from tests.web.api.test_api import Home
from tests.web.browser import grave, is_wider_than_its_window

DAY = date(2016, 4, 29)
SCRIPT = "<script>alert(1)</script>"


def mail(language: str = "en") -> Rendered:
    return rendered([SURGE], voice(language), {SURGE.campaign: PNG})


async def send(store, content: Rendered, *readers: str, day: date = DAY) -> str:
    """Keep a mail as if it had been sent to these; return its address on the page."""
    archive = Archive(store, Simulated(NOW), "Monitor <monitor@example.org>", days=90)
    for reader in readers or ("desk@example.org",):
        await archive.keep(content, day, ["aleppo"], reader)
    return f"/digests/{(await mails.listed(store, 1))[0].id}"


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    clock = Simulated(NOW)
    transport = httpx.ASGITransport(site(Desk(store, clock, Home()), Gate(store, clock)), client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def test_where_nothing_was_sent_that_is_said(ask):
    assert "No digest was sent yet" in (await ask.get("/digests")).text


async def test_a_digest_is_listed_once_with_how_many_got_it(store, ask):
    address = await send(store, mail(), "a@example.org", "b@example.org", "a@example.org")
    page = (await ask.get("/digests")).text
    assert page.count(f'href="{address}"') == 1
    assert "to 2 readers" in page
    assert "example.org" not in page


async def test_days_are_told_in_the_language_of_the_visitor(store, ask):
    await send(store, mail())
    assert "الجمعة 29 نيسان 2016" in (await ask.get("/digests?lang=ar")).text


async def test_long_lists_have_pages(store, ask):
    one = mail()
    for number in range(51):
        await send(store, replace(one, subject=f"number {number:02}"), day=DAY + timedelta(days=number))
    first = await ask.get("/digests")
    older = await ask.get(
        first.text.partition('<a href="/digests?after=')[2].join(("/digests?after=", "")).split('"')[0]
    )
    assert first.text.count('class="head"') + older.text.count('class="head"') == 51


async def test_the_mail_may_do_nothing_in_the_browser_but_be_read(store, ask):
    framed = await ask.get(f"{await send(store, mail())}/mail")
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "data:image/png;base64," in framed.text


async def test_the_file_is_the_mail_itself(store, ask):
    answer = await ask.get(f"{await send(store, mail('ar'))}.eml")
    read = message_from_bytes(answer.content, policy=default)
    assert (read["Content-Language"], answer.headers["content-type"]) == ("ar-SY", "message/rfc822")
    assert 'filename="digest-2016-04-29-ar-SY.eml"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("path", ["abc", "abc/mail", "abc.eml", "..%2f..", "%00", "a" * 5000])
async def test_a_digest_that_is_not_kept_is_an_honest_page(ask, path: str):
    assert (await ask.get(f"/digests/{path}")).status_code in {404, 422}


async def test_what_a_subject_holds_is_text(store, ask):
    address = await send(store, replace(mail(), subject=SCRIPT, text=SCRIPT))
    assert SCRIPT not in (await ask.get("/digests")).text + (await ask.get(address)).text


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_visitor_opens_a_digest_and_sees_it_as_it_was_sent(store, look, language: str):
    await send(store, mail(language))
    page = await look("/digests", language=language)
    assert not await grave(page)
    await page.locator(".head a").click()
    await page.frame_locator("iframe").get_by_role("img").first.wait_for()
    assert not await grave(page)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_mail_is_no_wider_than_a_phone(store, look, language: str):
    page = await look(await send(store, mail(language)), width=320)
    await page.frame_locator("iframe").get_by_role("img").first.wait_for()
    assert [await is_wider_than_its_window(frame) for frame in page.frames] == [False, False]
