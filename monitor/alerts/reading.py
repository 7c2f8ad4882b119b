"""What is read of one campaign to see which rules hold: no more than its rules ask for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from monitor import sources
from monitor.alerts import press
from monitor.alerts.muting import Blind
from monitor.alerts.rules import FirstOutlet, Number, Poll, Rule, Spike, Threshold
from monitor.collect import polls as following
from monitor.model.brief import Headline
from monitor.model.campaign import Campaign
from monitor.model.gaps import is_imported
from monitor.model.metric import WHOLE, Metric, family_subject, spelling_subject
from monitor.model.race import Cycle
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.spelling import fold, spelled
from monitor.model.window import Resolution, Window
from monitor.store import polls, runs, series
from monitor.store.store import Store
from monitor.trends.breaks import since
from monitor.trends.coverage import MOST, usable
from monitor.trends.frame import block, sure
from monitor.trends.frame import counted as came_in

HISTORY = timedelta(weeks=5, hours=2)
"""How far back the usual level looks."""

ONE_WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Seen:
    """One campaign at one moment. `hours` and `usable` are None where no rule asks for numbers.

    `first` is the first article of all by region (`any` for all), where it is fresh.
    """

    campaign: Campaign
    now: datetime
    sources: Sequence[SourceState]
    hours: Frame | None = None
    usable: pd.DataFrame | None = None
    cycles: Sequence[Cycle] = ()
    first: Mapping[str, Headline] = field(default_factory=dict)

    @property
    def blind(self) -> Blind:
        """The platforms that are not seen now: one dead feed of ten blinds nobody, one of two only those that fall."""
        asked = [one for one in self.sources if not is_imported(one) and one.runs]
        up = Counter(one.platform for one in asked if one.runs[0].outcome.is_up)
        many = Counter(one.platform for one in asked)
        partly = frozenset(name for name, count in many.items() if up[name] < MOST * count)
        return Blind(partly, frozenset(name for name in many if not up[name]))

    def cells(self, metric: Metric, subject: str) -> pd.DataFrame:
        """Return the hours of one number by platform, NaN where nobody looked."""
        return self._hours(metric, subject, sure)

    def at_least(self, metric: Metric, subject: str) -> pd.DataFrame:
        """Return the same with what came in where only some sources of a platform were seen: a lower bound."""
        return self._hours(metric, subject, came_in)

    def _hours(self, metric: Metric, subject: str, of: Callable[..., pd.DataFrame]) -> pd.DataFrame:
        if self.hours is None or self.usable is None:
            return pd.DataFrame()
        names = self.hours.known.columns
        wanted = [str(name) for name in names if sources.is_press(str(name)) == (metric is Metric.ARTICLES)]
        return of(block(self.hours, metric, wanted, subject), self.usable)


def looked_at(seen: Seen, rule: Number, subject: str, since: datetime | None = None) -> pd.DataFrame:
    """Return the hours that a rule looks at. What rises is seen where only some sources of a platform are.

    A limit that a lower bound reaches is reached; of a spike, only the last day (or what is `since`) is a lower bound.
    """
    if isinstance(rule, Threshold) and rule.above is not None:
        return seen.at_least(rule.what, subject)
    known = seen.cells(rule.what, subject)
    is_booked_late = rule.what is Metric.IMPRESSIONS  # the hour after a gap holds what came in it
    if known.empty or is_booked_late or not isinstance(rule, Spike):
        return known
    is_late = known.index >= (seen.now - ONE_DAY if since is None else since)
    return pd.concat([known[~is_late], seen.at_least(rule.what, subject)[is_late]])


def subject_of(campaign: Campaign, hashtag: str | None) -> str | None:
    """Return the subject that a rule's hashtag means: the whole, a family or a spelling; None when it is not listed."""
    if hashtag is None:
        return WHOLE
    for family in campaign.families:
        if fold(hashtag) == family.key:
            return family_subject(family.key)
        if fold(hashtag) in family.folds:
            return spelling_subject(family.key, spelled(hashtag))
    return None


async def seen(store: Store, campaign: Campaign, rules: Sequence[Rule], now: datetime) -> Seen:
    """Read what these rules need to know of a campaign."""
    states = await runs.states(store, campaign.slug)
    numbers = [rule for rule in rules if isinstance(rule, Number)]
    regions = {rule.region for rule in rules if isinstance(rule, FirstOutlet)}
    hours, cycles, first = await asyncio.gather(
        counted(store, campaign, numbers, Window(now - HISTORY, now)),
        _cycles(store, campaign, rules, now),
        press.first(store, campaign, regions, now),
    )
    if hours is None:
        return Seen(campaign, now, states, cycles=cycles, first=first)
    return Seen(campaign, now, states, since(hours, campaign.breaks), usable(hours, states, now), cycles, first)


async def counted(store: Store, campaign: Campaign, rules: Sequence[Number], window: Window) -> Frame | None:
    """Read what was counted by the hour of everything that rules look at; None where none looks at numbers."""
    subjects = {subject for rule in rules if (subject := subject_of(campaign, rule.hashtag))}
    if not subjects:
        return None
    metrics = {rule.what for rule in rules}
    metrics |= {Metric.MEASURED_POSTS} if Metric.IMPRESSIONS in metrics else set()
    return await series.frame(
        store,
        campaign.slug,
        subjects=sorted(subjects),
        platforms=await series.platforms(store, campaign.slug),
        metrics=sorted(metrics),
        window=window,
        resolution=Resolution.HOUR,
        zone=campaign.zone,
        now=window.end,
    )


async def _cycles(store: Store, campaign: Campaign, rules: Sequence[Rule], now: datetime) -> list[Cycle]:
    """Return the polls that may have news: this week's, and last week's, which may still be confirmed."""
    if not any(isinstance(rule, Poll) for rule in rules):
        return []
    found = []
    for poll in campaign.polls:
        this = await following.current(store, campaign.slug, poll, now)
        last = await polls.cycle(store, campaign.slug, poll.name, this.day - ONE_WEEK)
        found += [last, this] if last else [this]
    return found
