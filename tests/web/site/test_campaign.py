"""The page of a campaign: what the mail of the same window says, and windows that can not be."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import fields, is_dataclass, replace
from html import unescape
from typing import Any

import httpx
import pytest

from monitor.clock import Simulated
from monitor.digest import longer, outline
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.site import site
from monitor.web.site.campaign import polls
from monitor.web.site.choice import BESIDE, NO_COMPARISON, NO_NUMBER, NO_SPLIT, NUMBERS, SPLITS
from monitor.words.voice import bare, voice
from tests.digest import races
from tests.digest.test_gather import DAY, NOW
from tests.web.api.test_api import VOTING, Home, friday, vote  # noqa: F401 - fixtures

DAY_QUERY = {"start": "2016-04-29", "end": "2016-04-30"}


@pytest.fixture
async def look(store) -> AsyncIterator[httpx.AsyncClient]:
    clock = Simulated(NOW)
    app = site(Desk(store, clock, Home()), Gate(store, clock))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


def strings(told: Any) -> Iterator[str]:
    """Yield every text of an outline."""
    if isinstance(told, str) and told:
        yield told
    elif isinstance(told, tuple):
        for part in told:
            yield from strings(part)
    elif is_dataclass(told):
        for one in fields(told):
            if one.name != "picture":
                yield from strings(getattr(told, one.name))


@pytest.mark.parametrize(
    ("language", "alone", "both"),
    [("en", "Friday", ["Friday (friday)", "Friday (page)"]), ("ar", "الجمعة", ["الجمعة (friday)", "الجمعة (page)"])],
)
def test_a_poll_is_called_by_the_day_it_names_and_by_its_key_where_two_name_the_same(language, alone, both):
    second = replace(VOTING, polls=(races.POLL, replace(races.POLL, name="page")))
    named = [[bare(words) for words, _ in polls(campaign, voice(language))] for campaign in (VOTING, second)]
    assert named == [[alone], both]


def test_polls_of_different_days_need_no_keys():
    second = replace(VOTING, polls=(races.POLL, replace(races.POLL, name="page", names=6)))
    assert [*polls(second, voice("en"))] == [("Friday", "friday"), ("Sunday", "page")]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_everything_that_the_mail_of_a_day_says_stands_on_the_page(store, look, friday, vote, language):  # noqa: F811
    page = unescape((await look.get("/campaigns/aleppo", params={**DAY_QUERY, "lang": language})).text)
    mail = outline.outline(await longer.brief(store, VOTING, DAY, NOW), voice(language, VOTING.zone))
    assert mail.longer
    assert [text for text in strings(mail) if text not in page] == []


@pytest.mark.parametrize("last", ["24h", "7d", "30d", "90d"])
async def test_every_stretch_of_time_is_a_plain_link(look, friday, last):  # noqa: F811
    assert f'href="?last={last}' in (await look.get("/campaigns/aleppo")).text
    assert (await look.get("/campaigns/aleppo", params={"last": last})).status_code == 200


async def test_times_stand_on_the_clock_that_was_chosen(look, friday):  # noqa: F811
    asked = {"start": "2016-04-29T03:00", "end": "2016-04-29T09:00", "zone": "Europe/London"}
    page = (await look.get("/campaigns/aleppo", params=asked)).text
    assert "from Fri 29 Apr 03:00 to 09:00" in page
    assert 'value="2016-04-29T03:00"' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "2016-04-30", "end": "2016-04-29"}, "must lie before"),
        ({"start": "1816-04-30"}, "up to three years"),
        ({"start": "2030-01-01", "end": "2031-01-01"}, "in the future"),
        ({"start": "0001-01-01T00:00"}, "out of reach"),
        ({"end": "2016-04-29"}, "give a start"),
        ({"last": "8d"}, "last 24h, 7d"),
        ({"start": "x" * 50_000}, "write a moment"),
        ({"start": "\0"}, "write a moment"),
        ({"zone": "../etc/passwd"}, "clock is not known"),
        ({"metric": "<script>"}, ", ".join(NUMBERS[:-1])),
        ({"split": "zzz"}, "choose spelling, platform or language"),
        ({"compare": "year"}, "choose before or week"),
    ],
)
async def test_a_window_that_can_not_be_brings_the_form_again_and_says_why(look, query, words):
    page = await look.get("/campaigns/aleppo", params=query)
    assert (page.status_code, words in page.text, "<form" in page.text) == (422, True, True)
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("known", "advice"), [(NUMBERS, NO_NUMBER), (SPLITS, NO_SPLIT), (BESIDE, NO_COMPARISON)],
)  # fmt: skip
def test_the_advice_names_every_value_there_is(known, advice):
    assert all(one in advice for one in known)


async def test_the_form_keeps_what_was_written(look):
    page = await look.get("/campaigns/aleppo", params={"start": "2016-04-30", "end": "2016-04-29T18:30"})
    assert 'value="2016-04-30T00:00"' in page.text
    assert 'value="2016-04-29T18:30"' in page.text


async def test_what_is_wrong_is_said_in_arabic_too(look):
    page = await look.get("/campaigns/aleppo", params={"last": "8d", "lang": "ar"})
    assert "اطلب آخر 24h" in page.text


async def test_a_campaign_nobody_knows_leads_back(look):
    page = await look.get("/campaigns/alepo")
    assert (page.status_code, "did you mean aleppo?" in page.text) == (404, True)
