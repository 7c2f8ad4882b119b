"""`monitor collect` and `monitor status` on a store that daemons use as well."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from monitor.cli import collect, status, status_polls, status_shown
from monitor.collect.report import Report
from monitor.demo.loopback import Reply
from monitor.errors import MonitorError
from monitor.model.account import Allowance
from monitor.model.brief import Stretch
from monitor.model.run import Outcome
from monitor.model.spending import Spending, spending
from monitor.settings.load import load
from monitor.store import leases
from monitor.store.store import Store
from tests.daemon.machine import Machine
from tests.daemon.town import Town
from tests.people import NOON


@pytest.fixture
def settings(house: Machine, store: Store, town: Town, server: str):
    house.campaign("aleppo", server)
    file = house.config / "monitor.toml"
    file.write_text(file.read_text().replace("[redis]", f'[redis]\nprefix = "{store.keys.prefix}"'))
    return load(house.config, {})


async def test_collect_runs_every_source_of_a_campaign_once(settings, town: Town):
    town.write("aleppo", 3)
    (run,) = await collect._collected(settings, "aleppo", None)
    assert (run.outcome, run.new) == (Outcome.OK, 3)


async def test_collect_leaves_alone_who_wants_to_be_left_alone(settings, town: Town):
    town.trouble["aleppo"] = Reply(429, headers={"Retry-After": "3600"})
    await collect._collected(settings, "aleppo", None)
    (run,) = await collect._collected(settings, "aleppo", "town")
    assert (town.asked["aleppo"], run.outcome) == (1, Outcome.RATE_LIMITED)
    assert run.message.startswith("not asked: the server wants to be left alone until")


async def test_collect_says_when_there_is_nothing_to_ask(settings, house: Machine):
    file = house.config / "campaigns" / "aleppo.toml"
    file.write_text(f"{file.read_text()}enabled = false\n")
    with pytest.raises(MonitorError, match="aleppo has no source that may be asked"):
        await collect._collected(load(house.config, {}), "aleppo", None)


async def test_status_tells_of_sources_that_never_ran(settings):
    found = await status._found(settings, datetime.now(UTC))
    (report,) = found.sources
    assert (found.daemon, report.source, report.outcome) == (None, "town", None)


async def test_status_tells_who_collects_and_how_it_went(settings, town: Town, store: Store):
    town.write("aleppo", 3)
    await collect._collected(settings, "aleppo", None)
    await leases.hold(store, "vm:1:aa", 20)
    found = await status._found(settings, datetime.now(UTC))
    (report,) = found.sources
    assert (found.daemon, report.outcome, report.new, report.gaps) == ("vm:1:aa", Outcome.OK, 3, ())


async def test_status_fits_a_terminal_of_eighty_columns(settings, town: Town):
    town.trouble["aleppo"] = Reply(403)
    await collect._collected(settings, "aleppo", None)
    found = await status._found(settings, datetime.now(UTC))
    console = Console(width=80, record=True)
    console.print(status_shown._table(settings.campaigns[0], found.sources, datetime.now(UTC), running=True))
    text = console.export_text()
    assert "refused" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(("hours", "words"), [(0, "15:00"), (-24, "28.04. 15:00"), (9, "30.04. 00:00")])
def test_a_time_of_another_day_has_its_day(hours: float, words: str):
    here = NOON.astimezone(ZoneInfo("Asia/Damascus"))
    assert status_polls.moment(NOON + timedelta(hours=hours), here) == words


@pytest.mark.parametrize(("hours", "words"), [((), "none"), ((1.5,), "1, 1:30 h"), ((1, 30), "2, 31:00 h")])
def test_gaps_are_counted_and_summed(hours: tuple[float, ...], words: str):
    gaps = tuple(Stretch(start=NOON, end=NOON + timedelta(hours=each)) for each in hours)
    report = Report(campaign="aleppo", source="mastodon", platform="mastodon", gaps=gaps)
    assert status_shown._sum(report) == words


def spent(platform: str, *sources: str, used: float) -> Spending:
    return spending(
        Allowance("searches", 100),
        used,
        NOON - timedelta(hours=6),
        NOON,
        account="a",
        platform=platform,
        sources=sources,
    )


def test_status_tells_what_is_left_and_when_it_runs_out():
    mine = (spent("x", "aleppo/x", used=60), spent("youtube", "a/y", "b/y", "c/y", "d/y", used=0))
    lines = list(status_shown._allowances(list(mine), NOON, "Asia/Damascus"))
    assert lines == [
        "Allowances at x (for aleppo/x; times of Asia/Damascus):",
        "  searches: 60 of 100 calls today; runs out at 19:00 at this pace",
        "",
        "Allowances at youtube (for a/y, b/y, c/y …; times of Asia/Damascus):",
        "  searches: 0 of 100 calls today",
        "",
    ]
