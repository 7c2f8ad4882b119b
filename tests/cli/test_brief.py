"""`monitor brief` on the private real Redis."""

import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from monitor.cli.brief import shown
from monitor.model.brief import Brief
from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.cli.command import Said, monitor, with_store
from tests.digest.briefs import SURGE
from tests.settings.folder import folder

CAMPAIGN = 'title = "[bold]Buses"\nhashtags = ["#buses"]\ntimezone = "Asia/Damascus"\n'


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
    subjects = ("*", "tag/buses", "tag/buses/buses")
    posts = [Sighting(str(n), epoch - n * 7200, subjects, seen=("bus_es",)) for n in (1, 2, 40)]
    standing = Standing({}, (Window(now - timedelta(days=10), now),))
    batch = Batch("buses", "Asia/Damascus", "mastodon", "m", "posts", epoch, epoch, posts, walk="w", standing=standing)
    await ingest.write(store, batch)


def brief(config: Path, *words: object) -> Said:
    return monitor("brief", "buses", "--config", config, *words)


def printed(found: Brief, language: str = "en", width: int = 120) -> str:
    console = Console(width=width)
    with console.capture() as captured:
        console.print(shown(found, language))
    return captured.get()


def test_all_campaigns_stand_beside_each_other(config: Path):
    assert "[bold]Buses" in monitor("brief", "--all", "--config", config).out
    told = json.loads(monitor("brief", "--all", "--config", config, "--json").out)
    assert ([one["campaign"] for one in told["briefs"]], told["voices"]) == (["buses"], [])


@pytest.mark.parametrize("words", [[], ["buses", "--all"]])
def test_a_campaign_or_all_must_be_named(config: Path, words: list[str]):
    said = monitor("brief", *words, "--config", config)
    assert (said.code, "name one campaign, or write --all" in said.err) == (2, True)


def test_json_is_the_brief_itself(config: Path):
    found = Brief.model_validate_json(brief(config, "--json").out)
    assert (found.campaign, found.total("posts").now.value) == ("buses", 3)
    assert found.window.end - found.window.start == timedelta(days=7)


def test_json_is_one_line(config: Path):
    assert brief(config, "--json").out.count("\n") == 1


def test_days_say_how_far_back(config: Path):
    assert json.loads(brief(config, "--days", 1, "--json").out)["totals"][0]["now"]["value"] == 2


def test_the_verdict_comes_first_and_markup_in_a_title_is_shown_as_it_is(config: Path):
    said = brief(config)
    assert said.code == 0
    assert "[bold]Buses" in said.out.splitlines()[0]


def test_spellings_that_are_not_listed_come_with_the_lines_to_paste(config: Path):
    said = brief(config).out
    assert "Also seen in" in said
    assert tomllib.loads(said[said.index("[spellings]") :])["spellings"] == {"#buses": ["#bus_es"]}


def test_in_arabic_nothing_of_ours_stays_english(config: Path):
    said = brief(config, "--language", "ar").out
    assert "Keep those that are right" not in said
    assert "؛" in said
    assert ";" not in said


def test_a_misspelt_campaign_is_said_in_words(config: Path):
    said = monitor("brief", "busses", "--config", config)
    assert (said.code, said.out) == (1, "")
    assert "did you mean buses?" in said.err


def test_no_days_and_too_many_are_refused(config: Path):
    assert brief(config, "--days", 0).code == brief(config, "--days", 9999).code == 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_numbers_stand_with_class_and_coverage(language: str):
    said, impressions = printed(SURGE, language), SURGE.total("impressions")
    assert f"{impressions.now.value:,.0f}" in said
    assert f"{impressions.measured_share:.0%}" in said


def test_gaps_of_sources_are_said():
    assert "blind from" in printed(SURGE)


def test_arabic_is_printed_in_the_order_it_is_read_with_nothing_invisible_in_it():
    said = printed(SURGE, "ar")
    assert "أنقذوا حلب" in said
    assert not set("\u2066\u2067\u2068\u2069\u200f\u202b") & set(said)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_every_width_of_terminal_will_do(width: int):
    assert all(len(line) <= width for line in printed(SURGE, width=width).splitlines())
