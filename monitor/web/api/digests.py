"""`/api/v1/digests`: the mails that were sent, as they were sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from monitor.digest.kept import content_of, unaddressed
from monitor.digest.preview import page
from monitor.fetch.beside import beside
from monitor.store import mails
from monitor.store.mails import Sent
from monitor.web.api import examples
from monitor.web.api.alerts import After, Limit
from monitor.web.api.described import file, shown
from monitor.web.desk import Desk
from monitor.web.problem import Problem

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""What a mail may do in a browser: be looked at, also inside of our own page."""

_Name = Annotated[str, Path(pattern="^[0-9a-f]{24}$", description="Its id.", examples=[examples.SENT.id])]


def digests(desk: Desk) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["digests"])
    router.include_router(_listed(desk))
    router.include_router(_files(desk))
    return router


def _listed(desk: Desk) -> APIRouter:
    """Return what is known of the mails."""
    router = APIRouter()

    @router.get("/digests", summary="Mails that were sent, newest first", responses=shown([examples.SENT]))
    async def every(limit: Limit = 20, after: After = None) -> list[Sent]:
        return await mails.listed(desk.store, limit, after)

    @router.get(
        "/digests/{name}",
        summary="One mail: about what, in which language, to how many",
        responses=shown(examples.SENT),
    )
    async def one(name: _Name) -> Sent:
        return (await _kept(desk, name))[0]

    return router


def _files(desk: Desk) -> APIRouter:
    """Return the mails themselves."""
    router = APIRouter()

    @router.get(
        "/digests/{name}/html",
        summary="A mail as its readers saw it",
        response_class=HTMLResponse,
        responses=file("The mail, its pictures inside.", "text/html"),
    )
    async def html(name: _Name) -> HTMLResponse:
        content = content_of(*await _kept(desk, name))
        return HTMLResponse(page(content), headers={"content-security-policy": POLICY})

    @router.get(
        "/digests/{name}/text",
        summary="A mail as plain text",
        response_class=PlainTextResponse,
        responses=file("Its plain text.", "text/plain"),
    )
    async def text(name: _Name) -> PlainTextResponse:
        return PlainTextResponse(content_of(*await _kept(desk, name)).text)

    @router.get(
        "/digests/{name}/eml",
        summary="A mail as a file for mail programs",
        response_class=Response,
        responses=file("The mail, to nobody.", "message/rfc822"),
    )
    async def eml(name: _Name) -> Response:
        sent, parts = await _kept(desk, name)
        raw = await beside(unaddressed, sent, parts)
        headers = {"content-disposition": f'attachment; filename="digest-{sent.day}-{sent.language}.eml"'}
        return Response(raw, media_type="message/rfc822", headers=headers)

    return router


async def _kept(desk: Desk, name: str) -> tuple[Sent, Mapping[str, bytes]]:
    found = await mails.one(desk.store, name)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "this digest is not kept; /digests lists those that are")
    return found
