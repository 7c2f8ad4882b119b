"""The table of outlets: what may stand in it, and what the operator reads when something else does."""

from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.model.outlet import Outlets, Region
from monitor.settings.findings import Findings
from monitor.settings.outlets import outlets
from tests.settings.folder import BUSES, folder, loaded

HEADER = "domain,name,language,country,region\n"
SHIPPED = Path(__file__).resolve().parents[2] / "config"


def table(path: Path, text: str, *, header: str = HEADER) -> Outlets:
    (path / "outlets.csv").write_text(header + text, encoding="utf-8")
    return read(path)


def read(path: Path) -> Outlets:
    found = Findings()
    rows = outlets(path, found)
    found.raise_any()
    return rows


def refusal(path: Path, text: str, **more: str) -> str:
    with pytest.raises(SettingsError) as raised:
        table(path, text, **more)
    return str(raised.value)


def test_a_row_is_an_outlet(tmp_path):
    [found] = table(tmp_path, "enabbaladi.net,Enab Baladi,ar,SY,arab\n").rows
    assert (found.place, found.name, found.language, found.country, found.region) == (
        "enabbaladi.net", "Enab Baladi", "ar", "SY", Region.ARAB
    )  # fmt: skip


@pytest.mark.parametrize(("country", "part"), [("SY", "arab"), ("FR", "western"), ("JP", "other")])
def test_a_region_that_is_left_out_is_that_of_the_country(tmp_path, country, part):
    [found] = table(tmp_path, f"news.example,The News,en,{country},\n").rows
    assert found.region == part


def test_a_spreadsheet_may_save_it_with_semicolons_and_a_mark_of_byte_order(tmp_path):
    [found] = table(
        tmp_path, "news.example;The News;en;GB;western\r\n;;;;\n", header="\ufeffDomain;Name;Language;Country;Region\n"
    ).rows
    assert found.name == "The News"


def test_comments_and_columns_in_another_order_are_fine(tmp_path):
    text = "# ours\nThe News,news.example,en,GB,western\n"
    assert table(tmp_path, text, header="# of the desk\n\nname,domain,language,country,region\n").names == {"The News"}


def test_a_folder_without_a_table_has_no_outlets(tmp_path):
    assert read(tmp_path) == Outlets()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("https://news.example,The News,en,GB,western", "line 2: domain: write a domain"),
        ("news,The News,en,GB,western", "domain: write a domain"),
        ('news.example,"News, The",en,GB,western', "name: leave out commas"),
        ("news.example,The News,english,GB,western", "language: write a code"),
        ("news.example,The News,en,Britain,western", "country: write the ISO code"),
        ("news.example,The News,en,GB,west", "region: write arab, other, western, or nothing"),
        ("news.example,The News,en,GB", "line 2: has 4 columns where the first line has 5"),
        ("a.example,A,en,GB,\nwww.a.example,B,en,GB,", "line 3: domain: www.a.example stands in line 2 too"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, row, words):
    assert words in refusal(tmp_path, row + "\n")


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    said = refusal(tmp_path, "news,The News,english,GB,western\nb.example,B,en,GB,west\n")
    assert (said.count("line 2"), said.count("line 3")) == (2, 1)


def test_a_line_with_a_column_too_few_hides_no_other(tmp_path):
    said = refusal(tmp_path, "a.example,A,en\nb.example,B,en,GB,west\nc.example,C\nb.example,B,english,GB,\n")
    assert [line.partition("line ")[2][0] for line in said.splitlines()] == ["2", "4", "3", "5", "5"]


def test_a_table_without_its_first_line_is_refused(tmp_path):
    assert "must name the columns" in refusal(tmp_path, "news.example,The News,en,GB,western\n", header="")
    assert "must name the columns" in refusal(tmp_path, "", header="")


def test_another_encoding_is_refused(tmp_path):
    (tmp_path / "outlets.csv").write_bytes((HEADER + "e.example,Café,fr,FR,\n").encode("latin-1"))
    with pytest.raises(SettingsError, match="CSV UTF-8"):
        read(tmp_path)


def test_every_campaign_knows_the_table(tmp_path):
    table(folder(tmp_path), "news.example,The News,en,GB,western\n")
    (buses,) = loaded(tmp_path).campaigns
    assert buses.campaign.outlets.names == {"The News"}


def test_a_feed_of_a_site_that_the_table_knows_needs_no_outlet(tmp_path):
    table(folder(tmp_path), "news.example,The News,en,GB,western\n")
    (buses,) = loaded(tmp_path, buses=f'{BUSES}[[sources]]\nplatform = "feeds"\nurl = "www.news.example"\n').campaigns
    (feed,) = buses.sources
    assert (feed.url, feed.name, feed.publisher) == ("https://www.news.example", "news.example", "news.example")


def test_a_broken_table_is_told_beside_all_else_that_is_wrong(tmp_path):
    (folder(tmp_path) / "outlets.csv").write_text("nonsense\n")
    with pytest.raises(SettingsError, match=r"(?s)must name the columns.*hashtgs|hashtgs.*must name the columns"):
        loaded(tmp_path, buses='title = "Buses"\nhashtgs = ["#buses"]\n')


def test_the_shipped_table_is_right_and_long_enough():
    shipped = read(SHIPPED)
    parts = {part: sum(row.region == part for row in shipped.rows) for part in Region}
    assert len(shipped.rows) >= 250
    assert min(parts.values()) >= 50
