from datetime import timedelta
from typing import Any

import pytest

from monitor.collect.report import Report, job_key, told
from monitor.collect.schedule import next_beat
from monitor.model.brief import Stretch
from monitor.model.run import Outcome, Run
from monitor.model.sighting import SourceState
from monitor.model.source import Standing
from monitor.model.window import Window
from monitor.trends.coverage import health
from tests.people import NOON

FIVE, HOUR = timedelta(minutes=5), timedelta(hours=1)
SOCIAL = Report(campaign="aleppo", source="social", platform="mastodon")


def run(**fields: Any) -> Run:
    details = {"outcome": Outcome.OK, "started_at": NOON - FIVE, "seconds": 1.0, **fields}
    return Run(campaign="aleppo", source="social", platform="mastodon", **details)


def report(*runs: Run, covered: dict[str, tuple[Window, ...]] | None = None) -> Report:
    walks = {name: Standing(None, windows) for name, windows in (covered or {}).items()}
    return told(SOCIAL, SourceState("social", "mastodon", runs, walks, NOON), every=FIVE, now=NOON)


def hours(start: float, end: float) -> Window:
    return Window(NOON + start * HOUR, NOON + end * HOUR)


def gaps(**covered: tuple[Window, ...]) -> list[Stretch]:
    return list(report(run(), covered=covered).gaps)


def test_the_last_run_is_told():
    found = report(run(kept=7, new=2, quota_left=290, message="cut off"), run(kept=1))
    assert (found.outcome, found.kept, found.new, found.quota_left) == (Outcome.OK, 7, 2, 290)
    assert (found.message, found.last_run, found.last_up) == ("cut off", NOON - FIVE, NOON)


def test_the_next_run_is_the_daemons():
    assert report(run()).next_run == next_beat(job_key("aleppo", "social"), FIVE, NOON)


def test_a_source_that_wants_to_be_left_alone_runs_next_after_that():
    later = NOON + HOUR
    assert report(run(retry_at=later)).next_run == next_beat(job_key("aleppo", "social"), FIVE, later)


def test_a_source_that_never_ran_has_a_next_run_only():
    found = told(SOCIAL, None, every=FIVE, now=NOON)
    assert (found.outcome, found.last_run, found.gaps) == (None, None, ())
    assert found.next_run is not None


def test_a_source_that_is_off_has_no_next_run():
    off = SOCIAL.model_copy(update={"off": "switched off"})
    assert told(off, None, every=FIVE, now=NOON).next_run is None


def test_full_coverage_has_no_gap():
    assert gaps(a=(hours(-48, 0),)) == []


def test_a_hole_between_two_stretches_is_a_gap():
    assert gaps(a=(hours(-48, -5), hours(-3, 0))) == [Stretch(start=NOON - 5 * HOUR, end=NOON - 3 * HOUR)]


def test_holes_of_several_walks_are_one_gap_where_they_meet():
    assert gaps(a=(hours(-48, -5), hours(-3, 0)), b=(hours(-48, -4), hours(-2, 0))) == [
        Stretch(start=NOON - 5 * HOUR, end=NOON - 2 * HOUR)
    ]


def test_a_walk_that_is_overdue_is_blind_since_it_ended():
    assert gaps(a=(hours(-48, -1),)) == [Stretch(start=NOON - HOUR, end=NOON)]


def test_what_is_shorter_than_half_an_hour_is_no_gap():
    assert gaps(a=(hours(-48, -5), hours(-4.6, -0.4))) == []


@pytest.mark.parametrize("silent", [0.4, 1.4, 1.6, 4])
@pytest.mark.parametrize("runs", [1, 5])
def test_the_brief_tells_of_the_same_gaps(silent: float, runs: int):
    asked = tuple(run(started_at=NOON - (silent + n) * HOUR) for n in range(runs))
    state = SourceState("social", "mastodon", asked, {"a": Standing(None, (hours(-300, -9), hours(-7, -silent)))}, NOON)
    week = Window(NOON - 168 * HOUR, NOON)
    assert told(SOCIAL, state, every=FIVE, now=NOON).gaps == health(state, week, NOON).gaps


def test_gaps_older_than_a_week_are_history():
    assert gaps(a=(hours(-400, -300), hours(-200, 0))) == []


def test_a_gap_that_began_more_than_a_week_ago_is_cut():
    assert gaps(a=(hours(-400, -300), hours(-20, 0))) == [Stretch(start=NOON - 168 * HOUR, end=NOON - 20 * HOUR)]


def test_a_source_that_never_covered_anything_is_blind_since_its_first_run():
    assert report(run(), run(started_at=NOON - HOUR)).gaps == (Stretch(start=NOON - HOUR, end=NOON),)
