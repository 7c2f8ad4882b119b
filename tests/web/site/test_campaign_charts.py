"""The charts of a campaign's page: the same numbers as elsewhere, a table behind each, reasons behind each spike."""

import re
from datetime import timedelta
from html import unescape

import pytest

from monitor.digest import gather, why
from monitor.exports import series
from monitor.exports.series import Split
from monitor.model.metric import Metric
from monitor.model.window import Resolution, Window
from monitor.words.voice import voice
from tests.digest.test_gather import DAY, NOW
from tests.web.site.month import MONTH

WEEK = Window(NOW - timedelta(days=7), NOW)
QUERY = {"last": "7d", "metric": "posts"}
WHY = "/campaigns/aleppo/spikes/2016-04-29T09:00Z"


def table(page: str, number: int = 0) -> list[list[str]]:
    """Return the cells of a table behind a chart, without its head."""
    found = re.findall(r"<details>\n<summary>As a table</summary>(.*?)</details>", page, re.DOTALL)[number]
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)[1:]
    return [[unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows]


async def split_by(ask_month, by: str) -> str:
    """Return the part of the page with the parts of posts."""
    page = (await ask_month.get("/campaigns/aleppo", params={**QUERY, "split": by})).text
    return page.partition('id="split"')[2].partition("</section>")[0]


async def test_the_table_behind_the_chart_holds_the_series_of_the_api(month, ask_month):
    rows = table((await ask_month.get("/campaigns/aleppo", params=QUERY)).text)
    read = await series.read(month, MONTH, Metric.POSTS, WEEK, Resolution.HOUR, Split.NONE, NOW)
    told = [voice("en").number(value or 0) for value in read.lines[0].values]
    assert [row[1].removeprefix("at least ") for row in rows] == told
    assert [row[1].startswith("at least") for row in rows] == list(read.partial)


async def test_engagement_is_the_sum_of_its_parts(month, ask_month):
    rows = table((await ask_month.get("/campaigns/aleppo", params={"last": "24h", "metric": "engagement"})).text)
    brief = await gather.brief(month, MONTH, DAY, NOW)
    assert sum(int(row[1].replace(",", "")) for row in rows) == brief.total("engagement").now.value


@pytest.mark.parametrize("number", ["posts", "impressions", "engagement", "potential_reach", "articles"])
async def test_every_number_has_its_chart_and_its_table(ask_month, number: str):
    page = await ask_month.get("/campaigns/aleppo", params={"last": "7d", "metric": number})
    assert (page.status_code, bool(table(page.text)), page.text.count("<svg role=")) == (200, True, 2)


async def test_gaps_and_breaks_say_why(ask_month):
    page = unescape((await ask_month.get("/campaigns/aleppo", params=QUERY)).text)
    assert "channels was not watched: the server is down" in page
    assert "counted in another way since Tue 26 Apr 12:00 (reposts are posts, too)" in page


async def test_another_window_stands_beside_it(ask_month):
    alone = table((await ask_month.get("/campaigns/aleppo", params=QUERY)).text)
    both = table((await ask_month.get("/campaigns/aleppo", params={**QUERY, "compare": "before"})).text)
    before = {"start": "2016-04-16", "end": "2016-04-23", "metric": "posts"}
    theirs = table((await ask_month.get("/campaigns/aleppo", params=before)).text)
    assert [row[:-1] for row in both] == alone
    assert [row[-1] for row in both] == [row[1] for row in theirs]


@pytest.mark.parametrize("by", ["spelling", "platform", "language"])
async def test_parts_add_up_to_the_whole_where_every_post_has_one(ask_month, by: str):
    page = (await ask_month.get("/campaigns/aleppo", params={**QUERY, "split": by})).text
    whole, parts = table(page), table(page, 1)
    last, pieces = whole[-1], parts[-1]
    assert int(last[1]) == sum(int(value) for value in pieces[1:] if value != "n/a")


async def test_a_number_nobody_tells_part_by_part_says_so(ask_month):
    asked = {"last": "7d", "metric": "potential_reach", "split": "language"}
    assert "not told part by part" in (await ask_month.get("/campaigns/aleppo", params=asked)).text


async def test_parts_hatch_what_nobody_watched_and_the_legend_says_so(ask_month):
    split = await split_by(ask_month, "spelling")
    assert "Not watched" in split
    assert "Counted in part: at least this many" in split
    assert split.count('fill="url(#hatch)"') >= 2
    assert any("at least" in cell for row in table(split) for cell in row)


async def test_a_platform_that_was_watched_is_no_lower_bound_because_another_was_not(ask_month):
    split = await split_by(ask_month, "platform")
    assert "Not watched" in split
    assert "n/a" in {row[2] for row in table(split)}
    assert "at least" not in split


async def test_days_are_drawn_for_a_month_and_hours_for_a_week(ask_month):
    month = table((await ask_month.get("/campaigns/aleppo", params={**QUERY, "last": "30d"})).text)
    assert (len(month), len(table((await ask_month.get("/campaigns/aleppo", params=QUERY)).text))) == (30, 168)


async def test_scripts_get_the_definition_of_the_same_chart(ask_month):
    for size in ("wide", "narrow"):
        told = await ask_month.get("/campaigns/aleppo/chart.json", params={**QUERY, "size": size})
        assert (told.status_code, told.json()["autosize"]["type"]) == (200, "fit")
    assert (await ask_month.get("/campaigns/aleppo/chart.json", params={"of": "split"})).status_code == 422


async def test_the_library_comes_from_here_packed_and_kept_for_ever(ask_month):
    page = (await ask_month.get("/campaigns/aleppo", params=QUERY)).text
    library = await ask_month.get(re.search(r'data-library="([^"]+)"', page)[1])
    assert "vegaEmbed" in library.text
    assert (library.headers["content-encoding"], "immutable" in library.headers["cache-control"]) == ("gzip", True)
    assert (await ask_month.get("/vega/0/vega.js")).status_code == 404


async def test_a_page_holds_no_style_that_its_own_rules_forbid(ask_month):
    page = (await ask_month.get("/campaigns/aleppo", params={**QUERY, "split": "platform"})).text
    assert (" style=" in page, "<style" in page) == (False, False)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_a_spike_leads_to_its_reasons_in_the_words_of_the_mail(month, ask_month, language: str):
    page = (await ask_month.get("/campaigns/aleppo", params={**QUERY, "lang": language})).text
    link = unescape(re.search(r'href="(/campaigns/aleppo/spikes/[^"]+)"', page)[1])
    told = unescape((await ask_month.get(link, params={"lang": language})).text)
    (spike,) = (await gather.brief(month, MONTH, WEEK, NOW)).spikes
    assert why.sentence(spike, voice(language, MONTH.zone)) in told


async def test_reasons_name_parts_people_headlines_and_events_of_those_hours(ask_month):
    page = unescape((await ask_month.get(WHY, params={"metric": "posts"})).text)
    assert "posts that also carry #Syria" in page
    assert "Many people took part" in page
    assert "https://social.example/users" not in page
    assert page.count("Fri 29 Apr 1") > 12


@pytest.mark.parametrize(
    "path",
    ["/campaigns/aleppo/spikes/x", "/campaigns/aleppo/spikes/%00", "/campaigns/aleppo/spikes/0001-01-01T00:00Z",
     "/campaigns/aleppo/spikes/9999-12-31T23:00Z", "/campaigns/aleppo/spikes/2016-04-20T00:00Z",
     f"{WHY}?metric=articles"],
)  # fmt: skip
async def test_a_spike_that_is_not_there_is_not_found(ask_month, path: str):
    page = await ask_month.get(path)
    assert (page.status_code, "<h1>This did not work</h1>" in page.text) == (404, True)
