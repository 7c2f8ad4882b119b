"""Scripts, formulas, turned text and endless text in every place where others write, in every format."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.digest import gather
from monitor.exports.asked import Asked, Format, What
from monitor.exports.files import export
from monitor.model.campaign import Campaign, Family
from monitor.model.window import Window
from tests.digest.test_gather import DAY, FRIDAY, NOW, cover, titled
from tests.exports.books import HOSTILE, from_csv, from_json, members, spoken, workbook

LONG = "=" + "ح" * 10_000
EVIL = Campaign(
    slug="aleppo",
    title=HOSTILE,
    zone="Asia/Damascus",
    families=(Family("SaveAleppo", ("savealeppo", "<img src=x onerror=alert(1)>", "=1+1")),),
)


@pytest.fixture
async def written(store):
    """Return what a format makes of a campaign of an attacker."""
    await cover(store, HOSTILE[:40], [titled(LONG, 1, 3, "=outlet"), titled(HOSTILE, 2, 4, "@outlet")],
                Window(FRIDAY, FRIDAY), platform="feeds", kind="articles")  # fmt: skip

    async def export_it(format: Format, what: What | None = None) -> bytes:  # noqa: A002
        brief = await gather.brief(store, EVIL, DAY, NOW)
        file = await export(store, EVIL, brief, Asked(format, DAY, spoken(), what), NOW)
        return b"".join(file.parts())

    return export_it


async def test_no_cell_of_any_csv_begins_a_formula(written):
    files = members(await written(Format.CSV, What.ALL))
    cells = [
        cell for name, file in files.items() if name != "method.txt" for row in from_csv(file) for cell in row.values()
    ]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert len(texts) > 20
    assert not [text for text in texts if text.lstrip()[:1] in {*"=+-@"}]


async def test_a_workbook_holds_no_formula_and_no_link(written):
    cells = [cell for page in workbook(await written(Format.XLSX)) for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}
    assert not [cell for cell in cells if cell.hyperlink]


async def test_json_has_every_letter_that_can_be_shown(written):
    titles = [row["title"] for row in from_json(await written(Format.JSON, What.HEADLINES))]
    assert titles == [LONG, HOSTILE.replace("\u202e", "").replace("\0", "")]


async def test_a_report_runs_nothing(written):
    page = LexborHTMLParser((await written(Format.REPORT)).decode())
    assert not page.css("script")
    assert not [one for one in page.css("*") if any(name.startswith("on") for name in one.attributes)]
    assert not [link for link in page.css("a") if not link.attributes["href"].startswith("https://")]


async def test_a_picture_is_drawn_of_it(written):
    assert b"<script" not in await written(Format.SVG)
