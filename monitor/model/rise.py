"""What single posts gained in an hour, and which of them gained most in a window: nothing that tells who wrote them."""

from datetime import datetime

import pandas as pd

from monitor.model.table import Record
from monitor.model.window import Window

IMPRESSIONS, ENGAGEMENT = "impressions", "engagement"
GAINS = (IMPRESSIONS, ENGAGEMENT)
"""Of which numbers the largest posts are kept; engagement is likes, reposts, replies and quotes together."""

COLUMNS = ["at", "metric", "platform", "post", "gained", "link"]
"""Of a frame of rises: hour (UTC), one of GAINS, platform, keyed hash of the post, how much it gained, link or None."""


class LargePost(Record):
    """One of the posts that gained most in a window; `at` is the hour in which it gained most.

    `link` only where privacy allows it: posts of accounts that many follow.
    """

    platform: str
    gained: float
    at: datetime
    link: str | None = None


def no_rises() -> pd.DataFrame:
    """Return a frame of rises in which nothing is known."""
    return pd.DataFrame(columns=COLUMNS)


def largest(rises: pd.DataFrame, metric: str, window: Window, n: int = 20) -> tuple[LargePost, ...]:
    """Return the posts that gained most in the hours that start inside `window`, largest first."""
    inside = rises[(rises["metric"] == metric) & (rises["at"] >= window.start) & (rises["at"] < window.end)]
    by_hour = inside.sort_values("gained", ascending=False, kind="stable")
    posts = by_hour.groupby(["platform", "post"], sort=False).agg(
        gained=("gained", "sum"), at=("at", "first"), link=("link", "first")
    )
    most = posts.sort_values("gained", ascending=False, kind="stable").head(n)
    return tuple(
        LargePost(platform=platform, gained=gained, at=at.to_pydatetime(), link=link if isinstance(link, str) else None)
        for (platform, _), gained, at, link in most.itertuples()
    )
