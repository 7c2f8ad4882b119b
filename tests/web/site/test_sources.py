"""The pages about sources: how each is doing, when it was blind, what is to do, what keys have used."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape

import httpx
import pytest

from monitor.collect.report import Report
from monitor.model.account import Allowance
from monitor.model.brief import Stretch
from monitor.model.run import Outcome, Run
from monitor.model.spending import spending
from monitor.model.window import Window
from monitor.store import runs
from monitor.web.site.rows import source_row
from monitor.words.voice import voice
from tests.digest.test_gather import FRIDAY, NOW, seen, store_all
from tests.web.api.test_api import HOUR, Home
from tests.web.site.asking import asking

OWN = "/campaigns/aleppo/sources"
ENGLISH = voice("en", "Asia/Damascus")
SCRIPT = "<script>alert('x')</script>"


class Spent(Home):
    """A house with a source that is off, and keys that have costs."""

    def asked(self, campaign: str):
        off = Report(campaign=campaign, source="x", platform="x", off=f"off: {SCRIPT}")
        return [*super().asked(campaign), (off, HOUR)]

    async def spendings(self):
        whose = [("aleppo/x", 60), ("others/x", 10)]
        return [
            spending(Allowance("searches", 100), used, NOW - 6 * HOUR, NOW, account=name, platform="x", sources=(name,))
            for name, used in whose
        ]


@pytest.fixture
async def ask(store) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(store, NOW, Spent()) as client:
        yield client


@pytest.fixture
async def blind(store):
    """A source that saw nothing of the last four hours, because its server was down."""
    await store_all(store, [seen(1, 2)], covered=Window(FRIDAY - timedelta(days=9), FRIDAY + timedelta(hours=20)))
    await runs.add(store, Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=NOW - HOUR, seconds=1.5,
        outcome=Outcome.UNAVAILABLE, message=f"the server is down {SCRIPT}", calls=3,
    ))  # fmt: skip


async def read(ask, path: str = OWN, **query: str) -> str:
    answer = await ask.get(path, params=query)
    assert answer.status_code == 200
    return re.sub(r"<script>alert", "ATTACKED", answer.text)


@pytest.mark.parametrize("path", [OWN, "/sources"])
async def test_a_source_that_does_not_answer_stands_first_with_what_to_do(ask, blind, path):
    page = await read(ask, path)
    first, _, rest = page.partition("</section>")
    assert "What to do" in first
    assert "did not answer. It is asked again by itself" in re.sub(r"\s+", " ", first)
    assert "1 gap in 7 days, 4 hours" in rest


@pytest.mark.parametrize("path", [OWN, "/sources", f"{OWN}/mastodon", f"{OWN}/x"])
@pytest.mark.parametrize("language", ["en", "ar"])
async def test_what_a_server_said_stays_text(ask, blind, path, language):
    page = await read(ask, path, lang=language)
    assert "ATTACKED" not in page
    assert "&lt;script&gt;" in page
    assert " style=" not in page


async def test_where_all_is_well_it_is_said(store, ask):
    await store_all(store, [seen(1, 2)])
    page = await read(ask)
    assert "Every source that was asked answers." in page
    assert "no gap in 7 days" in page


async def test_before_the_first_run_nothing_is_claimed(ask):
    page = await read(ask)
    assert "not asked yet" in page
    assert "Every source that was asked answers." not in page


async def test_a_source_that_is_off_says_why(ask):
    assert "off: " in await read(ask)


async def test_what_keys_have_used_is_told_of_the_campaign_alone(ask):
    said = "searches: 60 of 100 calls today"
    page = await read(ask)
    assert (said in page, "searches: 10 of 100" in page) == (True, False)
    assert said in await read(ask, "/sources")


async def test_a_source_has_a_page_with_its_last_runs(ask, blind):
    page = unescape(await read(ask, f"{OWN}/mastodon"))
    assert "blind from Fri 29 Apr 20:00 to Sat 30 Apr 00:00" in page
    table = page.partition("Last runs</h2>")[2]
    assert table.index("did not answer") < table.index("answered")
    assert "the server is down" in table


async def test_of_many_runs_the_last_are_seen_and_the_earlier_ones_lie_behind_them(store, ask):
    await store_all(store, [])
    for hour in range(30):
        await runs.add(store, Run(
            campaign="aleppo", source="mastodon", platform="mastodon", started_at=NOW - hour * HOUR, seconds=1,
            outcome=Outcome.OK,
        ))  # fmt: skip
    last, _, earlier = (await read(ask, f"{OWN}/mastodon")).partition("Earlier runs")
    assert (last.count('<tr><th scope="row"'), earlier.count('<tr><th scope="row"')) == (20, 10)


async def test_words_of_a_server_stand_apart_from_those_of_the_page(ask, blind):
    page = await read(ask, f"{OWN}/mastodon", lang="ar")
    assert '<small class="quoted" lang="en" dir="ltr">\u2068the server is down' in page
    assert 'class="quoted"' not in await read(ask, f"{OWN}/mastodon", lang="en")


async def test_a_source_nobody_knows_says_which_there_are(ask):
    answer = await ask.get(f"{OWN}/none")
    assert (answer.status_code, "mastodon, x" in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("hours", "bars"),
    [((168, 160), ((0.0, 8.0),)), ((200, 160), ((0.0, 8.0),)), ((4, 0), ((164.0, 4.0),)), ((300, 200), ())],
)
def test_gaps_are_drawn_where_they_lie_in_the_week(hours, bars):
    gap = Stretch(start=NOW - hours[0] * HOUR, end=NOW - hours[1] * HOUR)
    report = Report(campaign="a", source="m", platform="mastodon", outcome=Outcome.OK, gaps=(gap,))
    assert source_row(report, ENGLISH, NOW).bars == bars


@pytest.mark.parametrize(
    ("fields", "tone"),
    [({}, "doubt"), ({"off": "no key"}, "off"), ({"outcome": Outcome.OK}, "good"),
     ({"outcome": Outcome.BLIND}, "bad"), ({"outcome": Outcome.OK, "skipped": 3}, "doubt")],
)  # fmt: skip
def test_the_mark_of_a_source_follows_from_how_it_is_doing(fields, tone):
    report = Report(campaign="a", source="m", platform="mastodon", **fields)
    assert source_row(report, ENGLISH, NOW).tone == tone
