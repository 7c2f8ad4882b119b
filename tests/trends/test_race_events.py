from datetime import timedelta

import pytest

from monitor.model.poll import Tally
from monitor.model.race import Kind
from monitor.trends.race_events import events
from tests.trends.polls import CLOSES, OPENED, followed, tally


def kinds(*looks: Tally):
    return [(event.kind, event.option) for event in events(followed(*looks))]


def test_a_quiet_race_has_no_events():
    assert kinds(tally(1, {"a": 3, "b": 1}), tally(2, {"a": 5, "b": 2})) == []


def test_an_option_that_is_added_or_removed_is_told_by_its_name():
    looks = (
        tally(1, {"الغضب": 3, "الصمود": 1}),
        tally(2, {"الغضب": 3, "الصمود": 1, "الوفاء": 0}),
        tally(3, {"الغضب": 3, "الوفاء": 1}),
    )
    assert kinds(*looks) == [(Kind.ADDED, "الوفاء"), (Kind.REMOVED, "الصمود")]


def test_a_renamed_option_is_told_with_both_names_and_only_once():
    looks = [tally(hour, {"الغضب" if hour < 3 else "الكرامة": 10 * hour, "الصمود": 1}) for hour in range(1, 6)]
    (event,) = events(followed(*looks))
    assert (event.kind, event.option, event.other) == (Kind.RENAMED, "الكرامة", "الغضب")


def test_another_writing_is_no_event():
    assert kinds(tally(1, {"جمعة الغضب": 3, "b": 1}), tally(2, {"«الغضب»": 4, "b": 2})) == []


def test_an_edit_that_wipes_the_votes_is_a_reset():
    assert (Kind.RESET, None) in kinds(tally(1, {"a": 300, "b": 100}), tally(2, {"a": 2, "b": 1}))


@pytest.mark.parametrize(("minutes", "told"), [(0.5, []), (120, [2.0]), (-60, [-1.0])])
def test_a_moved_deadline_is_told_in_hours(minutes, told):
    looks = tally(1, {"a": 3}, closes_at=CLOSES), tally(2, {"a": 4}, closes_at=CLOSES + timedelta(minutes=minutes))
    assert [event.number for event in events(looks)] == told


def test_events_show_the_two_looks_they_were_seen_in():
    before, after = followed(tally(1, {"الغضب": 3}), tally(2, {"الغضب": 3, "الوفاء": 0}))
    (event,) = events([before, after])
    assert event.before
    assert event.after
    assert (event.before.digest, event.after.digest) == (before.digest, after.digest)
    assert event.at == OPENED + timedelta(hours=2)
