"""What Prometheus reads about naming polls."""

import math
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from monitor.web.metrics import Metrics
from tests.digest.races import AWAITED, CLOSE, CLOSES, CONFIRMED, FLAGGED, OPENS, SILENT


def shown(*cycles: Any) -> dict[tuple[str, str], float]:
    """Return the samples of one poll, by name and stage."""
    metrics = Metrics()
    for cycle in cycles:
        metrics.polls.show("aleppo", cycle)
    return read(metrics)


def read(metrics: Metrics) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        (sample.name.removeprefix("monitor_poll_"), sample.labels.get("stage", "")): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith("monitor_poll_")
    }


def test_the_race_is_shown_by_its_total_its_margin_and_its_times():
    told = shown(FLAGGED)
    assert told["votes", ""] == FLAGGED.standing.total
    assert told["margin_votes", ""] == FLAGGED.standing.margin
    assert told["margin_percent", ""] == FLAGGED.standing.margin_points
    assert told["closes_timestamp_seconds", ""] == CLOSES.timestamp()
    assert told["last_look_timestamp_seconds", ""] == FLAGGED.last_look.at.timestamp()
    assert told["flags", ""] == 1


def test_one_stage_at_a_time_is_shown():
    told = shown(FLAGGED, CONFIRMED)
    assert [stage for (name, stage), value in told.items() if name == "stage" and value] == ["confirmed"]


def test_what_nobody_told_is_no_number():
    told = shown(AWAITED)
    assert all(math.isnan(told[name, ""]) for name in ("votes", "margin_votes", "last_look_timestamp_seconds"))
    assert math.isnan(shown(CLOSE)["margin_votes", ""])


def test_a_look_in_vain_shows_and_leaves_the_time_of_the_last_good_one():
    told = shown(SILENT)
    assert told["looked_in_vain", ""] == 1
    assert OPENS.timestamp() < told["last_look_timestamp_seconds", ""] < SILENT.looked_at.timestamp()


def test_a_poll_has_few_series_however_many_options():
    assert len(shown(FLAGGED)) == 7 + 7


def test_a_poll_that_was_taken_out_is_shown_no_more():
    metrics = Metrics()
    metrics.polls.show("aleppo", FLAGGED)
    metrics.polls.clear()
    assert read(metrics) == {}
