"""From looks to weeks: which shown poll is whose, where a cycle stands, and when to look next. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from monitor.errors import SourceError
from monitor.model.option import option_keys
from monitor.model.poll import Poll, State, Tally
from monitor.model.race import Cycle, Event, Kind, Line, Look, Stage, Standing
from monitor.trends.flags import Activity, flags
from monitor.trends.race_events import events
from monitor.trends.standings import look, standing

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CLOSING = HOUR
"""How long before its end a poll is closing."""

AGREED = timedelta(minutes=10)
"""How far apart two looks after the end must be that agree on the result."""

_RHYTHM = ((15 * MINUTE, MINUTE), (2 * HOUR, 5 * MINUTE))  # so long before the end: so often
_USUAL = 30 * MINUTE
_AFTER = (MINUTE, 11 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR)  # looks after the end, for late edits
_EARLY = timedelta(hours=12)  # polls open before their usual time, too
_SETTLED = frozenset({Stage.CONFIRMED, Stage.OVERTURNED, Stage.MISSED})
_OVER = _SETTLED | {Stage.CLOSED}
_STILL_OPEN = timedelta(hours=5)  # so long nothing must move where the place itself still calls the poll open


@dataclass(frozen=True, slots=True)
class Choice:
    """The poll among those shown that is a week's, and how many others claim to be."""

    tally: Tally
    others: int = 0


def choose(poll: Poll, day: date, shown: Iterable[Tally], before: Cycle | None = None) -> Choice | None:
    """Return the poll that names `day`, the newest of several; None when it is not shown yet.

    A page that shows last week's poll until the next one opens tells no dates: as long as its options are those of the
    cycle `before`, it is still that poll. Where `before` is the cycle of `day` itself, and the place shows none of its
    options any more, that is another poll: it is no renaming of all of them.
    """
    fitting = [tally for tally in shown if poll.asks(tally.question) and _names(poll, tally, before) == day]
    fitting = [tally for tally in fitting if not (before and before.day == day and _is_another(before, tally))]
    return Choice(fitting[0], len(fitting) - 1) if fitting else None


def absent(poll: Poll, shown: Sequence[Tally], now: datetime) -> str:
    """Say why none of the polls that are shown is the week's."""
    asked = [tally for tally in shown if poll.asks(tally.question)]
    if not asked:
        return "no poll with this question is shown there" if shown else "no poll is shown there yet"
    ended = asked[0].closes_at
    if ended is not None and ended <= now:
        return f"the poll shown there ended on {ended:%Y-%m-%d %H:%M} UTC, this week's is not there"
    return "the place shows another poll than this week's"


def _names(poll: Poll, tally: Tally, before: Cycle | None) -> date:
    """Return the day that a shown poll names: by its end, else its beginning, else by what is known of the last one."""
    if tally.closes_at is not None:
        return poll.named_day(tally.closes_at - MINUTE)
    if tally.opened_at is not None:
        day = poll.named_day(tally.opened_at)
        is_past = tally.opened_at >= max(poll.window(day).end, poll.begins(day))  # posted on the day: for the next
        return day + timedelta(days=7) if is_past else day
    day = poll.named_day(tally.at)
    if before is not None and before.day < day and before.place == tally.place and _same_options(before, tally):
        return before.day
    return day


def _same_options(before: Cycle, tally: Tally) -> bool:
    known = {line.key for line in before.standing.lines} if before.standing else set()
    return known == {option.key for option in tally.options}


def _is_another(cycle: Cycle, tally: Tally) -> bool:
    known = {key for own, label in cycle.names.items() for key in (own, *option_keys(label))}
    shown = {key for option in tally.options for key in option_keys(option.label)}
    return cycle.place == tally.place and bool(known) and not known & shown


def awaited(poll: Poll, day: date) -> Cycle:
    """Return the cycle of a day before anything of it is known."""
    return Cycle(poll=poll.name, day=day, stage=Stage.AWAITED)


def advanced(
    cycle: Cycle, poll: Poll, tallies: Sequence[Tally], now: datetime, activity: Activity | None = None
) -> Cycle:
    """Return how a cycle stands after its looks so far, oldest first; what the operator decided stays decided."""
    if not tallies:
        late = now >= max(poll.window(cycle.day).end + _EARLY, poll.begins(cycle.day))
        return cycle.model_copy(update={"stage": Stage.MISSED}) if late and not cycle.place else cycle
    last = tallies[-1]
    here = [tally for tally in tallies if tally.place == last.place]  # one that was posted again begins anew
    closes_at = _end(here, poll.window(cycle.day).end)
    decided = cycle.stage in {Stage.CONFIRMED, Stage.OVERTURNED}
    stage = cycle.stage if decided else _stage(here, closes_at, now)
    stood = standing(here, closes_at, now)
    winner = cycle.winner if decided else (_winner(stood.lines[0].key, stood.is_close) if stood else None)
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
            "winner": winner if stage in {Stage.CLOSED, Stage.CONFIRMED, Stage.OVERTURNED} else None,
            "standing": stood,
            "events": (
                *_milestones(cycle, stage, tallies, closes_at),
                *told,
                *_decisions(cycle),
                *_passed(cycle, stood, look(last)),
            ),
        }
    )


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


def next_look(cycle: Cycle, poll: Poll, now: datetime, *, quickest: timedelta = MINUTE) -> datetime | None:
    """Return when to look next: every half hour, denser towards the end, some times after it; None when it is over.

    Before a poll is found, every half hour from twelve hours before it usually opens. A poll that nobody has seen
    closed, because nobody looked for days, is looked at once more, however late.
    """
    window = poll.window(cycle.day)
    closes_at = cycle.closes_at or window.end
    last = cycle.looked_at
    if cycle.stage is Stage.MISSED or now > closes_at + _AFTER[-1] + _USUAL:
        return None if cycle.stage in _OVER else max(now, last + max(_USUAL, quickest) if last else now)
    if cycle.place is None and now < window.start - _EARLY:
        return window.start - _EARLY
    if last is None:
        return now
    if cycle.place is None:
        return last + max(_USUAL, quickest)
    if now < closes_at:
        return min(max(last + _pause(closes_at - last), last + quickest), max(closes_at + MINUTE, last + quickest))
    due = [closes_at + after for after in _AFTER if closes_at + after > last]
    return max(due[0], last + quickest) if due else None


def _pause(left: timedelta) -> timedelta:
    """Return how long to wait when so much time is left; the first look of a denser stretch is at its beginning."""
    for before_end, often in _RHYTHM:
        if left <= before_end:
            return often
    return min(_USUAL, max(left - _RHYTHM[-1][0], _RHYTHM[-1][1]))


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


def _winner(key: str, is_close: bool) -> str | None:
    return None if is_close else key


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
    if stage in _SETTLED | {Stage.CLOSED}:
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
