"""Which of the polls that a place shows is a week's. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.model.option import option_keys
from monitor.model.poll import Poll, Tally
from monitor.model.race import Cycle

_MINUTE = timedelta(minutes=1)


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
        return poll.named_day(tally.closes_at - _MINUTE)
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
