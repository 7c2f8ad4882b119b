"""`/api/v1/alerts` and `/api/v1/silences`: what goes on and what was told, and silence for a while."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import ConfigDict, Field, model_validator

from monitor.alerts import board, silencing
from monitor.alerts.board import Board
from monitor.alerts.finding import Message, Silence
from monitor.alerts.silencing import PARTS, Wish
from monitor.errors import MonitorError, StoreError
from monitor.model.person import Scope
from monitor.model.table import Record
from monitor.web.api import examples
from monitor.web.api.described import MOST, shown
from monitor.web.desk import Desk
from monitor.web.gate import Gate, Who
from monitor.web.problem import Problem

Limit = Annotated[int, Query(ge=1, le=100, description=MOST)]
After = Annotated[
    str | None,
    Query(
        max_length=64,
        description="The id of the last one of the page before; none for the first page.",
        examples=[examples.MESSAGE.id],
    ),
]
_Name = Annotated[str | None, Field(min_length=1, max_length=80)]


@contextmanager
def _refused(status: HTTPStatus) -> Iterator[None]:
    """Tell what a silence can not be as a problem of the request."""
    try:
        yield
    except (Problem, StoreError):
        raise
    except MonitorError as error:
        raise Problem(status, str(error)) from error


class SilenceWished(Record):
    """What is to be silent, and for how long: some of campaign, rule and source, or everything."""

    model_config = ConfigDict(strict=True)

    campaign: _Name = Field(default=None, description="A campaign's slug.", examples=["save-aleppo"])
    rule: _Name = Field(default=None, description="A rule's name or kind.", examples=["spike"])
    source: _Name = Field(default=None, description="A source's name or platform.", examples=[None])
    everything: bool = Field(default=False, description="Silence all; then nothing else is named.", examples=[False])
    length: str = Field(description="How long, as 30m, 2h or 3d.", pattern=r"^[0-9]{1,5}[mhd]$", examples=["2h"])
    because: str = Field(default="", max_length=300, description="Why.", examples=["the march of today"])

    @property
    def wanted(self) -> dict[str, str]:
        return {part: name for part in PARTS if (name := getattr(self, part)) is not None}

    @model_validator(mode="after")
    def _names_something(self) -> "SilenceWished":
        if self.everything == bool(self.wanted):
            raise ValueError("name a campaign, a rule or a source; or write everything = true alone")
        return self


def alerts(desk: Desk, gate: Gate) -> APIRouter:
    """Return the routes; to change something takes the right to silence."""
    router = APIRouter(tags=["alerts"])
    Operator = Annotated[Who, Depends(gate.needs(Scope.SILENCE))]  # noqa: N806 - a type

    @router.get(
        "/alerts",
        summary="What goes on, what is silent, what waits, and the last that was told",
        responses=shown(examples.BOARD),
    )
    async def now(limit: Limit = 20) -> Board:
        return await board.board(desk.store, desk.clock.now(), most=limit)

    @router.get("/alerts/history", summary="What was told, newest first", responses=shown([examples.MESSAGE]))
    async def history(limit: Limit = 20, after: After = None) -> list[Message]:
        return await board.told(desk.store, limit, after)

    @router.get("/silences", summary="Silences that last, the first to end first", responses=shown([examples.SILENCE]))
    async def silences() -> list[Silence]:
        now = desk.clock.now()
        return [one for one in await board.silences(desk.store) if one.until > now]

    @router.post(
        "/silences",
        status_code=HTTPStatus.CREATED,
        summary="Send nothing of something for a while",
        responses=shown(examples.SILENCE, HTTPStatus.CREATED),
    )
    async def begin(wished: SilenceWished, who: Operator) -> Silence:
        with _refused(HTTPStatus.UNPROCESSABLE_ENTITY):
            wish = Wish(wished.wanted, silencing.lasts(wished.length), wished.because, who.name)
            return await silencing.begin(desk.store, wish, desk.house.silenceable(), desk.clock.now())

    @router.delete("/silences/{name}", status_code=HTTPStatus.NO_CONTENT, summary="End a silence before its time")
    async def end(
        name: Annotated[str, Path(pattern="^[0-9a-f]{6,8}$", description="Its id.", examples=[examples.SILENCE.id])],
        _: Operator,
    ) -> Response:
        with _refused(HTTPStatus.NOT_FOUND):
            await silencing.end(desk.store, [name])
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router
