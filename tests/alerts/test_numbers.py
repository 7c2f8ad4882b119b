"""When rules of numbers held, on series made by hand."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from monitor.alerts.numbers import surges, would_fire
from monitor.alerts.rules import Drop, Spike, Threshold
from monitor.model.finding import Way
from tests.people import NOON

DAYS = 21


def cells(hours: int = DAYS * 24, each: float = 30.0, **at: float) -> pd.DataFrame:
    """Return one platform's hours until noon; `h3=500` puts 500 three hours before the end."""
    index = pd.DatetimeIndex([NOON - timedelta(hours=hour) for hour in range(hours, 0, -1)])
    values = np.random.default_rng(7).poisson(each, hours).astype(float)
    for place, value in at.items():
        values[-int(place[1:])] = value
    return pd.DataFrame({"mastodon": values}, index=index)


def test_a_usual_street_fires_nothing():
    assert would_fire(Spike(on="spike", sensitivity="low"), cells(), "UTC") == ()
    assert would_fire(Drop(on="drop"), cells(), "UTC") == ()


def test_a_surge_fires_where_it_was():
    (fired,) = would_fire(Spike(on="spike"), cells(h3=400), "UTC")
    assert (fired.way, fired.start) == (Way.UP, NOON - timedelta(hours=3))
    assert fired.value > 300
    assert fired.against < 60


def test_a_surge_is_no_drop_and_a_silence_is_no_spike():
    silent = cells(h5=0, h4=0, h3=0, h2=0, h1=0)
    assert would_fire(Drop(on="drop"), cells(h3=400), "UTC") == ()
    assert would_fire(Spike(on="spike"), silent, "UTC") == ()
    assert [one.way for one in would_fire(Drop(on="drop"), silent, "UTC")] == [Way.DOWN]


def test_a_higher_sensitivity_fires_no_less():
    noisy = cells(each=8.0, h200=24, h150=30, h100=20, h50=35)
    counts = [len(surges(Spike(on="spike", sensitivity=level), noisy, "UTC")) for level in ("low", "medium", "high")]
    assert counts == sorted(counts)


def test_what_fires_does_not_depend_on_what_comes_later():
    whole = cells(h30=400)
    early = whole.iloc[:-20]
    first = [one.start for one in would_fire(Spike(on="spike"), early, "UTC")]
    assert first == [one.start for one in would_fire(Spike(on="spike"), whole, "UTC")][: len(first)] != []


@pytest.mark.parametrize("rule", [Spike(on="spike"), Drop(on="drop"), Threshold(on="threshold", above=1)])
def test_nothing_fires_where_nobody_looked(rule):
    assert would_fire(rule, cells() * np.nan, "UTC") == ()


def test_a_limit_is_of_the_sum_of_hours():
    rule = Threshold(on="threshold", hours=3, above=25)
    (fired,) = would_fire(rule, cells(hours=6, each=0.0, h5=10, h4=10, h3=10), "UTC")
    assert (fired.start, fired.value, fired.against) == (NOON - timedelta(hours=3), 30, 25)


def test_platforms_count_together():
    both = pd.concat([cells(hours=3, each=0.0, h1=6), cells(hours=3, each=0.0, h1=6).set_axis(["x"], axis=1)], axis=1)
    assert len(would_fire(Threshold(on="threshold", hours=1, above=12), both, "UTC")) == 1


def test_a_lower_limit_needs_every_hour_and_every_platform():
    rule, quiet = Threshold(on="threshold", hours=2, below=5), cells(hours=4, each=0.0, h4=9)
    assert len(would_fire(rule, quiet, "UTC")) == 1
    quiet.iloc[1::2] = np.nan
    assert would_fire(rule, quiet, "UTC") == ()
