"""What the store holds of a number by the hour, as one series with its gaps."""

from datetime import timedelta

import pandas as pd

from monitor import app, sources
from monitor.errors import MonitorError
from monitor.model.campaign import Campaign
from monitor.model.metric import ENGAGEMENT, WHOLE, Metric, family_subject, spelling_subject
from monitor.model.spelling import fold, spelled
from monitor.model.window import Resolution, Window
from monitor.store import runs, series
from monitor.trends.coverage import usable
from monitor.trends.frame import block, sure, tellers, together

NUMBERS = {
    "posts": (Metric.POSTS,),
    "impressions": (Metric.IMPRESSIONS,),
    "engagement": ENGAGEMENT,
    "articles": (Metric.ARTICLES,),
}
"""What can be played again, and the series it is the sum of."""


async def by_hour(monitor: app.Monitor, campaign: Campaign, number: str, spelling: str | None, days: int) -> pd.Series:
    """Return the whole hours of the last days; NaN where a platform that counts was not watched."""
    now, store = monitor.clock.now(), monitor.store
    end = now.replace(minute=0, second=0, microsecond=0)
    subject = WHOLE if spelling is None else _subject(campaign, spelling)
    known = await series.platforms(store, campaign.slug)
    chosen = [name for name in known if sources.is_press(name) == (number == "articles")]
    frame = await series.frame(
        store,
        campaign.slug,
        subjects=[subject],
        platforms=chosen,
        metrics=NUMBERS[number],
        window=Window(end - timedelta(days=days), end),
        resolution=Resolution.HOUR,
        zone=campaign.zone,
        now=now,
    )
    states = await runs.states(store, campaign.slug)
    watched = usable(frame, states, now)
    first, *others = (sure(block(frame, metric, chosen, subject), watched) for metric in NUMBERS[number])
    cells = sum(others, first)
    if number != "posts" and not tellers(cells):
        cells = cells.mask(cells == 0)  # where nobody ever told a number, its zeros are no counts
    return together(cells, {state.platform for state in states})


def _subject(campaign: Campaign, written: str) -> str:
    """Return the subject of one of the campaign's spellings, or of the whole family of a hashtag."""
    asked = spelled(written.lstrip("#"))
    for family in campaign.families:
        if asked in family.spellings:
            return spelling_subject(family.key, asked)
        if fold(written) == family.key:
            return family_subject(family.key)
    told = ", ".join(f"#{one}" for family in campaign.families for one in family.spellings)
    raise MonitorError(f"{campaign.slug} does not list {written}; it lists {told}")
