"""`/campaigns/{slug}/polls/{poll}`: the race of a week over time, what happened, what looks odd, and all weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from monitor.charts import race as drawing
from monitor.digest import naming, race, street
from monitor.fetch.beside import beside
from monitor.model.campaign import Campaign
from monitor.model.poll import Poll
from monitor.model.poll_week import PollWeek
from monitor.model.race import FLAGS, Cycle, Event, Kind, Stage
from monitor.store import polls
from monitor.web.gate import Who
from monitor.web.kept import Kept
from monitor.web.polls import all_weeks, due, meant, week
from monitor.web.site.choice import Picked, choice
from monitor.web.site.proof import proofs
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.words.voice import Voice

MOST_DRAWN = 60  # races in memory: some kilobytes each
RUNNING = frozenset({Stage.OPEN, Stage.CLOSING})
UNTOLD = FLAGS | {Kind.FOUND}  # flags have a place of their own, the first look is the first row of the table
PollName = Annotated[str, Path(max_length=60)]


def poll(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(default_response_class=HTMLResponse)
    races = Races(site)

    @router.get("/campaigns/{slug}/polls/{name}")
    async def newest(
        request: Request, slug: str, name: PollName, who: Annotated[Who, Depends(site.reader)]
    ) -> HTMLResponse:
        campaign, own = meant(site.desk, slug, name)
        weeks = await all_weeks(site.desk, campaign, own)
        told = polls.newest(weeks) or weeks[0]
        return await races.page(request, who, Asked(campaign, own, told.day, weeks))

    @router.get("/campaigns/{slug}/polls/{name}/{day}")
    async def one(
        request: Request, slug: str, name: PollName, day: date, who: Annotated[Who, Depends(site.reader)]
    ) -> HTMLResponse:
        campaign, own = meant(site.desk, slug, name)
        return await races.page(request, who, Asked(campaign, own, day, await all_weeks(site.desk, campaign, own)))

    return router


@dataclass(frozen=True)
class Asked:
    """The week of a poll that somebody wants to see, and those beside it."""

    campaign: Campaign
    own: Poll
    day: date
    weeks: Sequence[Cycle]


class Races:
    """Pages of races; each is drawn once for all who look, until there is another look at its poll."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._drawn: Kept[tuple[object, ...], str] = Kept(site.desk.clock, MOST_DRAWN)

    async def page(self, request: Request, who: Who, asked: Asked) -> HTMLResponse:
        """Return the page of a week on the clock that the visitor picked, else on the campaign's."""
        now = self._site.desk.clock.now()
        picked = Picked(zone=Picked.of(request.query_params).zone)
        zone = choice(picked, asked.campaign, now).zone
        speaks = speaking(request, zone)
        found, looks = await week(self._site.desk, asked.campaign, asked.own, asked.day)
        cycle = found.cycle
        shown: dict[str, Any] = {
            "campaign": asked.campaign, "week": found, "cycle": cycle, "weeks": asked.weeks, "picked": picked,
            "race": race, "title": naming.title(cycle, [cycle] * len(asked.campaign.polls), speaks),
            "clock": said(found, speaks, now, due(self._site.desk, asked.campaign, asked.own, cycle)),
            "is_running": cycle.stage in RUNNING,
            "kept": speaks.count("{n} look is kept.", "{n} looks are kept.", len(looks)),
            "drawing": await self._drawing(asked, found, speaks, zone), "alt": naming.alt(found, speaks),
            "rows": list(rows(found)), "events": events(cycle),
            "proofs": proofs(cycle, looks, speaks),
            "street": street.section(found.friday, speaks) if found.friday else None,
        }  # fmt: skip
        return self._site.page(request, "poll.html", who, zone, **shown)

    async def _drawing(self, asked: Asked, found: PollWeek, voice: Voice, zone: str) -> Markup | None:
        """Return the chart as markup of our own making; None when there is nothing to draw."""
        if not any(len(course.points) > 1 for course in found.courses):
            return None
        cycle = found.cycle
        key = (asked.campaign.slug, cycle.poll, cycle.day, cycle.looked_at, cycle.stage, voice.language, zone)
        return Markup(await self._drawn.get(key, lambda: beside(drawing.svg, found, zone, voice)))  # noqa: S704


def said(found: PollWeek, voice: Voice, now: datetime, looked: datetime | None) -> list[str]:
    """Return when it opens or closes, how fast votes come, of when the numbers are, and when it is looked at next."""
    cycle = found.cycle
    opens = None
    if cycle.stage is Stage.AWAITED and now < found.opens_at:
        opens = voice.say("It usually opens {moment}.", moment=voice.moment(found.opens_at))
    pace = race.pace(cycle.standing, voice) if cycle.standing and cycle.stage in RUNNING else None
    coming = voice.say("The next look is due {moment}.", moment=voice.moment(looked)) if looked else None
    told = (opens, race.clock(cycle, voice, now), pace, race.seen(cycle, voice, now), coming)
    return [sentence for sentence in told if sentence]


def events(cycle: Cycle) -> list[Event]:
    """Return what happened, oldest first; changes of the lead are known from all looks."""
    changes = cycle.standing.lead_changes if cycle.standing else ()
    others = [told for told in cycle.events if told.kind not in UNTOLD and told.kind is not Kind.LEAD_CHANGE]
    return sorted([*changes, *others], key=lambda told: told.at)


def rows(found: PollWeek) -> Iterator[tuple[datetime, list[float | None]]]:
    """Yield the table behind the chart: at each look every option's share, newest first."""
    courses = found.courses[: drawing.MOST]
    yield from ((points[0][0], [share for _, share in points]) for points in zip(
        *(course.points[::-1] for course in courses), strict=True
    ))  # fmt: skip
