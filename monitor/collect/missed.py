"""About how much the gaps of a campaign's sources hid, for `monitor status`: by the same rule as in briefs."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pandas as pd

from monitor.collect.report import LOOKED_BACK, Report
from monitor.model.campaign import Campaign
from monitor.model.metric import WHOLE, Metric
from monitor.model.series import Frame
from monitor.model.sighting import SourceState
from monitor.model.window import Resolution, Window
from monitor.store import series
from monitor.store.store import Store
from monitor.trends.coverage import usable
from monitor.trends.loss import AROUND, lost


async def estimated(
    store: Store,
    campaign: Campaign,
    reports: Sequence[Report],
    states: Sequence[SourceState],
    *,
    press: Collection[str],
    now: datetime,
) -> list[Report]:
    """Return the reports, those with gaps with an estimate; `press` are the platforms that bring articles."""
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
    return [_with_loss(report, hours, watched, press) for report in reports]


def _with_loss(report: Report, hours: Frame, watched: pd.DataFrame, press: Collection[str]) -> Report:
    metric = Metric.ARTICLES if report.platform in press else Metric.POSTS
    missed = lost(report.gaps, hours, watched, report.platform, metric) if report.gaps else None
    return report.model_copy(update={"lost": missed})
