"""Every number of an export is that of the brief and the API, to the digit, in every format."""

from html import unescape

import pytest

from monitor.digest.outline import outline
from monitor.exports import series
from monitor.exports.asked import STANDARD, Format, What
from monitor.exports.series import Split
from monitor.exports.titles import COLUMNS
from monitor.model.metric import Metric
from monitor.model.window import Resolution
from tests.digest.test_gather import DAY, NOW
from tests.exports.books import HOURLY, VOTING, content, made, members, spoken, table, told

TABLES = [Format.CSV, Format.JSON, Format.PARQUET, Format.XLSX]
NUMBERS = ("now", "low", "before", "change", "week_before", "week_change")


def named(ending: Format, name: str) -> str:
    """What a column is called in a format; XLSX speaks to people."""
    return COLUMNS[name] if ending is Format.XLSX else name


@pytest.mark.parametrize("ending", TABLES)
async def test_totals_are_those_of_the_brief(friday, ending):
    brief = await told(friday)
    rows = [row for row in await table(friday, What.TOTALS, ending) if not row[named(ending, "part_of")]]
    expected = [
        (one.name, one.now.value, one.low, one.before.value, one.change, one.week_before.value, one.week_change)
        for one in brief.totals
    ]
    assert [tuple(row[named(ending, name)] for name in ("name", *NUMBERS)) for row in rows] == expected
    assert expected[0][1] == 13


@pytest.mark.parametrize("ending", TABLES)
@pytest.mark.parametrize("split", Split)
async def test_series_are_those_of_the_api(friday, ending, split):
    rows = await table(friday, What.SERIES, ending, split=split, **HOURLY)
    expected = [
        (metric.value, line.name, value, partial)
        for metric in STANDARD
        for one in [await series.read(friday, VOTING, metric, DAY, Resolution.HOUR, split, NOW)]
        for line in one.lines
        for value, partial in zip(line.values, line.partial, strict=True)
    ]
    names = [named(ending, name) for name in ("metric", "name", "value", "partial")]
    assert [tuple(row[name] for name in names) for row in rows] == expected


@pytest.mark.parametrize("metric", [Metric.POSTS, Metric.IMPRESSIONS, Metric.LIKES, Metric.ARTICLES])
async def test_a_series_sums_up_to_the_total(friday, metric):
    brief = await told(friday)
    totals = {one.name: one.now.value for one in brief.totals} | brief.total("engagement").parts
    rows = await table(friday, What.SERIES, Format.CSV, metrics=(metric,), **HOURLY)
    assert sum(row["value"] or 0 for row in rows) == totals[metric.value] > 0


async def test_what_nobody_tells_is_empty_in_every_cell(friday):
    rows = await table(friday, What.SERIES, Format.JSON, metrics=(Metric.REPLIES,), **HOURLY)
    assert {row["value"] for row in rows} == {None}
    by_platform = await table(friday, What.SERIES, Format.JSON, metrics=(Metric.IMPRESSIONS,), split=Split.PLATFORM)
    assert {row["name"] for row in by_platform} == {"telegram"}


async def test_every_cell_that_was_not_watched_says_why(friday):
    rows = await table(friday, What.SERIES, Format.JSON, metrics=(Metric.POSTS,), **HOURLY)
    assert [row["partial"] for row in rows] == [False] * 20 + [True] * 4
    assert [bool(row["gap"]) for row in rows] == [row["partial"] for row in rows]
    assert {row["value"] for row in rows[20:]} == {None}


async def test_each_platform_has_the_reasons_of_its_own_sources(friday):
    rows = await table(friday, What.SERIES, Format.JSON, metrics=(Metric.POSTS,), split=Split.PLATFORM, **HOURLY)
    told = [(row["name"], row["gap"].partition(":")[0]) for row in rows if row["gap"]]
    assert told == [("mastodon", "mastodon")] * 4 + [("telegram", "telegram")] * 4


@pytest.mark.parametrize("ending", TABLES)
async def test_shares_are_those_of_the_brief(friday, ending):
    brief = await told(friday)
    rows = await table(friday, What.SHARES, ending)
    parts = (*brief.spellings, *brief.platforms, *brief.tongues, *brief.languages, *brief.outlets)
    digits = 15 if ending is Format.XLSX else 20  # as many as Excel keeps
    expected = [(one.name, one.value, round(one.share, digits)) for one in (*parts, *brief.regions, *brief.countries)]
    found = [[row[named(ending, name)] for name in ("name", "value", "share")] for row in rows]
    assert [(name, value, round(share, digits)) for name, value, share in found] == expected


async def test_a_report_says_every_string_of_the_mail(friday):
    for language in ("en", "ar"):
        page = unescape((await content(friday, Format.REPORT, voice=spoken(language))).decode())
        said = outline(await told(friday), spoken(language))
        figures = [text for one in (*said.figures, *said.longer) for text in (one.label, one.kind, one.now, one.parts)]
        compared = [text for one in said.figures for held in one.comparisons for text in (held.value, held.change)]
        rows = [text for part in said.sections for row in part.rows for text in (row.text, row.note)]
        expected = [said.title, said.verdict, said.untold, *figures, *compared, *rows]
        assert [text for text in expected if text not in page] == []


async def test_looks_at_a_poll_carry_the_hash_of_their_answer(friday):
    rows = await table(friday, What.POLLS, Format.JSON)
    assert len(rows) == 3 * 4
    assert {len(row["snapshot"]) for row in rows} == {64}


async def test_all_sheets_of_a_book_fit_into_a_zip(friday):
    files = members(await content(friday, Format.CSV, What.ALL))
    assert [*files] == ["method.txt", *(f"{what}.csv" for what in What if what is not What.ALL)]
    assert b"posts/1" in files["method.txt"]


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ((Format.CSV, None), "aleppo-series-20160429.csv"),
        ((Format.PARQUET, What.ALL), "aleppo-all-20160429.zip"),
        ((Format.XLSX, None), "aleppo-all-20160429.xlsx"),
        ((Format.REPORT, None), "aleppo-report-20160429.html"),
        ((Format.SVG, None), "aleppo-numbers-20160429.svg"),
    ],
)
async def test_a_file_is_called_by_campaign_sheet_and_days(friday, wish, name):
    file = await made(friday, *wish)
    assert file.name == name
    file.body.close()
