"""The score of labelled series."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bench.nab import LOW_FP, STANDARD, Labelled, outcome, read, score

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SERIES = SHARED / "data" / "series" / "nab"

needed = pytest.mark.skipif(not SERIES.is_dir(), reason="the labelled series are not on this machine")


def labelled(*events: tuple[int, int]) -> Labelled:
    index = pd.date_range("2024-01-01", periods=1000, freq="5min")
    return Labelled("one", pd.Series(1.0, index=index), events)


def alarms(*rows: int) -> np.ndarray:
    return np.isin(np.arange(1000), rows)


def scored(one: Labelled, *rows: int) -> float:
    return score([outcome(one, alarms(*rows))], STANDARD)


def test_no_alarm_is_nought_and_every_event_at_once_is_a_hundred():
    one = labelled((300, 400), (700, 800))
    assert scored(one) == 0
    assert scored(one, 300, 700) == pytest.approx(100)


def test_a_later_alarm_brings_less_and_a_second_one_nothing():
    one = labelled((300, 400))
    assert 50 < scored(one, 390) < scored(one, 310) < 100
    assert scored(one, 310, 390) == scored(one, 310)


def test_a_false_alarm_costs_less_soon_after_an_event():
    one = labelled((300, 400))
    assert scored(one, 300, 900) < scored(one, 300, 405) < scored(one, 300)


def test_what_came_first_is_not_scored():
    assert scored(labelled((300, 400)), 20, 149, 300) == pytest.approx(100)


@needed
@pytest.mark.parametrize("seed", range(4))
def test_the_score_is_that_of_the_reference(seed: int):
    sys.path.insert(0, str(SHARED / "tools"))
    nab_score = pytest.importorskip("nab_score")
    sys.path.pop(0)
    chance = np.random.default_rng(seed)
    for one in read(SERIES):
        drawn = chance.random(len(one.series)) < 0.002
        windows = [[str(one.series.index[row]) for row in event] for event in one.events]
        labels = nab_score.Labels(pd.Series(one.series.index), windows)
        for name, cost in (("standard", STANDARD), ("low_FP", LOW_FP)):
            weights = nab_score.PROFILES[name]
            raw, met, false = labels.raw(drawn, weights)
            ours = outcome(one, drawn)
            assert (ours.met, len(ours.false)) == (met, false)
            assert score([ours], cost) == pytest.approx(nab_score.normalise(raw, len(one.events), weights))
