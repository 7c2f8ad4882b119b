"""`/`: every campaign as a card, what moved most first."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from monitor.digest.render import ordered
from monitor.model.brief import Brief
from monitor.web.gate import Who
from monitor.web.newest import Newest
from monitor.web.site.cards import Card, bare, card
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.words.voice import Voice, voice


def overview(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(default_response_class=HTMLResponse)
    newest = Newest(site.desk)
    wall = Wall()

    @router.get("/")
    async def show(request: Request, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        known, campaigns = await newest.briefs(), site.desk.house.campaigns()
        speaks = speaking(request)
        cards = [
            *wall.cards(ordered([*known.values()]), speaks),
            *(
                (bare(one, speaks, is_coming=newest.is_coming(one)), speaks)
                for one in campaigns
                if one.slug not in known
            ),
        ]
        answer = site.page(request, "overview.html", who, site.zone, cards=cards)
        answer.background = BackgroundTask(newest.renew)
        return answer

    return router


class Wall:
    """Cards are written once for all who look: a card is made again when its brief is another one."""

    def __init__(self) -> None:
        self._written: dict[tuple[str, str], tuple[Brief, Voice, Card]] = {}

    def cards(self, briefs: list[Brief], reader: Voice) -> Iterator[tuple[Card, Voice]]:
        """Yield each card with the voice that tells times on the campaign's own clock."""
        for brief in briefs:
            key = (brief.campaign, reader.language)
            if key not in self._written or self._written[key][0] is not brief:
                speaks = voice(reader.language, brief.zone)
                self._written[key] = (brief, speaks, card(brief, speaks))
            _, speaks, written = self._written[key]
            yield written, speaks
