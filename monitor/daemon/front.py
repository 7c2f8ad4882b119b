"""What the daemon shows of itself: the small web server, and how late its event loop comes."""

import asyncio
import gc

from fastapi import FastAPI

from monitor import log
from monitor.daemon.orders import Life
from monitor.web.metrics import Metrics
from monitor.web.pages import server
from monitor.web.server import Settings, listen

LAG_EVERY = 2.0  # seconds between two measurements
SELDOM = (5_000, 10, 10_000)  # new objects, and rounds of the generation below, until each generation is looked through
SETTLE_EVERY = 3600.0  # seconds
PORT_AGAIN = 5.0  # seconds until a stand-by on the same machine tries to take the port again

_logger = log.get("daemon")


async def answer(life: Life, settings: Settings, app: FastAPI, *, again: float = PORT_AGAIN) -> None:
    """Serve the pages as soon as the port is free; a stand-by beside us may have it."""
    waits = False
    while settings.enabled and life.goes_on:
        try:
            listening = listen(settings)
        except OSError as error:
            if not waits:  # said once, however long another keeps it
                _logger.warning("web server waits for its port", port=settings.port, problem=str(error))
            waits = True
            await life.pause(again)
            continue
        serving = server(app, settings)
        answering = asyncio.create_task(serving.serve(sockets=[listening]))
        await life.pause(None)
        serving.should_exit = True
        await answering


def settle() -> None:
    """Look through all objects for garbage now, and then seldom: each time holds up the event loop for 0.2 s and more.

    What is there afterwards is passed over by the collector; what is young it looks at as ever.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


async def keep_settled(life: Life) -> None:
    """Settle every hour: what was in use an hour ago may be garbage by now."""
    while await life.pause(SETTLE_EVERY):
        settle()


async def measure_lag(life: Life, metrics: Metrics) -> None:
    """Tell how much later than asked for the event loop comes back."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while await life.pause(LAG_EVERY):
        metrics.lagged(loop.time() - begun - LAG_EVERY)
        begun = loop.time()
