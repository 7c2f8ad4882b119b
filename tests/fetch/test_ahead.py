"""Reading ahead changes the time, not the pages."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from monitor.fetch.ahead import ahead


class Pages:
    """Counts up to a number; `begun` is the last one that was asked for, `closed` whether it was cleaned up."""

    def __init__(self, last: int, error: Exception | None = None, wait: float = 0.0) -> None:
        self.last, self.error, self.wait = last, error, wait
        self.begun, self.closed = 0, False

    async def all(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(1, self.last + 1):
                self.begun = number
                await asyncio.sleep(self.wait)
                yield number
            if self.error:
                raise self.error
        finally:
            self.closed = True


async def test_pages_come_in_order() -> None:
    assert [page async for page in ahead(Pages(5).all())] == [1, 2, 3, 4, 5]


async def test_nothing_is_nothing() -> None:
    assert [page async for page in ahead(Pages(0).all())] == []


async def test_the_next_page_is_on_its_way_while_one_is_stored() -> None:
    pages = Pages(5)
    async for page in ahead(pages.all()):
        await asyncio.sleep(0.001)
        assert pages.begun == min(page + 1, 5)


async def test_an_error_comes_after_the_pages_before_it() -> None:
    reading = ahead(Pages(2, ValueError("third")).all())
    assert [await anext(reading), await anext(reading)] == [1, 2]
    with pytest.raises(ValueError, match="third"):
        await anext(reading)


@pytest.mark.parametrize("error", [None, ValueError("unheard")])
async def test_whoever_stops_early_leaves_nothing_running(error: Exception | None) -> None:
    pages = Pages(2, error, wait=0.01)
    reading = ahead(pages.all())
    assert await anext(reading) == 1
    await reading.aclose()  # type: ignore[attr-defined]
    assert pages.closed


async def test_being_cut_off_stops_the_reading() -> None:
    pages = Pages(3, wait=5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(ahead(pages.all())), 0.02)
    assert pages.closed
