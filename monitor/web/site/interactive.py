"""What makes charts answer to a pointer: their definitions for scripts, and the library that draws them, from here."""

import gzip
from functools import cache
from http import HTTPStatus
from importlib import metadata
from typing import Annotated, Literal

import vl_convert
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from monitor.exports.series import Split
from monitor.fetch.beside import beside
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.site.charts import Charts, View
from monitor.web.site.choice import Picked, choice
from monitor.web.site.shell import Site
from monitor.web.site.static import FOR_EVER
from monitor.web.site.visitor import speaking

VERSION = metadata.version("vl-convert-python")
LIBRARY = f"/vega/{VERSION}/vega.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"


def interactive(site: Site, charts: Charts) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.get("/campaigns/{slug}/chart.json")
    async def definition(
        request: Request,
        slug: str,
        who: Annotated[Who, Depends(site.reader)],  # noqa: ARG001 - whoever may look
        of: Literal["main", "split"] = "main",
        size: Literal["wide", "narrow"] = "wide",
    ) -> JSONResponse:
        watched = site.desk.campaign(slug)
        picked = choice(Picked.of(request.query_params), watched, site.desk.clock.now())
        view = View(watched, picked, speaking(request, picked.zone), request.scope.get("root_path", ""))
        if of == "split":
            if picked.split is None:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "say by what it is split")
            return JSONResponse((await charts.split(view, Split(picked.split))).specs[size])
        return JSONResponse((await charts.main(view)).specs[size])

    @router.get("/vega/{version}/vega.js")
    async def library(request: Request, version: str) -> Response:
        if version != VERSION:
            raise Problem(HTTPStatus.NOT_FOUND, "there is no such file: open the page again")
        packed = await beside(_library)
        headers = {**FOR_EVER, "Vary": "Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(packed), media_type="text/javascript", headers=headers)
        return Response(packed, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})

    return router


@cache
def _library() -> bytes:
    """Return Vega as the drawing library carries it, packed once."""
    return gzip.compress(vl_convert.javascript_bundle(SNIPPET).encode(), 6)
