"""`/events`: tells pages that are kept open when there is something new, as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from monitor.web.gate import Who
from monitor.web.pages import LEAVING
from monitor.web.pulse import Pulse, Told
from monitor.web.site.shell import Site

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold events back
RETRY = "retry: 5000\n\n"  # milliseconds until a browser that lost us asks again
PING = ": still here\n\n"


def events(site: Site, pulse: Pulse) -> APIRouter:
    """Return the route."""
    router = APIRouter()

    @router.get("/events")
    async def follow(
        request: Request,
        _: Annotated[Who, Depends(site.reader)],
        of: Annotated[str | None, Query(max_length=60)] = None,
    ) -> StreamingResponse:
        return stream(request, pulse, of or None)

    return router


def stream(request: Request, pulse: Pulse, topic: str | None) -> StreamingResponse:
    """Return what changes, until the browser or the server has enough of it."""
    leaving = request.scope.get("state", {}).get(LEAVING) or asyncio.Event()
    return StreamingResponse(_lines(pulse.watch(topic, leaving)), media_type="text/event-stream", headers=HEADERS)


async def _lines(told: AsyncIterator[Told]) -> AsyncIterator[str]:
    yield RETRY
    async for one in told:
        yield PING if one is Told.PING else f"event: {one}\ndata:\n\n"
