"""What many ask for is made once, and an old answer beats a wait."""

import asyncio

import pytest

from monitor.clock import Simulated
from monitor.web.kept import FRESH, HANDS, STALE, Kept
from tests.digest.test_gather import NOW


class Maker:
    """Makes 1, 2, 3 and so on, when it may."""

    def __init__(self) -> None:
        self.made, self.may = 0, asyncio.Event()
        self.may.set()

    async def __call__(self) -> int:
        await self.may.wait()
        self.made += 1
        return self.made


@pytest.fixture
def clock() -> Simulated:
    return Simulated(NOW)


@pytest.fixture
def kept(clock: Simulated) -> Kept[str, int]:
    return Kept(clock, most=2)


async def test_those_who_ask_together_share_one_answer(kept):
    make = Maker()
    assert await asyncio.gather(*(kept.get("a", make) for _ in range(20))) == [1] * 20


async def test_an_old_answer_comes_at_once_while_a_new_one_is_made(kept, clock):
    make = Maker()
    await kept.get("a", make)
    clock.move_to(NOW + FRESH)
    make.may.clear()
    assert await kept.get("a", make) == 1
    make.may.set()
    await asyncio.sleep(0.01)
    assert await kept.get("a", make) == 2


async def test_what_is_too_old_is_not_told_any_more(kept, clock):
    make = Maker()
    await kept.get("a", make)
    clock.move_to(NOW + STALE)
    assert await kept.get("a", make) == 2


async def test_only_so_much_is_kept(kept):
    make = Maker()
    for name in "abc":
        await kept.get(name, make)
    assert (await kept.get("c", make), await kept.get("a", make)) == (3, 4)


async def test_what_failed_is_tried_again_by_the_next_who_asks(kept):
    async def fails() -> int:
        message = "gone"
        raise OSError(message)

    with pytest.raises(OSError, match="gone"):
        await kept.get("a", fails)
    assert await kept.get("a", Maker()) == 1


async def test_who_wants_a_young_answer_waits_for_one(kept, clock):
    make = Maker()
    await kept.get("a", make)
    clock.move_to(NOW + FRESH)
    assert await kept.get("a", make, at_most=FRESH) == 2


async def test_few_are_made_at_once_and_what_is_kept_waits_for_none_of_them(clock):
    kept, make = Kept[str, int](clock, most=50), Maker()
    await kept.get("known", make)
    make.may.clear()
    begun = []

    async def slow() -> int:
        begun.append(1)
        return await make()

    cold = asyncio.gather(*(kept.get(f"cold {number}", slow) for number in range(20)))
    await asyncio.sleep(0.01)
    assert (len(begun), await kept.get("known", make)) == (HANDS, 1)
    make.may.set()
    assert len(await cold) == 20
