"""What was found, row by row."""

import pytest

from monitor.alerts.finding import Finding, Kind, Message
from monitor.exports import listed, measured
from monitor.exports.asked import Format, What
from monitor.exports.sheet import Sheet
from monitor.model.brief import Headline
from monitor.model.finding import Cause, Concentration, Driver
from tests.digest.briefs import EVENING, FRIDAY, SURGE
from tests.exports.books import LINK, spoken, table

ZONE = SURGE.zone


def rows(sheet: Sheet) -> list[dict]:
    return sheet.table.to_pylist()


def finding(name: str = "posts") -> Finding:
    return Finding(
        key=name, campaign="save-aleppo", rule="surge", kind=Kind.ABOVE, severity="warning", at=EVENING, name=name,
        value=500.0, against=400.0,
    )  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("en", "Mostly #أنقذوا_حلب: 566,800"), ("ar", "وراءها أساسًا")])
def test_a_spike_says_its_reasons_in_a_sentence(language, words):
    (row,) = rows(listed.spikes(SURGE, spoken(language)))
    assert words in row["reasons"]
    assert (row["total"], row["expected"], row["score"]) == (742_200, 136_070, 14.2)
    assert not {"\u2067", "\u2068", "\u2069"} & {*row["reasons"]}


async def test_arabic_sheets_say_in_arabic_why_nobody_watched(friday):
    gaps = await table(friday, What.GAPS, Format.PARQUET, voice=spoken("ar"))
    cells = await table(friday, What.SERIES, Format.PARQUET, voice=spoken("ar"))
    assert {gap["reason"] for gap in gaps} == {"خارج الرصد"}
    assert {row["gap"] for row in cells} == {None, "mastodon: خارج الرصد; telegram: خارج الرصد"}


def test_how_concentrated_it_is_stands_among_the_shares():
    told = Concentration(
        start=FRIDAY.start, end=FRIDAY.end, posts=200, authors=150, top=2, top_share=0.25, texts=100, alike_share=None,
    )  # fmt: skip
    before = rows(measured.shares(SURGE.model_copy(update={"concentration": None})))
    after = rows(measured.shares(SURGE.model_copy(update={"concentration": told})))
    (one,) = after[len(before) :]
    assert (one["part"], one["name"], one["value"], one["share"]) == ("concentration", "top_authors", 50, 0.25)


def test_every_driver_of_a_spike_is_a_reason():
    found = rows(listed.reasons(SURGE))
    assert [row["cause"] for row in found] == [driver.cause for driver in SURGE.spikes[0].drivers]
    assert (found[0]["name"], found[0]["value"], found[0]["share"]) == ("#أنقذوا_حلب", 566_800, 0.82)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x.example/ y", "data:text/html,x"])
def test_a_link_that_is_none_is_left_out(link):
    driver = Driver(cause=Cause.HEADLINE, name="x", at=EVENING, link=link)
    brief = SURGE.model_copy(update={"spikes": (SURGE.spikes[0].model_copy(update={"drivers": (driver,)}),)})
    assert rows(listed.reasons(brief))[0]["link"] is None
    assert rows(listed.headlines([Headline(title="x", outlet="y", at=EVENING, link=link)], ZONE))[0]["link"] is None


def test_a_source_says_how_much_its_gaps_may_have_hidden():
    told = {row["source"]: (row["outcome"], row["gaps"], row["missed"]) for row in rows(listed.sources(SURGE))}
    assert told["t.me-halab"] == ("rate-limited", 1, 118.4)
    assert told["mastodon.social"] == ("ok", 0, None)


def test_headlines_stand_in_the_order_of_time():
    found = [Headline(title=title, outlet="y", at=at) for title, at in (("b", EVENING), ("a", FRIDAY.start))]
    assert [row["title"] for row in rows(listed.headlines(found, ZONE))] == ["a", "b"]


def test_an_alert_is_a_row_for_each_finding_of_each_message():
    message = Message(id="1", scope="save-aleppo", group="numbers", at=EVENING, new=(finding(),), over=(finding("x"),))
    found = [(row["told"], row["name"], row["value"], row["against"]) for row in rows(listed.alerts([message], ZONE))]
    assert found == [("new", "posts", 500, 400), ("over", "x", 500, 400)]


def test_longer_stretches_follow_with_their_own_window():
    found = rows(measured.totals(SURGE))
    week = [row for row in found if (row["end"] - row["start"]).days == 7]
    assert {row["name"]: row["now"] for row in week}["posts"] == 12_840
    parts = [(row["name"], row["now"]) for row in found if row["part_of"] == "engagement"]
    assert parts == [("likes", 11_020), ("reposts", 6_391), ("replies", 1_011), ("quotes", None)]


def test_a_number_without_end_is_not_known():
    spike = SURGE.spikes[0].model_copy(update={"score": float("inf")})
    (row,) = rows(listed.spikes(SURGE.model_copy(update={"spikes": (spike,)}), spoken()))
    assert row["score"] is None


async def test_the_largest_posts_carry_a_link_where_they_may_and_never_an_author(friday):
    found = await table(friday, What.POSTS, Format.JSON)
    assert found[0] == {
        "metric": "impressions", "platform": "telegram", "gained": 1200, "time": "2016-04-29T05:00:00+03:00",
        "link": LINK,
    }  # fmt: skip
    assert {row["metric"] for row in found} == {"impressions", "engagement"}
