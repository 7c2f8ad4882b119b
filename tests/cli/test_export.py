"""`monitor export` on the private real Redis."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.cli.command import Said, monitor, with_store
from tests.settings.folder import folder

CAMPAIGN = 'title = "Buses"\nhashtags = ["#buses"]\ntimezone = "Asia/Damascus"\n'


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """A folder of settings whose store holds three posts of the last hours, seen for ten days."""
    place = folder(tmp_path / "config", monitor=rules, buses=CAMPAIGN)
    with_store(place, _fill)
    return place


async def _fill(store: Store) -> None:
    now = datetime.now(UTC)
    epoch = int(now.timestamp())
    await runs.declare(store, "buses", {"m": "mastodon"}, now - timedelta(days=10))
    posts = [Sighting(str(n), epoch - n * 7200, ("*", "tag/buses")) for n in (1, 2, 3)]
    standing = Standing({}, (Window(now - timedelta(days=10), now),))
    batch = Batch("buses", "Asia/Damascus", "mastodon", "m", "posts", epoch, epoch, posts, walk="w", standing=standing)
    await ingest.write(store, batch)


def export(config: Path, *words: object) -> Said:
    return monitor("export", "buses", "--config", config, *words)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_goes_to_standard_output(config: Path):
    said = export(config, "--format", "csv", "--metric", "posts", "--resolution", "1h", "--output", "-")
    assert (said.code, said.err) == (0, "")
    assert sum(float(row["value"] or 0) for row in rows(said.out)) == 3


def test_a_file_is_called_by_campaign_sheet_and_days_where_nothing_is_said(config: Path, tmp_path: Path):
    there = tmp_path / "here.json"
    said = export(config, "--format", "json", "--what", "totals", "--output", there)
    assert (said.code, said.out) == (0, f"{there}\n")
    assert json.loads(there.read_text(encoding="utf-8"))["totals"][0]["now"] == 3


def test_what_is_there_is_not_written_over_unless_one_says_so(config: Path, tmp_path: Path):
    there = tmp_path / "kept.csv"
    there.write_text("mine")
    said = export(config, "--format", "csv", "--output", there)
    assert (said.code, "write --force" in said.err, there.read_text()) == (1, True, "mine")
    assert export(config, "--format", "csv", "--output", there, "--force").code == 0
    assert there.read_text(encoding="utf-8").startswith('"time"')


@pytest.mark.parametrize("where", ["missing/a.csv", "config", "config/monitor.toml/a.csv", "x" * 300])
def test_a_place_that_can_not_be_written_to_is_told_and_nothing_is_left(config: Path, tmp_path: Path, where: str):
    said = export(config, "--format", "csv", "--output", tmp_path / where)
    assert (said.code, "--output" in said.err, "Traceback" in said.err) == (1, True, False)
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--format", "docx"], 2, "docx"),
        (["--what", "everything"], 2, "everything"),
        (["--metric", "views"], 2, "views"),
        (["--lang", "xx"], 2, "has no words yet"),
        (["--last", "3d"], 2, "3d"),
        (["--start", "2026-04-30", "--end", "2026-04-29"], 1, "must lie before"),
        (["--start", "1926-04-30"], 1, "up to three years"),
        (["--start", "soon"], 2, "soon"),
        (["--last", "90d", "--resolution", "5m", "--format", "png", "--chart", "nothing"], 1, "there are: numbers"),
    ],
)
def test_what_can_not_be_is_refused_in_words(config: Path, words: list[str], code: int, told: str):
    said = export(config, "--output", "-", *words)
    assert (said.code, told in said.err, said.out) == (code, True, "")


def test_a_report_speaks_arabic(config: Path, tmp_path: Path):
    assert export(config, "--format", "report", "--lang", "ar", "--output", tmp_path / "a.html").code == 0
    assert '<html lang="ar-SY" dir="rtl">' in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_campaign_nobody_knows_is_told(config: Path):
    said = monitor("export", "busses", "--config", config, "--output", "-")
    assert (said.code, "did you mean buses?" in said.err) == (1, True)
