"""What Redis did is done once, even when its answer is lost on the way and the call goes out again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.model.metric import Metric
from monitor.model.run import Outcome, Run
from monitor.store import ingest, leases, ledger, redis, runs
from monitor.store.ledger import State
from monitor.store.store import Store
from tests.people import ALEPPO, NOON
from tests.store.batches import NOW, batch, sighting, total

SLUG = ALEPPO.slug


class Line:
    """A line to Redis that lets every request through, and loses the answer to the next one that holds a word."""

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self.lose: bytes | None = None
        self.lost = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._upstream)
        try:
            while request := await reader.read(1 << 20):
                back.write(request)
                answer = await there.read(1 << 20)
                if self.lose and self.lose in request:
                    self.lose, self.lost = None, self.lost + 1
                    return
                writer.write(answer)
        finally:
            back.close()
            writer.close()


@pytest.fixture
async def line(redis_server, store, tmp_path) -> AsyncIterator[tuple[Line, Store]]:
    line = Line(redis_server.socket)
    server = await asyncio.start_unix_server(line.serve, tmp_path / "line")
    async with redis.connect(f"unix://{tmp_path}/line") as client:
        yield line, Store(client, store.keys, store.secret)
    server.close()


async def test_a_batch_is_counted_once(line, store):
    bad, over = line
    await ingest.write(over, batch(sighting(1)))
    bad.lose = b"EVALSHA"
    await ingest.write(over, batch(sighting(2, likes=3)))
    assert bad.lost == 1
    assert (await total(store, Metric.POSTS), await total(store, Metric.LIKES)) == (2, 3)


async def test_a_lease_is_held_by_whom_redis_gave_it(line):
    bad, over = line
    bad.lose = b"lease"
    assert await leases.hold(over, "me", 10)
    assert bad.lost == 1


async def test_a_mail_is_claimed_by_whom_redis_let_claim_it(line):
    bad, over = line
    entry = await ledger.open(over, SLUG, "2016-04-29", "desk@news.example", "<1@host>")
    bad.lose = b"sending"
    assert await ledger.mark(over, entry, State.SENDING, now=NOW)
    assert not await ledger.mark(over, entry, State.SENDING, now=NOW)
    assert bad.lost == 1


async def test_a_run_is_remembered_once(line, store):
    bad, over = line
    await runs.declare(store, SLUG, {"s": "mastodon"}, NOON)
    run = Run(campaign=SLUG, source="s", platform="mastodon", started_at=NOON, seconds=1, outcome=Outcome.OK)
    bad.lose = b"LPUSH"
    await runs.add(over, run)
    assert bad.lost == 1
    assert (await runs.states(store, SLUG))[0].runs == (run,)
