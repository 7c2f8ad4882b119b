"""Whether a few posts made a spike: what the largest gained in it, beside what the largest usually gain."""

from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from monitor.model.finding import Cause, Driver, Spike
from monitor.model.rise import largest
from monitor.model.window import Window
from monitor.trends.drivers import ENOUGH, Suspect

TOP = 10
"""How many of the largest posts a crowd is held against."""

FEW = 3
"""The most posts that are named."""

LATELY = timedelta(days=14)
DAYS_KNOWN = 3
"""Over so many days the largest posts must be known to say what is usual of them; else half of the excess is asked."""

UNTOLD = 0.5


def posts(rises: pd.DataFrame, spike: Spike, whole: pd.Series) -> list[Suspect]:
    """Return the single posts that drove a spike, largest first; none where the largest is as large as usual.

    A post has no usual of its own, and is narrower than any part that holds it.
    """
    excess = spike.total - spike.expected
    found = largest(rises, spike.name, Window(spike.start, spike.end), FEW)
    if excess <= 0 or not found or found[0].gained / spike.total <= _usual(rises, spike, whole):
        return []
    return [
        Suspect(
            Driver(
                cause=Cause.POST,
                name=post.platform,
                value=post.gained,
                share=min(post.gained / excess, 1.0),
                at=post.at,
                link=post.link,
            ),
            explains=min(post.gained / excess, 1.0),
            surprise=np.inf,
        )
        for post in found
        if post.gained / excess >= ENOUGH
    ]


def top(rises: pd.DataFrame, metric: str, window: Window, total: float) -> tuple[int, float | None]:
    """Return how many of the largest posts are known, and what they had of a total; None where nobody can say."""
    found = largest(rises, metric, window, TOP)
    if not found or not total:
        return 0, None
    return len(found), min(sum(post.gained for post in found) / total, 1.0)


def _usual(rises: pd.DataFrame, spike: Spike, whole: pd.Series) -> float:
    """Return what part of the whole the largest post had in nine of ten earlier stretches of the same length."""
    earlier = rises[
        (rises["metric"] == spike.name) & (rises["at"] < spike.start) & (rises["at"] >= spike.start - LATELY)
    ]
    before = whole[(whole.index < spike.start) & (whole.index >= spike.start - LATELY)].dropna()
    if earlier.empty or earlier["at"].max() - earlier["at"].min() < timedelta(days=DAYS_KNOWN):
        return UNTOLD
    by_post = earlier.groupby([_ago(earlier["at"], spike), "platform", "post"])["gained"].sum()
    most = by_post.groupby(level=0).max()
    summed = before.groupby(_ago(before.index, spike)).sum()
    shares = (most / summed[summed > 0].reindex(most.index)).dropna()
    return float(np.quantile(shares, 0.9)) if len(shares) else UNTOLD


def _ago(hours: pd.Series | pd.Index, spike: Spike) -> npt.NDArray[np.int64]:
    """Return how many lengths of the spike before it each hour lies."""
    seconds = (pd.Timestamp(spike.start) - pd.DatetimeIndex(hours)).total_seconds()
    return np.asarray(np.ceil(seconds / (spike.end - spike.start).total_seconds()), dtype=np.int64)
