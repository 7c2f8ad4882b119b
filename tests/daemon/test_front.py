import asyncio
import gc
import socket

from structlog.testing import capture_logs

from monitor.daemon.front import answer, settle
from monitor.daemon.orders import Life, Orders
from monitor.web.health import Facts
from monitor.web.metrics import Metrics
from monitor.web.server import Settings


async def _no_facts() -> Facts:
    raise AssertionError("nobody asks")


async def test_a_port_that_another_has_is_complained_of_once():
    life = Life(Orders())
    with socket.create_server(("127.0.0.1", 0)) as other, capture_logs() as said:
        settings = Settings(port=other.getsockname()[1])
        waiting = asyncio.create_task(answer(life, settings, _no_facts, Metrics(), again=0.001))
        await life.pause(0.1)
        life.end()
        await waiting
    assert [entry["event"] for entry in said] == ["web server waits for its port"]


def test_what_was_built_is_no_work_for_the_garbage_collector():
    built = [[] for _ in range(10_000)]
    try:
        settle()
        assert gc.get_freeze_count() >= len(built)
        assert len(gc.get_objects()) < len(built)
    finally:
        gc.unfreeze()
