"""What is answered instead of what was asked for, as RFC 9457 has it: what is wrong, and what to do."""

from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from monitor.errors import MonitorError, StoreError

MEDIA_TYPE = "application/problem+json"


class Problem(MonitorError):
    """An answer with this status; its words say what to do."""

    def __init__(self, status: HTTPStatus, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}


def problem_of(error: Exception) -> Problem:
    """Return what an error means to whoever asked."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreError):
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}; this page comes back by itself", retry_after="5")
    if isinstance(error, RequestValidationError):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(map(_wrong, error.errors())))
    if isinstance(error, HTTPException):
        return Problem(HTTPStatus(error.status_code), str(error.detail), **dict(error.headers or {}))
    return Problem(HTTPStatus.BAD_REQUEST, str(error))


async def told_as_json(_: Request, error: Exception) -> JSONResponse:
    """Answer with problem+json."""
    return as_json(problem_of(error))


def as_json(found: Problem) -> JSONResponse:
    """Return a problem as an answer."""
    body = {"type": "about:blank", "title": found.status.phrase, "status": found.status.value, "detail": str(found)}
    return JSONResponse(body, found.status, headers=found.headers, media_type=MEDIA_TYPE)


def _wrong(one: Any) -> str:
    """Say which part of a query is wrong, never what was written there: it may be a megabyte."""
    where = ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0])
    return f"{where}: {one['msg'][:200]}"
