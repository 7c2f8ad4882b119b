"""`/campaigns/{slug}`: what was found about one campaign in a window, in the words and numbers of the mails."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from monitor.digest import outline, terms
from monitor.exports.series import Split
from monitor.model.brief import Brief
from monitor.model.campaign import Campaign
from monitor.web.api import PREFIX
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.site.charts import Charts, View
from monitor.web.site.choice import NUMBERS, Picked, choice, yesterday
from monitor.web.site.interactive import LIBRARY, interactive
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.web.site.why import why
from monitor.words.voice import Voice, message

CLOCKS = ("UTC", "Asia/Damascus", "Asia/Beirut", "Africa/Cairo", "Europe/Istanbul", "Europe/Berlin", "Europe/London",
          "America/New_York")  # fmt: skip
"""Clocks that a form proposes; any other can be written."""

A_MONDAY = datetime(2024, 1, 1, 12, tzinfo=UTC)
BESIDE = {
    "": message("nothing"),
    "before": message("the window before"),
    "week": message("the same weekday a week before"),
}
SPLITS = {
    "": message("nothing"),
    "spelling": message("spelling"),
    "platform": message("platform"),
    "language": message("language"),
}
SHARES = {"": message("as counted"), "1": message("as shares")}


class Tab(NamedTuple):
    """One way to look at the chart; `is_open` when it is looked at."""

    words: str
    link: str
    is_open: bool


def campaign(site: Site) -> APIRouter:
    """Return the routes of a campaign's page, of what its scripts ask for, and of the reasons of its spikes."""
    router, charts = APIRouter(default_response_class=HTMLResponse), Charts(site.desk)
    router.include_router(interactive(site, charts))
    router.include_router(why(site, charts))

    @router.get("/campaigns/{slug}")
    async def show(request: Request, slug: str, who: Annotated[Who, Depends(site.reader)]) -> HTMLResponse:
        watched, now = site.desk.campaign(slug), site.desk.clock.now()
        picked = Picked.of(request.query_params)
        about: dict[str, Any] = {
            "campaign": watched,
            "picked": picked,
            "clocks": CLOCKS,
            "yesterday": yesterday(watched, now),
        }
        try:
            chosen = choice(picked, watched, now)
        except Problem as problem:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return site.page(request, "campaign-window.html", who, status=status, problem=problem, **about)
        view = View(watched, chosen, speaking(request, chosen.zone), request.scope.get("root_path", ""))
        shown = await found(site, charts, view)
        return site.page(request, "campaign.html", who, chosen.zone, **shown, **about)

    return router


async def found(site: Site, charts: Charts, view: View) -> Mapping[str, Any]:
    """Return what the page of a campaign shows."""
    brief, chosen, voice = await site.desk.day_brief(view.campaign, view.choice.window), view.choice, view.voice
    told = outline.outline(brief, voice)
    split = await charts.split(view, Split(chosen.split)) if chosen.split else None
    return {
        "live": view.campaign.slug,
        "told": told,
        "choice": chosen,
        "method": outline.method([told], voice),
        "number": chosen.number or brief.headline_metric,
        "main": await charts.main(view),
        "split": split,
        "spec": spec(view),
        "library": LIBRARY,
        "numbers": [*numbers(view, brief)],
        "beside": [*tabs(view, "compare", BESIDE)],
        "splits": [*tabs(view, "split", SPLITS, "#split")],
        "shares": [*tabs(view, "share", SHARES, "#split")],
        "files": [*files(view, brief)],
        "polls": [*polls(view.campaign, voice)],
    }


def polls(campaign: Campaign, voice: Voice) -> Iterator[tuple[str, str]]:
    """Yield the naming polls by the weekday that each names, and by their keys where two name the same."""
    named = [poll.names for poll in campaign.polls]
    for poll in campaign.polls:
        day = voice.dated("EEEE", A_MONDAY + timedelta(days=poll.names), "UTC")
        is_alone = named.count(poll.names) == 1
        yield day if is_alone else voice.say("{now} ({before})", now=day, before=voice.foreign(poll.name)), poll.name


def numbers(view: View, brief: Brief) -> Iterator[Tab]:
    """Yield the numbers that the chart can show."""
    shown = view.choice.number or brief.headline_metric
    for name in NUMBERS:
        yield Tab(terms.label(name, view.voice), view.choice.picked.link(metric=name) + "#chart", name == shown)


def tabs(view: View, name: str, known: Mapping[str, str], place: str = "#chart") -> Iterator[Tab]:
    """Yield the answers that can be given to one question."""
    picked = view.choice.picked
    for answer, words in known.items():
        yield Tab(view.voice.say(words), picked.link(**{name: answer}) + place, getattr(picked, name) == answer)


def files(view: View, brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield the files that hold the same window, and where they are made."""
    chosen, voice = view.choice, view.voice
    asked = {**chosen.window_query, "lang": voice.language, **({"split": chosen.split} if chosen.split else {})}
    pictured = {"chart": chosen.number or brief.headline_metric}
    own = f"{view.base}{PREFIX}/campaigns/{view.campaign.slug}/export"
    for ending in ("csv", "xlsx", "parquet", "json"):
        yield ending.upper(), f"{own}.{ending}?{urlencode(asked)}"
    for ending in ("png", "svg"):
        chart = voice.say("Chart as {format}", format=ending.upper())
        yield chart, f"{own}.{ending}?{urlencode({**asked, **pictured})}"
    yield voice.say("Report to print"), f"{own}.report?{urlencode(asked)}"


def spec(view: View) -> str:
    """Return where a script finds the definitions of the charts."""
    query = urlencode({**view.choice.picked.said, "lang": view.voice.language})
    return f"{view.base}/campaigns/{view.campaign.slug}/chart.json?{query}"
