"""`/api/v1/campaigns/{slug}/sources`: how each source is doing, its last runs, and what keys have used."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from monitor.collect.report import Report
from monitor.model.run import Run
from monitor.model.spending import Spending
from monitor.store import runs
from monitor.web.api import examples
from monitor.web.api.campaigns import Slug
from monitor.web.api.described import MOST, shown
from monitor.web.desk import Desk
from monitor.web.problem import Problem
from monitor.web.span import Moment, on_clock

Name = Annotated[str, Path(max_length=60, description="The source's name.", examples=[examples.SOURCE])]


def sources(desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["sources"])

    @router.get(
        "/campaigns/{slug}/sources",
        summary="How each source is doing: outcome, next run, gaps, quota",
        responses=shown([examples.REPORT]),
    )
    async def every(slug: Slug) -> list[Report]:
        return await desk.reports(desk.campaign(slug))

    @router.get(
        "/campaigns/{slug}/sources/{name}/runs",
        summary="The last runs of a source, newest first",
        responses=shown([examples.RUN]),
    )
    async def last_runs(
        slug: Slug,
        name: Name,
        limit: Annotated[int, Query(ge=1, le=100, description=MOST)] = 20,
        before: Annotated[Moment | None, Query(description="Only runs before this moment: the next page.")] = None,
    ) -> list[Run]:
        campaign = desk.campaign(slug)
        known = {state.name: state for state in await runs.states(desk.store, campaign.slug)}
        if name not in known:
            there_are = ", ".join(sorted(known)) or "none yet"
            raise Problem(HTTPStatus.NOT_FOUND, f"{campaign.slug} has no source of this name; there are: {there_are}")
        until = on_clock(before, campaign) if before else None
        found = [run for run in known[name].runs if until is None or run.started_at < until]
        return found[:limit]

    @router.get(
        "/allowances",
        summary="What the keys have used of their allowances, and when it runs out",
        responses=shown([examples.SPENDING]),
    )
    async def allowances() -> list[Spending]:
        return await desk.house.spendings()

    return router
