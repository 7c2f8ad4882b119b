"""What was counted before a platform began to count otherwise is no history of what came since."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from monitor.model.definition import Break
from monitor.model.series import Frame
from monitor.trends.facts import Facts

TOLD = timedelta(days=28)
"""So long a break is told: usual levels look back as far."""


def parted(facts: Facts) -> Facts:
    """Return the facts of which nothing is compared across a break; what lies in the window itself still counts."""
    start = facts.windows.now.start
    breaks = [one for one in facts.campaign.breaks if one.at < facts.windows.now.end]
    if not breaks:
        return facts
    return replace(
        facts,
        cells=since(facts.cells, breaks, start),
        days=since(facts.days, breaks, start),
        hours=since(facts.hours, breaks),
        parts=facts.parts and since(facts.parts, breaks),
        press_parts=facts.press_parts and since(facts.press_parts, breaks),
        spellings=since(facts.spellings, breaks, start),
        outlets=since(facts.outlets, breaks, start),
        tongues=facts.tongues and since(facts.tongues, breaks, start),
    )


def since(frame: Frame, breaks: Iterable[Break], until: datetime | None = None) -> Frame:
    """Return a frame without what was counted before its breaks (before `until`, where a break lies behind it)."""
    values, columns = frame.values, frame.values.columns
    for one in breaks:
        if one.at >= frame.window.end:
            continue
        before = np.asarray(values.index < min(one.at, until or one.at))
        changed = (columns.get_level_values("platform") == one.platform) & columns.get_level_values("metric").isin(
            [metric.value for metric in one.metrics]
        )
        values = values.mask(before[:, None] & np.asarray(changed))
    return replace(frame, values=values)


def told(facts: Facts) -> tuple[Break, ...]:
    """Return the breaks that a brief has to tell, in order: those in what it compares, or in what is usual."""
    now = facts.windows.now
    first = min(facts.windows.hull.start, now.end - TOLD)
    return tuple(sorted((one for one in facts.campaign.breaks if first <= one.at < now.end), key=lambda one: one.at))
