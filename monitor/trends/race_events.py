"""What happened to a poll itself: options renamed, added and removed, votes reset, a new deadline. Pure.

The tallies carry the identities of their options (see `identity.recognised`).
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from monitor.model.option import option_keys
from monitor.model.poll import Tally
from monitor.model.race import Event, Kind
from monitor.trends.race import Race
from monitor.trends.standings import lead_changes, look

FEW = 10  # votes: fewer may well be taken back one by one
MOVED = timedelta(minutes=1)  # how far a deadline moves for it to be a new one


def events(tallies: Sequence[Tally]) -> tuple[Event, ...]:
    """Return everything that happened between the looks, oldest first."""
    found = [event for before, after in pairwise(tallies) for event in _between(before, after)]
    found += (event for race in Race.by_place(tallies) for event in lead_changes(race))
    return tuple(sorted(found, key=lambda event: event.at))


def _between(before: Tally, after: Tally) -> Iterator[Event]:
    if before.place != after.place:
        return
    yield from _names(before, after)
    if _is_reset(before, after):
        yield _event(Kind.RESET, before, after, number=float((after.total or 0) - (before.total or 0)))
    if before.closes_at and after.closes_at and abs(after.closes_at - before.closes_at) >= MOVED:
        hours = (after.closes_at - before.closes_at) / timedelta(hours=1)
        yield _event(Kind.NEW_DEADLINE, before, after, number=hours)


def _names(before: Tally, after: Tally) -> Iterator[Event]:
    old = {option.key: option.label for option in before.options}
    new = {option.key: option.label for option in after.options}
    for key in new.keys() - old.keys():
        yield _event(Kind.ADDED, before, after, option=new[key])
    for key in old.keys() - new.keys():
        yield _event(Kind.REMOVED, before, after, option=old[key])
    for key in sorted(old.keys() & new.keys()):
        if not set(option_keys(old[key])) & set(option_keys(new[key])):
            yield _event(Kind.RENAMED, before, after, option=new[key], other=old[key])


def _is_reset(before: Tally, after: Tally) -> bool:
    """Tell whether all votes were wiped, as an edit of a Mastodon poll does: less than a tenth of the total is left."""
    if before.total is None or after.total is None:
        return False
    return before.total >= FEW and after.total * 10 < before.total


def _event(kind: Kind, before: Tally, after: Tally, **told: str | float | None) -> Event:
    return Event.model_validate({"kind": kind, "at": after.at, "before": look(before), "after": look(after), **told})
