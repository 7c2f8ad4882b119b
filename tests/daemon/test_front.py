import asyncio
import gc
import socket
import weakref
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from monitor.daemon.front import answer, settle
from monitor.daemon.orders import Life, Orders
from monitor.web.health import Facts
from monitor.web.metrics import Metrics
from monitor.web.pages import pages
from monitor.web.server import Settings


async def _no_facts() -> Facts:
    raise AssertionError("nobody asks")


async def test_a_port_that_another_has_is_complained_of_once():
    life = Life(Orders())
    with socket.create_server(("127.0.0.1", 0)) as other, capture_logs() as said:
        settings = Settings(port=other.getsockname()[1])
        waiting = asyncio.create_task(answer(life, settings, pages(_no_facts, Metrics()), again=0.001))
        await life.pause(0.1)
        life.end()
        await waiting
    assert [entry["event"] for entry in said] == ["web server waits for its port"]


@pytest.fixture
def settled() -> Iterator[list[list[int]]]:
    """Objects that were there when the garbage collector was told to settle."""
    before, built = gc.get_threshold(), [[] for _ in range(10_000)]
    settle()
    yield built
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_was_built_is_no_work_for_the_garbage_collector(settled):
    assert gc.get_freeze_count() >= len(settled)
    assert len(gc.get_objects()) < len(settled)


def test_all_objects_are_looked_through_seldom_while_the_loop_runs(settled):
    before = gc.get_stats()[2]["collections"]
    held = [[] for _ in range(200_000)]  # by the interpreter's own measure, enough for several full looks
    assert gc.get_stats()[2]["collections"] == before
    del held


def test_garbage_of_the_last_hour_goes_when_settling_again(settled):
    circle: list[object] = []
    circle.append(weakref.ref(whole := {1}))
    circle.append((circle, whole))
    told = circle[0]
    del circle, whole
    settle()
    assert told() is None
