"""What people would have been told."""

import numpy as np
import pandas as pd
import pytest

from monitor.model.finding import Way
from monitor.trends.told import a_month, events, monthly

HOURS = pd.date_range("2016-04-01", periods=48, freq="h", tz="UTC")


def rows(score: dict[int, float], alerts: tuple[int, ...], value: float = 10.0) -> pd.DataFrame:
    """Return rows of ten where ten were expected, but what scores brought as much more as it scores."""
    found = pd.DataFrame({"value": value, "expected": 10.0, "score": 0.0, "alert": False}, index=HOURS)
    for place, size in score.items():
        found.loc[HOURS[place], ["value", "score"]] = [10 + size, size]
    found.loc[HOURS[list(alerts)], "alert"] = True
    return found


def test_an_alert_is_told_with_the_stretch_around_it():
    (found,) = events("posts", rows({9: 3, 10: 5, 11: 8, 12: 3}, (10,)))
    assert (found.start, found.peak, found.end) == (HOURS[9], HOURS[11], HOURS[13])
    assert (found.total, found.expected, found.peak_value, found.score) == (59, 40, 18, 8)
    assert (found.way, found.open, found.escalated) == (Way.UP, False, None)


def test_what_rose_without_an_alert_is_no_event():
    assert events("posts", rows({9: 3, 30: 3}, ())) == ()


def test_a_second_alert_in_a_stretch_is_its_escalation():
    (found,) = events("posts", rows({9: 5, 10: 5, 12: 40}, (9, 12)))
    assert found.escalated == HOURS[12]


def test_far_apart_there_are_two():
    assert [one.start for one in events("posts", rows({9: 5, 30: 5}, (9, 30)))] == [HOURS[9], HOURS[30]]


def test_silence_is_an_event_below():
    (found,) = events("posts", rows({20: -6, 21: -8}, (20,)))
    assert (found.way, found.peak_value, found.score) == (Way.DOWN, 2, -8)


def test_what_reaches_the_last_row_may_go_on():
    assert events("posts", rows({47: 9}, (47,)))[0].open


def test_rows_in_any_order_and_without_time_tell_the_same():
    told = rows({9: 3, 10: 5}, (10,))
    shuffled = pd.concat([told.sample(frac=1, random_state=1), told[:1].set_axis(pd.DatetimeIndex([pd.NaT], tz="UTC"))])
    assert events("posts", shuffled) == events("posts", told)


def test_alerts_are_counted_by_local_month():
    month = rows({}, (0, 47)).set_axis(HOURS + pd.Timedelta(days=29), axis=0)
    assert monthly(month, "UTC") == {"2016-04": 1, "2016-05": 1}
    assert monthly(month, "America/New_York") == {"2016-04": 1, "2016-05": 1}
    assert monthly(rows({}, (0,)), "America/New_York") == {"2016-03": 1, "2016-04": 0}


def test_the_rate_is_of_what_was_judged_and_of_a_month_at_least():
    assert a_month(rows({}, (5,))) == 1
    assert a_month(rows({}, ()).assign(score=np.nan)) is None


@pytest.mark.parametrize("many", [0, 1])
def test_hardly_any_rows_are_no_error(many: int):
    told = rows({}, ())[:many]
    assert events("posts", told) == ()
    assert sum(monthly(told, "UTC").values()) == 0
