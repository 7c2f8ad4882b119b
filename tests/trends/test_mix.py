from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitor.model.window import Window
from monitor.trends.mix import PRIOR, mix
from tests.trends.world import FRIDAY, HISTORY, hourly

DAMASCUS = "Asia/Damascus"
HOUR = timedelta(hours=1)
EVENING = Window(FRIDAY + 20 * HOUR, FRIDAY + 23 * HOUR)


def parts(**columns: Any) -> tuple[pd.DataFrame, pd.Series]:
    """Return parts by the hour, and the whole that they make together."""
    hours = pd.DataFrame({name: hourly(values) for name, values in columns.items()})
    return hours, hours.sum(axis=1, skipna=False)


def hours_of_day() -> np.ndarray:
    return hourly(0.0).index.tz_convert(DAMASCUS).hour.to_numpy()


def test_the_usual_mix_is_that_of_the_weeks_before():
    found = mix(*parts(a=30.0, b=10.0), EVENING, DAMASCUS)
    assert found.shares == pytest.approx([0.75, 0.25], abs=0.01)


def test_what_came_later_changes_nothing():
    hours, whole = parts(a=30.0, b=10.0)
    later = hours.index >= EVENING.start
    changed = hours.assign(a=hours["a"].mask(later, 900.0))
    before = mix(hours, whole, EVENING, DAMASCUS)
    assert mix(changed, changed.sum(axis=1), EVENING, DAMASCUS).shares == pytest.approx(before.shares)


def test_a_part_that_always_writes_in_the_evening_is_usual_in_the_evening():
    evening = np.isin(hours_of_day(), (20, 21, 22))
    found = mix(*parts(a=np.where(evening, 80.0, 0.0), b=20.0), EVENING, DAMASCUS)
    assert found.shares[0] == pytest.approx(0.7, abs=0.15)


def test_a_part_that_always_writes_on_fridays_is_usual_on_a_friday():
    fridays = hourly(0.0).index.tz_convert(DAMASCUS).day_of_week == 4
    friday = mix(*parts(a=np.where(fridays, 80.0, 0.0), b=20.0), EVENING, DAMASCUS)
    thursday = mix(
        *parts(a=np.where(fridays, 80.0, 0.0), b=20.0), Window(*(FRIDAY + n * HOUR for n in (-4, -1))), DAMASCUS
    )
    assert friday.shares[0] > 0.7
    assert thursday.shares[0] < 0.3


def test_one_surge_of_a_part_does_not_become_usual():
    hours, _ = parts(a=10.0, b=10.0)
    surge = (hours.index >= FRIDAY - timedelta(days=3)) & (hours.index < FRIDAY - timedelta(days=2))
    hours.loc[surge, "a"] = 1000.0
    assert mix(hours, hours.sum(axis=1), EVENING, DAMASCUS).shares[0] < 0.55


def test_hours_that_nobody_watched_are_no_part_of_the_mix():
    hours, _ = parts(a=30.0, b=10.0)
    hours.iloc[: len(hours) // 3] = np.nan
    assert mix(hours, hours.sum(axis=1, skipna=False), EVENING, DAMASCUS).shares[0] == pytest.approx(0.75, abs=0.01)


def test_a_part_that_was_never_seen_has_a_small_share_and_not_none():
    found = mix(*parts(a=40.0, b=0.0), EVENING, DAMASCUS)
    assert 0 < found.shares[1] < 0.01


def test_a_mix_that_changes_from_day_to_day_strays_more_than_one_that_stays():
    days = (hourly(0.0).index - HISTORY.start).days.to_numpy()
    wild = np.where(days % 2, 35.0, 5.0)
    assert mix(*parts(a=wild, b=40.0 - wild), EVENING, DAMASCUS).strayed[0] > 5
    assert mix(*parts(a=20.0, b=20.0), EVENING, DAMASCUS).strayed[0] == 1


def test_a_mix_of_few_events_leans_on_the_wider_choice_of_hours():
    found = mix(*parts(a=0.3, b=0.1), EVENING, DAMASCUS)
    assert found.shares[0] == pytest.approx(0.75, abs=0.01)
    assert found.events < 3 * PRIOR


def test_without_any_event_before_there_is_no_usual_mix():
    assert mix(*parts(a=0.0, b=0.0), EVENING, DAMASCUS) is None
    assert mix(*parts(a=np.nan, b=np.nan), EVENING, DAMASCUS) is None
