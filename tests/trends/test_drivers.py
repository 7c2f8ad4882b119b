from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.model.finding import Cause, Driver, Spike, Way
from monitor.trends.drivers import MOST_DRIVERS, Parts, Suspect, driven, ranked, suspects
from tests.trends.world import FRIDAY, hourly

DAMASCUS = "Asia/Damascus"
HOUR = timedelta(hours=1)
START, END = FRIDAY + 14 * HOUR, FRIDAY + 18 * HOUR
USUAL = {"telegram": 16.0, "mastodon": 3.0, "x": 1.0}


def surge(cause: Cause = Cause.PLATFORM, usual: dict[str, float] = USUAL, **brought: float) -> Parts:
    """Return parts that are as usual, but for what they brought in each of four hours."""
    hours = pd.DataFrame({name: hourly(value) for name, value in usual.items()})
    for name, value in brought.items():
        hours.loc[(hours.index >= START) & (hours.index < END), name] = value
    return Parts(cause, hours, hours.sum(axis=1))


def spike(parts: Parts, way: Way = Way.UP) -> Spike:
    within = (parts.whole.index >= START) & (parts.whole.index < END)
    usual = float(parts.whole[(parts.whole.index < START)].mean()) * 4
    total = float(parts.whole[within].sum())
    return Spike(
        name="posts", start=START, peak=START, end=END, total=total, expected=usual, peak_value=total, score=9, way=way
    )


def names(parts: Parts, **fields: Any) -> list[str]:
    return [one.driver.name for one in suspects(spike(parts, **fields), parts, DAMASCUS)]


def suspect(name: str, explains: float, surprise: float) -> Suspect:
    return Suspect(Driver(cause=Cause.TAG, name=name), explains, surprise)


def test_the_part_that_rose_alone_drove_the_spike():
    assert names(surge(mastodon=60.0)) == ["mastodon"]


def test_the_platform_that_always_has_most_is_no_driver_of_a_rise_of_all():
    assert names(surge(telegram=80.0, mastodon=15.0, x=5.0)) == []


def test_the_largest_platform_drives_what_it_alone_brought():
    assert names(surge(telegram=80.0)) == ["telegram"]


def test_a_driver_tells_what_it_brought_what_is_usual_for_it_and_its_share_of_the_excess():
    (found,) = suspects(spike(surge(mastodon=43.0, x=11.0)), surge(mastodon=43.0, x=11.0), DAMASCUS)
    assert found.driver.value == 4 * 43
    assert found.driver.expected == pytest.approx(4 * 3, rel=0.05)
    assert found.driver.share == pytest.approx(0.8, abs=0.01)


def test_two_parts_that_rose_together_are_both_told():
    assert set(names(surge(mastodon=40.0, x=40.0))) == {"mastodon", "x"}


def test_a_few_posts_more_are_no_evidence():
    few = {"telegram": 0.16, "mastodon": 0.03, "x": 0.01}
    assert names(surge(usual=few, mastodon=0.5, telegram=0.5)) == []


def test_a_part_that_was_never_there_before_can_drive():
    assert names(surge(Cause.TAG, usual={"rest": 20.0, "new": 0.0}, new=30.0)) == ["new"]


def test_parts_that_overlap_are_each_held_against_the_whole():
    parts = surge(Cause.SPELLING, usual={"a": 10.0, "b": 10.0}, a=60.0, b=60.0)
    both = Parts(parts.cause, parts.hours, parts.hours["a"] * 1.2)  # most posts carry both
    assert [one.driver.name for one in suspects(spike(both), both, DAMASCUS)] == []


def test_of_a_silence_the_part_that_fell_silent_is_told():
    assert names(surge(telegram=0.0), way=Way.DOWN) == ["telegram"]


def test_when_all_fell_silent_nobody_did_it():
    assert names(surge(telegram=1.6, mastodon=0.3, x=0.1), way=Way.DOWN) == []
    assert names(surge(telegram=0.0, mastodon=0.0, x=0.0), way=Way.DOWN) == []


def test_views_of_few_posts_are_not_as_sure_as_so_many_posts():
    parts = surge(usual={"a": 1600.0, "b": 400.0}, a=2000.0, b=1000.0)
    views = Parts(parts.cause, parts.hours, parts.whole, unit=500.0)
    assert names(parts) == ["b"]
    assert [one.driver.name for one in suspects(spike(views), views, DAMASCUS)] == []


def test_hours_that_nobody_watched_are_left_out():
    parts = surge(mastodon=60.0)
    blind = parts.hours.copy()
    blind.loc[(blind.index < START) & (blind.index.day % 2 == 1)] = np.nan
    assert names(Parts(parts.cause, blind, blind.sum(axis=1, min_count=1))) == ["mastodon"]


def test_a_campaign_without_history_has_no_drivers():
    parts = surge(mastodon=60.0)
    new = parts.hours[parts.hours.index >= START]
    assert suspects(spike(parts), Parts(parts.cause, new, new.sum(axis=1)), DAMASCUS) == []


def test_a_kind_that_nobody_tells_and_one_that_has_a_single_part_drive_nothing():
    parts = surge(mastodon=60.0)
    assert suspects(spike(parts), Parts(Cause.LANGUAGE, parts.hours[[]], parts.whole), DAMASCUS) == []
    alone = parts.whole.to_frame("ar")
    assert suspects(spike(parts), Parts(Cause.LANGUAGE, alone, parts.whole), DAMASCUS) == []


def test_who_explains_most_comes_first():
    found = [suspect("little", 0.3, 2.0), suspect("most", 0.9, 0.5), suspect("half", 0.5, 9.0)]
    assert [one.driver.name for one in ranked(found)] == ["most", "half", "little"]


def test_of_those_that_explain_alike_the_narrower_comes_first():
    assert [one.driver.name for one in ranked([suspect("arabic", 1.0, 0.2), suspect("#tag", 0.95, 0.9)])] == [
        "#tag",
        "arabic",
    ]


def test_the_first_is_the_sole_one_when_it_explains_most():
    parts = surge(mastodon=60.0)
    assert driven(spike(parts), [suspect("a", 0.6, 1.0)]).sole
    assert not driven(spike(parts), [suspect("a", 0.4, 1.0), suspect("b", 0.3, 1.0)]).sole
    assert not driven(spike(parts), []).sole


def test_no_more_drivers_are_told_than_anybody_reads_and_events_stand_last():
    event = Driver(cause=Cause.POLL, name="closed", at=START)
    many = [suspect(str(number), 0.3, 1.0) for number in range(9)]
    told = driven(spike(surge(mastodon=60.0)), many, [event]).drivers
    assert len(told) == MOST_DRIVERS + 1
    assert told[-1] == event


def test_events_alone_are_no_sole_driver():
    event = Driver(cause=Cause.HEADLINE, name="Aleppo", at=START)
    told = driven(spike(surge(mastodon=60.0)), [], [event])
    assert (told.drivers, told.sole) == ((event,), False)


@pytest.mark.parametrize("times", [2, 4, 10])
def test_a_proportional_rise_of_chance_counts_has_rarely_a_driver(times: int):
    dice = np.random.default_rng(times)
    wrong = 0
    for _ in range(30):
        usual = pd.DataFrame({name: hourly(dice.poisson(value, len(hourly(0.0)))) for name, value in USUAL.items()})
        within = (usual.index >= START) & (usual.index < END)
        for name, value in USUAL.items():
            usual.loc[within, name] = dice.poisson(times * value, within.sum())
        parts = Parts(Cause.PLATFORM, usual, usual.sum(axis=1))
        wrong += bool(suspects(spike(parts), parts, DAMASCUS))
    assert wrong <= 2


def test_the_surer_a_driver_is_the_larger_its_surprise():
    found = [suspects(spike(parts), parts, DAMASCUS)[0] for parts in (surge(x=5.0), surge(x=20.0), surge(x=80.0))]
    assert all(less.surprise < more.surprise for less, more in pairwise(found))
