"""What the daemon answers: /healthz for whoever restarts it, /metrics for Prometheus, and pages for readers."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from monitor.errors import MonitorError
from monitor.web.approach import Approach
from monitor.web.health import Facts, Health, health
from monitor.web.metrics import CONTENT_TYPE, Metrics
from monitor.web.problem import told_as_json
from monitor.web.server import Settings

Ask = Callable[[], Awaitable[Facts]]


Watcher = Callable[[Request], Awaitable[None]]
"""Raises MonitorError for whom it does not let pass."""


async def anybody(_: Request) -> None:
    """Let everybody pass."""


def pages(ask: Ask, metrics: Metrics, *others: APIRouter, watcher: Watcher = anybody) -> FastAPI:
    """Return the pages; `ask` gives the facts of the moment, `others` are what readers may open.

    Whom `watcher` does not let pass is told by /healthz whether all is well and no more, and nothing by /metrics.
    """
    app = FastAPI(
        title="campaign monitor",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        exception_handlers=dict.fromkeys((MonitorError, HTTPException), told_as_json),
    )

    @app.get("/healthz")
    async def healthz(request: Request, response: Response) -> Health:
        found = health(await ask())
        response.status_code = 200 if found.well else 503
        try:
            await watcher(request)
        except MonitorError:
            return Health(well=found.well, role=found.role)
        return found

    @app.get("/metrics", dependencies=[Depends(watcher)])
    async def exposition() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    for router in others:
        app.include_router(router)
    return app


LEAVING = "leaving"
"""Under which name the state of a request holds the event that the server is about to end."""


class Server(uvicorn.Server):
    """uvicorn without its signal handlers, as the daemon has its own; long answers hear that it ends."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state[LEAVING] = asyncio.Event()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state[LEAVING].set()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: FastAPI, settings: Settings) -> Server:
    """Return the server; `await serve(sockets=[…])` runs it until `should_exit` is set."""
    return Server(
        uvicorn.Config(
            Approach(app, settings),
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,  # Approach heeds those of trusted proxies
            timeout_graceful_shutdown=1,
        )
    )
