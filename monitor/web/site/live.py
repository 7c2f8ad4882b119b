"""`/live/{slug}`: one campaign for everybody, without login, where its file says `public = true`.

Read-only, without names, without links to posts; other pages may embed it, and whoever lies between may keep it.
"""

from hashlib import blake2b
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response, StreamingResponse

from monitor.digest import outline
from monitor.digest.health import is_well
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.web.problem import Problem
from monitor.web.pulse import Pulse
from monitor.web.site.cards import card
from monitor.web.site.charts import Charts, View
from monitor.web.site.choice import Picked, choice
from monitor.web.site.events import stream
from monitor.web.site.headers import POLICY
from monitor.web.site.shell import Site
from monitor.web.site.visitor import asking
from monitor.words.voice import Voice, message

NOTHING_PUBLIC = message("nothing public is found here")
HEADERS = {
    "Cache-Control": "public, max-age=60",
    "Content-Security-Policy": POLICY.format(ancestors="*"),
    "Vary": "Accept-Language",
}


def live(site: Site, pulse: Pulse) -> APIRouter:
    """Return the routes. Nothing here looks at cookies or sets one: the page is the same for all."""
    router = APIRouter(prefix="/live", default_response_class=HTMLResponse)
    desk, charts = site.desk, Charts(site.desk)

    def public(slug: str) -> Campaign:
        """Return a campaign that everybody may look at; of any other nobody learns whether it is there."""
        found = next((one for one in desk.house.campaigns() if one.slug == slug and one.is_public), None)
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, NOTHING_PUBLIC)
        return found

    @router.get("/{slug}")
    async def show(request: Request, slug: str) -> Response:
        campaign = public(slug)
        chosen, speaks = choice(Picked(), campaign, desk.clock.now()), asking(request, campaign.zone)
        brief = await desk.brief(campaign, chosen.window)
        shown = {
            "card": card(brief, speaks),
            "picture": await charts.plain(View(campaign, chosen, speaks, request.scope.get("root_path", ""))),
            "seen": _seen(brief, speaks),
            "method": outline.method([outline.outline(brief, speaks)], speaks),
            "now": brief.made_at,
        }
        html = site.html(request, "live.html", speaks, slug=slug, **shown)
        return _cached(request, HTMLResponse(html, headers={**HEADERS, "Content-Language": speaks.language}))

    @router.get("/{slug}/events")
    async def follow(request: Request, slug: str) -> StreamingResponse:
        return stream(request, pulse, public(slug).slug)

    return router


def _seen(brief: Brief, voice: Voice) -> str:
    """Return how many sources do well, without their names."""
    asked = [source for source in brief.sources if not source.imported]
    well = sum(map(is_well, asked))
    return voice.say(
        "{well} of {all} sources answered without a gap.", well=voice.number(well), all=voice.number(len(asked))
    )


def _cached(request: Request, answer: Response) -> Response:
    """Return the answer, or a few bytes for whoever has it already."""
    tag = f'"{blake2b(bytes(answer.body), digest_size=16).hexdigest()}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**HEADERS, "ETag": tag})
    answer.headers["ETag"] = tag
    return answer
