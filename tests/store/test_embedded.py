import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer

import pytest

from monitor.errors import StoreError
from monitor.store import embedded, redis
from monitor.store.programs import Program, programs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "redis"


async def value(url: str, name: str) -> bytes | None:
    async with redis.connect(url) as client:
        return await client.get(name)


async def put(url: str, name: str) -> None:
    async with redis.connect(url) as client:
        await client.set(name, "kept")


async def test_it_is_a_redis_the_monitor_can_use(folder):
    with embedded.start(folder) as server:
        async with redis.connect(server.url) as client:
            assert await redis.problems(client) == []
            assert await redis.warnings(client) == []


async def test_it_keeps_what_it_was_told_between_runs(folder):
    with embedded.start(folder) as server:
        await put(server.url, "a")
    with embedded.start(folder) as server:
        assert await value(server.url, "a") == b"kept"


async def test_it_writes_everything_down_and_throws_nothing_away(folder):
    with embedded.start(folder) as server:
        async with redis.connect(server.url) as client:
            told = await client.config_get("appendonly", "appendfsync", "maxmemory-policy", "port")
            assert sorted(told.values()) == ["0", "everysec", "noeviction", "yes"]


def test_nobody_else_may_come_near(folder):
    with embedded.start(folder) as server:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700


def test_the_second_joins_the_first_and_the_last_to_leave_stops_it(folder):
    first, second = embedded.start(folder), embedded.start(folder)
    assert second.pid == first.pid
    first.stop()
    assert is_alive(second.pid)
    second.stop()
    second.stop()
    assert not is_alive(second.pid)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended but was not yet forgotten has no command line."""
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and bool(command.read_bytes())


START_AND_DIE = """
import os, sys
from pathlib import Path
from monitor.store import embedded
print(embedded.start(Path(sys.argv[1])).pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_server_whose_starter_was_killed_is_taken_over(folder):
    killed = subprocess.run([sys.executable, "-c", START_AND_DIE, folder], capture_output=True, check=False)
    pid = int(killed.stdout)
    assert is_alive(pid)
    with embedded.start(folder) as server:
        assert server.pid == pid
    assert not is_alive(pid)


async def test_what_a_killed_server_left_behind_does_not_hinder_the_next(folder):
    with embedded.start(folder) as server:
        await put(server.url, "a")
        before = server.pid
        os.kill(before, signal.SIGKILL)
        server.revive()
        server.revive()
        assert server.pid != before
        assert await value(server.url, "a") == b"kept"


def test_a_server_that_is_gone_can_be_left_all_the_same(folder):
    with embedded.start(folder) as server:
        os.kill(server.pid, signal.SIGKILL)


async def test_a_folder_with_a_long_name_gets_a_short_socket(tmp_path):
    deep = tmp_path / ("x" * 120)
    with embedded.start(deep) as server, embedded.start(deep) as again:
        assert len(os.fsencode(server.socket)) <= embedded.LONGEST_SOCKET
        assert again.pid == server.pid
        assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700
    assert not server.socket.parent.exists()


def test_a_short_folder_that_others_may_enter_is_not_ours(tmp_path):
    deep = tmp_path / ("x" * 120)
    with embedded.start(deep) as server:
        short = server.socket.parent
    short.mkdir(mode=0o755)
    with pytest.raises(StoreError, match="open to others"):
        embedded.start(deep)
    short.rmdir()


def test_a_folder_with_spaces_and_arabic_letters_is_fine(tmp_path):
    with embedded.start(tmp_path / "حملة حلب") as server:
        assert server.pid


def test_where_no_redis_can_be_started_it_says_what_to_do(folder, tmp_path):
    with pytest.raises(StoreError, match=r"start Redis 8 and set `url`"):
        embedded.start(folder, found=())


def test_where_the_folder_cannot_be_it_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot live in"):
        embedded.start(tmp_path / "file" / "redis")


def test_a_program_that_ends_at_once_is_reported_with_its_last_words(folder, tmp_path):
    broken = script(tmp_path / "redis-server", "echo this machine is too old; exit 3")
    with pytest.raises(StoreError, match="this machine is too old"):
        embedded.start(folder, found=[Program(broken, broken, {})])


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_new_redis_on_the_path_comes_first(tmp_path):
    binary = script(tmp_path / "bin/redis-server", "echo Redis server v=8.2.6 sha=0")
    module = tmp_path / "lib/redis/modules/redistimeseries.so"
    module.parent.mkdir(parents=True)
    module.touch()
    assert next(programs(str(binary.parent))) == Program(binary, module, {})


@pytest.mark.parametrize("version", ["v=7.0.15", "nothing at all"])
def test_an_old_redis_on_the_path_is_passed_over(tmp_path, version):
    binary = script(tmp_path / "redis-server", f"echo {version}")
    assert all(program.binary != binary for program in programs(str(tmp_path)))


def test_a_socket_that_nobody_listens_to_is_replaced(folder):
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(folder / "redis.sock"))
    with embedded.start(folder) as server:
        assert server.pid


@pytest.mark.parametrize("held", [True, False])
def test_a_start_that_is_given_up_leaves_nothing_behind(folder, tmp_path, held):
    asleep = script(tmp_path / "redis-server", "exec sleep 60")
    folder.mkdir()
    with (folder / "start.lock").open("a") as lock:
        if held:
            fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(embedded.GivenUp):
            embedded.start(folder, found=[Program(asleep, asleep, {})], given_up=lambda: True)
    with (folder / "redis.log").open("a") as log:
        fcntl.flock(log, fcntl.LOCK_EX)  # the kernel gives it when the child has ended


def test_a_server_that_is_mute_is_left_soon_and_ends_once_it_wakes(folder):
    server = embedded.start(folder)
    os.kill(server.pid, signal.SIGSTOP)
    begun = time.monotonic()
    server.stop()
    assert time.monotonic() - begun < 3
    os.kill(server.pid, signal.SIGCONT)
    os.waitpid(server.pid, 0)


def test_a_living_server_that_cannot_be_reached_is_never_joined_by_a_second_on_the_same_file(folder):
    with embedded.start(folder) as server:
        hidden = server.socket.rename(folder / "hidden")
        Timer(0.2, hidden.rename, [server.socket]).start()
        with embedded.start(folder) as again:
            assert again.pid == server.pid
