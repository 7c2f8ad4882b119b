import math
import re
from datetime import timedelta
from typing import Any

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from monitor.model.account import Allowance
from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.model.spending import spending
from monitor.web.api import examples
from monitor.web.metrics import Metrics
from tests.people import NOON

SOCIAL = {"campaign": "aleppo", "source": "social", "platform": "mastodon"}


def run(outcome: Outcome = Outcome.OK, **fields: Any) -> Run:
    return Run(started_at=NOON, seconds=2.0, outcome=outcome, **SOCIAL, **fields)


def exposed(metrics: Metrics) -> dict[tuple[str, str], float]:
    """Return what Prometheus' own parser reads, by name and outcome."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name, sample.labels.get("outcome", "")): sample.value
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_runs_are_counted_by_outcome():
    metrics = Metrics()
    for outcome in (Outcome.OK, Outcome.OK, Outcome.REFUSED):
        metrics.ran(run(outcome))
    assert exposed(metrics)["monitor_runs_total", "ok"] == 2
    assert exposed(metrics)["monitor_runs_total", "refused"] == 1


def test_a_run_tells_what_it_did():
    metrics = Metrics()
    metrics.ran(run(read=40, new=7, refused=2, calls=3, quota_left=290))
    told = exposed(metrics)
    names = ("mentions_read_total", "mentions_new_total", "mentions_refused_total", "calls_total", "quota_left")
    assert [told[f"monitor_{name}", ""] for name in names] == [40, 7, 2, 3, 290]
    assert told["monitor_source_up", ""] == 1
    assert told["monitor_last_success_timestamp_seconds", ""] == NOON.timestamp() + 2


def test_a_failure_keeps_the_time_of_the_last_success():
    metrics = Metrics()
    metrics.ran(run())
    metrics.ran(run(Outcome.UNAVAILABLE))
    assert exposed(metrics)["monitor_source_up", ""] == 0
    assert exposed(metrics)["monitor_last_success_timestamp_seconds", ""] == NOON.timestamp() + 2


def test_a_blind_source_and_what_waits_are_told():
    metrics = Metrics()
    metrics.ran(run(Outcome.BLIND, skipped=412))
    told = exposed(metrics)
    assert (told["monitor_source_up", ""], told["monitor_source_blind", ""]) == (0, 1)
    assert told["monitor_mentions_skipped", ""] == 412
    metrics.ran(run())
    assert exposed(metrics)["monitor_source_blind", ""] == 0


def test_allowances_are_told_with_their_limit_and_where_they_lead():
    metrics, calls = Metrics(), Allowance("calls", 100)
    metrics.spent([spending(calls, 30, NOON - timedelta(hours=6), NOON, account="x-1", platform="x")])
    told = exposed(metrics)
    assert [told[f"monitor_allowance_{name}", ""] for name in ("used", "limit", "expected")] == [30, 100, 90]
    metrics.spent([spending(calls, 31, NOON, NOON, account="x-1", platform="x")])
    assert math.isnan(exposed(metrics)["monitor_allowance_expected", ""])
    metrics.forget_accounts()
    assert ("monitor_allowance_used", "") not in exposed(metrics)


def test_an_untold_quota_is_not_shown():
    metrics = Metrics()
    metrics.ran(run())
    assert ("monitor_quota_left", "") not in exposed(metrics)


def test_what_was_before_the_start_is_remembered():
    metrics = Metrics()
    metrics.remember("aleppo", [SourceState("social", "mastodon", (run(Outcome.REFUSED),), {}, last_up=NOON)])
    assert exposed(metrics)["monitor_source_up", ""] == 0
    assert exposed(metrics)["monitor_last_success_timestamp_seconds", ""] == NOON.timestamp()


def test_a_source_taken_out_is_forgotten():
    metrics = Metrics()
    metrics.ran(run(quota_left=1))
    metrics.forget("aleppo", "social", "mastodon")
    assert {name for name, _ in exposed(metrics)} == {"monitor_leading", "monitor_loop_lag_seconds"}


def test_the_daemon_tells_of_itself():
    metrics = Metrics()
    metrics.led(leading=True)
    metrics.lagged(0.25)
    assert exposed(metrics)["monitor_leading", ""] == 1
    assert exposed(metrics)["monitor_loop_lag_seconds", ""] == 0.25


def everything() -> list[Metric]:
    """Every metric there is, as Prometheus reads it."""
    metrics = Metrics()
    metrics.ran(examples.RUN)
    metrics.spent([examples.SPENDING])
    metrics.polls.show("aleppo", examples.CYCLE)
    return list(text_string_to_metric_families(metrics.text().decode()))


def test_metrics_are_named_as_promtool_wants_them():
    for family in everything():
        name, words = family.name, set(family.name.split("_"))
        assert family.documentation.endswith("."), name
        assert re.fullmatch(r"monitor_[a-z]+(_[a-z]+)*", name), name
        assert not words & {"gauge", "counter", "total", "count", "sum", "bucket"}, name
        assert not words & {"ms", "milliseconds", "minutes", "hours", "kb", "mb", "megabytes"}, name


def test_only_counters_are_called_total():
    for family in everything():
        assert all(sample.name.endswith("_total") == (family.type == "counter") for sample in family.samples)
