"""The report: one file for paper that needs nothing from elsewhere."""

import io
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.exports import report
from monitor.exports.asked import Asked, Format
from monitor.exports.book import Book
from monitor.exports.note import note
from tests.digest.briefs import QUIET, SURGE, VOTE
from tests.digest.test_gather import DAY
from tests.exports.books import HOSTILE, VOTING, content, spoken


def page(brief, language="en") -> str:
    voice, paper = spoken(language), io.BytesIO()
    asked = Asked(Format.REPORT, DAY, voice)
    report.write(Book(VOTING, brief, (), note(VOTING, brief, (), voice), voice), asked, paper)
    return paper.getvalue().decode()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("brief", [SURGE, VOTE, QUIET], ids=lambda brief: brief.campaign)
def test_a_report_asks_nobody_for_anything_and_runs_nothing(brief, language):
    tree = LexborHTMLParser(page(brief, language))
    loaded = [one.attributes["src"] for one in tree.css("[src]")]
    assert not [src for src in loaded if not src.startswith("data:image/png;base64,")]
    assert not tree.css("script, link, iframe, object, form")
    assert not re.search(r"url\(|@import|\son\w+=", page(brief, language))


def test_arabic_is_mirrored():
    head = LexborHTMLParser(page(SURGE, "ar")).css_first("html").attributes
    assert (head["lang"], head["dir"]) == ("ar-SY", "rtl")


def test_it_is_made_for_paper():
    assert "@page { size: A4;" in page(SURGE)


def test_every_picture_says_what_it_shows():
    pictures = LexborHTMLParser(page(VOTE)).css("img")
    assert [bool(one.attributes["alt"]) for one in pictures] == [True]


def test_the_method_note_stands_at_the_end():
    tail = LexborHTMLParser(page(SURGE)).css_first("footer").text()
    assert "Missing is not zero" in tail
    assert "posts/1 (volume)" in tail
    assert "#SaveAleppo: #SaveAleppo" in tail


def test_every_line_of_the_note_runs_the_way_of_the_page():
    rows = LexborHTMLParser(page(SURGE, "ar")).css("footer dd")
    assert rows
    assert {row.attributes["dir"] for row in rows} == {"rtl"}
    assert not re.search(r"\d{4}-\d\d-\d\dT", " ".join(row.text() for row in rows))


async def test_a_hostile_headline_is_text(friday):
    written = (await content(friday, Format.REPORT)).decode()
    assert HOSTILE not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
