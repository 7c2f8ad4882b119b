import os
import signal
from pathlib import Path

import pytest

from monitor.store import embedded, redis
from monitor.store.embedded import Server
from monitor.store.repair import cut_unfinished

TRANSACTION = b"*1\r\n$5\r\nMULTI\r\n" + b"*2\r\n$4\r\nINCR\r\n$1\r\na\r\n" * 2 + b"*1\r\n$4\r\nEXEC\r\n"


@pytest.fixture
def server(tmp_path: Path):
    with embedded.start(tmp_path / "redis") as server:
        yield server


async def transact(server: Server) -> None:
    """Let the server write a transaction of its own."""
    async with redis.connect(server.url) as client, client.pipeline(transaction=True) as pipe:
        pipe.incr("b")
        pipe.incr("c")
        await pipe.execute()


async def numbers(server: Server) -> list[bytes | None]:
    async with redis.connect(server.url) as client:
        return [await client.get(name) for name in "abc"]


def killed(server: Server, *, then: bytes = b"") -> None:
    """Kill the server, and leave behind what it was just writing."""
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    file = max((server.folder / "appendonlydir").glob("*.incr.aof"))
    file.write_bytes(file.read_bytes() + then)


@pytest.mark.parametrize("written", [*range(15, len(TRANSACTION), 7), len(TRANSACTION) - 1])
async def test_half_a_transaction_is_never_executed(server, written):
    await transact(server)
    killed(server, then=TRANSACTION[:written])
    for round_ in (2, 3, 4):
        server.revive()
        await transact(server)
        assert await numbers(server) == [None, b"%d" % round_, b"%d" % round_]
        killed(server)
    server.revive()


async def test_a_whole_transaction_is_kept(server):
    killed(server, then=TRANSACTION)
    server.revive()
    assert await numbers(server) == [b"2", None, None]


async def test_what_follows_the_last_transaction_is_kept(server):
    killed(server, then=TRANSACTION + b"*2\r\n$4\r\nINCR\r\n$1\r\nb\r\n")
    server.revive()
    assert await numbers(server) == [b"2", b"1", None]


def test_there_is_nothing_to_cut_where_nothing_was_written(tmp_path: Path):
    assert not cut_unfinished(tmp_path)
    (tmp_path / "appendonlydir").mkdir()
    (tmp_path / "appendonlydir/appendonly.aof.manifest").write_text("file a.aof seq 1 type i\n")
    assert not cut_unfinished(tmp_path)
    (tmp_path / "appendonlydir/a.aof").touch()
    assert not cut_unfinished(tmp_path)


def test_only_the_last_file_is_cut(tmp_path: Path):
    folder = tmp_path / "appendonlydir"
    folder.mkdir()
    names = {"a.9.aof": 9, "a.10.aof": 10}
    lines = [f"file {name} seq {number} type i" for name, number in names.items()]
    (folder / "appendonly.aof.manifest").write_text("\n".join(["file a.rdb seq 1 type b", *lines]))
    for name in names:
        (folder / name).write_bytes(TRANSACTION + TRANSACTION[:30])
    assert cut_unfinished(tmp_path)
    assert [(folder / name).stat().st_size - len(TRANSACTION) for name in names] == [30, 0]
