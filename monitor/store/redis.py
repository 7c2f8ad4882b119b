"""The connection to Redis, what the server must be able to do, and its errors in plain sentences."""

import asyncio
import functools
import re
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pydantic import Field, SecretStr
from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from monitor.errors import StoreError
from monitor.model.table import Table
from monitor.store.ranges import Parser

OLDEST = (7, 2)
"""The oldest Redis the script is tried with."""

_Version = tuple[int, ...]
_REPAIRED: dict[_Version, _Version] = {(8, 2): (8, 2, 6), (8, 4): (8, 4, 3), (8, 6): (8, 6, 3)}
"""By release line, the first version without the time-series hole CVE-2026-25588; lines after 8.6 never had it."""
_NEVER_BROKEN = (8, 7)

_ATTEMPTS = 3  # all writes that a lost reply could double are in idempotent scripts
_P = ParamSpec("_P")
_T = TypeVar("_T")
_CONNECTIONS = 100  # who comes when all are in use waits for one: two hundred pages ask at once after a restart
_PATIENCE = 30.0  # seconds: a server that rewrites its file on a slow disk answers late


class Settings(Table):
    """The table [redis]."""

    url: SecretStr | None = None  # none: a private server of our own
    url_file: Path | None = None  # a file that holds the url, for a password
    prefix: str = Field(default="cm", min_length=1, max_length=20, pattern=r"^[a-z0-9]+$")
    folder: Path = Path("var/redis")  # where the private server keeps its data


def connect(url: str) -> Redis:
    """Return a client for redis://, rediss:// or unix:// (nothing is asked yet); answers are bytes."""
    try:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_PATIENCE,
            protocol=3,
            parser_class=Parser,
            retry=Retry(ExponentialBackoff(cap=1.0, base=0.05), _ATTEMPTS),
            socket_timeout=_PATIENCE,
            socket_connect_timeout=5.0,
            health_check_interval=30,
        )
        return Redis.from_pool(pool)
    except ValueError:  # its words may hold a part of the password
        advice = "write redis://HOST:6379/0 or redis://:PASSWORD@HOST:6379/0, with / @ : # of the password as %XX"
        raise StoreError(f"redis.url is not an address of Redis: {advice}") from None


async def problems(redis: Redis) -> list[str]:
    """Return, in plain sentences, why this server cannot be our store; nothing when it can."""
    try:
        server, memory, cluster = [await redis.info(part) for part in ("server", "memory", "cluster")]
        version, policy = str(server["redis_version"]), str(memory.get("maxmemory_policy", "noeviction"))
        if _parts(version) < OLDEST:  # first, for an old one does not understand the next question
            return [f"Redis {version} is too old: use Redis 8, or at least {'.'.join(map(str, OLDEST))}"]
        series = await execute(redis, "COMMAND LIST", "FILTERBY", "PATTERN", "ts.madd")
    except RedisError as error:
        return [_sentence(error)]
    found = []
    if not series:
        found.append("this Redis has no time series: use Redis 8, Redis Stack, or load the RedisTimeSeries module")
    if policy != "noeviction":
        found.append(
            f"this Redis may throw counts away when its memory is full (maxmemory-policy {policy}): "
            "run `CONFIG SET maxmemory-policy noeviction`, or give the monitor a Redis of its own"
        )
    if int(cluster.get("cluster_enabled", 0)):
        found.append("this Redis is one node of a cluster: set `redis.url` to a Redis that stands alone")
    return found


async def execute(redis: Redis, *command: str | bytes | int) -> Any:
    """Send one command that the library knows no types for."""
    return await redis.execute_command(*command)  # type: ignore[no-untyped-call]


async def warnings(redis: Redis) -> list[str]:
    """Return, in plain sentences, what is not well but does not keep us from working."""
    try:
        server, persistence = await redis.info("server"), await redis.info("persistence")
    except RedisError as error:
        return [_sentence(error)]
    version, name = _parts(str(server["redis_version"])), f"Redis {server['redis_version']}"
    found = []
    if int(server.get("tcp_port", 0)) and version < _REPAIRED.get(version[:2], _NEVER_BROKEN):
        found.append(
            f"{name} listens on the network and has a known hole in its time series (CVE-2026-25588): "
            "update to 8.2.6, 8.4.3, 8.6.3 or later, or let nobody else reach it"
        )
    if not int(persistence.get("aof_enabled", 1)):
        found.append(f"{name} writes nothing down as it goes: run `CONFIG SET appendonly yes`, or a crash loses counts")
    return found


def in_words(door: Callable[_P, Awaitable[_T]]) -> Callable[_P, Coroutine[Any, Any, _T]]:
    """Decorate a door of the store: whatever Redis raises becomes a StoreError that says what to do."""

    @functools.wraps(door)
    async def told(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        before = _cancellations()
        try:
            answer = await door(*args, **kwargs)
        except RedisError as error:
            raise StoreError(_sentence(error)) from error
        if _cancellations() > before:  # asyncio.wait_for of Python 3.11, which the library sends with, may swallow one
            raise asyncio.CancelledError
        return answer

    return told


@in_words
async def forget_history(redis: Redis) -> None:
    """Begin to write the append-only file anew: until that is done, what was removed is still in it."""
    try:
        await execute(redis, "BGREWRITEAOF")
    except exceptions.ResponseError as error:
        if "already in progress" not in str(error):
            raise


_SENTENCES: tuple[tuple[type[RedisError], str], ...] = (
    (
        exceptions.AuthenticationError,
        "Redis wants another password: correct `redis.url` (MONITOR_REDIS_URL, or redis.url_file)",
    ),
    (
        exceptions.NoPermissionError,
        "this user of Redis may not do what the monitor needs: give it +@all on the monitor's keys",
    ),
    (
        exceptions.OutOfMemoryError,
        "Redis has no memory left: raise `maxmemory`; nothing was lost, the next run repairs",
    ),
    (exceptions.ReadOnlyError, "this Redis is a read-only replica: set `redis.url` to the primary"),
    (exceptions.TimeoutError, "Redis did not answer in time: look at its load and disk"),
    (exceptions.ConnectionError, "nothing answers at the address of Redis: start it, or correct `redis.url`"),
)


def _cancellations() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _sentence(error: RedisError) -> str:
    """Say what to do; the server's own words follow, which never hold a password."""
    advice = next((words for kind, words in _SENTENCES if isinstance(error, kind)), "Redis refused")
    return f"{advice} ({error})"


def _parts(version: str) -> _Version:
    return tuple(map(int, re.findall(r"\d+", version)[:3]))
