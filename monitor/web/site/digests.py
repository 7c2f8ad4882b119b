"""`/digests`: what was sent, as it was sent; a mail is shown in a frame that may do nothing but be read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from monitor.digest.kept import content_of, unaddressed
from monitor.digest.preview import page
from monitor.fetch.beside import beside
from monitor.store import mails
from monitor.store.mails import Sent
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.site.shell import Site
from monitor.words.voice import Voice, message

NOT_KEPT = message("no such digest is kept (any more): open the list of digests")
ON_A_PAGE = 50
READ_ONLY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)
"""What a mail may do in a browser: show its pictures, and open its links elsewhere."""

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{1,64}$")]
After = Annotated[str | None, Query(pattern=r"^[0-9a-f]{1,64}$")]


def digests(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/digests", default_response_class=HTMLResponse)
    store = site.desk.store
    reader = Annotated[Who, Depends(site.reader)]

    @router.get("")
    async def show(request: Request, who: reader, after: After = None) -> HTMLResponse:
        found = await mails.listed(store, ON_A_PAGE + 1, after)
        older = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
        titles = {campaign.slug: campaign for campaign in site.desk.house.campaigns()}
        shown: dict[str, Any] = {
            "mails": found[:ON_A_PAGE],
            "older": older,
            "after": after,
            "known": titles,
            "day": day,
        }
        return site.page(request, "digests.html", who, site.zone, **shown)

    @router.get("/{mail}.eml")
    async def download(mail: Id, _: reader) -> Response:
        sent, parts = await _kept(site, mail)
        raw = await beside(unaddressed, sent, parts)
        named = f'attachment; filename="digest-{sent.day}-{sent.language}.eml"'
        return Response(raw, media_type="message/rfc822", headers={"Content-Disposition": named})

    @router.get("/{mail}/mail")
    async def framed(mail: Id, _: reader) -> HTMLResponse:
        html = page(content_of(*await _kept(site, mail))).replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": READ_ONLY})

    @router.get("/{mail}")
    async def one(request: Request, mail: Id, who: reader) -> HTMLResponse:
        sent, parts = await _kept(site, mail)
        content = content_of(sent, parts)
        return site.page(request, "digest.html", who, site.zone, sent=sent, text=content.text, day=day)

    return router


def day(told: date, voice: Voice) -> str:
    """Return the day that a digest is about."""
    return voice.dated("EEEE d MMMM y", datetime.combine(told, time(12), UTC), "UTC")


async def _kept(site: Site, mail: str) -> tuple[Sent, Mapping[str, bytes]]:
    found = await mails.one(site.desk.store, mail)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, NOT_KEPT)
    return found
