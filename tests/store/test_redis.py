import asyncio
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError, ResponseError

from monitor.errors import StoreError
from monitor.store import leases, redis
from monitor.store.embedded import Server, _library_path
from monitor.store.keys import Keys
from monitor.store.programs import programs
from monitor.store.store import Store, opened


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A Redis on a port of its own with a password, an evicting policy and no time series; its port."""
    program, folder = next(programs()), tmp_path_factory.mktemp("plain")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "--port",
        str(port),
        "--dir",
        str(folder),
        "--requirepass",
        "geheim",
        "--maxmemory-policy",
        "allkeys-lru",
    ]
    environment = _library_path(program, folder / "libraries")
    with subprocess.Popen([program.binary, *options], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert any("Ready to accept" in line for line in process.stdout)
        yield port
        process.terminate()


async def told(url: str) -> list[str]:
    async with redis.connect(url) as client:
        return await redis.problems(client)


async def test_a_redis_that_evicts_and_has_no_time_series_is_told_both_at_once(plain):
    without, evicting = await told(f"redis://:geheim@127.0.0.1:{plain}")
    assert without.startswith("this Redis has no time series: use Redis 8")
    assert "CONFIG SET maxmemory-policy noeviction" in evicting


@pytest.mark.parametrize("password", ["", ":wrong@"])
async def test_a_wrong_password_is_said_in_words_and_never_printed(plain, password):
    (sentence,) = await told(f"redis://{password}127.0.0.1:{plain}")
    assert "password" in sentence
    assert "wrong@" not in sentence


async def test_an_old_server_on_the_network_that_keeps_nothing_is_warned_of_not_refused(plain):
    async with redis.connect(f"redis://:geheim@127.0.0.1:{plain}") as client:
        hole, nothing_kept = await redis.warnings(client)
    assert "CVE-2026-25588" in hole
    assert "appendonly yes" in nothing_kept


async def test_a_user_who_may_not_look_at_the_server_is_told_so_and_goes_on(plain):
    async with redis.connect(f"redis://:geheim@127.0.0.1:{plain}") as client:
        await redis.execute(client, "ACL", "SETUSER", "shy", "on", ">pw", "~*", "+@all", "-info")
    async with redis.connect(f"redis://shy:pw@127.0.0.1:{plain}") as client:
        (sentence,) = await redis.warnings(client)
    assert sentence.startswith("this user of Redis may not do what the monitor needs")


async def test_a_server_that_went_away_before_it_could_be_warned_of_is_said_in_words(tmp_path):
    async with redis.connect(f"unix://{tmp_path}/gone.sock") as client:
        (sentence,) = await redis.warnings(client)
    assert sentence.startswith("nothing answers")


def written(server: Server, text: bytes) -> bool:
    files = [file for file in (server.folder / "appendonlydir").iterdir() if file.is_file()]
    return any(text in file.read_bytes() for file in files)


async def rewritten(client: Redis) -> None:
    """Wait until the server has rewritten its file."""
    async with asyncio.timeout(10):
        while (await client.info("persistence"))["aof_rewrite_in_progress"]:
            pass


async def test_what_was_removed_is_in_no_file_once_the_history_is_forgotten(redis_server, store):
    due = store.keys.due("aleppo", "social.example")
    await store.redis.zadd(due, {"a mark that was removed": 1, "a mark that stays": 2})
    await store.redis.zrem(due, "a mark that was removed")
    assert written(redis_server, b"a mark that was removed")
    await redis.forget_history(store.redis)
    await rewritten(store.redis)
    assert not written(redis_server, b"a mark that was removed")
    assert written(redis_server, b"a mark that stays")


class Busy:
    """A server that says no to whatever it is told."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def execute_command(self, *_command: str) -> None:
        raise ResponseError(self._words)


async def test_a_history_that_is_being_forgotten_already_is_no_error():
    await redis.forget_history(Busy("Background append only file rewriting already in progress"))


async def test_a_history_that_cannot_be_forgotten_is_said_in_words():
    with pytest.raises(StoreError, match="check the server logs"):
        await redis.forget_history(Busy("Can't execute an AOF background rewriting. Please check the server logs"))


async def test_nobody_listening_is_said_in_words(tmp_path):
    (sentence,) = await told(f"unix://{tmp_path}/nobody.sock")
    assert sentence.startswith("nothing answers at the address of Redis: start it")


async def test_a_store_is_not_opened_on_a_server_that_cannot_be_one(plain):
    with pytest.raises(StoreError, match="no time series"):
        async with opened(f"redis://:geheim@127.0.0.1:{plain}"):
            pass


@pytest.mark.parametrize("url", ["http://localhost", "redis://:se/cret@host:6379", "redis://host:se"])
async def test_an_address_that_is_none_is_said_in_words_without_a_secret(url):
    with pytest.raises(StoreError, match="write redis://HOST") as refused:
        redis.connect(url)
    assert "'se'" not in str(refused.value)


class Answers:
    """A server of another version or kind."""

    def __init__(self, version: str, port: int = 6379, *, clustered: bool = False) -> None:
        self._sections: dict[str, dict[str, Any]] = {
            "server": {"redis_version": version, "tcp_port": port},
            "cluster": {"cluster_enabled": int(clustered)},
        }

    async def info(self, section: str) -> dict[str, Any]:
        return self._sections.get(section, {})

    async def execute_command(self, *_command: str) -> list[str]:
        if self._sections["server"]["redis_version"] < "7.0":
            raise ResponseError("Unknown subcommand or wrong number of arguments for 'LIST'. Try COMMAND HELP.")
        return ["ts.madd"]


@pytest.mark.parametrize("version", ["5.0.14", "6.2.7", "7.0.15"])
async def test_a_server_that_is_too_old_is_told_so_in_one_sentence(version):
    assert await redis.problems(Answers(version)) == [f"Redis {version} is too old: use Redis 8, or at least 7.2"]


async def test_a_node_of_a_cluster_is_told_so():
    (sentence,) = await redis.problems(Answers("8.2.6", clustered=True))
    assert "one node of a cluster" in sentence


@pytest.mark.parametrize(
    ("version", "port", "warned"),
    [
        ("7.4.1", 6379, True), ("7.4.1", 0, False), ("8.2.5", 6379, True), ("8.2.6", 6379, False),
        ("8.4.2", 6379, True), ("8.4.3", 6379, False), ("8.6.10", 6379, False), ("8.5.9", 6379, True),
        ("8.8.0", 6379, False), ("9.0.0", 6379, False),
    ],
)  # fmt: skip
async def test_only_versions_with_the_hole_on_the_network_are_warned_of(version, port, warned):
    assert bool(await redis.warnings(Answers(version, port))) is warned


async def test_a_server_that_went_away_is_a_store_error(tmp_path: Path):
    async with redis.connect(f"unix://{tmp_path}/gone.sock") as client:
        with pytest.raises(StoreError, match="nothing answers"):
            await leases.hold(Store(client, Keys("gone"), b""), "me", 1)


async def test_what_redis_says_otherwise_is_passed_on(store):
    await store.redis.set(store.keys.briefs("aleppo"), "not a stream")

    @redis.in_words
    async def door() -> None:
        await store.redis.xlen(store.keys.briefs("aleppo"))

    with pytest.raises(StoreError, match="WRONGTYPE"):
        await door()


def test_every_error_of_the_library_has_words():
    assert "nothing answers" in redis._sentence(NotConnected())
    assert redis._sentence(RedisError("odd")) == "Redis refused (odd)"


@pytest.mark.parametrize("steps", range(20))
async def test_a_door_that_is_cancelled_at_any_moment_ends(redis_server, steps):
    async with redis.connect(redis_server.url) as client:

        @redis.in_words
        async def door() -> None:
            await redis.execute(client, "BLPOP", f"nothing comes {steps}", 0.05)

        task = asyncio.create_task(door())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_more_questions_at_once_than_there_are_connections_are_all_answered(redis_server):
    async with redis.connect(redis_server.url) as client:
        assert all(await asyncio.gather(*(client.ping() for _ in range(300))))
