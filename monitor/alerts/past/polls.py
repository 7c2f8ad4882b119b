"""What rules of polls would have found, look by look."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerts.found import findings
from monitor.alerts.past.replay import Look, Past
from monitor.alerts.reading import ONE_WEEK, Seen
from monitor.alerts.rules import Poll as Rule
from monitor.collect.activity import activity
from monitor.collect.cycle import advanced, awaited, decided
from monitor.collect.names import Voted, watched
from monitor.model.campaign import Campaign
from monitor.model.poll import Poll, Tally
from monitor.model.race import Cycle, Event, Kind
from monitor.model.window import Resolution, Window
from monitor.store import polls
from monitor.store.store import Store

DECISIONS = frozenset({Kind.CONFIRMED, Kind.OVERTURNED})
"""What only the operator says."""

ENDS = frozenset({Kind.CLOSING, Kind.CLOSED})
CYCLES = 60
"""More than a year of weeks."""


@dataclass(frozen=True)
class Step:
    """How a week of a poll stood after a look, or a decision."""

    at: datetime
    poll: Poll
    cycle: Cycle


async def past(store: Store, campaign: Campaign, rules: Sequence[Rule], window: Window) -> Past:
    """Return what rules would have found in the polls of a campaign."""
    weeks = [week async for week in _weeks(store, campaign, window)]
    steps = sorted([step for week in weeks for step in [one async for one in week.steps()]], key=lambda one: one.at)
    inside = [step.at for step in steps if step.at in window]
    if not inside:
        return Past(None, doubts=("No poll was looked at in this time.",))
    looks = [_look(campaign, rules, steps, moment) for moment in sorted(set(inside))]
    return Past(Window(max(steps[0].at, window.start), window.end), looks, tuple(_doubts(steps[0].at, window)))


@dataclass(frozen=True)
class Week:
    """One week of a poll: how it is kept, and every look at it, oldest first."""

    store: Store
    campaign: Campaign
    poll: Poll
    kept: Cycle
    tallies: Sequence[Tally]
    now: datetime

    async def steps(self) -> AsyncIterator[Step]:
        """Yield how it stood, as was seen then: each look knows those before it only."""
        cycle = awaited(self.poll, self.kept.day)
        decisions = [event for event in self.kept.events if event.kind in DECISIONS]
        for number, tally in enumerate(self.tallies, start=1):
            while decisions and decisions[0].at <= tally.at:
                cycle = self._decided(cycle, decisions[0])
                yield Step(decisions.pop(0).at, self.poll, cycle)
            cycle = await self._looked(cycle, self.tallies[:number])
            yield Step(tally.at, self.poll, cycle)
        unseen = [one.at for one in self.kept.events if one.kind in ENDS and one.kind not in _kinds(cycle)]
        if unseen:  # later looks showed nothing, but the clock went on
            yield Step(max(*unseen, self.tallies[-1].at), self.poll, self.kept)
        for event in decisions:
            yield Step(event.at, self.poll, self._decided(cycle, event))

    def _decided(self, cycle: Cycle, event: Event) -> Cycle:
        return decided(cycle, self.kept.winner or "", event.at, event.option)

    async def _looked(self, cycle: Cycle, tallies: Sequence[Tally]) -> Cycle:
        """Return the cycle after a look; what people posted is asked only where it may explain a surge."""
        now = tallies[-1].at
        after = advanced(cycle, self.poll, tallies, now)
        is_kept = self.now - now < (Resolution.FIVE_MINUTES.retention or timedelta.max)
        if Kind.SURGE not in _kinds(after) or not is_kept:
            return after
        voted = Voted(self.poll, cycle)
        posted = await activity(self.store, watched(self.campaign, [voted], now), voted, now)
        return advanced(cycle, self.poll, tallies, now, posted)


async def _weeks(store: Store, campaign: Campaign, window: Window) -> AsyncIterator[Week]:
    for poll in campaign.polls:
        for cycle in await polls.cycles(store, campaign.slug, poll.name, CYCLES):
            tallies = await polls.tallies(store, campaign.slug, poll.name, cycle.day)
            if tallies and tallies[-1].at >= window.start - ONE_WEEK:
                yield Week(store, campaign, poll, cycle, tallies, window.end)


def _look(campaign: Campaign, rules: Sequence[Rule], steps: Sequence[Step], moment: datetime) -> Look:
    """Return what was found in this week's polls and last week's at a moment."""
    stood = {(step.poll.name, step.cycle.day): step.cycle for step in steps if step.at <= moment}
    days = [(poll, poll.named_day(moment) - back) for poll in campaign.polls for back in (ONE_WEEK, timedelta(0))]
    cycles = [stood[poll.name, day] for poll, day in days if (poll.name, day) in stood]
    return Look(moment, list(findings(Seen(campaign, moment, (), cycles=cycles), rules)))


def _kinds(cycle: Cycle) -> set[Kind]:
    return {event.kind for event in cycle.events}


def _doubts(begun: datetime, window: Window) -> Iterator[str]:
    long_ago = window.end - (Resolution.FIVE_MINUTES.retention or timedelta.max)
    if begun < long_ago:
        yield f"Whether posts explain a surge of votes is known from {long_ago:%Y-%m-%d} on; before, all are told."
