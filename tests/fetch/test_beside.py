"""Heavy work does not keep the event loop from its turn."""

import asyncio
import threading
import time

import pytest

from monitor.fetch.beside import HANDS, beside


async def test_the_loop_goes_on_while_something_is_worked_out() -> None:
    gate = threading.Event()
    working = asyncio.ensure_future(beside(gate.wait, 5.0))
    await asyncio.sleep(0)
    gate.set()  # by the loop, which is not held up
    assert await working


async def test_what_work_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="not a number"):
        await beside(_refuse, "not a number")


async def test_few_hands_work_at_once() -> None:
    hands = await asyncio.gather(*(beside(_hand) for _ in range(8)))
    assert len(set(hands)) <= HANDS


def _refuse(words: str) -> None:
    raise ValueError(words)


def _hand() -> str:
    time.sleep(0.005)
    return threading.current_thread().name
