"""`/alerts`: what goes on, what is silent and until when, what was told; whoever may, begins a silence or ends one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from monitor.alerts import board, silencing
from monitor.alerts.finding import Active, Finding, Kind, Message, Muted, Silence
from monitor.alerts.rules import HOUSE
from monitor.alerts.silencing import PARTS, Known, Wish
from monitor.alerts.text import AGAIN, Speaker
from monitor.digest import terms
from monitor.errors import MonitorError, StoreError
from monitor.model.campaign import Campaign
from monitor.model.person import Scope
from monitor.web.gate import Who
from monitor.web.problem import Problem
from monitor.web.sentences import WORDS
from monitor.web.site.shell import Site
from monitor.web.site.visitor import speaking
from monitor.words.voice import Voice, message

ON_A_PAGE = 30
LENGTHS = {f"{hours}h": timedelta(hours=hours) for hours in (1, 2, 8, 24, 72, 168)}
ALL = "*"  # no campaign is called like this
SEVERITIES = {"info": message("info"), "warning": message("warning"), "critical": message("critical")}
UNTOLD = {
    None: message("not told yet"),
    Muted.SILENCED: message("silenced"),
    Muted.PART: message("part of something that was told"),
    Muted.BLIND: message("not told: what it depends on is not seen"),
}
TOLD = {
    None: message("told {moment}"),
    Muted.SILENCED: message("told {moment}, silenced since"),
    Muted.PART: UNTOLD[Muted.PART],  # told with its whole
    Muted.BLIND: message("told {moment}, muted since: what it depends on is not seen"),
}
KINDS: dict[str, str] = {
    Kind.SPIKE: message("Spikes"),
    Kind.DROP: message("Drops"),
    Kind.ABOVE: message("Limit reached"),
    Kind.BELOW: message("Fell below a limit"),
    "threshold": message("Any limit"),
    Kind.POLL: message("Polls"),
    Kind.FIRST_OUTLET: message("First articles"),
    Kind.BLIND: message("Blind sources"),
    Kind.SILENT: message("Silent sources"),
    "source": message("Blind or silent sources"),
    Kind.BUDGET: message("Allowances"),
}
"""What a silence can cover: kinds of findings, and rules by the name they have while they are given none."""
EXAMPLE = """\
[[alerts.channels]]
name = "desk"
address = "desk@example.org"

[[alerts.rules]]
on = "spike"
"""
"""What an operator who has set no rule may begin with."""

DONE = {
    "begun": message("The silence has begun."),
    "ended": message("The silence has ended."),
    "over": message("This silence was over already: its time was up, or somebody else ended it."),
}

Chosen = Annotated[str, Field(max_length=100)]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{1,16}$")]
After = Annotated[str | None, Query(max_length=64)]


class Wanted(BaseModel):
    """What the form of a silence says."""

    campaign: Annotated[Chosen, Field(min_length=1)]
    length: str
    rule: Chosen = ""
    source: Chosen = ""
    because: str = Field("", max_length=300)

    def wish(self, by: str) -> Wish:
        """Return what somebody wants silence of; raise MonitorError for a length that is none."""
        named = zip(PARTS, ("" if self.campaign == ALL else self.campaign, self.rule, self.source), strict=True)
        parts = {part: name for part, name in named if name}
        return Wish(parts, silencing.lasts(self.length), self.because, by)


def alerts(site: Site) -> APIRouter:
    """Return the routes; what changes something leads back to the page, so that loading it again changes nothing."""
    router = APIRouter(prefix="/alerts", default_response_class=HTMLResponse)
    desk = site.desk
    Operator = Annotated[Who, Depends(site.operator)]  # noqa: N806 - a type

    @router.get("")
    async def show(
        request: Request, who: Annotated[Who, Depends(site.reader)], after: After = None, done: str = ""
    ) -> HTMLResponse:
        shown = await _shown(site, speaking(request, site.zone), after)
        may = Scope.SILENCE in who.scopes
        return site.page(request, "alerts.html", who, site.zone, may=may, done=DONE.get(done), **shown)

    @router.post("/silences")
    async def begin(request: Request, who: Operator, wanted: Annotated[Wanted, Form()]) -> RedirectResponse:
        try:
            await silencing.begin(desk.store, wanted.wish(who.name), desk.house.silenceable(), desk.clock.now())
        except StoreError:
            raise
        except MonitorError as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
        return _back(request, "begun")

    @router.post("/silences/{name}/end")
    async def end(request: Request, name: Id, _: Operator) -> RedirectResponse:
        try:
            await silencing.end(desk.store, [name])
        except StoreError:
            raise
        except MonitorError:
            return _back(request, "over")
        return _back(request, "ended")

    return router


async def _shown(site: Site, voice: Voice, after: str | None) -> dict[str, Any]:
    desk = site.desk
    told = await board.told(desk.store, ON_A_PAGE + 1, after)
    return {
        "page": Page(voice, {one.slug: one for one in desk.house.campaigns()}),
        "board": await board.board(desk.store, desk.clock.now(), most=0),
        "told": told[:ON_A_PAGE],
        "older": told[ON_A_PAGE - 1].id if len(told) > ON_A_PAGE else None,
        "after": after,
        "known": desk.house.silenceable(),
        "lengths": LENGTHS,
        "has_rules": desk.house.has_rules(),
        "example": EXAMPLE,
    }


@dataclass(frozen=True)
class Choice:
    """One thing to choose in the form: what the form sends for each name."""

    part: str
    label: str
    names: Sequence[tuple[str, str]]
    is_needed: bool = False


@dataclass(frozen=True)
class Page:
    """What the page says, in the visitor's language."""

    voice: Voice
    campaigns: dict[str, Campaign]

    @property
    def speaker(self) -> Speaker:
        return Speaker(self.voice, self.campaigns, WORDS)

    def title(self, slug: str) -> str:
        """Return a campaign's title; what belongs to none belongs to the monitor."""
        if slug == HOUSE:
            return self.voice.say("The monitor")
        known = self.campaigns.get(slug)
        return self.voice.foreign(known.titles.get(self.voice.language, known.title) if known else slug)

    def severity(self, finding: Finding) -> str:
        return self.voice.say(SEVERITIES[finding.severity])

    def told(self, one: Active) -> str:
        """Return whether something was told, and why it is not, or not any more."""
        moment = self.voice.moment(one.told) if one.told else ""
        return self.voice.say((TOLD if one.told else UNTOLD)[one.muted], moment=moment)

    def sentences(self, one: Message) -> list[tuple[Finding, str]]:
        """Return what a message said, thing by thing."""
        speaker = self.speaker
        again = [(each, self.voice.say(AGAIN, sentence=speaker.sentence(each))) for each in one.again]
        new = [(each, speaker.sentence(each)) for each in one.new]
        over = [(each, speaker.over(each)) for each in one.over]
        return [*new, *again, *over, *((each, speaker.ended(each)) for each in one.ended)]

    def covers(self, one: Silence) -> str:
        """Return what a silence covers."""
        parts = (
            self.campaign(one.campaign) if one.campaign else "",
            self.rule(one.rule) if one.rule else "",
            self.source(one.source) if one.source else "",
        )
        return self.voice.listed([part for part in parts if part]) or self.voice.say("Everything")

    def campaign(self, slug: str) -> str:
        """Return a campaign's title, apart from that of another."""
        return self._apart({one: self.title(one) for one in {*self.campaigns, slug}}, slug)

    def rule(self, name: str) -> str:
        """Return a kind of rule in words; a rule that has a name of its own keeps it."""
        return self.voice.say(KINDS[name]) if name in KINDS else self.voice.foreign(name)

    def source(self, name: str) -> str:
        """Return a platform in words; a source that has a name of its own keeps it."""
        if name not in terms.PLATFORMS:
            return self.voice.foreign(name)
        return self._apart({one: terms.platform(one, self.voice) for one in terms.PLATFORMS}, name)

    def _apart(self, called: Mapping[str, str], name: str) -> str:
        """Return what something is called, with its name in the settings where another is called the same."""
        is_alone = list(called.values()).count(called[name]) == 1
        return called[name] if is_alone else f"{called[name]} ({self.voice.foreign(name)})"

    def choices(self, known: Known) -> list[Choice]:
        """Return what a silence can be of; a campaign must be chosen, so that nobody silences everything by a slip."""
        say, unchosen = self.voice.say, ("", self.voice.say("Choose …"))
        campaigns = [(one, self.campaign(one)) for one in sorted(known.campaigns)]
        rules = [(one, self.rule(one)) for one in sorted(known.rules)]
        sources = [(one, self.source(one)) for one in sorted(known.sources)]
        return [
            Choice("campaign", say("Campaign"), [unchosen, *campaigns, (ALL, say("All campaigns"))], is_needed=True),
            Choice("rule", say("Rule"), [("", say("All rules")), *rules]),
            Choice("source", say("Source"), [("", say("All sources")), *sources]),
        ]


def _back(request: Request, done: str) -> RedirectResponse:
    return RedirectResponse(f"{request.scope.get('root_path', '')}/alerts?done={done}", HTTPStatus.SEE_OTHER)
