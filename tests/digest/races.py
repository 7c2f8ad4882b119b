"""Example naming polls of the week of FRIDAY (see briefs.py): open, close to call, closed, taken otherwise."""

from datetime import UTC, date, datetime, timedelta
from math import sin
from typing import Any

from monitor.collect.cycle import advanced, awaited, in_vain
from monitor.errors import AccessRefused, Reason
from monitor.model.poll import Option, Poll, State, Tally, Votes, Weekly
from monitor.model.race import Cycle, Event, Kind, Look
from monitor.trends import poll_week

DAY = date(2016, 4, 29)
POLL = Poll("friday", "Asia/Damascus", opens=Weekly(1, 18), closes=Weekly(2, 24))
OPENS, CLOSES = (getattr(POLL.window(DAY), end).astimezone(UTC) for end in ("start", "end"))
HOPE, PATIENCE, BREAD, SCHOOLS = "جمعة الأمل", "جمعة الصبر", "Friday of Bread", "جمعة المدارس"
HOUR = timedelta(hours=1)


def look(hours: float, votes: dict[str, Any], **fields: Any) -> Tally:
    """Return what was seen `hours` after the beginning; a pair of votes is a lower and an upper bound."""
    exact = {name: told for name, told in votes.items() if isinstance(told, int)}
    total = sum(exact.values()) if len(exact) == len(votes) else fields.pop("total", None)
    told = [Votes.exactly(exact[name], total) if name in exact else Votes(None, *votes[name]) for name in votes]
    return Tally(
        place="https://poll.example/1",
        at=OPENS + hours * HOUR,
        question="ما اسم الجمعة القادمة؟",
        options=tuple(map(Option.of, votes)),
        votes=tuple(told),
        total=total,
        raw=str((hours, votes)).encode(),
        **{"closes_at": CLOSES, "opened_at": OPENS, "state": State.OPEN, **fields},
    )


def counts(hours: float) -> dict[str, int]:
    """Return the votes after so many hours; patience leads for half a day and more, then hope."""
    done = min(hours, (CLOSES - OPENS) / HOUR)
    done += 0.4 * sin(2 * done)  # people do not come as regularly as a clock
    late = max(done - 12, 0)
    means = {HOPE: 40 * done + 55 * late, PATIENCE: 60 * done + 5 * late, BREAD: 22 * done, SCHOOLS: 9 * done}
    return {name: int(mean) for name, mean in means.items()}


def looked(until: float, *, every: float = 0.5) -> list[Tally]:
    """Return a look each so many hours, from the first half hour on."""
    hours = [every * step for step in range(1, int(until / every) + 1)]
    over = (CLOSES - OPENS) / HOUR
    return [look(at, counts(at), state=State.CLOSED if at >= over else State.OPEN) for at in hours]


def week(tallies: list[Tally], now: datetime | None = None) -> Cycle:
    """Return how the week stood after these looks."""
    cycle = awaited(POLL, DAY)
    for number in range(len(tallies)) if len(tallies) < 5 else (len(tallies) - 2, len(tallies) - 1):
        cycle = advanced(cycle, POLL, tallies[: number + 1], tallies[number].at)
    return cycle if now is None else advanced(cycle, POLL, tallies, now)


AWAITED = awaited(POLL, DAY)
OPEN = week(looked(23))
CLOSED = week(looked(30))
CONFIRMED = week(looked(32))
CLOSE = week([look(2, {HOPE: (120, 130), PATIENCE: (118, 128)}, total=250)])
SILENT = in_vain(OPEN, AccessRefused("the page asks for a login", reason=Reason.RIGHTS), OPENS + 26 * HOUR)

FLAG = Event(
    kind=Kind.SURGE,
    at=OPENS + 19 * HOUR,
    option=BREAD,
    number=612.0,
    before=Look(at=OPENS + 18 * HOUR, digest="a" * 64),
    after=Look(at=OPENS + 19 * HOUR, digest="b" * 64),
)
FLAGGED: Cycle = OPEN.model_copy(update={"events": (*OPEN.events, FLAG)})

RUNNING = poll_week.week(FLAGGED, looked(23), OPENS, OPENS)
ENDED = poll_week.week(CONFIRMED, looked(32), OPENS, OPENS + 40 * HOUR)
COMING = poll_week.week(AWAITED, [], OPENS, OPENS - 20 * HOUR)
