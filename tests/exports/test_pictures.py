"""Charts as files: every one by its name, with what it is made of under it."""

import struct

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.errors import MonitorError
from monitor.exports.asked import Format
from monitor.exports.pictures import charts
from tests.exports.books import content, spoken, told

NAMES = ["numbers", "posts", "potential_reach", "posts-platform", "posts-spelling", "articles-language", "poll-friday"]


def words(svg: bytes) -> str:
    """What is written in a picture; signs of direction are not seen."""
    texts = (one.text() for one in LexborHTMLParser(svg.decode()).css("text"))
    return " ".join(texts).replace("\u2067", "").replace("\u2069", "")


@pytest.mark.parametrize("name", NAMES)
async def test_a_chart_is_drawn_by_its_name(friday, name):
    written = words(await content(friday, Format.SVG, picture=name))
    assert "posts/1" in written
    assert "Asia/Damascus" in written


async def test_the_bracket_of_potential_reach_has_no_parts(friday):
    known = charts(await told(friday))
    assert {*NAMES} <= {*known}
    assert not [name for name in known if name.startswith("potential_reach-")]


async def test_a_legend_says_what_the_colours_mean(friday):
    written = words(await content(friday, Format.SVG, picture="posts-platform"))
    assert "Telegram" in written
    assert "Not watched" in words(await content(friday, Format.SVG, picture="posts"))


async def test_a_png_is_twice_as_sharp(friday):
    image = await content(friday, Format.PNG, picture="posts")
    width, _ = struct.unpack(">II", image[16:24])
    assert (image[:4], width > 1400) == (b"\x89PNG", True)


async def test_a_chart_speaks_arabic(friday):
    written = words(await content(friday, Format.SVG, picture="posts", voice=spoken("ar")))
    assert "بلا رصد" in written
    assert "Not watched" not in written


async def test_a_chart_nobody_knows_says_which_there_are(friday):
    with pytest.raises(MonitorError, match="there are: numbers, posts"):
        await content(friday, Format.PNG, picture="../secrets")
