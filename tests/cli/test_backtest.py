"""`monitor backtest` over a file, and over the private real Redis."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from monitor.model.sighting import Batch, Sighting
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.store import ingest, runs
from monitor.store.store import Store
from tests.cli.command import monitor, with_store
from tests.settings.folder import folder

CAMPAIGN = 'title = "Buses"\nhashtags = ["#buses"]\ntimezone = "Asia/Damascus"\n'
SURGE = 24 * 40


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Fifty days of twenty posts an hour, and a surge on the forty-first."""
    path, dice = tmp_path / "posts.csv", np.random.default_rng(1)
    values = dice.poisson(20, 24 * 50)
    values[SURGE : SURGE + 3] = 400
    start = datetime(2016, 1, 1, tzinfo=UTC)
    lines = [f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M:%S},{value}" for hour, value in enumerate(values)]
    path.write_text("\n".join(["timestamp,value", *lines]), encoding="utf-8")
    return path


@pytest.fixture
def config(tmp_path: Path, rules: str) -> Path:
    """A folder of settings whose store holds twenty days of posts, and a surge two hours ago."""
    place = folder(tmp_path / "config", monitor=rules, buses=CAMPAIGN)
    with_store(place, _fill)
    return place


async def _fill(store: Store) -> None:
    now = datetime.now(UTC)
    begun, epoch = now - timedelta(days=20), int(now.timestamp())
    await runs.declare(store, "buses", {"m": "mastodon"}, begun)
    ages = [hour * 3600 for hour in range(1, 24 * 20) for _ in range(2)] + [7200 + n for n in range(150)]
    posts = [Sighting(str(n), epoch - age, ("*", "tag/buses", "tag/buses/buses")) for n, age in enumerate(ages)]
    for first in range(0, len(posts), 500):
        standing = Standing({}, (Window(begun, now),))
        part = posts[first : first + 500]
        await ingest.write(
            store,
            Batch("buses", "Asia/Damascus", "mastodon", "m", "posts", epoch, epoch, part, walk="w", standing=standing),
        )


def test_a_file_tells_its_alerts_by_the_month(table: Path):
    said = monitor("backtest", table)
    assert said.code == 0
    assert "0.6 alerts a month: 1 in 2016-02." in said.out
    assert "2016-02-10 00:00" in said.out


def test_no_redis_and_no_settings_are_needed_for_a_file(table: Path, tmp_path: Path):
    assert monitor("backtest", table, "--config", tmp_path / "nowhere").code == 0


def test_scores_are_one_row_per_row_in_the_order_of_the_file(table: Path, tmp_path: Path):
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")
    assert monitor("backtest", table, "--scores", tmp_path / "out.csv").code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["timestamp", "value", "expected", "score", "alert"]
    assert [f"{row['timestamp']},{row['value']}" for row in rows] == list(reversed(lines))
    assert [row["timestamp"] for row in rows if row["alert"] == "1"] == ["2016-02-10 00:00:00"]


def test_json_holds_every_event_with_its_size(table: Path):
    (result,) = json.loads(monitor("backtest", table, "--json").out)["results"]
    (event,) = result["events"]
    assert (result["rows"], result["alerts"]) == (1200, 1)
    assert (event["peak_value"], event["total"] > 10 * event["expected"]) == (400, True)


def test_a_higher_sensitivity_never_tells_less(table: Path):
    told = [
        json.loads(monitor("backtest", table, "--json", "--sensitivity", one).out)["results"][0]["alerts"]
        for one in ("low", "medium", "high")
    ]
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{table}", "--zone", "Damascus"], "Asia/Damascus"),
        (["{table}", "--scores", "{table}/none/out.csv"], "can not be written"),
        (["{table}.none"], "can not be read"),
        (["{table}", "--sensitivity", "extreme"], "extreme"),
    ],
)
def test_what_can_not_be_done_is_said(table: Path, words: list[str], said: str):
    found = monitor("backtest", *(word.format(table=table) for word in words))
    assert found.code > 0
    assert said in found.err


def test_a_table_of_one_row_says_that_nothing_can_be_judged(tmp_path: Path):
    (tmp_path / "one.csv").write_text("timestamp,value\n2016-04-29,3\n", encoding="utf-8")
    said = monitor("backtest", tmp_path / "one.csv")
    assert (said.code, "No row could be judged." in said.out) == (0, True)


def test_stored_history_is_played_again(config: Path):
    (result,) = json.loads(monitor("backtest", "buses", "--days", 20, "--config", config, "--json").out)["results"]
    assert (result["zone"], result["rows"], result["alerts"]) == ("Asia/Damascus", 480, 1)
    assert result["events"][0]["peak_value"] >= 150


def test_what_was_counted_otherwise_is_left_out_and_said(config: Path):
    since = datetime.now(UTC) - timedelta(days=5)
    with (config / "monitor.toml").open("a", encoding="utf-8") as file:
        file.write(
            f'[[breaks]]\nplatform = "mastodon"\nnumber = "posts"\nat = {since.isoformat()}\nwhat = "boosts, too"'
        )
    (result,) = json.loads(monitor("backtest", "buses", "--days", 20, "--config", config, "--json").out)["results"]
    assert (result["rows"], result["judged"]) == (480, pytest.approx(5 * 24, abs=8))
    assert f"mastodon counts posts otherwise from {since:%Y-%m-%d %H:%M} UTC on (boosts, too)" in result["doubts"][0]


def test_without_a_campaign_all_are_played(config: Path):
    assert "buses, all: posts by the hour" in monitor("backtest", "--days", 20, "--config", config).out


def test_a_spelling_is_played_alone_and_another_is_refused(config: Path):
    asked = ("backtest", "buses", "--days", 20, "--config", config)
    assert "buses, #Buses: posts" in monitor(*asked, "--spelling", "#Buses").out
    assert "does not list #trains; it lists #buses" in monitor(*asked, "--spelling", "#trains").err


def ruled(config: Path, *tables: str) -> Path:
    """Give the campaign rules of its own, and the house a channel."""
    file = config / "campaigns" / "buses.toml"
    file.write_text(CAMPAIGN + "".join(f"[[alerts]]\n{table}\n" for table in tables), encoding="utf-8")
    with (config / "monitor.toml").open("a", encoding="utf-8") as monitor_toml:
        monitor_toml.write('[mail]\nhost = "127.0.0.1"\n[[alerts.channels]]\nname = "desk"\naddress = "a@b.example"\n')
    return config


@pytest.mark.parametrize(
    ("rule", "alerts"),
    [
        ('on = "spike"\nhashtag = "#buses"', 1),
        ('on = "drop"', 0),
        ('on = "threshold"\nhours = 1\nabove = 100', 1),
        ('on = "threshold"\nhours = 24\nbelow = 1', 0),
    ],
)
def test_a_rule_of_the_alerts_is_played_as_it_would_have_told(config: Path, rule: str, alerts: int):
    ruled(config, f'name = "mine"\n{rule}')
    said = monitor("backtest", "buses", "--days", 19, "--rule", "mine", "--config", config, "--json")
    (result,) = json.loads(said.out)["results"]
    assert sum(bool(message["new"]) for message in result["messages"]) == alerts
    assert (result["channels"], result["doubts"][0][:13]) == ({"desk": result["alerts"]}, "Which sources")


def test_what_a_rule_would_have_sent_is_shown_with_the_span_it_stands_on(config: Path):
    ruled(config, 'name = "mine"\non = "threshold"\nhours = 1\nabove = 100')
    said = " ".join(monitor("backtest", "buses", "--rule", "mine", "--config", config).out.split())
    assert "1 message over the last 20 days, which is as far as the store reaches, 1.5 a month; 1 with news." in said
    assert "to desk 1" in said
    assert "the limit of 100 is reached" in said


@pytest.mark.parametrize(
    ("rule", "doubt"),
    [
        ('on = "poll"', "No poll was looked at in this time."),
        ('on = "first-outlet"', "No article was counted yet."),
        ('on = "source"', "No source was asked yet"),
        ('on = "budget"', "it is from the next run on"),
    ],
)
def test_of_what_the_store_does_not_hold_nothing_is_said(config: Path, rule: str, doubt: str):
    ruled(config, f'name = "mine"\n{rule}')
    said = monitor("backtest", "buses", "--rule", "mine", "--config", config)
    assert ("Nothing can be said." in said.out, doubt in said.out) == (True, True)
    (result,) = json.loads(monitor("backtest", "--rule", "mine", "--config", config, "--json").out)["results"]
    assert (result["known"], result["alerts"], result["alerts_per_month"]) == (None, None, None)


def test_another_rule_that_is_told_with_it_takes_its_part(config: Path):
    whole, part = 'name = "whole"\non = "spike"', 'name = "part"\non = "spike"\nhashtag = "#buses"'
    ruled(config, whole, part)
    asked = ("backtest", "buses", "--days", 19, "--config", config, "--json", "--rule")
    counts = [json.loads(monitor(*asked, name).out)["results"][0]["alerts"] for name in ("whole", "part")]
    assert counts[0] >= 1
    assert counts[1] == 0


def test_a_rule_that_is_not_there_is_named(config: Path):
    said = monitor("backtest", "buses", "--rule", "mine", "--config", config)
    assert "buses has no rule that is called mine; there is none" in said.err
    ruled(config, 'on = "drop"')
    said = monitor("backtest", "--rule", "mine", "--config", config)
    assert "no campaign has no rule" not in said.err
    assert "there is drop" in said.err


def test_a_file_has_no_rules_of_alerts_and_a_rule_no_scores(table: Path, tmp_path: Path):
    assert "--rule plays stored history" in monitor("backtest", table, "--rule", "mine").err
    assert "no --scores" in monitor("backtest", "buses", "--rule", "mine", "--scores", tmp_path / "a.csv").err


def test_what_nobody_told_is_said(config: Path):
    assert "No row" in monitor("backtest", "buses", "--metric", "impressions", "--days", 20, "--config", config).out


def test_a_campaign_that_is_not_there_is_named(config: Path):
    said = monitor("backtest", "trams", "--config", config)
    assert (said.code, "trams" in said.err) == (1, True)
