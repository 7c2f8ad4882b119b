"""About how much went by in a gap."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model.brief import Stretch
from monitor.model.metric import Metric
from monitor.model.window import Window
from monitor.trends.loss import lost
from monitor.trends.summary import brief
from tests.trends.world import FRIDAY, facts, frame, hourly

COLUMN = ("*", "mastodon", Metric.POSTS)


def gap(start=10.0, end=14.0):
    return Stretch(start=FRIDAY + timedelta(hours=start), end=FRIDAY + timedelta(hours=end))


def missed(values, *gaps: Stretch, blind=None, brought=None):
    """What `gaps` hid of a series of hours; they were not watched unless `blind` says otherwise."""
    unwatched = {"mastodon": [Window(one.start, one.end) for one in gaps] if blind is None else blind}
    hours = frame({COLUMN: values}, blind=unwatched)
    if brought is not None:  # by other sources of the platform
        inside = hours.values.index.to_series().between(gaps[0].start, gaps[0].end, inclusive="left")
        hours.values.loc[inside.to_numpy(), COLUMN] = brought
    return lost(gaps, hours, hours.known.astype(bool), "mastodon", Metric.POSTS)


def test_a_gap_hid_its_length_times_what_is_usual_around_it():
    assert missed(6.0, gap()) == 24


def test_two_gaps_hid_what_both_hid():
    assert missed(6.0, gap(), gap(18, 20)) == 36


def test_a_part_of_an_hour_counts_as_a_part():
    assert missed(6.0, gap(10.25, 11.0)) == pytest.approx(4.5)


def test_only_the_days_around_tell_what_is_usual():
    values = hourly(100.0)
    values[(values.index >= FRIDAY - timedelta(hours=14)) & (values.index < FRIDAY + timedelta(hours=38))] = 2.0
    assert missed(values, gap()) == 8


def test_what_others_brought_meanwhile_was_not_missed():
    assert missed(6.0, gap(), brought=4.0) == 8
    assert missed(6.0, gap(), brought=40.0) == 0


def test_where_too_little_was_watched_nobody_can_say():
    everything = [Window(FRIDAY - timedelta(days=20), FRIDAY + timedelta(days=7))]
    assert missed(6.0, gap(), blind=everything) is None
    assert missed(6.0) is None


def test_a_platform_that_is_not_known_lost_nothing_we_know_of():
    hours = frame({COLUMN: 6.0})
    assert lost([gap()], hours, hours.known.astype(bool), "telegram", Metric.POSTS) is None


@settings(max_examples=30, deadline=None)
@given(st.floats(-30, 150), st.floats(0.5, 90), st.floats(0, 1e6))
def test_an_estimate_is_never_negative_and_never_more_than_the_rate_allows(start, length, rate):
    found = missed(rate, gap(start, start + length))
    assert found is None or 0 <= found <= rate * length * 1.0001 + 0.01


def test_it_is_part_of_no_sum():
    hole = [Window(FRIDAY + timedelta(hours=10), FRIDAY + timedelta(hours=14))]
    told = brief(facts({Metric.POSTS: 6.0}, blind={"mastodon": hole}))
    assert told.total("posts").now.value == 120
    assert told.total("posts").now.partial
