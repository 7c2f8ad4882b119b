"""`/campaigns/{slug}/spikes/{start}`: why a number moved, who carried it, how many, and what happened then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from monitor.digest import sentences, terms
from monitor.digest import why as told_why
from monitor.digest.section import Row, web
from monitor.model.brief import Brief, Spike
from monitor.model.campaign import Campaign
from monitor.model.finding import Driver
from monitor.model.window import Window, local_day
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.site.charts import Charts, View
from monitor.web.site.choice import Choice, Picked, choice
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.web.span import LONGEST
from monitor.words.voice import Voice, message

NEAR = timedelta(hours=2)  # headlines so long before a spike may have made it
MOST_HEADLINES = 20
NO_SPIKE = message("no spike begins there: follow a link of the campaign's page")
GONE = message("no spike is known there any more: numbers that came later may have changed what is usual")


class Carried(NamedTuple):
    """One part of a spike: what it brought, what was usual for it, and its share of what came above the usual."""

    name: str
    value: str
    usual: str
    share: str
    part: float


def why(site: Site, charts: Charts) -> APIRouter:
    """Return the route."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/campaigns/{slug}/spikes/{start}")
    async def show(request: Request, slug: str, start: str, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        watched, now = site.desk.campaign(slug), site.desk.clock.now()
        picked, at = Picked.of(request.query_params), _moment(start)
        chosen = choice(picked, watched, now)
        if not (picked.last or picked.start):
            chosen = replace(chosen, window=_around(at, watched, now))
        brief = await site.desk.brief(watched, chosen.window)
        spike = _spike(brief, at, chosen)
        voice = speaking(request, chosen.zone)
        view = View(watched, chosen, voice, request.scope.get("root_path", ""))
        return site.page(
            request, "campaign-why.html", who, chosen.zone,
            campaign=watched, picked=picked,
            title=terms.title(brief, voice),
            sentence=sentences.spike(spike, voice), reasons=told_why.sentence(spike, voice),
            about=voice.listed([terms.label(spike.name, voice), terms.span(spike.start, spike.end, voice)]),
            carried=[*_carried(spike, voice)], happened=[*_happened(spike, voice)],
            headlines=[*_headlines(brief, spike, voice)], crowd=[*told_why.crowd(spike, voice)],
            picture=await charts.around(view, brief, spike),
        )  # fmt: skip

    return router


def _moment(told: str) -> datetime:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise Problem(HTTPStatus.NOT_FOUND, NO_SPIKE) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _around(at: datetime, campaign: Campaign, now: datetime) -> Window:
    """Return the day of a moment and the one after it."""
    try:
        day = local_day(at, campaign.zone)
        window = Window(day.start, min(day.end + timedelta(days=1), now))
    except (OverflowError, ValueError) as error:
        raise Problem(HTTPStatus.NOT_FOUND, GONE) from error
    if window.start >= window.end or now - window.start > LONGEST:
        raise Problem(HTTPStatus.NOT_FOUND, GONE)
    return window


def _spike(brief: Brief, at: datetime, chosen: Choice) -> Spike:
    for spike in brief.spikes:
        if spike.start == at and chosen.number in {None, spike.name}:
            return spike
    raise Problem(HTTPStatus.NOT_FOUND, GONE)


def _carried(spike: Spike, voice: Voice) -> Iterator[Carried]:
    """Yield the parts that carried it."""
    for one in spike.drivers:
        if one.cause not in told_why.EVENTS:
            usual = voice.say("n/a") if one.expected is None else voice.number(one.expected)
            value = voice.say("n/a") if one.value is None else voice.number(one.value)
            part = min(max(one.share or 0.0, 0.0), 1.0)
            yield Carried(told_why.name(one, voice), value, usual, voice.percent(one.share or 0.0), part)


def _happened(spike: Spike, voice: Voice) -> Iterator[Row]:
    """Yield the events of the same hours, and the largest posts where privacy allows a link."""
    for one in spike.drivers:
        if one.cause in told_why.EVENTS and one.at is not None:
            yield Row(told_why.event(one, voice), voice.moment(one.at), link=web(one.link))
        elif web(one.link):
            yield Row(told_why.name(one, voice), _amount(one, spike, voice), link=web(one.link))


def _amount(one: Driver, spike: Spike, voice: Voice) -> str:
    counted = terms.COUNTED.get(spike.name)
    return voice.count(*counted, one.value or 0.0) if counted else voice.number(one.value or 0.0)


def _headlines(brief: Brief, spike: Spike, voice: Voice) -> Iterator[Row]:
    """Yield what the press printed in those hours."""
    near = [one for one in brief.headlines if spike.start - NEAR <= one.at < spike.end]
    for one in sorted(near, key=lambda headline: headline.at)[:MOST_HEADLINES]:
        note = voice.listed([voice.foreign(one.outlet), voice.moment(one.at)])
        yield Row(voice.foreign(one.title), note, link=web(one.link))
