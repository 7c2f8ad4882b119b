import asyncio
import os
import signal

import pytest

from monitor.daemon.orders import Life, Orders


@pytest.mark.parametrize(
    ("number", "order"), [(signal.SIGTERM, "stop"), (signal.SIGINT, "stop"), (signal.SIGHUP, "reread")]
)
async def test_a_signal_is_an_order(number: signal.Signals, order: str):
    orders = Orders()
    with orders.heard():
        os.kill(os.getpid(), number)
        async with asyncio.timeout(10):
            await getattr(orders, order).wait()


async def test_a_life_goes_on_after_a_pause():
    assert await Life(Orders()).pause(0.001)


async def test_the_order_to_stop_ends_every_pause():
    orders = Orders()
    life = Life(orders)
    orders.stop.set()
    async with asyncio.timeout(10):
        assert not await life.pause(None)


async def test_ending_one_life_is_no_order_to_stop():
    orders = Orders()
    life = Life(orders)
    life.end()
    assert not await life.pause(None)
    assert Life(orders).goes_on


async def test_an_event_wakes_a_pause():
    orders = Orders()
    orders.reread.set()
    async with asyncio.timeout(10):
        assert await Life(orders).pause(None, orders.reread)


async def test_the_order_to_stop_ends_what_waits_for_others():
    orders = Orders()
    asyncio.get_running_loop().call_later(0.01, orders.stop.set)
    assert await Life(orders).finish(asyncio.sleep(600, "late")) is None


async def test_what_ends_in_time_is_not_disturbed():
    assert await Life(Orders()).finish(asyncio.sleep(0, "done")) == "done"
