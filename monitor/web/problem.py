"""What is answered instead of what was asked for, as RFC 9457 has it: what is wrong, and what to do."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from monitor.errors import MonitorError, StoreError
from monitor.model.advice import advised
from monitor.words.voice import Voice

SPOKEN = "en"  # by all messages of errors
MEDIA_TYPE = "application/problem+json"


class Problem(MonitorError):
    """An answer with this status; its words, with what is `named` in them, say what to do."""

    def __init__(
        self, status: HTTPStatus, words: str, *, named: Mapping[str, str] | None = None, **headers: str
    ) -> None:
        super().__init__(words.format(**named) if named else words)
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self._words, self._named = words, named or {}

    def told(self, voice: Voice) -> str:
        """Return the same in the reader's language; nothing where it is known in English alone."""
        if voice.language == SPOKEN:
            return str(self)
        words = voice.catalogue.gettext(self._words)
        named = {name: voice.foreign(value) for name, value in self._named.items()}
        return words.format(**named) if words != self._words else ""


def problem_of(error: Exception) -> Problem:
    """Return what an error means to whoever asked."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreError):
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}; this page comes back by itself", retry_after="5")
    if isinstance(error, RequestValidationError):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(map(_wrong, error.errors())))
    if isinstance(error, HTTPException):
        return Problem(HTTPStatus(error.status_code), str(error.detail), named=None, **dict(error.headers or {}))
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
    if one["type"] == "json_invalid":  # its place is a character
        return f"the body {advised(one)}"
    where = ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0])
    return f"{where}: {advised(one)[:200]}"
