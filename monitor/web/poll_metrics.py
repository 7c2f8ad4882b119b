"""What Prometheus reads about naming polls: a handful of series for each poll, whatever it has for options."""

from datetime import datetime
from math import nan

from prometheus_client import CollectorRegistry, Gauge

from monitor.model.race import FLAGS, Cycle, Stage

_POLL = ("campaign", "poll")


class PollMetrics:
    """The gauges of all naming polls, of the cycle that is followed now."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, words: str, labels: tuple[str, ...] = _POLL) -> Gauge:
            return Gauge(f"monitor_poll_{name}", words, labels, registry=registry)

        self._votes = gauge("votes", "All votes at the last good look.")
        self._margin = gauge("margin_votes", "By how many votes the first leads; NaN where nobody can say.")
        self._points = gauge("margin_percent", "By how many percent of all votes the first leads.")
        self._looked = gauge("last_look_timestamp_seconds", "When the poll was last seen.")
        self._closes = gauge("closes_timestamp_seconds", "When it closes.")
        self._vain = gauge("looked_in_vain", "Whether the last look showed nothing.")
        self._flags = gauge("flags", "What looks odd about it, never a verdict.")
        self._stage = gauge("stage", "1 for the stage the poll is in.", (*_POLL, "stage"))
        self._all = (self._votes, self._margin, self._points, self._looked, self._closes, self._vain, self._flags)

    def show(self, campaign: str, cycle: Cycle) -> None:
        """Show how a poll stands."""
        stood, labels = cycle.standing, (campaign, cycle.poll)
        self._votes.labels(*labels).set(_told(stood.total if stood else None))
        self._margin.labels(*labels).set(_told(stood.margin if stood else None))
        self._points.labels(*labels).set(_told(stood.margin_points if stood else None))
        self._looked.labels(*labels).set(_seconds(cycle.last_look.at if cycle.last_look else None))
        self._closes.labels(*labels).set(_seconds(cycle.closes_at))
        self._vain.labels(*labels).set(cycle.looked_in_vain is not None)
        self._flags.labels(*labels).set(sum(event.kind in FLAGS for event in cycle.events))
        for stage in Stage:
            self._stage.labels(*labels, stage.value).set(stage is cycle.stage)

    def clear(self) -> None:
        """Show no poll before it is shown again: some were taken out of the settings."""
        for metric in (*self._all, self._stage):
            metric.clear()


def _told(value: float | None) -> float:
    return nan if value is None else value


def _seconds(moment: datetime | None) -> float:
    return nan if moment is None else moment.timestamp()
