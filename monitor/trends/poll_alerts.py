"""What of a naming poll is worth an alert: what is new since the cycle stood before, each told once. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.model.race import FLAGS, Cycle, Event, Kind, Stage, Standing


class Topic(StrEnum):
    """What an alert is about; rules subscribe to topics."""

    LEAD_CHANGE = "lead-change"
    CLOSE_RACE = "close-race"  # the margin fell under a number
    CLOSING = "closing"  # an hour is left
    CLOSED = "closed"
    DECIDED = "decided"  # confirmed or overturned by the operator
    CHANGED = "changed"  # options renamed, added, removed; votes reset; another deadline
    FLAG = "flag"


_TOPICS = {
    Kind.LEAD_CHANGE: Topic.LEAD_CHANGE,
    Kind.CLOSING: Topic.CLOSING,
    Kind.CLOSED: Topic.CLOSED,
    Kind.CONFIRMED: Topic.DECIDED,
    Kind.OVERTURNED: Topic.DECIDED,
    Kind.RENAMED: Topic.CHANGED,
    Kind.ADDED: Topic.CHANGED,
    Kind.REMOVED: Topic.CHANGED,
    Kind.RESET: Topic.CHANGED,
    Kind.NEW_DEADLINE: Topic.CHANGED,
    **dict.fromkeys(FLAGS, Topic.FLAG),
}
_RUNNING = frozenset({Stage.OPEN, Stage.CLOSING})


@dataclass(frozen=True, slots=True)
class PollAlert:
    """One thing to be told about a poll; `event` says what happened, None for a race that became close."""

    topic: Topic
    cycle: Cycle
    event: Event | None = None

    @property
    def key(self) -> str:
        """What it is known by, so that it is sent once; a flag that lasts keeps its key."""
        told = self.event
        parts = [self.cycle.poll, self.cycle.day.isoformat(), self.topic]
        if told is not None:
            parts += [told.kind, told.option or "", "" if told.kind in FLAGS else told.at.isoformat()]
        return "/".join(parts)


def alerts(before: Cycle | None, after: Cycle, *, close_votes: int = 0, close_points: float = 1.0) -> list[PollAlert]:
    """Return what is new in a cycle, in the order it happened.

    A race is close while the first two can not be told apart, or lie fewer than so many votes or points of percent
    apart; that is told when it becomes so, and not again before it was otherwise.
    """
    known = {alert.key for alert in _happened(before)} if before else set()
    found = {alert.key: alert for alert in _happened(after) if alert.key not in known}
    was_close = before is not None and _is_close(before, close_votes, close_points)
    if _is_close(after, close_votes, close_points) and not was_close:
        close = PollAlert(Topic.CLOSE_RACE, after)
        found[close.key] = close
    return list(found.values())


def _happened(cycle: Cycle) -> Iterator[PollAlert]:
    yield from (PollAlert(_TOPICS[event.kind], cycle, event) for event in cycle.events if event.kind in _TOPICS)


def _is_close(cycle: Cycle, votes: int, points: float) -> bool:
    standing = cycle.standing
    if standing is None or cycle.stage not in _RUNNING or len(standing.lines) < 2:  # noqa: PLR2004 - a race
        return False
    return standing.is_close or _is_under(standing, votes, points)


def _is_under(standing: Standing, votes: int, points: float) -> bool:
    few = standing.margin is not None and standing.margin < votes
    return few or (standing.margin_points is not None and standing.margin_points < points)
