"""How much is posted under each name that is voted on, by the quarter of an hour: what a surge is held against."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from monitor.collect.names import Voted, hashtag_of
from monitor.model.campaign import Campaign
from monitor.model.metric import Metric, family_subject
from monitor.model.series import Frame
from monitor.model.window import Resolution, Window
from monitor.sources import is_press
from monitor.store import series
from monitor.store.store import Store
from monitor.trends.flags import Activity
from monitor.trends.frame import block, sure, together

QUARTER = timedelta(minutes=15)
_NOT_YET = 2
"""Quarters at the end that may not be known yet, because the platforms are asked every few minutes only."""


async def activity(store: Store, campaign: Campaign, voted: Voted, now: datetime) -> Activity | None:
    """Return the posts of each option's hashtag since the poll opened; None where none is looked for."""
    labels = voted.labels.items()
    subjects = {key: family_subject(of.key) for key, label in labels if (of := hashtag_of(campaign, voted.poll, label))}
    social = [name for name in await series.platforms(store, campaign.slug) if not is_press(name)]
    window = Window(_quarter(voted.begins), _quarter(now) + QUARTER)
    if not subjects or not social or window.end <= window.start:
        return None
    frame = await series.frame(
        store,
        campaign.slug,
        subjects=sorted(set(subjects.values())),
        platforms=social,
        metrics=[Metric.POSTS],
        window=window,
        resolution=Resolution.FIVE_MINUTES,
        zone=campaign.zone,
        now=now,
    )
    return quarters(frame, subjects)


def quarters(frame: Frame, subjects: dict[str, str]) -> Activity:
    """Return what a frame of five minutes holds of each option's subject; NaN where a platform was not watched."""
    social = [str(name) for name in frame.known.columns]
    known = frame.known.astype(bool)
    told = {
        key: together(sure(block(frame, Metric.POSTS, social, subject), known), social)
        for key, subject in subjects.items()
    }
    fine = pd.DataFrame(told)
    posts = fine.resample(QUARTER).sum(min_count=QUARTER // timedelta(seconds=Resolution.FIVE_MINUTES.seconds))
    blind = posts.isna().all(axis=1).to_numpy()
    late = min(int(np.argmin(blind[::-1])), _NOT_YET) if len(blind) and not blind.all() else 0
    posts = posts.iloc[: len(posts) - late]
    ends = pd.DatetimeIndex(posts.index).as_unit("s").asi8.astype(np.float64) + QUARTER.total_seconds()
    return Activity(ends, posts.to_numpy(dtype=np.float64), tuple(subjects))


def _quarter(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % QUARTER.total_seconds())
