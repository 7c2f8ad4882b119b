"""How often an outlet publishes, and what follows: whether a feed stands still, how often it must be asked. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

FEWEST = 8  # articles, or there is no rhythm
PATIENCE = 10  # usual pauses
LEAST = timedelta(hours=24)  # a night, or a holiday, is no standstill
SHARE = 0.25  # of the time that a feed holds: asked so often, nothing slides out unseen
QUICKEST, SLOWEST = timedelta(minutes=5), timedelta(minutes=60)


def standstill(created: Iterable[datetime], now: datetime) -> str:
    """Say so when the newest article is far older than the usual pause between two; empty when all is well."""
    moments = sorted(set(created))  # those without a date were first seen together
    if len(moments) < FEWEST:
        return ""
    usual = timedelta(seconds=median((later - earlier).total_seconds() for earlier, later in pairwise(moments)))
    if now - moments[-1] < max(PATIENCE * usual, LEAST):
        return ""
    return (
        f"the feed stands still: its newest article is of {moments[-1].astimezone(UTC):%Y-%m-%d %H:%M} UTC, though "
        f"there was usually one every {_told(usual)}; open it in a browser, the outlet may have moved it"
    )


def advice(created: Iterable[datetime], every: timedelta) -> str:
    """Say how often a feed must be asked, when that is more often than it is; empty when it is not."""
    moments = sorted(set(created))
    if len(moments) < FEWEST:
        return ""
    held = moments[-1] - moments[0]
    wanted = min(max(SHARE * held, QUICKEST), SLOWEST)
    if wanted >= every:
        return ""
    minutes = wanted / timedelta(minutes=1)
    return f"the feed holds no more than {_told(held)}: set every_minutes = {minutes:.0f} for this source"


def _told(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(span / timedelta(minutes=1), 1):.0f} minutes"  # noqa: PLR2004
