"""The naming polls in `monitor status`."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from monitor.cli.status_polls import PollReport, due, remarks, reports, table
from monitor.model.race import Cycle, Stage
from monitor.settings.schema import Watched
from monitor.store import polls
from monitor.store.store import Store
from tests.cli.command import monitor, with_store
from tests.digest.races import AWAITED, CONFIRMED, DAY, HOUR, OPEN, OPENS, POLL, SILENT
from tests.settings.folder import folder, loaded

BUSES = """title = "Buses"
hashtags = ["#buses"]
timezone = "Asia/Damascus"
[[polls]]
[polls.at]
platform = "telegram"
channel = "fridays"
"""
MINUTE = timedelta(minutes=1)


async def told(
    store: Store, tmp_path: Path, cycle: Cycle | None, hours: float = 23.0, terms: bool = True
) -> PollReport:
    (watched,) = loaded(tmp_path, buses=f"{BUSES}accept_terms = {str(terms).lower()}\n").campaigns
    if cycle:
        await polls.put(store, "buses", cycle)
    (report,) = await reports(store, watched, OPENS + hours * HOUR)
    return report


def printed(*found: PollReport, running: bool = True) -> str:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table(found, OPENS + 23 * HOUR, "Asia/Damascus", running=running))
    return captured.get()


async def test_a_running_poll_is_told_with_its_looks(store, tmp_path):
    report = await told(store, tmp_path, OPEN)
    assert (report.stage, report.day, report.in_vain) == (Stage.OPEN, DAY, None)
    assert (report.last_look, report.next_look) == (OPENS + 23 * HOUR, OPENS + 23.5 * HOUR)
    for words in ("friday", "Fri 29.04.", "telegram", "open", "17:00", "17:30"):
        assert words in printed(report)


async def test_without_a_daemon_there_is_no_next_look(store, tmp_path):
    assert "17:30" not in printed(await told(store, tmp_path, OPEN), running=False)


async def test_why_a_look_was_in_vain_is_told(store, tmp_path):
    report = await told(store, tmp_path, SILENT, hours=26)
    assert list(remarks([report])) == ["friday: the last look was in vain: the page asks for a login"]


async def test_a_poll_that_may_not_be_looked_at_says_why(store, tmp_path):
    report = await told(store, tmp_path, None, terms=False)
    assert (report.off, report.next_look) == ("off until accept_terms = true", None)
    assert list(remarks([report])) == ["friday: off until accept_terms = true"]
    assert "off" in printed(report)


async def test_before_a_poll_opens_its_first_look_is_told(store, tmp_path):
    report = await told(store, tmp_path, None, hours=-30)
    assert (report.stage, report.next_look) == (Stage.AWAITED, OPENS - 12 * HOUR)


def test_when_a_week_is_over_the_next_one_is_told():
    assert due(CONFIRMED, POLL, OPENS + 70 * HOUR, MINUTE) == OPENS + (7 * 24 - 12) * HOUR
    assert due(AWAITED.model_copy(update={"stage": Stage.MISSED}), POLL, OPENS + 60 * HOUR, MINUTE) == (
        OPENS + (7 * 24 - 12) * HOUR
    )


async def test_a_campaign_without_a_poll_has_no_report(store, tmp_path):
    (watched,) = loaded(tmp_path).campaigns
    assert await reports(store, watched, OPENS) == []
    assert await reports(store, replace(watched, polls=()), OPENS) == []
    assert isinstance(watched, Watched)


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    place = folder(tmp_path / "config", monitor=rules, buses=BUSES)
    with_store(place, _fill)
    return place


async def _fill(store: Store) -> None:
    await polls.put(store, "buses", OPEN)


def test_the_command_shows_polls_for_people_and_for_programs(config: Path):
    assert "naming poll" in monitor("status", "--config", config).out
    (report,) = json.loads(monitor("status", "--config", config, "--json").out)["polls"]
    assert (report["poll"], report["off"]) == ("friday", "off until accept_terms = true")
