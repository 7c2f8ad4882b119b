"""A number by the hour: one stored metric, or engagement, which is the sum of its parts."""

import pandas as pd

from monitor.model.metric import Metric, stored
from monitor.trends.facts import Facts
from monitor.trends.frame import block, sure

BOOKED = {"impressions": Metric.MEASURED_POSTS, "engagement": Metric.POSTS}
"""Of numbers that single posts bring and that are booked when they were told: the posts they are of."""


def by_hour(facts: Facts, number: str) -> pd.DataFrame:
    """Return the watched hours of a number, one column per platform that could tell it, NaN where nobody looked."""
    platforms = facts.papers if number == Metric.ARTICLES else facts.social
    first, *others = (block(facts.hours, metric, platforms) for metric in stored(number))
    return sure(sum(others, first), facts.usable_hours)


def posts_of(facts: Facts, number: str, cells: pd.DataFrame) -> pd.DataFrame | None:
    """Return the posts that brought a number in these hours, platform by platform; None of one that is counted."""
    return block(facts.hours, BOOKED[number], map(str, cells)).loc[cells.index] if number in BOOKED else None


def unit_of(cells: pd.DataFrame, posts: pd.DataFrame | None) -> float:
    """Return what one event adds: what a post usually brings, or one."""
    many = 0.0 if posts is None else float(posts.sum().sum())
    return float(cells.sum().sum()) / many if many else 1.0
