"""What strangers write stays words on every page of a campaign: in hashtags, names, headlines, links and reasons."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

from monitor.model.brief import Headline
from monitor.model.campaign import Family
from monitor.model.run import Outcome, Run
from monitor.model.window import Window
from monitor.store import runs
from tests.digest.test_gather import ALL, FRIDAY, NOW, seen, store_all, titled, written
from tests.people import ALEPPO
from tests.web.api.test_api import Home
from tests.web.site.asking import asking

SCRIPT = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"'
BIDI = "\u202egnidaer\u2066"
LONG = "ط" * 10_000
TAG = "SaveAleppo"
BAD = replace(
    ALEPPO,
    title=SCRIPT + BIDI + LONG,
    titles={"ar": SCRIPT + LONG},
    families=(Family(TAG, (TAG.casefold(), f"x{SCRIPT}")), Family("أنقذوا_حلب", ("أنقذوا_حلب",))),
)
PAGES = [
    {"start": "2016-04-29", "end": "2016-04-30", "split": "spelling", "metric": "posts"},
    {"last": "7d", "split": "language", "metric": "articles"},
    {"last": "30d", "split": "platform", "metric": "posts", "share": "1"},
    {"metric": SCRIPT},
    {"start": f"2016{SCRIPT}", "zone": SCRIPT},
]


class Hostile(Home):
    """A campaign whose every name was chosen by somebody who means harm."""

    def campaigns(self):
        return (BAD,)


@pytest.fixture
async def ask(store):
    subjects = ("*", "tag/savealeppo", f"tag/savealeppo/x{SCRIPT}", f"language/{SCRIPT}"[:60])
    posts = [seen(number, 9, subjects=subjects, tags=(SCRIPT,), link="javascript:alert(1)") for number in range(40)]
    await store_all(store, posts, covered=Window(ALL.start, NOW - timedelta(hours=3)))
    line = Headline(
        title=SCRIPT + BIDI + LONG, outlet=SCRIPT, at=FRIDAY + timedelta(hours=9), link="javascript:alert(1)"
    )
    article = replace(written(1, 9, "bbc"), headline=line.model_dump_json(exclude_defaults=True))
    more = [titled(SCRIPT, number, 9, SCRIPT, f"outlet/{SCRIPT}") for number in range(2, 6)]
    await store_all(store, [article, *more], platform="feeds", kind="articles")
    await runs.add(store, Run(
        campaign="aleppo", source="mastodon", platform="mastodon", started_at=NOW - timedelta(hours=1), seconds=1,
        outcome=Outcome.UNAVAILABLE, message=SCRIPT + "{braces}" + BIDI,
    ))  # fmt: skip
    async with asking(store, NOW, Hostile()) as visitor:
        yield visitor


class Reader(HTMLParser):
    """Reads a page as browsers do, and notes what would run or lead to a script."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in {"img", "iframe", "style"} or (
            tag == "script" and not (told.get("src") or "").startswith("/static/")
        ):
            self.found.append(tag)
        self.found += [name for name in told if name.startswith("on") or name == "style"]
        self.found += [link for name, link in attrs if link and link.strip().lower().startswith("javascript:")]


def harm(page: str) -> list[str]:
    """Return what of a page would run, lead to a script, or turn the lines around it."""
    reader = Reader()
    reader.feed(page)
    return reader.found + re.findall(r"[\u202a-\u202e]", page)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("query", PAGES)
async def test_no_page_runs_what_strangers_wrote(ask, query: dict[str, str], language: str):
    page = await ask.get("/campaigns/aleppo", params={**query, "lang": language})
    assert page.status_code in {200, 422}
    assert harm(page.text) == []
    assert len(page.content) < 300_000


async def test_the_reasons_of_a_spike_run_nothing_either(ask):
    page = (await ask.get("/campaigns/aleppo", params=PAGES[0])).text
    for link in re.findall(r'href="(/campaigns/aleppo/spikes/[^"]+)"', page):
        assert harm((await ask.get(unescape(link))).text) == []


async def test_definitions_for_scripts_are_json_that_no_browser_takes_for_a_page(ask):
    told = await ask.get("/campaigns/aleppo/chart.json", params={**PAGES[0], "of": "split"})
    assert (told.headers["content-type"], told.headers["x-content-type-options"]) == ("application/json", "nosniff")
    assert "javascript:" not in told.text


@pytest.mark.parametrize("slug", ["%3Cscript%3E", "..%2f..", "%00", "a" * 5000])
async def test_a_name_that_is_none_is_not_written_back(ask, slug: str):
    page = await ask.get(f"/campaigns/{slug}")
    assert (page.status_code, harm(page.text)) == (404, [])
