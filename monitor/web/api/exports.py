"""`/api/v1/campaigns/{slug}/export.{format}`: the numbers of a window as a file."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from monitor.exports.asked import STANDARD, Asked, Format, What
from monitor.exports.files import KINDS, ZIP, File, export
from monitor.exports.series import Split
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.window import Resolution
from monitor.web.api.campaigns import Slug
from monitor.web.api.described import file
from monitor.web.desk import Desk
from monitor.web.problem import Problem
from monitor.web.span import When
from monitor.words.language import checked_language
from monitor.words.voice import Digits, Voice, voice

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
"""What a report may do in a browser: be looked at and printed."""

Ending = Annotated[Format, Path(description="What kind of file.")]


def exports(desk: Desk) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["exports"])

    @router.get(
        "/campaigns/{slug}/export.{format}",
        summary="The numbers of a window as a file",
        response_class=StreamingResponse,
        responses=file("The file.", *(kind.media_type for kind in (*KINDS.values(), ZIP))),
    )
    async def one(
        slug: Slug,
        format: Ending,  # noqa: A002 - what it is called in the address
        when: When,
        *,
        what: Annotated[What | None, Query(description="Which sheets; series, or all where one file holds it.")] = None,
        metric: Annotated[list[Metric] | None, Query(description="Which series; may be repeated.")] = None,
        split: Annotated[Split, Query(description="By what series are split.")] = Split.NONE,
        resolution: Annotated[Resolution | None, Query(description="The width of a cell.")] = None,
        lang: Annotated[str, Query(description="The language of headings and notes: en, ar.")] = "en",
        digits: Annotated[Digits, Query(description="The digits of texts; numbers stay numbers.")] = "western",
        bom: Annotated[bool, Query(description="Put a mark before a CSV by which old programs know UTF-8.")] = False,
        chart: Annotated[str, Query(max_length=80, description="Which chart, for png and svg.")] = "numbers",
    ) -> StreamingResponse:
        campaign, now = desk.campaign(slug), desk.clock.now()
        window = when.window(campaign, now)
        speaking = _voice(lang, digits, campaign)
        metrics = tuple(dict.fromkeys(metric or STANDARD))
        asked = Asked(format, window, speaking, what, metrics, split, resolution, chart, bom)
        return _answer(await export(desk.store, campaign, await desk.brief(campaign, window), asked, now))

    return router


def _voice(language: str, digits: Digits, campaign: Campaign) -> Voice:
    try:
        return voice(checked_language(language), campaign.zone, digits)
    except ValueError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"lang: this {error}") from error


def _answer(file: File) -> StreamingResponse:
    """Send a file to be kept; a report is shown, to be printed."""
    kept = "inline" if file.name.endswith(".html") else "attachment"
    headers = {
        "content-disposition": f'{kept}; filename="{file.name}"',
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(file.parts(), media_type=file.media_type, headers=headers)
