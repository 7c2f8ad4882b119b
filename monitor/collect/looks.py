"""When a poll is looked at next. Pure."""

from datetime import datetime, timedelta

from monitor.collect.cycle import EARLY, OVER
from monitor.model.poll import Poll
from monitor.model.race import Cycle, Stage

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_RHYTHM = ((15 * MINUTE, MINUTE), (2 * HOUR, 5 * MINUTE))  # so long before the end: so often
_USUAL = 30 * MINUTE
_AFTER = (MINUTE, 11 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR)  # looks after the end, for late edits


def next_look(cycle: Cycle, poll: Poll, now: datetime, *, quickest: timedelta = MINUTE) -> datetime | None:
    """Return when to look next: every half hour, denser towards the end, some times after it; None when it is over.

    Before a poll is found, every half hour from twelve hours before it usually opens. A poll that nobody has seen
    closed, because nobody looked for days, is looked at once more, however late.
    """
    window = poll.window(cycle.day)
    closes_at = cycle.closes_at or window.end
    last = cycle.looked_at
    if cycle.stage is Stage.MISSED or now > closes_at + _AFTER[-1] + _USUAL:
        return None if cycle.stage in OVER else max(now, last + max(_USUAL, quickest) if last else now)
    if cycle.place is None and now < window.start - EARLY:
        return window.start - EARLY
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
