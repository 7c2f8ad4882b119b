"""What lies around a feed: words that change, a feed that stands still, and where a site has its feed."""

import httpx
import pytest

from monitor.errors import UnexpectedPayload
from monitor.model.campaign import Campaign
from monitor.model.words import Phrase
from monitor.sources._feed_find import feeds_of
from tests.sources import ask
from tests.sources.test_feeds import CAMPAIGN, FOUR, SETTINGS, Item, Outlet, answer, dated, rss

HOMS = Campaign("homs", "Homs", "UTC", families=(), phrases=(Phrase("Homs"),))


# Words that change


async def test_other_words_are_looked_for_in_an_unchanged_feed_too() -> None:
    outlet = Outlet(etag='"1"')
    first = await outlet.run()
    for campaign, unchanged in ((HOMS, False), (HOMS, True), (CAMPAIGN, False)):
        first = await ask.run(ask.source(SETTINGS, outlet), campaign, first.cursors)
        assert [page.unchanged for page in first.pages] == [unchanged]
    assert [bool(asked) for asked in outlet.asked] == [False, False, True, False]


# A feed that stands still


def hourly(count: int, first: float = 0) -> list[Item]:
    return [dated(number, first + number) for number in range(count)]


@pytest.mark.parametrize(("hours", "said"), [(0, False), (23, False), (25, True)])
async def test_a_busy_feed_whose_newest_article_is_old_stands_still(hours: float, *, said: bool) -> None:
    [page] = (await Outlet(hourly(20, first=hours)).run()).pages
    assert ("stands still: its newest article is of" in page.remark) is said


async def test_a_feed_without_dates_has_no_rhythm() -> None:
    outlet = Outlet([Item(guid=str(number)) for number in range(20)])
    assert (await outlet.run(await outlet.run(), minutes=3000)).pages[0].remark == ""


async def test_a_feed_without_a_rhythm_never_stands_still() -> None:
    [page] = (await Outlet(hourly(3, first=40)).run()).pages
    assert page.remark == ""


async def test_a_weekly_may_be_silent_for_a_week() -> None:
    weekly = [dated(number, 150 + 168 * number) for number in range(10)]
    assert "stands still" not in (await Outlet(weekly).run()).pages[0].remark


async def test_what_stands_still_is_said_also_when_nothing_changed_and_asked_past_caches_every_hour() -> None:
    outlet = Outlet(hourly(20), etag='"1"')
    reading = await outlet.run()
    for minutes in (10, 1600, 1650, 1710):
        outlet.status = 304 if minutes < 1700 and minutes != 1600 else 200
        reading = await outlet.run(reading, minutes=minutes)
    assert "stands still" in reading.pages[0].remark
    assert [asked.get("cache-control", "") for asked in outlet.asked][-1] == "no-cache"


async def test_when_articles_were_missed_it_is_said_how_often_to_ask() -> None:
    outlet = Outlet([dated(number, number / 10) for number in range(10)])
    first = await outlet.run()
    outlet.body = rss([dated(20 + number, -9 - number / 10) for number in range(10)])
    [page] = (await outlet.run(first, minutes=600, settings=SETTINGS.model_copy(update={"every_minutes": 60.0}))).pages
    assert "holds no more than 54 minutes: set every_minutes = 14" in page.remark


# Finding the feed of a site

PAGE = """<!DOCTYPE html><html><head><title>News</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" type="application/rss+xml" title="News" href="/world/rss?a=1&amp;b=2">
<link rel="alternate" hreflang="ar" href="/ar"><link rel="stylesheet" type="text/css" href="/s.css"></head></html>"""


class Site:
    """Plays a site: a page at most addresses, a feed at one of them; `asked` keeps the paths."""

    def __init__(self, page: str = PAGE, feed: str = "/world/rss") -> None:
        self.page, self.feed, self.pages = page, feed, {"/", "/ar"}
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == self.feed:
            return httpx.Response(200, content=rss(FOUR))
        if request.url.path in self.pages:
            return httpx.Response(200, text=self.page)
        return httpx.Response(404)


SITE = SETTINGS.model_copy(update={"url": "https://news.example/"})


def test_a_page_names_its_feeds_news_before_comments() -> None:
    named = ["https://news.example/world/rss?a=1&b=2", "https://news.example/comments/feed"]
    assert feeds_of(PAGE, "https://news.example/ar")[:2] == named
    assert feeds_of(PAGE, "https://news.example/")[:2] == named


@pytest.mark.parametrize("page", ["", "<link rel=alternate type=application/rss+xml>", "<html>" * 50, "\x00\ud800"])
def test_a_page_that_names_none_leaves_the_usual_places(page: str) -> None:
    for address in ("https://news.example/ar/world", "https://news.example"):
        assert "https://news.example/feed" in feeds_of(page, address)


async def test_the_feed_of_a_site_is_found_remembered_and_told() -> None:
    site = Site()
    source = ask.source(SITE, site)
    first = await ask.run(source, CAMPAIGN)
    second = await ask.run(source, CAMPAIGN, first.cursors)
    assert site.asked == ["/", "/world/rss", "/world/rss"]
    for reading in (first, second):
        assert "found at https://news.example/world/rss?a=1&b=2: write that address" in reading.pages[0].remark


async def test_where_a_site_names_no_feed_the_usual_places_are_tried() -> None:
    site = Site("<html></html>", feed="/rss.xml")
    assert len((await ask.run(ask.source(SITE, site), CAMPAIGN)).ids) == 3
    assert site.asked[-1] == "/rss.xml"


async def test_a_site_without_a_feed_is_an_error_in_words() -> None:
    with pytest.raises(UnexpectedPayload, match="none of 8 likely places is one; look for the feed in a browser"):
        await ask.run(ask.source(SITE, Site(feed="/nowhere")), CAMPAIGN)


async def test_a_site_without_a_feed_is_not_searched_again_within_the_hour() -> None:
    site = Site(feed="/nowhere")
    source = ask.source(SITE, site)
    for _ in range(3):
        with pytest.raises(UnexpectedPayload, match="none of 8 likely places is one"):
            await ask.run(source, CAMPAIGN)
    assert site.asked[9:] == ["/", "/"]


@pytest.mark.parametrize("gone", ["404", "page"])
async def test_a_found_feed_that_is_gone_is_looked_for_again_in_the_next_run(gone: str) -> None:
    site = Site()
    source = ask.source(SITE, site)
    first = await ask.run(source, CAMPAIGN)
    site.feed, site.page = "/feed", PAGE.replace("/world/rss", "/feed")
    site.pages = {"/", "/world/rss"} if gone == "page" else {"/"}
    with pytest.raises(UnexpectedPayload):
        await ask.run(source, CAMPAIGN, first.cursors)
    again = await ask.run(source, CAMPAIGN, first.cursors)
    assert "found at https://news.example/feed" in again.pages[0].remark


async def test_a_feed_that_turns_into_a_page_is_not_looked_for_elsewhere() -> None:
    outlet = Outlet()
    first = await outlet.run()
    outlet.body = PAGE.encode()
    with pytest.raises(UnexpectedPayload, match="an HTML page"):
        await outlet.run(first, minutes=10)
    assert len(outlet.asked) == 2


async def test_the_probe_tells_where_a_feed_was_found() -> None:
    assert "found at https://news.example/world/rss" in await ask.source(SITE, Site()).probe()


async def test_the_probe_tells_where_a_feed_has_moved() -> None:
    def outlet(request: httpx.Request) -> httpx.Response:
        moved = httpx.Response(301, headers={"location": "https://news.example/new/rss"})
        return moved if request.url.path == "/rss" else answer(request)

    assert "redirected to https://news.example/new/rss" in await ask.source(SETTINGS, outlet).probe()


async def test_the_probe_tells_how_often_a_busy_feed_must_be_asked() -> None:
    busy = SETTINGS.model_copy(update={"every_minutes": 60.0})
    outlet = Outlet([dated(number, number / 10) for number in range(10)])
    assert "set every_minutes = 14" in await ask.source(busy, outlet).probe()
