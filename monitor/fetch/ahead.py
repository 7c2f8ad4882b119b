"""Asking for the next page while the last one is being stored."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Page = TypeVar("Page")


async def ahead(pages: AsyncGenerator[Page, None]) -> AsyncIterator[Page]:
    """Yield what `pages` yields, in order, always waiting for one more already; its error comes after its last page."""
    coming = asyncio.ensure_future(anext(pages, None))
    try:
        while (page := await coming) is not None:
            coming = asyncio.ensure_future(anext(pages, None))
            yield page
    finally:  # whoever stops early leaves nothing running
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)
        await pages.aclose()
