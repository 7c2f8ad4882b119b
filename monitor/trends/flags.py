"""What looks odd about a race: flags, each with the two looks that show it. Never a verdict. Pure.

A popular post gives the same picture as a paid campaign; a flag says where to look. The rules are set so that at most
one clean race in two hundred is flagged (`bench/polls`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from monitor.model.poll import State, Tally, Votes
from monitor.model.race import Event, Kind
from monitor.trends.oddities import RULE, Activity, regular, surges
from monitor.trends.race import Race
from monitor.trends.standings import look

__all__ = ["Activity", "flags"]


def flags(tallies: Sequence[Tally], closes_at: datetime | None, activity: Activity | None = None) -> tuple[Event, ...]:
    """Return every flag of a race, oldest first; the tallies carry the identities of their options.

    A poll that was taken back and posted again begins anew: nothing is compared across its places.
    """
    found = [
        event
        for race in Race.by_place(tallies)
        for event in (
            *_sums(race),
            *_fell(race),
            *_late_options(race, closes_at),
            *_after_closing(race, closes_at),
            *surges(race, activity),
            *regular(race, closes_at),
        )
    ]
    return tuple(sorted(found, key=lambda event: event.at))


def _sums(race: Race) -> Iterator[Event]:
    """Yield the first look whose votes do not add up to its total; rounded percents have their room."""
    for tally in race.tallies:
        odd = _gap(tally)
        if odd:
            yield Event(kind=Kind.SUM_DIFFERS, at=tally.at, number=odd, before=look(tally), after=look(tally))
            return


def _gap(tally: Tally) -> float:
    """Return by how many votes the sum misses the total; where several answers are allowed nothing need add up."""
    if tally.total is None or tally.is_multiple or any(one.low is None for one in tally.votes):
        return 0.0
    low, high = (sum(getattr(one, bound) for one in tally.votes) for bound in ("low", "high"))
    return float(low - tally.total if low > tally.total else min(high - tally.total, 0))


def _fell(race: Race) -> Iterator[Event]:
    """Yield each option whose votes fell; several at once, as after a reset, are one flag of the total."""
    for before, after in pairwise(race.tallies):
        losers = [option for option in after.options if _less(before.by_key.get(option.key), after.by_key[option.key])]
        if losers:
            least = losers[0] if len(losers) == 1 else None
            fell = float(_middle(after) - _middle(before))
            yield Event(
                kind=Kind.TOTAL_FELL, at=after.at, option=least.label if least else None, number=fell,
                before=look(before), after=look(after),
            )  # fmt: skip


def _less(before: Votes | None, after: Votes) -> bool:
    return before is not None and before.low is not None and after.high is not None and after.high < before.low


def _middle(tally: Tally) -> float:
    return sum((one.low + one.high) / 2 for one in tally.votes if one.low is not None and one.high is not None)


def _late_options(race: Race, closes_at: datetime | None) -> Iterator[Event]:
    if not race.tallies or closes_at is None:
        return
    begun = race.tallies[0].opened_at or race.tallies[0].at
    late = closes_at - (closes_at - begun) * RULE.late
    for before, after in pairwise(race.tallies):
        old, new = ({option.key: option.label for option in tally.options} for tally in (before, after))
        changed = [*(new[key] for key in new.keys() - old.keys()), *(old[key] for key in old.keys() - new.keys())]
        if after.at >= late:
            for label in changed:
                yield Event(kind=Kind.LATE_OPTION, at=after.at, option=label, before=look(before), after=look(after))


def _after_closing(race: Race, closes_at: datetime | None) -> Iterator[Event]:
    """Yield one flag when votes still came after the end that the poll told; a merely usual one binds nobody."""
    if not any(tally.closes_at or tally.state is State.CLOSED for tally in race.tallies):
        return
    over = [tally for tally in race.tallies if closes_at and tally.at >= closes_at + RULE.after]
    if len(over) < 2:  # noqa: PLR2004 - between two looks
        return
    first, last = over[0], over[-1]
    gained = sum(
        max((now.low or 0) - (was.high or 0), 0)
        for key, now in last.by_key.items()
        if (was := first.by_key.get(key)) is not None and was.high is not None
    )
    if gained > 0:
        yield Event(
            kind=Kind.VOTES_AFTER_CLOSING, at=last.at, number=float(gained), before=look(first), after=look(last)
        )
