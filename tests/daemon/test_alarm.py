"""What the daemon does for alerts: look at what stirred, hand over, tell the dead-man's switch."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from monitor import app
from monitor.alerts.board import board
from monitor.alerts.rules import Budget, Drop, Source, Threshold
from monitor.alerts.settings import Settings as Alerts
from monitor.app import Monitor
from monitor.clock import Simulated
from monitor.daemon.alarm import Alarm
from monitor.daemon.alerting import known, told_lines
from monitor.daemon.duties import Duties
from monitor.daemon.home import Home
from monitor.daemon.stirs import Stirs
from monitor.errors import MonitorError
from monitor.settings.load import load
from monitor.store import alerts
from monitor.store.store import Store
from monitor.web.metrics import Metrics
from tests.alerts.cases import MINUTE, Hook, answers, channel, desk, found, message, opened
from tests.alerts.street import posts, stored
from tests.daemon.machine import Machine
from tests.daemon.town import Town
from tests.people import NOON

MANY = Threshold(on="threshold", hours=1, above=5)


@pytest.fixture
async def monitor(house: Machine, store: Store, server: str) -> AsyncIterator[Monitor]:
    house.campaign("aleppo", server)
    async with app.built(load(house.config, {}), store, Simulated(NOON)) as monitor:
        yield monitor


def ruled(monitor: Monitor, **told: Any) -> Monitor:
    """Return the monitor with these alerts."""
    rules = monitor.settings.monitor.model_copy(update={"alerts": Alerts(**told)})
    return replace(monitor, settings=replace(monitor.settings, monitor=rules))


async def handed_over(alarm: Alarm) -> None:
    """Look, and hand over what there is to tell."""
    await alarm.look()
    await alarm.hand_over()
    await alarm.rest(grace=10.0)


async def test_what_a_run_stored_is_looked_at_and_told(monitor: Monitor, store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    async with opened(Hook()) as hook:
        alarm = Alarm(ruled(monitor, rules=(MANY,), channels=(channel("hook", hook.url),)))
        alarm.stir("aleppo")
        assert alarm.stirred.is_set()
        await handed_over(alarm)
    assert len(hook.got) == 1
    assert not alarm.stirred.is_set()
    assert await alerts.waiting(store) == {}


async def test_a_silent_channel_keeps_no_other_waiting(monitor: Monitor, store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    async with opened(Hook()) as hook, opened(Hook(answers(500, 500))) as broken:
        ways = (channel("broken", broken.url), channel("hook", hook.url))
        await handed_over(Alarm(ruled(monitor, rules=(MANY,), channels=ways)))
    assert len(hook.got) == 1
    assert len(await alerts.waiting(store)) == 1


async def test_a_rule_that_is_taken_away_while_the_daemon_runs_ends_what_it_found_without_a_word(
    monitor: Monitor, store: Store
):
    await stored(store, posts(6, NOON - MINUTE))
    async with opened(Hook()) as hook:
        alarm = Alarm(ruled(monitor, rules=(MANY,), channels=(channel("hook", hook.url),)))
        await handed_over(alarm)
        alarm.become(ruled(monitor, channels=(channel("hook", hook.url),)))
        await handed_over(alarm)
    shown = await board(store, NOON, most=9)
    assert (len(hook.got), shown.active, [len(one.ended) for one in shown.history]) == (1, (), [1, 0])


async def test_where_nothing_can_be_drawn_alerts_are_found_all_the_same(
    monitor: Monitor, store: Store, capsys: pytest.CaptureFixture[str]
):
    def failing() -> None:
        raise MonitorError("no more processes")

    await stored(store, posts(6, NOON - MINUTE))
    await Alarm(ruled(monitor, rules=(MANY,), channels=(desk(),)), prepare=failing).look()
    assert len(await alerts.waiting(store)) == 1
    assert "no more processes" in capsys.readouterr().out


ALERTS = """
[[alerts.rules]]
on = "threshold"
hours = 2
above = 3
[[alerts.channels]]
name = "hook"
url = "{url}"
secret_file = "{secret}"
"""


@pytest.mark.slow
async def test_a_daemon_tells_what_it_has_just_collected(house: Machine, store: Store, town: Town, server: str):
    house.campaign("aleppo", server)
    town.write("aleppo", 5, hours_ago=0.1)
    secret, file = house.config / "secret", house.config / "monitor.toml"
    secret.write_text("0123456789abcdef")
    async with opened(Hook()) as hook:
        file.write_text(f"{file.read_text()}{ALERTS.format(url=hook.url, secret=secret)}")
        async with house.alive(store), asyncio.timeout(30):
            await hook.heard.wait()
    assert json.loads(hook.got[0][1])["messages"][0]["new"][0]["value"] == 5


async def test_without_a_rule_nothing_is_read(monitor: Monitor, store: Store):
    alarm = Alarm(monitor)
    await alarm.look()
    await alarm.hand_over()
    assert await alerts.states(store) == {}


async def test_a_silence_may_name_rules_of_one_campaign_and_rules_that_all_share(monitor: Monitor):
    rules = (MANY, Source(on="source", name="dark"), Budget(on="budget", name="mixed"), Drop(on="drop", name="mixed"))
    told = known(ruled(monitor, rules=rules))
    assert set(told.of_all) == {"blind", "silent", "budget", "dark"}
    assert {MANY.called, "dark", "mixed", "spike"} <= set(told.rules)
    assert "test" not in told.rules


async def test_it_is_known_whether_a_rule_is_set(monitor: Monitor):
    assert not Home(lambda: monitor).has_rules()
    assert Home(lambda: ruled(monitor, rules=(MANY,))).has_rules()


async def test_a_rule_that_breaks_ends_nothing(monitor: Monitor, store: Store, capsys: pytest.CaptureFixture[str]):
    await store.redis.hset(store.keys.alerts("state"), "aleppo", "no JSON")
    await Alarm(ruled(monitor, rules=(MANY,))).look()
    assert "alerts failed unexpectedly" in "".join(capsys.readouterr())


async def beaten(monitor: Monitor, url: str) -> None:
    await Alarm(ruled(monitor, heartbeat_url=SecretStr(url))).beat()


async def test_the_dead_mans_switch_is_asked(monitor: Monitor):
    async with opened(Hook()) as hook:
        await beaten(monitor, hook.url)
    assert len(hook.got) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hunter2", "http://hunter2.invalid/"])
async def test_a_switch_that_can_not_be_asked_is_logged_without_its_address(
    url: str, monitor: Monitor, capsys: pytest.CaptureFixture[str]
):
    await beaten(monitor, url)
    said = "".join(capsys.readouterr())
    assert "heartbeat not taken" in said
    assert "hunter2" not in said


async def test_a_switch_that_refuses_is_logged(monitor: Monitor, capsys: pytest.CaptureFixture[str]):
    async with opened(Hook(answers(404))) as hook:
        await beaten(monitor, hook.url)
    said = "".join(capsys.readouterr())
    assert "heartbeat not taken" in said
    assert "404" in said


async def test_the_heartbeat_is_a_job_where_an_address_is_set(monitor: Monitor):
    assert "heartbeat" not in await Duties(monitor, Metrics()).begin()
    with_switch = ruled(monitor, heartbeat_url=SecretStr("http://127.0.0.1:9/"))
    assert "heartbeat" in await Duties(with_switch, Metrics()).begin()


async def test_a_run_stirs_its_campaign(monitor: Monitor):
    duties = Duties(monitor, Metrics())
    await (await duties.begin())["collect/aleppo/town"].do()
    assert duties.alarm.stirred.is_set()


async def test_what_stirs_is_found_once_for_all_who_ask(monitor: Monitor, store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    stirs, campaign = Stirs(monitor), monitor.campaign("aleppo")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stirs.of(campaign, NOON), 0)
    first, second = await asyncio.gather(*(stirs.of(campaign, NOON) for _ in range(2)))
    assert first is second
    assert await stirs.of(campaign, NOON + MINUTE) is first


async def test_what_stirred_is_old_after_a_minute_and_when_the_clock_was_set_back(monitor: Monitor):
    stirs, campaign = Stirs(monitor), monitor.campaign("aleppo")
    made = [await stirs.of(campaign, NOON + minutes * MINUTE) for minutes in (0, 2, -60)]
    assert len({id(one) for one in made}) == 3


async def test_a_chart_shows_the_numbers_that_are_told(monitor: Monitor, store: Store):
    await stored(store, posts(6, NOON - MINUTE))
    stir = await Stirs(monitor).of(monitor.campaign("aleppo"), NOON)
    lines = [stir.lines[0].model_copy(update={"name": name}) for name in ("posts", "articles")]
    shown = stir.model_copy(update={"lines": tuple(lines)})
    named = [told_lines(shown, message(1, found(name=name))).lines for name in ("posts", "articles", "a poll")]
    assert [[line.name for line in each] for each in named] == [["posts"], ["articles"], ["posts"]]
