"""What rules of numbers would have found at the end of every hour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, takewhile

import pandas as pd

from monitor.alerts.found import findings
from monitor.alerts.numbers import would_fire
from monitor.alerts.past.replay import Look, Past
from monitor.alerts.past.sources import Sources, sources
from monitor.alerts.press import EVER
from monitor.alerts.reading import HISTORY, Seen, counted, looked_at, subject_of
from monitor.alerts.rules import Number
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.store.store import Store
from monitor.trends.breaks import since
from monitor.trends.coverage import usable
from monitor.trends.rule import RULE
from monitor.trends.spikes import HOUR

EAGER = 0.7
"""Where the detector finds nothing with so much of the score, it is not asked about every hour apart: that would take
minutes. What it finds with all of the score differs by far less, whether it knows five weeks or a year."""


@dataclass(frozen=True)
class Hours:
    """What was counted over a long stretch, how the sources did, and the rules that look at it."""

    whole: Seen
    sources: Sources
    rules: Sequence[Number]

    def at(self, moment: datetime) -> Seen:
        """Return what was seen at a moment."""
        frame, mask = self.whole.hours, self.whole.usable
        states = self.sources.at(moment)
        if frame is None or mask is None:
            return replace(self.whole, now=moment, sources=states)
        hours = since(frame.within(Window(moment - HISTORY, moment)), self.whole.campaign.breaks)
        return replace(self.whole, now=moment, sources=states, hours=hours, usable=mask.loc[hours.known.index])

    def looks(self, known: Window) -> Iterator[Look]:
        """Yield what was found at the end of each hour."""
        held = [stretch for rule in self.rules for stretch in self._about(rule)]
        for moment in takewhile(lambda at: at <= known.end, (known.start + number * HOUR for number in count(1))):
            seen = self.at(moment)
            told = list(findings(seen, self.rules)) if any(moment in stretch for stretch in held) else []
            yield Look(moment, told, seen.blind)

    def _about(self, rule: Number) -> Iterator[Window]:
        """Yield the stretches outside of which a rule found nothing."""
        campaign, subject = self.whole.campaign, subject_of(self.whole.campaign, rule.hashtag)
        cells = looked_at(self.whole, rule, subject, EVER) if subject else pd.DataFrame()
        if cells.empty or subject is None:
            return
        posts = self.whole.cells(Metric.MEASURED_POSTS, subject) if rule.what is Metric.IMPRESSIONS else None
        for one in would_fire(rule, cells, campaign.zone, posts=posts, eager=EAGER):
            yield Window(one.start, one.end + RULE.lull + 2 * HOUR)


async def past(store: Store, campaign: Campaign, rules: Sequence[Number], window: Window) -> Past:
    """Return what rules would have found in the numbers of a campaign."""
    end = window.end.replace(minute=0, second=0, microsecond=0)
    frame = await counted(store, campaign, rules, Window(window.start - HISTORY, end))
    if frame is None:
        return Past(None, doubts=("No such hashtag is counted.",))
    asked = await sources(store, campaign.slug)
    mask = usable(frame, [one.state for one in asked.asked], end)
    watched = mask.index[mask.any(axis=1)]
    if watched.empty:
        return Past(None, doubts=("No whole hour was watched yet.",))
    begun = max(watched[0].to_pydatetime(), window.start.replace(minute=0, second=0, microsecond=0))
    hours = Hours(Seen(campaign, end, (), frame, mask), asked, rules)
    known = Window(begun, end)
    return Past(Window(begun, window.end), list(hours.looks(known)), tuple(_doubts(asked, known)))


def _doubts(asked: Sources, known: Window) -> Iterator[str]:
    begun = min((one.runs[0].started_at for one in asked.asked), default=known.end)
    if begun - known.start > timedelta(days=1):
        told = f"{begun:%Y-%m-%d %H:%M} UTC" if asked.asked else "now"
        yield f"Which sources were blind before {told} is not kept: what that would have muted is told here."
