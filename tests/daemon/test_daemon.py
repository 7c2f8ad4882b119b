"""The daemon as a process: real signals, real files, a real Redis of its own, a Mastodon server on loopback."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from monitor import app
from monitor.demo.loopback import Reply
from monitor.model.metric import WHOLE, Metric
from monitor.model.window import Resolution, Window
from monitor.settings.load import load
from monitor.store import embedded, series
from tests.daemon.machine import Daemon, Machine
from tests.daemon.town import Town

pytestmark = pytest.mark.slow


async def test_it_collects_answers_and_stops_within_five_seconds_though_a_server_hangs(
    machine: Machine, town: Town, server: str
):
    town.write("aleppo", 50)
    town.trouble["homs"] = Reply(delay=600)
    machine.campaign("aleppo", server)
    machine.campaign("homs", server)
    async with machine.daemon() as daemon:
        await daemon.says("collected", campaign="aleppo", outcome="ok", new=50)
        health = await machine.ask("/healthz")
        assert (health.status_code, health.json()["role"]) == (200, "collecting")
        metrics = text_string_to_metric_families((await machine.ask("/metrics")).text)
        told = {sample.name: sample.value for family in metrics for sample in family.samples}
        assert (told["monitor_mentions_new_total"], told["monitor_leading"]) == (50, 1)
        listed = (await machine.ask("/api/v1/campaigns")).json()
        assert [campaign["slug"] for campaign in listed] == ["aleppo", "homs"]
        code, printed = await machine.said("status", "--json")
        aleppo, homs = json.loads(printed)["sources"]
        assert (code, aleppo["outcome"], aleppo["new"], homs["outcome"]) == (0, "ok", 50, None)
        begun = time.monotonic()
        assert await daemon.ends(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 5
    assert daemon.log[-1]["event"] == "stopped"
    assert not _answers(machine)


async def test_a_stand_by_takes_over_when_the_other_is_killed(machine: Machine, town: Town, server: str):
    machine.campaign("aleppo", server)
    async with machine.daemon() as first:
        await first.says("collecting")
        async with machine.daemon() as second:
            await second.says("standing by: another daemon collects here")
            begun = time.monotonic()
            await first.ends(signal.SIGKILL)
            await second.says("collecting")
            assert time.monotonic() - begun < 30
            assert await second.ends(signal.SIGTERM) == 0
    assert not _answers(machine)


async def test_a_killed_daemon_has_counted_nothing_twice_or_half(machine: Machine, town: Town, server: str):
    town.write("aleppo", 1000)
    town.delay = 0.01
    machine.campaign("aleppo", server)
    for pages in (3, 9):
        async with machine.daemon() as daemon:
            await town.is_asked("aleppo", times=town.asked["aleppo"] + pages)
            await daemon.ends(signal.SIGKILL)
    code, printed = await machine.said("collect", "aleppo", "--json")
    assert (code, json.loads(printed)[0]["outcome"]) == (0, "ok")
    assert await _stored(machine) == [{"posts": 1000.0, "likes": 3000.0, "reposts": 1000.0}] * 3


async def test_it_follows_its_files_and_says_what_is_wrong_with_them(machine: Machine, town: Town, server: str):
    file = machine.campaign("aleppo", server)
    good = file.read_text()
    async with machine.daemon() as daemon:
        await daemon.says("collected")
        file.write_text(good.replace("hashtags", "hashtag"))
        refusal = await daemon.says("settings refused, the old ones stay in force")
        assert "did you mean hashtags" in str(refusal["problems"])
        health = (await machine.ask("/healthz")).json()
        assert (health["well"], "did you mean hashtags" in health["notes"][0]) == (True, True)
        file.write_text(good.replace("aleppo", "homs"))
        daemon.process.send_signal(signal.SIGHUP)
        await daemon.says("settings taken up")
        await town.is_asked("homs")
        assert (await machine.ask("/healthz")).json()["notes"] == []


async def test_a_redis_that_was_killed_is_started_again(machine: Machine, town: Town, server: str):
    machine.campaign("aleppo", server)
    async with machine.daemon() as daemon:
        await daemon.says("collected")
        os.kill(_redis_pid(machine), signal.SIGKILL)
        await daemon.says("the private Redis was gone and is started again")
        machine.campaign("homs", server)
        await daemon.says("collected", campaign="homs", outcome="empty")
        assert (await machine.ask("/healthz")).status_code == 200


@pytest.mark.parametrize("noticed", [True, False])
async def test_it_stops_within_five_seconds_though_its_redis_is_mute(
    machine: Machine, town: Town, server: str, noticed: bool
):
    machine.campaign("aleppo", server)
    async with machine.daemon() as daemon:
        await daemon.says("collected")
        with _mute(_redis_pid(machine)):
            if noticed:
                await daemon.says("lease unknown")
            await _stops_in_time(daemon)


async def test_it_stops_within_five_seconds_while_it_waits_for_its_redis(machine: Machine):
    machine.campaign("aleppo", "https://town.example")
    with embedded.start(machine.home / "redis") as private, _mute(private.pid):
        async with machine.daemon() as daemon:
            await daemon.says("opening the store")
            await _stops_in_time(daemon)


async def test_it_stops_within_five_seconds_while_another_redis_that_is_mute_is_asked(tmp_path: Path):
    with embedded.start(tmp_path / "theirs") as theirs, _mute(theirs.pid):
        machine = Machine(tmp_path, redis=f'url = "{theirs.url}"')
        machine.campaign("aleppo", "https://town.example")
        async with machine.daemon() as daemon:
            await daemon.says("opening the store")
            await _stops_in_time(daemon)


async def _stops_in_time(daemon: Daemon) -> None:
    begun = time.monotonic()
    assert await daemon.ends(signal.SIGTERM) == 0
    assert time.monotonic() - begun < 5
    assert daemon.log[-1]["event"] == "stopped"


@contextmanager
def _mute(pid: int) -> Iterator[None]:
    """Hold a process, so that it lives and says nothing."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _answers(machine: Machine) -> bool:
    try:
        return bool(_redis_pid(machine))
    except redis.ConnectionError:
        return False


def _redis_pid(machine: Machine) -> int:
    with redis.Redis(unix_socket_path=str(machine.home / "redis" / "redis.sock"), retry=None) as client:
        return int(client.info("server")["process_id"])


async def _stored(machine: Machine) -> list[dict[str, float]]:
    """Return the sums of posts and counters that the store of a machine holds, at each resolution."""
    now = datetime.now(UTC)
    week, metrics = Window(now - timedelta(days=7), now), (Metric.POSTS, Metric.LIKES, Metric.REPOSTS)
    async with app.opened(load(machine.config, {})) as monitor:
        frames = [
            await series.frame(
                monitor.store, "aleppo", subjects=[WHOLE], platforms=["mastodon"], metrics=metrics,
                window=week, resolution=resolution, zone="UTC", now=now,
            )
            for resolution in Resolution
        ]  # fmt: skip
    return [{metric: float(frame.values[WHOLE, "mastodon", metric].sum()) for metric in metrics} for frame in frames]
