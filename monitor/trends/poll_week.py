"""A week's naming poll as a brief tells it: its flags, what happened lately, and the course of the race. Pure."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from monitor.model.poll import Tally
from monitor.model.poll_week import Course, PollWeek
from monitor.model.race import FLAGS, Cycle
from monitor.trends.race import Race

MOST_POINTS = 120
"""Looks that a course keeps, evenly spread over all of them: no chart shows more."""


def week(cycle: Cycle, tallies: Sequence[Tally], opens_at: datetime, since: datetime) -> PollWeek:
    """Return the week; events before `since` are left out, flags are not."""
    events = tuple(event for event in cycle.events if event.kind in FLAGS or event.at >= since)
    return PollWeek(
        cycle=cycle.model_copy(update={"events": events}), opens_at=opens_at, courses=courses(Race.of(tallies))
    )


def courses(race: Race) -> tuple[Course, ...]:
    """Return each option's share at the looks, those of most votes first."""
    if not race.tallies:
        return ()
    totals = np.nansum(race.votes, axis=1)
    rows = sorted({round(row) for row in np.linspace(0, len(race.at) - 1, MOST_POINTS)})
    order = np.argsort(-np.nan_to_num(race.votes[-1], nan=-1.0), kind="stable")
    return tuple(
        Course(
            key=race.options[column].key,
            label=race.options[column].label,
            points=tuple((race.tallies[row].at, _share(race.votes[row, column], totals[row])) for row in rows),
        )
        for column in order
    )


def _share(votes: float, total: float) -> float | None:
    return None if np.isnan(votes) or total <= 0 else float(votes / total)
