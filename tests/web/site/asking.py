"""Pages asked over HTTP without a browser, at a chosen moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

from monitor.clock import Simulated
from monitor.digest import gather
from monitor.store.store import Store
from monitor.web.desk import Desk, Gather, House
from monitor.web.gate import Gate
from monitor.web.site import site


@asynccontextmanager
async def asking(
    store: Store, now: datetime, house: House, make: Gather = gather.brief
) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a visitor at this machine."""
    clock = Simulated(now)
    app = site(Desk(store, clock, house, make), Gate(store, clock))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
