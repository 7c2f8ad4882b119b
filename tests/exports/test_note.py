"""The method note, and where each format keeps it."""

import io

import orjson
from pyarrow import parquet

from monitor.exports.asked import Format, What
from monitor.exports.note import MOST_GAPS, as_object, in_one, lines, note
from monitor.exports.series import Gap
from tests.digest.briefs import SURGE
from tests.exports.books import VOTING, content, spoken, workbook

PARTS = ["campaign", "window", "made", "zone", "rules", "definitions", "spellings", "sources", "coverage", "gaps"]


def gap(reason="the server is down") -> Gap:
    return Gap(source="t.me", platform="telegram", start=SURGE.window.start, end=SURGE.window.end, reason=reason)


def said(*gaps: Gap, language="en") -> dict:
    return as_object(note(VOTING, SURGE, gaps, spoken(language)))


def test_it_tells_all_that_a_method_is():
    found = said(gap())
    assert [*found] == PARTS
    assert found["window"] == ("2016-04-29T00:00:00+03:00 – 2016-04-30T00:00:00+03:00",)
    assert found["spellings"][0] == "#SaveAleppo: #SaveAleppo"
    assert "Impressions: measured for 62% of posts, rounded: ± 98,200, a lower bound" in found["coverage"]
    assert found["gaps"][0].endswith("the server is down")


def test_without_a_gap_it_says_so():
    assert said()["gaps"] == ("none",)


def test_gaps_without_end_are_counted():
    assert said(*[gap()] * (MOST_GAPS + 5))["gaps"][-1] == "and 5 more"


def test_it_speaks_arabic_without_signs_of_direction():
    told = in_one(note(VOTING, SURGE, [gap()], spoken("ar")))
    assert "التعريفات" in told
    assert not {"\u2067", "\u2068", "\u2069"} & {*told}


def test_outcomes_and_reasons_of_our_own_are_in_the_language_of_the_reader():
    told = said(gap("not watched"), language="ar")
    assert told["gaps"][0].endswith("خارج الرصد")
    assert not [line for line in told["sources"] if line.endswith((": ok", ": empty"))]


def test_a_run_that_only_ended_badly_is_a_reason_in_the_language_of_the_reader():
    assert said(gap("unavailable"), language="ar")["gaps"][0].endswith("لم يُجب")
    assert said(gap("unavailable"))["gaps"][0].endswith(": did not answer")


def test_on_a_page_times_are_words_and_in_files_they_can_be_parsed():
    entries = {entry.name: entry for entry in note(VOTING, SURGE, [gap()], spoken("ar"))}
    assert entries["window"].read == ("29 نيسان 2016 00:00 – 30 نيسان 2016 00:00",)
    assert entries["window"].lines == said()["window"]
    assert not [line for line in entries["gaps"].read if "T00:00" in line]


def test_on_a_page_a_latin_name_is_isolated_so_that_it_turns_no_arabic_line():
    entries = {entry.name: entry for entry in note(VOTING, SURGE, [gap()], spoken("ar"))}
    assert entries["definitions"].read[0].startswith("\u2068posts/1\u2069 (")
    assert entries["gaps"].read[0].startswith("\u2068t.me\u2069: ")


def test_a_hostile_reason_stays_on_its_line():
    told = lines(note(VOTING, SURGE, [gap("down\n\u202eRules: none\0")], spoken()))
    assert told[-1].endswith("down Rules: none")


async def test_every_format_carries_it(friday):
    packed = parquet.read_schema(io.BytesIO(await content(friday, Format.PARQUET)))
    plain = orjson.loads(await content(friday, Format.JSON, What.TOTALS))
    page = workbook(await content(friday, Format.XLSX)).worksheets[0]
    assert [*orjson.loads(packed.metadata[b"method"])] == [*plain["method"]] == PARTS
    assert page["B1"].value == "Save Aleppo (aleppo)"
    assert plain["method"]["gaps"][0].startswith("mastodon: 2016-04-29T20:00:00+03:00 – ")
