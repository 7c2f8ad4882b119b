"""About how much went by unseen: the length of a gap times what usually came in around it. Printed, never added."""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pandas as pd

from monitor.model.brief import Stretch
from monitor.model.metric import Metric
from monitor.model.series import Frame
from monitor.trends.frame import block, sure

AROUND = timedelta(days=1)
"""How far before and after a gap tells what is usual: every hour of the day once on each side."""

LEAST = 6
"""Hours around a gap that must have been watched; with fewer nobody can say."""

HOUR = timedelta(hours=1)


def lost(gaps: Iterable[Stretch], hours: Frame, usable: pd.DataFrame, platform: str, metric: Metric) -> float | None:
    """Return about how many posts or articles of a platform were missed in gaps; None where too little is known.

    What its other sources brought meanwhile was not missed.
    """
    if platform not in usable:
        return None
    cells = block(hours, metric, [platform])
    seen = sure(cells, usable)[platform]
    told = [missed for gap in gaps if (missed := _missed(gap, cells[platform], seen)) is not None]
    return sum(told) if told else None


def about(lost: float) -> float:
    """Return an estimate with no more digits than it has."""
    return float(f"{lost:.2g}")


def _missed(gap: Stretch, stored: pd.Series, seen: pd.Series) -> float | None:
    starts, first, last = pd.DatetimeIndex(stored.index), pd.Timestamp(gap.start), pd.Timestamp(gap.end)
    touched = (starts > first - HOUR) & (starts < last)
    around = (starts >= first - AROUND) & (starts < last + AROUND) & ~touched
    usual = seen[around].dropna()
    if len(usual) < LEAST:
        return None
    inside = touched & (starts >= first) & (starts + HOUR <= last)
    expected = float(usual.mean()) * ((gap.end - gap.start) / HOUR)
    return max(0.0, expected - float(np.nansum(stored[inside])))
