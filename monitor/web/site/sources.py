"""`/sources`: how each source is doing, when it was blind, what keys have used, and what to do about it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from monitor.collect.report import Report
from monitor.digest import asking, health, terms
from monitor.errors import listing
from monitor.model.campaign import Campaign
from monitor.model.run import Run
from monitor.model.sighting import SourceState
from monitor.store import runs
from monitor.web.gate import Who
from monitor.web.kept import Kept
from monitor.web.problem import Problem
from monitor.web.site.rows import SourceRow, ledgers, source_row
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.words.voice import Voice, message, voice

NO_SOURCE = message("{campaign} has no source of this name; there are: {names}")
MOST_CAMPAIGNS = 1000
AT_FIRST = 20  # runs that are seen without asking for the earlier ones
Name = Annotated[str, Path(max_length=60)]


def sources(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(default_response_class=HTMLResponse)
    board = Board(site)

    @router.get("/sources")
    async def every(request: Request, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        return await board.page(request, who, site.desk.house.campaigns())

    @router.get("/campaigns/{slug}/sources")
    async def own(request: Request, slug: str, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        return await board.page(request, who, [site.desk.campaign(slug)], slug)

    @router.get("/campaigns/{slug}/sources/{name}")
    async def one(request: Request, slug: str, name: Name, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        campaign = site.desk.campaign(slug)
        state, report = await board.known(campaign, name)
        speaks, now = speaking(request, campaign.zone), site.desk.clock.now()
        row, done = source_row(report, speaks, now), state.runs if state else ()
        blind = [terms.span(gap.start, gap.end, speaks) for gap in report.gaps[::-1]]
        return site.page(
            request, "source.html", who, campaign.zone,
            campaign=campaign, row=row, blind=blind, runs=done[:AT_FIRST], earlier=done[AT_FIRST:],
            ended=ended, reason=asking.reason, quoted=asking.quoted,
        )  # fmt: skip

    return router


def ended(run: Run, speaks: Voice) -> str:
    """Return how a run ended."""
    return health.ended(run.outcome, run.reason, speaks)


@dataclass(frozen=True)
class Part:
    """The sources of one campaign, with the voice that tells times on its clock."""

    campaign: Campaign
    voice: Voice
    rows: tuple[SourceRow, ...]


class Board:
    """Reads how sources are doing, once a minute for all who look."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._reports: Kept[str, list[Report]] = Kept(site.desk.clock, MOST_CAMPAIGNS)

    async def page(self, request: Request, who: Who, campaigns: Sequence[Campaign], slug: str = "") -> HTMLResponse:
        """Return the sources of some campaigns, what is to do first, and the allowances of their accounts."""
        reader, now = speaking(request, campaigns[0].zone if slug else self._site.zone), self._site.desk.clock.now()
        parts = await asyncio.gather(*(self._part(campaign, reader.language) for campaign in campaigns))
        slugs = {campaign.slug for campaign in campaigns}
        spent = [one for one in await self._site.desk.house.spendings() if slugs & set(map(_campaign, one.sources))]
        todo = [(part, row) for part in parts for row in part.rows if row.tone == "bad"]
        return self._site.page(
            request, "sources.html", who, str(reader.zone), parts=parts, slug=slug, todo=todo,
            is_asked=any(row.report.outcome for part in parts for row in part.rows),
            accounts=list(ledgers(spent, reader, now)),
        )  # fmt: skip

    async def known(self, campaign: Campaign, name: str) -> tuple[SourceState | None, Report]:
        """Return a source's runs and its report; raise Problem 404 that says which sources there are."""
        reports = {report.source: report for report in await self._of(campaign)}
        if name not in reports:
            named = {"campaign": campaign.slug, "names": listing(reports) or "-"}
            raise Problem(HTTPStatus.NOT_FOUND, NO_SOURCE, named=named)
        states = await runs.states(self._site.desk.store, campaign.slug)
        return next((state for state in states if state.name == name), None), reports[name]

    async def _part(self, campaign: Campaign, language: str) -> Part:
        speaks, now = voice(language, campaign.zone), self._site.desk.clock.now()
        return Part(campaign, speaks, tuple(source_row(one, speaks, now) for one in await self._of(campaign)))

    async def _of(self, campaign: Campaign) -> list[Report]:
        return await self._reports.get(campaign.slug, lambda: self._site.desk.reports(campaign))


def _campaign(source: str) -> str:
    """Return whose source it is, of a name such as `save-aleppo/x`."""
    return source.partition("/")[0]
