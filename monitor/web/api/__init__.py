"""The API for other programs: what the page shows, as JSON; every change of its shape is a new version."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match

from monitor.errors import MonitorError
from monitor.model.person import Scope
from monitor.web.api.alerts import alerts
from monitor.web.api.campaigns import campaigns
from monitor.web.api.coverage import coverage
from monitor.web.api.described import PROBLEMS, WAYS_IN
from monitor.web.api.digests import digests
from monitor.web.api.exports import exports
from monitor.web.api.numbers import numbers
from monitor.web.api.sources import sources
from monitor.web.api.votes import votes
from monitor.web.desk import Desk
from monitor.web.gate import Gate
from monitor.web.problem import Problem, as_json, told_as_json
from monitor.web.tagged import Tagged

PREFIX = "/api/v1"

_METHODS = ("DELETE", "GET", "POST")


def api(desk: Desk, gate: Gate, cors: Sequence[str] = ()) -> FastAPI:
    """Return the API with its description at `/openapi.json`; pages of the origins in `cors` may ask with a token."""
    app = FastAPI(
        title="Campaign monitor",
        version="1",
        description=__doc__ or "",
        redoc_url=None,
        docs_url=None,
        dependencies=[Depends(gate.needs(Scope.READ)), *WAYS_IN],
        responses=PROBLEMS,
        exception_handlers={
            **dict.fromkeys((MonitorError, HTTPException, RequestValidationError), told_as_json),
            HTTPStatus.METHOD_NOT_ALLOWED: _not_allowed,
            Exception: _failed,
        },
    )
    for part in (campaigns, numbers, votes, sources, coverage, exports, digests):
        app.include_router(part(desk))
    app.include_router(alerts(desk, gate))
    app.add_middleware(Tagged)
    if cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=cors,
            allow_methods=_METHODS,
            allow_headers=("Authorization", "Content-Type", "If-None-Match"),
            expose_headers=("ETag", "Retry-After"),
        )
    return app


async def _not_allowed(request: Request, _: Exception) -> JSONResponse:
    """Tell all that is possible at an address; the router itself tells what its first route can."""
    methods = ", ".join(method for method in _METHODS if _can(request, method))
    return as_json(Problem(HTTPStatus.METHOD_NOT_ALLOWED, f"here one can {methods} only", allow=methods))


async def _failed(*_: object) -> JSONResponse:
    """Tell whoever asked that the fault is ours; the server logs it."""
    words = "this is a fault of the monitor, not of the question: its log says more"
    return as_json(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, words))


def _can(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
