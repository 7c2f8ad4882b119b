"""How a race stands: who leads, by how much, how fast votes come, and when the lead changed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from monitor.model.poll import State, Tally, Votes
from monitor.model.race import Event, Kind, Line, Look, Standing
from monitor.trends.projection import Forecast, forecast
from monitor.trends.race import Race

LATELY = timedelta(hours=3)
"""What the pace is taken from: long enough to hold some looks, short enough to be news."""


def standing(tallies: Sequence[Tally], closes_at: datetime | None, now: datetime) -> Standing | None:
    """Return how the race stood at its last look that told numbers; None before the first.

    Ranked by the middle of the bounds; `is_close` says that the first two can not be told apart, or that an option's
    number is not known.
    """
    race = Race.of(tallies)
    if not race.tallies:
        return None
    last = race.tallies[-1]
    ahead = forecast(race, closes_at) if closes_at and now < closes_at and last.state is not State.CLOSED else {}
    lines = _lines(race, ahead)
    first, second = (lines[0], lines[1]) if len(lines) > 1 else (None, None)
    return Standing(
        at=last.at,
        lines=lines,
        total=last.total,
        voters=last.voters,
        margin=_margin(first, second),
        margin_points=_points(first, second),
        is_close=_is_close(first, second) or _lacks(last),
        lead_changes=tuple(lead_changes(race)),
        state=last.state,
        closes_at=last.closes_at or closes_at,
    )


def lead_changes(race: Race) -> Iterator[Event]:
    """Yield each time that another option was certainly ahead than the one that certainly was before."""
    leader, since = None, None
    for row, tally in enumerate(race.tallies):
        ahead = _certain_leader(race, row)
        if ahead is None:
            continue
        if leader is not None and ahead != leader and since is not None:
            labels = {option.key: option.label for option in tally.options}
            gone = next((option.label for option in race.options if option.key == leader), leader)
            yield Event(
                kind=Kind.LEAD_CHANGE,
                at=tally.at,
                option=labels[ahead],
                other=labels.get(leader, gone),
                before=look(since),
                after=look(tally),
            )
        leader, since = ahead, tally


def look(tally: Tally) -> Look:
    """Return what a tally is found by."""
    return Look(at=tally.at, digest=tally.digest)


def pace(race: Race) -> Mapping[str, float]:
    """Return the votes an hour that each option gained lately; none without an earlier look, or where votes fell."""
    if len(race.tallies) < 2:  # noqa: PLR2004 - between two looks
        return {}
    first = int(np.searchsorted(race.at, race.at[-1] - LATELY.total_seconds(), side="left"))
    first = min(first, len(race.at) - 2)
    hours = (race.at[-1] - race.at[first]) / 3600
    gains = race.votes[-1] - race.votes[first]
    return {
        option.key: float(gain / hours)
        for option, gain in zip(race.options, gains, strict=True)
        if hours > 0 and gain >= 0
    }


def _lines(race: Race, ahead: Mapping[str, Forecast]) -> tuple[Line, ...]:
    paces, last = pace(race), race.tallies[-1]
    sum_of_all = float(np.nansum(race.votes[-1]))
    lines = []
    for place in race.current:
        option, votes = race.options[place], last.by_key[race.options[place].key]
        expected = ahead.get(option.key)
        line = Line(
            key=option.key,
            label=option.label,
            votes=votes.votes,
            low=votes.low,
            high=votes.high,
            share=_share(votes, race.votes[-1, place], sum_of_all),
            pace=paces.get(option.key),
            forecast=expected.share if expected else None,
            chance=expected.chance if expected else None,
        )
        lines.append((race.votes[-1, place], line))
    return tuple(line for _, line in sorted(lines, key=lambda pair: -pair[0]))


def _share(votes: Votes, middle: float, sum_of_all: float) -> float | None:
    if votes.share is not None:
        return votes.share
    return float(middle / sum_of_all) if sum_of_all else None


def _certain_leader(race: Race, row: int) -> str | None:
    """Return who had more than anybody else could have; None while that is open."""
    low, high = race.low[row], race.high[row]
    if np.isnan(low).all() or _lacks(race.tallies[row]):
        return None
    first = int(np.nanargmax(low))
    others = np.delete(high, first)
    return race.options[first].key if np.isnan(others).all() or low[first] > np.nanmax(others) else None


def _lacks(tally: Tally) -> bool:
    """Tell whether an option is shown without a number: it may have more than all others."""
    return any(votes.low is None for votes in tally.votes)


def _margin(first: Line | None, second: Line | None) -> int | None:
    if first is None or second is None or first.votes is None or second.votes is None:
        return None
    return first.votes - second.votes


def _points(first: Line | None, second: Line | None) -> float | None:
    if first is None or second is None or first.share is None or second.share is None:
        return None
    return 100 * (first.share - second.share)


def _is_close(first: Line | None, second: Line | None) -> bool:
    if first is None or second is None or first.low is None or second.high is None:
        return False
    return first.low <= second.high
