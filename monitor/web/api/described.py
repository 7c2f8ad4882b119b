"""What the description of the API says of every route: how errors look, who may ask, and an example of the answer."""

from http import HTTPStatus
from typing import Any

from fastapi import Depends
from fastapi.security import APIKeyCookie, HTTPBearer
from pydantic import Field
from pydantic_core import to_jsonable_python

from monitor.model.table import Record
from monitor.web.gate import COOKIE
from monitor.web.problem import MEDIA_TYPE

MOST = "How many, at most."

Answers = dict[int | str, dict[str, Any]]


class ProblemTold(Record):
    """An error, as RFC 9457 has it; `detail` says what to do."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["no campaign is called like this; did you mean save-aleppo?"])


_WORDS = {
    HTTPStatus.BAD_REQUEST: "This can not be read.",
    HTTPStatus.UNAUTHORIZED: "Sign in, or send a token.",
    HTTPStatus.FORBIDDEN: "Whoever asks has no right to this.",
    HTTPStatus.NOT_FOUND: "There is no such thing; the answer says what there is.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "More than any question needs.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A part of the question can not be meant; the answer says which.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store does not answer just now: ask again after `Retry-After` seconds.",
}
_LATER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_PROBLEM = {"content": {MEDIA_TYPE: {"schema": ProblemTold.model_json_schema()}}}

PROBLEMS: Answers = {status.value: {"description": words, **_PROBLEM} for status, words in _WORDS.items()}
"""How each route answers when something is wrong."""
PROBLEMS[HTTPStatus.SERVICE_UNAVAILABLE.value]["headers"] = _LATER

WAYS_IN = [
    Depends(HTTPBearer(auto_error=False, description="A token of `monitor token add NAME`.")),
    Depends(APIKeyCookie(name=COOKIE, auto_error=False, description="Of a browser that signed in on the page.")),
]
"""Named for the description alone: the gate asks."""


def shown(example: object, status: HTTPStatus = HTTPStatus.OK) -> Answers:
    """Return an example as the answer of a route."""
    return {status.value: {"content": {"application/json": {"example": to_jsonable_python(example)}}}}


def file(what: str, *media_types: str) -> Answers:
    """Return what a route answers that sends a file."""
    schemas = {kind: {"type": "string"} if kind.startswith("text/") else {} for kind in media_types}
    content = {kind: {"schema": schema} for kind, schema in schemas.items()}
    return {HTTPStatus.OK.value: {"description": what, "content": content}}
