"""`monitor demo`: the whole journey on a short world, and a table that can fail."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import pytest_asyncio
import typer

from monitor.app import Monitor
from monitor.cli.demo import check_redis, demo, finish, show
from monitor.cli.watching import Ending, Watch, at_its_end, last_mail, watching
from monitor.clock import Clock, Simulated
from monitor.demo.cast import CAMPAIGN
from monitor.demo.plan import Plan, Trouble
from monitor.demo.row import Row
from monitor.demo.stage import Stage
from monitor.demo.tally import tally
from monitor.errors import StoreError
from monitor.model.metric import WHOLE, Metric
from monitor.model.run import Outcome
from monitor.model.window import Resolution, bucket
from monitor.store import runs
from monitor.store.redis import execute
from tests.digest.briefs import SURGE

pytestmark = pytest.mark.slow

SHORT = Plan(days=2, size=0.2, step=timedelta(hours=2))
SPENT = ("x: dollars a month: $12.50 of $100 this month",)
RIGHT, WRONG = Row("posts", 1_234, (1_234, 1_234, 1_234)), Row("likes", 5, (5, 4, 5))


@dataclass
class Seen:
    """A short calm world after its end, with the monitor that watched it."""

    on: Stage
    monitor: Monitor
    clock: Clock
    folder: Path
    shown_at: datetime
    asked_at: datetime
    """The page's clock, and when it says that a source was last asked."""

    async def wrong(self) -> list[str]:
        return await wrong(self.on, self.monitor, self.clock)


async def wrong(on: Stage, monitor: Monitor, clock: Clock) -> list[str]:
    return [row.metric for row in await tally(monitor.store, on.world, clock.now()) if not row.equal]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Seen]:
    folder = tmp_path_factory.mktemp("demo")
    async with at_its_end(SHORT, folder, lambda _moment, _new: None) as (on, watch):
        clock = watch.monitor.clock
        states, shown_at = await runs.states(watch.monitor.store, CAMPAIGN.slug), clock.now()
        asked_at = max(run.started_at for state in states for run in state.runs)
        await watch.follow(SHORT.settling())
        yield Seen(on, watch.monitor, clock, folder, shown_at, asked_at)


async def test_a_calm_world_is_stored_as_it_is(seen: Seen) -> None:
    assert await seen.wrong() == []


async def test_every_source_answered_without_a_flaw(seen: Seen) -> None:
    states = await runs.states(seen.monitor.store, CAMPAIGN.slug)
    assert len(states) == 11
    assert all(run.outcome.is_up and run.outcome is not Outcome.TRUNCATED for state in states for run in state.runs)


def test_no_source_was_asked_after_the_moment_that_the_page_shows(seen: Seen) -> None:
    assert SHORT.end <= seen.asked_at <= seen.shown_at < SHORT.end + SHORT.step


async def test_collecting_once_more_changes_nothing(seen: Seen) -> None:
    again = [await seen.monitor.collect(collector) for collector in seen.monitor.collectors]
    assert sum(run.new for run in again) == 0
    assert await seen.wrong() == []


async def test_a_number_changed_in_the_store_makes_the_table_disagree(seen: Seen) -> None:
    store = seen.monitor.store
    name = store.keys.series(CAMPAIGN.slug, WHOLE, "mastodon", Metric.LIKES, Resolution.HOUR)
    cell = bucket(int(SHORT.surge.timestamp()), Resolution.HOUR, CAMPAIGN.zone) * 1000
    await execute(store.redis, "TS.ADD", name, cell, 1)  # the policy of the series is to add
    assert await seen.wrong() == ["likes", "mastodon likes"]
    await execute(store.redis, "TS.ADD", name, cell, -1)
    assert await seen.wrong() == []


async def test_a_mail_went_out_for_each_day_of_the_world(seen: Seen) -> None:
    mails = sorted((seen.folder / "outbox").glob("*.eml"))
    assert [mail.name.split(".")[1] for mail in mails] == ["2016-04-18", "2016-04-19"]
    assert last_mail(seen.folder) == mails[-1]
    mail = message_from_bytes(mails[-1].read_bytes(), policy=default)
    assert mail["To"] == "desk@newsroom.example"
    assert "Save Aleppo" in str(mail["Subject"])


@pytest.mark.parametrize("seed", [1])
async def test_a_world_with_every_trouble_is_stored_as_it_is(seed: int, tmp_path: Path) -> None:
    plan, clock = replace(SHORT, seed=seed, troubles=frozenset(Trouble)), Simulated(SHORT.start)
    async with watching(plan, tmp_path, clock) as (on, monitor):
        watch = Watch(monitor, clock, plan, lambda _moment, _new: None)
        await watch.follow(plan.rounds())
        states = await runs.states(monitor.store, CAMPAIGN.slug)
        await watch.follow(plan.settling())
        assert await wrong(on, monitor, clock) == []
    assert {run.outcome for state in states for run in state.runs} > {Outcome.RATE_LIMITED, Outcome.UNAVAILABLE}


async def test_a_monitor_that_stops_too_early_is_found_out(tmp_path: Path) -> None:
    clock = Simulated(SHORT.start)
    async with watching(SHORT, tmp_path, clock) as (on, monitor):
        await Watch(monitor, clock, SHORT, lambda _moment, _new: None).follow(iter([SHORT.surge]))
        rows = await tally(monitor.store, on.world, clock.now())
    assert not next(row for row in rows if row.metric == "posts").equal


@pytest.fixture
def anywhere() -> Iterator[Path]:
    """A folder with a short name: the name of a socket in it may have no more than 107 letters."""
    with tempfile.TemporaryDirectory() as home:
        yield Path(home)


def test_the_command_prints_one_line_of_json_from_anywhere(anywhere: Path) -> None:
    here = os.environ | {"TMPDIR": str(anywhere), "TERM": "dumb"}
    command = [sys.executable, "-m", "monitor", "demo", "--days", "1", "--seed", "5", "--json"]
    said = subprocess.run(command, cwd=anywhere, env=here, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    (line,) = said.stdout.splitlines()
    table = json.loads(line)
    assert table["equal"] is True
    assert {"posts", "impressions", "likes", "articles"} <= {row["metric"] for row in table["rows"]}
    assert all(set(row) == {"metric", "true", "stored"} and row["true"] == row["stored"] for row in table["rows"])
    assert list(anywhere.iterdir()) == []


async def test_our_ledger_of_x_is_what_x_charges(seen: Seen) -> None:
    dollars = [one.used for one in await seen.monitor.spendings() if one.allowance == "dollars a month"]
    assert dollars == [pytest.approx(seen.on.charged())]
    assert seen.on.charged() > 1


def ending(*rows: Row) -> Ending:
    return Ending(SURGE, Path("/outbox/last.eml"), rows, SPENT, 12.5)


def test_a_table_that_agrees_is_shown_with_brief_and_mail(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT), as_json=False)
    told = capsys.readouterr().out
    assert "/outbox/last.eml" in told
    assert "posts  1,234     1,234    1,234   1,234" in told
    assert "True and stored agree exactly." in told


def test_what_the_keys_have_used_is_told_beside_what_x_charges(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT), as_json=False)
    told = capsys.readouterr().out
    assert SPENT[0] in told
    assert "X itself charges $12.500 this month." in told


def test_what_is_told_by_the_hour_only_stands_in_its_column(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT, Row("x's own count", 7, (7,))), as_json=False)
    line = next(line for line in capsys.readouterr().out.splitlines() if "own count" in line)
    assert line.split() == ["x's", "own", "count", "7", "7"]
    assert line.index("7", line.index("7") + 1) > 30


def test_a_table_that_disagrees_is_shown_and_leaves_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT, WRONG), as_json=False)
    with pytest.raises(typer.Exit) as left:
        finish(ending(RIGHT, WRONG))
    assert left.value.exit_code == 1
    assert "do not agree" in capsys.readouterr().out


def test_json_says_so_when_one_resolution_disagrees(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT, WRONG), as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["equal"] is False
    assert {"metric": "likes by hour", "true": 5, "stored": 4} in told["rows"]
    assert {"metric": "likes", "true": 5, "stored": 5} in told["rows"]


def test_a_hashtag_keeps_its_underscore(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(Row("x's own count of #أنقذوا_حلب", 7, (7,)), Row("measured_posts", 1, (1, 1, 1))), as_json=False)
    told = capsys.readouterr().out
    assert "#أنقذوا_حلب" in told
    assert "measured posts" in told


def test_bounds_are_shown_as_the_two_and_told_as_a_pair(capsys: pytest.CaptureFixture[str]) -> None:
    within = ending(Row("friday 22 Apr: votes", 5, (4, 6), bounds=True))
    show(within, as_json=False)
    line = next(line for line in capsys.readouterr().out.splitlines() if "22 Apr: votes" in line)
    assert line.split()[-4:] == ["5", "4", "to", "6"]
    show(within, as_json=True)
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row == {"metric": "friday 22 Apr: votes", "true": 5, "stored": [4, 6]}


def test_what_is_not_stored_is_told_as_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(Row("page 22 Apr: lead changes", 1, (None,))), as_json=False)
    line = next(line for line in capsys.readouterr().out.splitlines() if "lead changes" in line)
    assert line.split()[-2:] == ["nothing", "≠"]


def test_a_wrong_detail_is_shown_among_the_totals(capsys: pytest.CaptureFixture[str]) -> None:
    show(ending(RIGHT, replace(WRONG, metric="mastodon posts #حلب", detail=True)), as_json=False)
    assert "mastodon posts #حلب" in capsys.readouterr().out


def test_without_a_redis_the_words_say_what_to_install() -> None:
    with pytest.raises(StoreError, match=r"pip install '.\[server\]'"):
        check_redis(None)


def test_the_table_as_a_line_and_the_page_are_not_to_be_had_together() -> None:
    with pytest.raises(typer.BadParameter, match="give one of them"):
        demo(serve=True, as_json=True)


def test_an_unknown_trouble_is_refused_before_anything_starts() -> None:
    with pytest.raises(typer.BadParameter, match="weather"):
        demo(trouble="weather")
