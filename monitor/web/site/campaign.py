"""`/campaigns/{slug}`: what was found about one campaign in a window, in the words and numbers of the mails."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from monitor.digest import outline
from monitor.model.campaign import Campaign
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.site.choice import Choice, Picked, choice, yesterday
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking

CLOCKS = ("UTC", "Asia/Damascus", "Asia/Beirut", "Africa/Cairo", "Europe/Istanbul", "Europe/Berlin", "Europe/London",
          "America/New_York")  # fmt: skip
"""Clocks that a form proposes; any other can be written."""


def campaign(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/campaigns/{slug}")
    async def show(request: Request, slug: str, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        watched, now = site.desk.campaign(slug), site.desk.clock.now()
        picked = Picked.of(request.query_params)
        about = {"campaign": watched, "picked": picked, "clocks": CLOCKS, "yesterday": yesterday(watched, now)}
        try:
            chosen = choice(picked, watched, now)
        except Problem as problem:
            return site.page(
                request, "campaign-window.html", who, status=HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem, **about
            )
        return await _found(site, request, who, watched, chosen, about)

    return router


async def _found(
    site: Site, request: Request, who: Who, watched: Campaign, chosen: Choice, about: dict[str, object]
) -> HTMLResponse:
    brief = await site.desk.day_brief(watched, chosen.window)
    speaks = speaking(request, chosen.zone)
    told = outline.outline(brief, speaks)
    shown = {"told": told, "brief": brief, "choice": chosen, "method": outline.method([told], speaks)}
    return site.page(request, "campaign.html", who, chosen.zone, **shown, **about)
