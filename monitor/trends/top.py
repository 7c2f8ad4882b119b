"""Whether a few posts made a spike: what the largest gained in it, beside what the largest usually gain."""

from datetime import timedelta

import numpy as np
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
"""Over so many days the largest posts must be known to say what is usual of them; else half of what was expected is."""

UNTOLD = 0.5
NINE_OF_TEN = 0.9


def posts(rises: pd.DataFrame, spike: Spike) -> list[Suspect]:
    """Return the single posts that drove a spike, largest first; none where the largest is as large as usual.

    A post is narrower than any part that holds it, and what it explains is what it has above the usual largest.
    """
    excess = spike.total - spike.expected
    usual = _usual(rises, spike)
    found = largest(rises, spike.name, Window(spike.start, spike.end), FEW)
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
            explains=min((post.gained - usual) / excess, 1.0),
            surprise=np.inf,
        )
        for post in found
        if excess > 0 and post.gained - usual >= ENOUGH * excess
    ]


def top(rises: pd.DataFrame, metric: str, window: Window, total: float) -> tuple[int, float | None]:
    """Return how many of the largest posts are known, and what they had of a total; None where nobody can say."""
    found = largest(rises, metric, window, TOP)
    if not found or not total:
        return 0, None
    return len(found), min(sum(post.gained for post in found) / total, 1.0)


def _usual(rises: pd.DataFrame, spike: Spike) -> float:
    """Return what the largest post had at most in nine of ten earlier stretches of the same length; else a half."""
    earlier = rises[(rises["metric"] == spike.name) & (rises["at"] < spike.start)]
    lately = earlier[earlier["at"] >= spike.start - LATELY]
    if lately.empty or lately["at"].max() - lately["at"].min() < timedelta(days=DAYS_KNOWN):
        return UNTOLD * spike.expected
    seconds = (pd.Timestamp(spike.start) - pd.DatetimeIndex(lately["at"])).total_seconds()
    ago = np.ceil(seconds / (spike.end - spike.start).total_seconds())
    by_post = lately.groupby([ago, "platform", "post"])["gained"].sum()
    return float(by_post.groupby(level=0).max().quantile(NINE_OF_TEN))
