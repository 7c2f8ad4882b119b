"""The daemon's own small web server, on loopback: /healthz for whoever restarts it, /metrics for Prometheus."""

import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI, Response
from pydantic import Field

from monitor.model.table import Table
from monitor.web.health import Facts, Health, health
from monitor.web.metrics import CONTENT_TYPE, Metrics

Ask = Callable[[], Awaitable[Facts]]


class Settings(Table):
    """The table [web]."""

    enabled: bool = True
    host: str = Field(default="127.0.0.1", min_length=1, max_length=255)  # 0.0.0.0 inside a container
    port: int = Field(default=8787, ge=1, le=65535)


def application(ask: Ask, metrics: Metrics) -> FastAPI:
    """Return the pages; `ask` gives the facts of the moment."""
    app = FastAPI(title="campaign monitor", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz(response: Response) -> Health:
        found = health(await ask())
        response.status_code = 200 if found.well else 503
        return found

    @app.get("/metrics")
    async def exposition() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return app


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: the daemon has its own."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(settings: Settings) -> socket.socket:
    """Take the port, or raise OSError: another daemon on this machine may have it, and stand down later."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def server(app: FastAPI) -> Server:
    """Return the server; `await serve(sockets=[…])` runs it until `should_exit` is set."""
    return Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1))
