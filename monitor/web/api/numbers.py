"""`/api/v1/campaigns/{slug}/series`: a metric over time, gaps as null with their reasons."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from monitor.exports import series, widths
from monitor.exports.series import NO_LONGER_KEPT, Series, Split
from monitor.fetch.beside import beside
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.table import Record
from monitor.model.window import Resolution, Window
from monitor.web.api import examples
from monitor.web.api.campaigns import Slug
from monitor.web.api.described import shown
from monitor.web.desk import Desk
from monitor.web.problem import Problem
from monitor.web.span import When

MOST_CELLS = 10_000
MOST_VALUES = 200_000  # of all lines together: some ten megabytes; more is a file of its own

ResolutionQuery = Annotated[Resolution | None, Query(description="The width of a cell; chosen when left out.")]
Shape = Literal["lines", "rows"]


class Row(Record):
    """A value of a line at a moment, as dashboards read tables; None where nobody watched."""

    at: datetime
    name: str
    value: float | None
    partial: bool


_LINES, _ROWS = TypeAdapter(Series), TypeAdapter(list[Row])


def numbers(desk: Desk) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["series"])

    @router.get(
        "/campaigns/{slug}/series",
        summary="A metric over time",
        response_model=Series | list[Row],
        responses=shown(examples.SERIES),
    )
    async def one(
        slug: Slug,
        when: When,
        *,
        metric: Annotated[Metric, Query(description="What is counted.")] = Metric.POSTS,
        split: Annotated[Split, Query(description="By what it is split.")] = Split.NONE,
        resolution: ResolutionQuery = None,
        shape: Annotated[Shape, Query(description="One line after the other, or one row for each value.")] = "lines",
    ) -> Response:
        campaign, now = desk.campaign(slug), desk.clock.now()
        window = when.window(campaign, now)
        width = await fitting(desk, campaign, window, resolution)
        found = await series.read(desk.store, campaign, metric, window, width, split, now)
        if len(found.at) * len(found.lines) > MOST_VALUES:
            advice = "ask for a wider resolution or a shorter window, or take export.csv"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"these are more than {MOST_VALUES:,} values: {advice}")
        if _is_gone(found):
            kept = await widths.chosen(desk.store, slug, window, now)
            advice = f"ask for {kept}, or leave resolution out"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"cells of {width} are no longer kept of then: {advice}")
        return Response(await beside(_written, found, shape), media_type="application/json")

    return router


def _is_gone(found: Series) -> bool:
    """Tell whether not one cell of a series is kept any more."""
    whole = (found.at[0], found.window.end)
    return any(gap.reason == NO_LONGER_KEPT and (gap.start, gap.end) == whole for gap in found.gaps)


def _written(found: Series, shape: Shape) -> bytes:
    """Return a series as JSON; beside the loop, for a long one takes a second."""
    return _ROWS.dump_json(_rows(found)) if shape == "rows" else _LINES.dump_json(found)


def _rows(found: Series) -> list[Row]:
    """Return a series row by row, in time order."""
    return [
        Row(at=at, name=line.name, value=line.values[place], partial=line.partial[place])
        for place, at in enumerate(found.at)
        for line in found.lines
    ]


async def fitting(desk: Desk, campaign: Campaign, window: Window, wished: Resolution | None) -> Resolution:
    """Return the width of the cells, as exports choose it; raise Problem 422 when they would be too many."""
    width = wished or await widths.chosen(desk.store, campaign.slug, window, desk.clock.now())
    if window.length.total_seconds() / width.seconds > MOST_CELLS:
        advice = f"ask for a wider resolution than {width}, or for a shorter window"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"these are more than {MOST_CELLS:,} cells: {advice}")
    return width
