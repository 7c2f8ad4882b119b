"""`/`: every campaign as a card, what moved most first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from monitor.web.gate import Who
from monitor.web.site.shell import Site


def overview(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    async def show(request: Request, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        return site.page(request, "overview.html", who, campaigns=site.desk.house.campaigns())

    return router
