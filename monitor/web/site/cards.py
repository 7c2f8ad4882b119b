"""A campaign on one card: its verdict, its numbers by class, its polls, and how well it is seen. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.digest import figures, naming, race, sentences, terms
from monitor.digest.figures import Figure
from monitor.digest.health import is_well
from monitor.model.brief import Brief, Total
from monitor.model.campaign import Campaign
from monitor.model.poll_week import PollWeek
from monitor.model.race import Cycle
from monitor.sources import is_press
from monitor.web.site.spark import Spark, spark
from monitor.words.voice import Voice

NUMBERS = ("impressions", "potential_reach", "engagement", "posts", "articles")
"""One of each class: measured, potential, engagement, volume, press. They are never added together."""

OF_PRESS = ("articles", "stories", "outlets")
"""The numbers of a campaign that watches nothing but the press."""

IF_TOLD = frozenset({"articles"})  # a campaign without sources of the press has no line for it
MOST_NAMED = 3  # sources in trouble


class Sight(StrEnum):
    """How well a campaign is seen."""

    GOOD = "good"
    DOUBT = "doubt"
    BAD = "bad"


@dataclass(frozen=True)
class PollCard:
    """A poll in two lines; `share` (0 to 1) is that of whoever leads."""

    name: str
    title: str
    news: str
    share: float | None
    percent: str
    cycle: Cycle

    def clock(self, voice: Voice, now: datetime) -> str | None:
        """Return when it closes, and in how long."""
        return race.clock(self.cycle, voice, now)


@dataclass(frozen=True)
class Card:
    """One campaign; of one without a brief there is only its name, and whether the first one is being made."""

    slug: str
    title: str
    state: str = ""
    verdict: str = ""
    spark: Spark | None = None
    alt: str = ""
    numbers: tuple[Figure, ...] = ()
    polls: tuple[PollCard, ...] = ()
    sight: Sight = Sight.DOUBT
    seen: str = ""
    against: str = ""
    made_at: datetime | None = None
    is_coming: bool = False

    def age(self, voice: Voice, now: datetime) -> str:
        """Return of when all this is."""
        if self.made_at is None:
            return ""
        length = voice.lasting(max(now - self.made_at, timedelta(minutes=1)))
        moment, zone = voice.moment(self.made_at), voice.zone_name()
        return voice.say("As of {moment} ({zone}), {length} ago.", moment=moment, zone=zone, length=length)


def bare(campaign: Campaign, voice: Voice, *, is_coming: bool) -> Card:
    """Return the card of a campaign of which nothing is known yet."""
    return Card(campaign.slug, voice.foreign(campaign.titles.get(voice.language, campaign.title)), is_coming=is_coming)


def card(brief: Brief, voice: Voice) -> Card:
    """Return what a card says of a brief; strings and numbers are those of its mail."""
    line, (sight, seen) = sentences.drawn(brief), _seen(brief, voice)
    return Card(
        slug=brief.campaign,
        title=terms.title(brief, voice),
        state=brief.state.value,
        verdict=sentences.verdict(brief, voice),
        spark=spark(line) if line else None,
        alt=sentences.chart_alt(brief, voice),
        numbers=tuple(figures.figure(total, brief, voice) for total in _totals(brief)),
        polls=tuple(_poll(week, brief, voice) for week in brief.polls),
        sight=sight,
        seen=seen,
        against=voice.say("Changes are against {reference}.", reference=terms.before(brief, voice)),
        made_at=brief.made_at,
    )


def _totals(brief: Brief) -> list[Total]:
    if brief.sources and all(is_press(source.platform) for source in brief.sources):
        return [total for name in OF_PRESS if (total := brief.total(name))]
    found = [total for name in NUMBERS if (total := brief.total(name))]
    return [total for total in found if total.name not in IF_TOLD or terms.is_told(total.now)]


def _poll(week: PollWeek, brief: Brief, voice: Voice) -> PollCard:
    stood = week.cycle.standing if naming.is_live(week, brief) else None
    share = stood.lines[0].share if stood and stood.lines else None
    return PollCard(
        name=week.cycle.poll,
        title=naming.title(week.cycle, [other.cycle for other in brief.polls], voice),
        news=race.news(week.cycle, voice),
        share=None if share is None else min(max(share, 0.0), 1.0),
        percent="" if share is None else voice.percent(share),
        cycle=week.cycle,
    )


def _seen(brief: Brief, voice: Voice) -> tuple[Sight, str]:
    """Return how well the campaign was seen, in words."""
    asked = [source for source in brief.sources if not source.imported]
    troubled = [source for source in asked if not is_well(source)]
    if not asked:
        return Sight.DOUBT, voice.say("No source was asked yet.")
    if not troubled:
        return Sight.GOOD, voice.count(
            "{n} source answered without a gap.", "{n} sources answered without a gap.", len(asked)
        )
    names = voice.listed([voice.foreign(source.name) for source in troubled[:MOST_NAMED]])
    number = voice.count("{n} source has trouble", "{n} sources have trouble", len(troubled))
    is_dark = not any(source.outcome is not None and source.outcome.is_up for source in asked)
    return Sight.BAD if is_dark else Sight.DOUBT, f"{number}: {names}{'' if len(troubled) <= MOST_NAMED else ' …'}"
