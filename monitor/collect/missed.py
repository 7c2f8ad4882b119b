"""How all sources of a campaign are doing, and about how much their gaps hid: by the same rule as in briefs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import pandas as pd

from monitor.collect.report import LOOKED_BACK, Report, told
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.window import Resolution, Window
from monitor.sources import is_press
from monitor.store import runs, series
from monitor.store.store import Store
from monitor.trends.coverage import usable
from monitor.trends.loss import AROUND, lost


async def reports(
    store: Store, campaign: Campaign, asked: Iterable[tuple[Report, timedelta]], now: datetime
) -> list[Report]:
    """Return how sources are doing, given each one's empty report and how often it is asked."""
    states = {state.name: state for state in await runs.states(store, campaign.slug)}
    found = [told(report, states.get(report.source), every=every, now=now) for report, every in asked]
    return await _estimated(store, campaign, found, [*states.values()], now)


async def _estimated(
    store: Store, campaign: Campaign, reports: Sequence[Report], states: Sequence[SourceState], now: datetime
) -> list[Report]:
    """Return the reports, those with gaps with an estimate of what these hid."""
    holed = sorted({report.platform for report in reports if report.gaps})
    if not holed:
        return list(reports)
    hours = await series.frame(
        store,
        campaign.slug,
        subjects=[WHOLE],
        platforms=holed,
        metrics=[Metric.POSTS, Metric.ARTICLES],
        window=Window(now - LOOKED_BACK - AROUND, now),
        resolution=Resolution.HOUR,
        zone=campaign.zone,
        now=now,
    )
    watched = usable(hours, states, now)
    return [_with_loss(report, hours, watched) for report in reports]


def _with_loss(report: Report, hours: Frame, watched: pd.DataFrame) -> Report:
    metric = Metric.ARTICLES if is_press(report.platform) else Metric.POSTS
    missed = lost(report.gaps, hours, watched, report.platform, metric) if report.gaps else None
    return report.model_copy(update={"lost": missed})
