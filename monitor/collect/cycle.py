"""From looks to weeks: where the cycle of a week stands after each of them. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile

from monitor.errors import SourceError
from monitor.model.poll import Poll, State, Tally
from monitor.model.race import Cycle, Event, Kind, Line, Look, Stage, Standing
from monitor.trends.flags import Activity, flags
from monitor.trends.race_events import events
from monitor.trends.standings import look, standing

CLOSING = timedelta(hours=1)
"""How long before its end a poll is closing."""

AGREED = timedelta(minutes=10)
"""How far apart two looks after the end must be that agree on the result."""

EARLY = timedelta(hours=12)
"""How long before its usual time a poll may open."""

NAMED = frozenset({Stage.CONFIRMED, Stage.OVERTURNED})
"""The stages in which the name is taken."""

OVER = NAMED | {Stage.CLOSED, Stage.MISSED}
"""The stages in which nobody votes any more."""

_STILL_OPEN = timedelta(hours=5)  # so long nothing must move where the place itself still calls the poll open


def awaited(poll: Poll, day: date) -> Cycle:
    """Return the cycle of a day before anything of it is known."""
    return Cycle(poll=poll.name, day=day, stage=Stage.AWAITED)


def advanced(
    cycle: Cycle, poll: Poll, tallies: Sequence[Tally], now: datetime, activity: Activity | None = None
) -> Cycle:
    """Return how a cycle stands after its looks so far, oldest first; what the operator decided stays decided."""
    if not tallies:
        return _unseen(cycle, poll, now)
    last = tallies[-1]
    here = [tally for tally in tallies if tally.place == last.place]  # one that was posted again begins anew
    closes_at = _end(here, poll.window(cycle.day).end)
    is_named = cycle.stage in NAMED
    stage = cycle.stage if is_named else _stage(here, closes_at, now)
    stood = standing(here, closes_at, now)
    winner = cycle.winner if is_named else _leader(stood)
    told = sorted((*events(tallies), *flags(tallies, closes_at, activity)), key=lambda event: event.at)
    return cycle.model_copy(
        update={
            "stage": stage,
            "place": last.place,
            "question": last.question,
            "opened_at": last.opened_at or cycle.opened_at or tallies[0].at,
            "closes_at": closes_at,
            "last_look": look(last),
            "looked_at": last.at,
            "looked_in_vain": None,
            "vain_reason": None,
            "remark": None,
            "names": {option.key: option.label for option in last.options},
            "winner": winner if stage in OVER else None,
            "standing": stood,
            "events": (
                *_milestones(cycle, stage, tallies, closes_at),
                *told,
                *_decisions(cycle),
                *_passed(cycle, stood, look(last)),
            ),
        }
    )


def _unseen(cycle: Cycle, poll: Poll, now: datetime) -> Cycle:
    """Return how a cycle stands that no look has shown: it is missed once its poll must be over."""
    late = now >= max(poll.window(cycle.day).end + EARLY, poll.begins(cycle.day))
    return cycle.model_copy(update={"stage": Stage.MISSED}) if late and not cycle.place else cycle


def _end(tallies: Sequence[Tally], usual: datetime) -> datetime:
    """Return when a poll ends: as it tells, else as usual, or when it was first seen closed if that was sooner."""
    told = tallies[-1].closes_at or usual
    closed = list(takewhile(lambda tally: tally.state is State.CLOSED, reversed(tallies)))
    return min(told, closed[-1].at) if closed else told


def in_vain(cycle: Cycle, error: SourceError, now: datetime) -> Cycle:
    """Return the cycle after a look that showed nothing: the last good tally stays, with its age."""
    return cycle.model_copy(update={"looked_in_vain": str(error), "vain_reason": error.reason, "looked_at": now})


def decided(cycle: Cycle, winner: str, now: datetime, written: str | None = None) -> Cycle:
    """Return the cycle with the name that was taken, as the operator says; another than the leader's is overturned.

    `written`: how that name is written, where it was no option.
    """
    lines = cycle.standing.lines if cycle.standing else ()
    first = lines[0].key if lines else None
    labels = cycle.names | {line.key: line.label for line in lines}
    is_first = winner in _firsts(lines)
    what, stage = (Kind.CONFIRMED, Stage.CONFIRMED) if is_first else (Kind.OVERTURNED, Stage.OVERTURNED)
    taken = labels.get(winner, written or winner)
    event = Event(kind=what, at=now, option=taken, other=labels.get(first or ""), after=cycle.last_look)
    odd = [] if is_first else [event.model_copy(update={"kind": Kind.OTHER_WINNER, "before": cycle.last_look})]
    kept = [old for old in cycle.events if old.kind not in _DECISIONS]
    return cycle.model_copy(update={"stage": stage, "winner": winner, "events": (*kept, event, *odd)})


def _firsts(lines: Sequence[Line]) -> set[str]:
    """Return who may have most votes: more than one where bounds overlap, or votes are equal."""
    least = lines[0].low if lines else None
    return {
        line.key
        for line in lines
        if line is lines[0] or (least is not None and line.high is not None and line.high >= least)
    }


def _stage(tallies: Sequence[Tally], closes_at: datetime, now: datetime) -> Stage:
    over = [tally for tally in tallies if tally.at >= closes_at or tally.state is State.CLOSED]
    if over and _agree(over):
        return Stage.CONFIRMED
    if over or now >= closes_at:
        return Stage.CLOSED
    return Stage.CLOSING if closes_at - now <= CLOSING else Stage.OPEN


def _agree(over: Sequence[Tally]) -> bool:
    """Tell whether two looks after the end, far enough apart, showed the same votes."""
    last = over[-1]
    says_open = last.state is State.OPEN and last.closes_at is None
    apart = _STILL_OPEN if says_open else AGREED
    return any(last.at - tally.at >= apart and tally.by_key == last.by_key for tally in over[:-1]) and last.tells


def _leader(stood: Standing | None) -> str | None:
    """Return who has most votes, by so many that it is told."""
    return stood.lines[0].key if stood and not stood.is_close else None


_DECISIONS = frozenset({Kind.CONFIRMED, Kind.OVERTURNED, Kind.OTHER_WINNER})
_MILESTONES = frozenset({Kind.FOUND, Kind.CLOSING, Kind.CLOSED})


def _milestones(cycle: Cycle, stage: Stage, tallies: Sequence[Tally], closes_at: datetime) -> Iterator[Event]:
    """Yield what happened to the cycle as such: each once, at the look in which it was seen."""
    known = {event.kind: event for event in cycle.events if event.kind in _MILESTONES}
    first, last = tallies[0], tallies[-1]
    yield known.get(Kind.FOUND) or Event(kind=Kind.FOUND, at=first.at, after=look(first))
    begun = stage not in {Stage.AWAITED, Stage.OPEN}
    if begun and (Kind.CLOSING in known or stage is Stage.CLOSING):
        yield known.get(Kind.CLOSING) or Event(kind=Kind.CLOSING, at=last.at, after=look(last))
    if stage in OVER:
        yield known.get(Kind.CLOSED) or Event(kind=Kind.CLOSED, at=max(closes_at, first.at), after=look(last))


def _passed(cycle: Cycle, stood: Standing | None, now: Look) -> Iterator[Event]:
    """Yield the flag, once, that another option has most votes by now than when two looks confirmed the winner."""
    said = {event.kind for event in cycle.events} & _DECISIONS
    if cycle.stage is not Stage.CONFIRMED or said or stood is None or cycle.winner in _firsts(stood.lines):
        return
    taken = {**cycle.names, **{line.key: line.label for line in stood.lines}}.get(cycle.winner or "")
    yield Event(
        kind=Kind.OTHER_WINNER,
        at=now.at,
        option=taken,
        other=stood.lines[0].label,
        before=cycle.last_look,
        after=now,
    )


def _decisions(cycle: Cycle) -> Iterator[Event]:
    yield from (event for event in cycle.events if event.kind in _DECISIONS)
