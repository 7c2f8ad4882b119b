"""The page that people look at: complete without JavaScript, in the visitor's language, nothing from other hosts."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from monitor.errors import MonitorError
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.pulse import Pulse
from monitor.web.site.alerts import alerts
from monitor.web.site.campaign import campaign
from monitor.web.site.digests import digests
from monitor.web.site.events import events
from monitor.web.site.headers import Guarded
from monitor.web.site.live import live
from monitor.web.site.method import method
from monitor.web.site.overview import overview
from monitor.web.site.poll import poll
from monitor.web.site.shell import Site
from monitor.web.site.signing import signing
from monitor.web.site.sources import sources
from monitor.web.site.static import static


def site(desk: Desk, gate: Gate, pulse: Pulse | None = None) -> FastAPI:
    """Return the pages; each subject has a module with its router. `pulse` tells open ones what changes."""
    shell = Site(desk, gate)
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers=dict.fromkeys((MonitorError, HTTPException, RequestValidationError), shell.told),
    )
    for part in (overview, campaign, poll, sources, alerts, digests, signing, method):
        app.include_router(part(shell))
    pulse = pulse or Pulse(desk)
    app.include_router(events(shell, pulse))
    app.include_router(live(shell, pulse))
    app.include_router(static())
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)  # 9: 7 % less in thrice the time
    app.add_middleware(Guarded)
    return app
