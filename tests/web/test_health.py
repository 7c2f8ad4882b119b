from datetime import timedelta

from monitor.web.health import Due, Facts, health
from tests.people import NOON

FIVE = timedelta(minutes=5)


def due(*, minutes_ago: float) -> Due:
    return Due(campaign="aleppo", source="social", every=FIVE, last=NOON - timedelta(minutes=minutes_ago))


def test_a_daemon_that_collects_is_well():
    found = health(Facts(now=NOON, leading=True, sources=(due(minutes_ago=4),)))
    assert (found.well, found.role, found.reasons) == (True, "collecting", ())


def test_a_stand_by_is_well_without_runs():
    found = health(Facts(now=NOON, leading=False))
    assert (found.well, found.role) == (True, "standing by")


def test_an_unreachable_store_is_unwell():
    found = health(Facts(now=NOON, leading=True, store="nothing answers"))
    assert found.reasons == ("the store does not answer: nothing answers",)
    assert not found.well


def test_an_unknown_lease_is_unwell():
    found = health(Facts(now=NOON))
    assert (found.well, found.role) == (False, "unknown")


def test_a_source_without_a_run_for_too_long_is_unwell():
    found = health(Facts(now=NOON, leading=True, sources=(due(minutes_ago=26), due(minutes_ago=24))))
    assert found.reasons == ("no run of aleppo/social since 2016-04-29 11:34 UTC",)


def test_a_note_is_no_reason():
    found = health(Facts(now=NOON, leading=True, notes=("settings refused",)))
    assert (found.well, found.notes) == (True, ("settings refused",))
