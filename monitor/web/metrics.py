"""What Prometheus reads: runs by outcome, posts, and how each source and the daemon itself are doing."""

from collections.abc import Iterable
from math import nan

from prometheus_client import CollectorRegistry, Counter, Gauge, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics import MetricWrapperBase

from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.model.spending import Spending
from monitor.web.poll_metrics import PollMetrics

CONTENT_TYPE = CONTENT_TYPE_LATEST

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which nobody reads
_SOURCE = ("campaign", "source", "platform")
_ALLOWANCE = ("platform", "account", "allowance", "unit")


class Metrics:
    """The counters and gauges of one daemon, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._runs = Counter("monitor_runs", "Runs since the start.", (*_SOURCE, "outcome"), registry=registry)
        self._read = Counter("monitor_mentions_read", "Mentions the source gave.", _SOURCE, registry=registry)
        self._new = Counter("monitor_mentions_new", "Mentions never seen before.", _SOURCE, registry=registry)
        self._refused = Counter("monitor_mentions_refused", "Mentions left out.", _SOURCE, registry=registry)
        self._calls = Counter("monitor_calls", "Calls to the source's server.", _SOURCE, registry=registry)
        self._up = Gauge("monitor_source_up", "Whether the last run could be trusted.", _SOURCE, registry=registry)
        self._success = Gauge(
            "monitor_last_success_timestamp_seconds", "When the source last answered.", _SOURCE, registry=registry
        )
        self._seconds = Gauge("monitor_run_seconds", "How long the last run took.", _SOURCE, registry=registry)
        self._quota = Gauge("monitor_quota_left", "Calls left, where the server tells.", _SOURCE, registry=registry)
        self._blind = Gauge("monitor_source_blind", "Whether its silence says nothing.", _SOURCE, registry=registry)
        self._skipped = Gauge("monitor_mentions_skipped", "Left for later by a budget.", _SOURCE, registry=registry)
        self._used = Gauge("monitor_allowance_used", "Used in this period.", _ALLOWANCE, registry=registry)
        self._most = Gauge("monitor_allowance_limit", "What a period allows.", _ALLOWANCE, registry=registry)
        self._expected = Gauge(
            "monitor_allowance_expected", "Used by the end of the period at this pace.", _ALLOWANCE, registry=registry
        )
        self._leading = Gauge("monitor_leading", "Whether this daemon collects.", registry=registry)
        self._lag = Gauge("monitor_loop_lag_seconds", "How late the event loop came last.", registry=registry)
        self.polls = PollMetrics(registry)

    def ran(self, run: Run) -> None:
        """Count a run that has just ended."""
        labels = (run.campaign, run.source, run.platform)
        self._runs.labels(*labels, run.outcome.value).inc()
        for counter, amount in (
            (self._read, run.read), (self._new, run.new), (self._refused, run.refused), (self._calls, run.calls),
        ):  # fmt: skip
            counter.labels(*labels).inc(amount)
        self._seconds.labels(*labels).set(run.seconds)
        self._last(run)
        if run.outcome.is_up:
            self._success.labels(*labels).set(run.started_at.timestamp() + run.seconds)

    def remember(self, campaign: str, states: Iterable[SourceState]) -> None:
        """Show how sources did before this daemon began to collect."""
        for state in states:
            if state.runs:
                self._last(state.runs[0])
            if state.last_up is not None:
                self._success.labels(campaign, state.name, state.platform).set(state.last_up.timestamp())

    def forget(self, campaign: str, source: str, platform: str) -> None:
        """Show a source no more: it was taken out of the settings."""
        kept: tuple[MetricWrapperBase, ...] = (
            self._runs, self._read, self._new, self._refused, self._calls,
            self._up, self._success, self._seconds, self._quota, self._blind, self._skipped,
        )  # fmt: skip
        for metric in kept:
            metric.remove_by_labels({"campaign": campaign, "source": source, "platform": platform})

    def spent(self, spendings: Iterable[Spending]) -> None:
        """Show what accounts have used of their allowances; not-a-number where no pace can be told yet."""
        for spending in spendings:
            labels = (spending.platform, spending.account, spending.allowance, spending.unit)
            self._used.labels(*labels).set(spending.used)
            self._most.labels(*labels).set(spending.most)
            self._expected.labels(*labels).set(nan if spending.expected is None else spending.expected)

    def forget_accounts(self) -> None:
        """Show no account before it is used again: some were taken out of the settings."""
        for metric in (self._used, self._most, self._expected):
            metric.clear()

    def led(self, leading: bool) -> None:
        """Show whether this daemon collects."""
        self._leading.set(leading)

    def lagged(self, seconds: float) -> None:
        """Show how late the event loop came: seconds that something held it up."""
        self._lag.set(max(seconds, 0.0))

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self._registry)

    def _last(self, run: Run) -> None:
        labels = (run.campaign, run.source, run.platform)
        self._up.labels(*labels).set(run.outcome.is_up)
        self._blind.labels(*labels).set(run.outcome is Outcome.BLIND)
        self._skipped.labels(*labels).set(run.skipped)
        if run.quota_left is not None:
            self._quota.labels(*labels).set(run.quota_left)
